// Drivers name the type of what the dialer hands them; only this folder makes one.
export type { Socket } from 'node:net';
export type { AgentOptions, DialedAgents } from './agents.ts';
export { createAgents } from './agents.ts';
export type { ConnectionLog, ConnectionRecord } from './connection-log.ts';
export type { AddressLocator, AddressScope, DestinationPlace, DestinationRule } from './destination.ts';
export type { Dialer, DialerOptions, Resolve } from './dialer.ts';
export { createDialer } from './dialer.ts';

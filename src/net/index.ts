export type { ConnectionLog, ConnectionRecord } from './connection-log.ts';
export type { AddressLocator, AddressScope, DestinationPlace, DestinationRule } from './destination.ts';
export type { Dialer, DialerOptions, Resolve } from './dialer.ts';
export { createDialer } from './dialer.ts';

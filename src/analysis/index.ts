export type { Conversation, Initiator } from './flows/conversations.ts';
export { conversations } from './flows/conversations.ts';
export type { FlowLogs } from './flows/flow-fact.ts';
export { flowLogNeeds, flowLogsFact } from './flows/flow-fact.ts';
export type { InterfaceHour } from './flows/hour-coverage.ts';
export { hourCoverage } from './flows/hour-coverage.ts';
export type { KnownInterface } from './flows/interfaces.ts';
export { interfaceNeeds, knownInterfaces } from './flows/interfaces.ts';

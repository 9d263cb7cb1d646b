// What the TypeScript half answers (src/scan/flow-log/kernel.ts): once for each name, each IPv6 spelling and each span
// that does not touch the one before it.

/** The number of an "account interface" text that was not met before, or -1 where it is none. */
@external("flow-log", "newEndpoint")
export declare function newEndpoint(from: usize, length: i32): i32;
/** Of an address that is no dotted quad: the number of an IPv6 address, -1 for no address, -2 - n for a mapped IPv4 address n. */
@external("flow-log", "newAddress")
export declare function newAddress(from: usize, length: i32): f64;
/** Takes a span that does not touch the one that follows it. */
@external("flow-log", "keepSpan")
export declare function keepSpan(endpoint: u32, lost: i32, start: u32, end: u32): void;

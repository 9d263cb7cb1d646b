// The fields that are read, and where in a line they stand.

// In the order of COLUMNS in src/scan/flow-log/kernel.ts.
export const ACCOUNT: u32 = 0;
export const INTERFACE: u32 = 1;
export const RESOURCE: u32 = 2;
export const SOURCE: u32 = 3;
export const DESTINATION: u32 = 4;
export const PACKET_SOURCE: u32 = 5;
export const PACKET_DESTINATION: u32 = 6;
export const PROTOCOL: u32 = 7;
export const SOURCE_PORT: u32 = 8;
export const DESTINATION_PORT: u32 = 9;
export const PACKETS: u32 = 10;
export const BYTES: u32 = 11;
export const START: u32 = 12;
export const END: u32 = 13;
export const ACTION: u32 = 14;
export const STATUS: u32 = 15;
export const FLAGS: u32 = 16;
export const DIRECTION: u32 = 17;

const columns: usize = memory.data(128, 8);

export function columnsAt(): usize {
  return columns;
}

/** The byte offset of a column's end into a line's separators; -4 where the format has none. */
// @ts-ignore: decorator
@inline
export function column(which: u32): i32 {
  return load<i32>(columns + ((<usize>which) << 2));
}

// @ts-ignore: decorator
@inline
export function startOf(here: usize, at: i32): usize {
  return <usize>load<u32>(here + at - 4) + 1;
}
// @ts-ignore: decorator
@inline
export function endOf(here: usize, at: i32): usize {
  return <usize>load<u32>(here + at);
}

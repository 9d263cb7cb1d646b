// Why a line cannot be read, and how often that was: by the order of MALFORMED in src/scan/flow-log/kernel.ts.

export const FIELDS: u32 = 0;
export const NUMBER: u32 = 1;
export const ADDRESS: u32 = 2;
export const VALUE: u32 = 3;
export const TOO_LONG: u32 = 4;
export const NO_HEADER: u32 = 5;
export const NOTHING_WRONG: u32 = 99;

const counts: usize = memory.data(32, 8);

export function malformedAt(): usize {
  return counts;
}

export function forgetMalformed(): void {
  memory.fill(counts, 0, 4 * 8);
}

export function countMalformed(wrong: u32): void {
  const at = counts + ((<usize>wrong) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

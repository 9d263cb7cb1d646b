// Bytes that a log line is made of.

export const CR: u32 = 13;
export const SPACE: u32 = 32;
export const DASH: u32 = 45;
export const ZERO: u32 = 48;
export const NINE: u32 = 57;

// Families of an address in a row's flags.

export const NONE: u32 = 0;
export const IPV4: u32 = 1;
export const IPV6: u32 = 2;

// Octets are kept by the rank of their texts, so that numbers order as addresses' texts do.

const octets: usize = memory.data(256, 64);

/** The ranks of 0 to 255 as texts: 0, 1, 10, 100, 101, … A quad of ranks orders as the address's text does. */
export function rankOctets(): void {
  let rank: u32 = 0;
  for (let hundreds: u32 = 0; hundreds < 10; hundreds++) {
    store<u8>(octets + hundreds, rank++);
    if (hundreds === 0) continue;
    for (let tens: u32 = 0; tens < 10; tens++) {
      if (hundreds * 10 + tens > 255) break;
      store<u8>(octets + hundreds * 10 + tens, rank++);
      for (let ones: u32 = 0; ones < 10; ones++) {
        const octet = hundreds * 100 + tens * 10 + ones;
        if (octet > 255) break;
        store<u8>(octets + octet, rank++);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
export function rankOf(octet: u32): u32 {
  return load<u8>(octets + octet);
}

/** A quad of octets as a quad of their ranks. */
export function ranked(value: u32): u32 {
  return (
    (rankOf(value >> 24) << 24) |
    (rankOf((value >> 16) & 255) << 16) |
    (rankOf((value >> 8) & 255) << 8) |
    rankOf(value & 255)
  );
}

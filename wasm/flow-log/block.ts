// A block of literals and copies: where inflating spends its time.

import {
  DISTANCE_BITS,
  distances,
  END_OF_BLOCK,
  LITERAL,
  LITERAL_BITS,
  literals,
  SPECIAL,
  SUBTABLE,
} from './huffman';
import { bitBuffer, bitCount, goOn, inAt, inEnd, outAt, outEnd, outStart } from './stream';

/** Literals and copies up to the end of the block. The state is held in locals, which the compiler keeps in registers. */
export function block(): bool {
  let bits = bitBuffer;
  let count = bitCount;
  let at = inAt;
  let out = outAt;
  const literalMask: u64 = (1 << LITERAL_BITS) - 1;
  const distanceMask: u64 = (1 << DISTANCE_BITS) - 1;
  while (true) {
    if (at > inEnd + 8 || out > outEnd) return false;
    bits |= load<u64>(at) << <u64>count;
    at += <usize>((63 - count) >> 3);
    count |= 56;
    let entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
    if ((entry & LITERAL) !== 0) {
      bits >>= <u64>(entry & 63);
      count -= entry & 63;
      store<u8>(out++, entry >> 16);
      entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
      if ((entry & LITERAL) !== 0) {
        bits >>= <u64>(entry & 63);
        count -= entry & 63;
        store<u8>(out++, entry >> 16);
        entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
        if ((entry & LITERAL) !== 0) {
          bits >>= <u64>(entry & 63);
          count -= entry & 63;
          store<u8>(out++, entry >> 16);
          continue;
        }
      }
    }
    if ((entry & SPECIAL) !== 0) {
      if ((entry & SUBTABLE) !== 0) {
        bits >>= <u64>LITERAL_BITS;
        count -= LITERAL_BITS;
        const inner = ((entry >> 16) & 0x7fff) + <u32>(bits & ((<u64>1 << <u64>((entry >> 8) & 15)) - 1));
        entry = load<u32>(literals + ((<usize>inner) << 2));
        if ((entry & LITERAL) !== 0) {
          bits >>= <u64>(entry & 63);
          count -= entry & 63;
          store<u8>(out++, entry >> 16);
          continue;
        }
      }
      if ((entry & SPECIAL) !== 0) {
        if ((entry & END_OF_BLOCK) === 0) return false;
        bits >>= <u64>(entry & 63);
        count -= entry & 63;
        break;
      }
    }
    // At most 22 bits of literals and 20 of this length are gone: what a distance needs, 28, may not be there.
    const length =
      ((entry >> 16) & 0x7fff) +
      <u32>((bits & ((<u64>1 << <u64>(entry & 63)) - 1)) >> <u64>((entry >> 8) & 15));
    bits >>= <u64>(entry & 63);
    count -= entry & 63;
    bits |= load<u64>(at) << <u64>count;
    at += <usize>((63 - count) >> 3);
    count |= 56;
    entry = load<u32>(distances + ((<usize>(bits & distanceMask)) << 2));
    if ((entry & SPECIAL) !== 0) {
      if ((entry & SUBTABLE) === 0) return false;
      bits >>= <u64>DISTANCE_BITS;
      count -= DISTANCE_BITS;
      const inner = ((entry >> 16) & 0x7fff) + <u32>(bits & ((<u64>1 << <u64>((entry >> 8) & 15)) - 1));
      entry = load<u32>(distances + ((<usize>inner) << 2));
      if ((entry & SPECIAL) !== 0) return false;
    }
    const distance =
      ((entry >> 16) & 0x7fff) +
      <u32>((bits & ((<u64>1 << <u64>(entry & 63)) - 1)) >> <u64>((entry >> 8) & 15));
    bits >>= <u64>(entry & 63);
    count -= entry & 63;
    if (<usize>distance > out - outStart) return false;
    copyBack(out, distance, length);
    out += length;
  }
  goOn(bits, count, at, out);
  return out <= outEnd;
}

/** Copies text from `distance` before; may write up to 15 bytes too many, which later text replaces. */
// @ts-ignore: decorator
@inline
function copyBack(out: usize, distance: u32, length: u32): void {
  let to = out;
  let from = out - distance;
  const end = out + length;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
  } else if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      to += 8;
      from += 8;
    } while (to < end);
  } else {
    do {
      store<u8>(to++, load<u8>(from++));
    } while (to < end);
  }
}

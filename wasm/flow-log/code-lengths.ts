// The codes of a block: fixed ones, or lengths that the block begins with (RFC 1951, 3.2.6 and 3.2.7).

import {
  build,
  CODE_BITS,
  CODES,
  codes,
  DISTANCE_BITS,
  DISTANCE_ENTRIES,
  DISTANCES,
  distances,
  LITERAL_BITS,
  LITERAL_ENTRIES,
  LITERALS,
  literals,
  SPECIAL,
} from './huffman';
import { bitBuffer, bitCount, isOverrun, refill, take } from './stream';

const lengthsAt: usize = memory.data(512, 8);

export function fixedCodes(): bool {
  memory.fill(lengthsAt, 8, 144);
  memory.fill(lengthsAt + 144, 9, 112);
  memory.fill(lengthsAt + 256, 7, 24);
  memory.fill(lengthsAt + 280, 8, 8);
  if (!build(lengthsAt, 288, LITERAL_BITS, literals, LITERAL_ENTRIES, LITERALS)) return false;
  memory.fill(lengthsAt, 5, 32);
  return build(lengthsAt, 32, DISTANCE_BITS, distances, DISTANCE_ENTRIES, DISTANCES);
}

/** The place of each code length's own code length (RFC 1951, 3.2.7). */
function orderOf(index: u32): u32 {
  if (index < 3) return 16 + index;
  if (index === 3) return 0;
  const step = index >> 1;
  return (index & 1) === 0 ? 6 + step : 9 - step;
}

export function readCodes(): bool {
  const literalCount = take(5) + 257;
  const distanceCount = take(5) + 1;
  const codeCount = take(4) + 4;
  if (literalCount > 286 || distanceCount > 30) return false;
  memory.fill(lengthsAt, 0, 19);
  for (let index: u32 = 0; index < codeCount; index++) {
    if (bitCount < 3) refill();
    store<u8>(lengthsAt + orderOf(index), <u8>take(3));
  }
  if (!build(lengthsAt, 19, CODE_BITS, codes, 128, CODES)) return false;
  const total = literalCount + distanceCount;
  let at: u32 = 0;
  while (at < total) {
    if (isOverrun()) return false;
    refill();
    const entry = load<u32>(codes + ((<usize>(bitBuffer & 127)) << 2));
    if ((entry & SPECIAL) !== 0) return false;
    take(entry & 255);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(lengthsAt + at, <u8>symbol);
      at++;
      continue;
    }
    if (symbol === 16 && at === 0) return false;
    const value: u8 = symbol === 16 ? load<u8>(lengthsAt + at - 1) : 0;
    const times = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
    if (at + times > total) return false;
    memory.fill(lengthsAt + at, value, times);
    at += times;
  }
  if (load<u8>(lengthsAt, 256) === 0) return false;
  return (
    build(lengthsAt, literalCount, LITERAL_BITS, literals, LITERAL_ENTRIES, LITERALS) &&
    build(lengthsAt + literalCount, distanceCount, DISTANCE_BITS, distances, DISTANCE_ENTRIES, DISTANCES)
  );
}

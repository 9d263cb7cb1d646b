// Hashes of keys. They only say where to look: whoever chooses names or addresses can make a table slow, not wrong.

/** Of a text of up to 64 bytes: of its length, and its first and last sixteen. What is between is compared, not hashed. */
// @ts-ignore: decorator
@inline
export function hashOf(from: usize, length: u32, kind: u32): u32 {
  let hash: u64 = <u64>(length | (kind << 16));
  if (length >= 16) {
    const end = from + length;
    hash += load<u64>(end - 8) * 0x9e3779b97f4a7c15;
    hash ^= load<u64>(end - 16) * 0xc2b2ae3d27d4eb4f;
    hash += load<u64>(from) * 0x165667b19e3779f9;
    hash ^= load<u64>(from, 8) * 0x27d4eb2f165667c5;
  } else {
    let at: u32 = 0;
    for (; at + 8 <= length; at += 8) hash = rotl(hash, 23) + load<u64>(from + at) * 0x9e3779b97f4a7c15;
    if (at < length) hash = rotl(hash, 23) + tail(from + at, length - at) * 0xc2b2ae3d27d4eb4f;
  }
  const mixed = mix(hash);
  return <u32>(mixed ^ (mixed >> 32));
}

// @ts-ignore: decorator
@inline
export function mix(value: u64): u64 {
  const product = value * 0xff51afd7ed558ccd;
  return product ^ (product >> 29);
}

/** One to seven bytes. */
// @ts-ignore: decorator
@inline
function tail(from: usize, length: u32): u64 {
  return load<u64>(from) & (<u64>-1 >> <u64>(64 - (length << 3)));
}

// @ts-ignore: decorator
@inline
export function same(kept: usize, from: usize, length: u32): bool {
  let at: u32 = 0;
  for (; at + 16 <= length; at += 16) {
    if (v128.any_true(v128.xor(v128.load(kept + at), v128.load(from + at)))) return false;
  }
  if (length >= 16) {
    const last = length - 16;
    return !v128.any_true(v128.xor(v128.load(kept + last), v128.load(from + last)));
  }
  for (; at + 8 <= length; at += 8) if (load<u64>(kept + at) !== load<u64>(from + at)) return false;
  return at === length || load<u64>(kept + at) === tail(from + at, length - at);
}

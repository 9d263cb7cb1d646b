// Memory is handed out once and never given back: the instance lives as long as one reduction. What has a fixed size
// stands where the compiler puts it (memory.data), so that its place is a constant.

let heap: usize = (__heap_base + 63) & ~63;

/** Zeroed memory, eight-byte aligned. */
export function allocate(bytes: usize): usize {
  const at = heap;
  heap = (heap + bytes + 7) & ~7;
  const missing = <i32>((heap + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return at;
}

/** The same, where a processor's cache lines start. */
export function allocateAligned(bytes: usize): usize {
  heap = (heap + 63) & ~63;
  return allocate(bytes);
}

/** Some bytes for whoever needs them until the next call. */
export const scratch: usize = memory.data(256, 8);

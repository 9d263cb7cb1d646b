// Takes over what another table gathered: its rows, with its numbers for interfaces and addresses turned into ours.

import { IPV6 } from './families';
import { isFull } from './fullness';
import { allocate } from './memory';
import { addBatch, batch, ROW } from './rows';

let endpointNumbers: usize = 0;
let addressNumbers: usize = 0;

/** Room for tables that say which number here each interface and each IPv6 address of another table has. */
export function reserveNumbers(endpointsThere: u32, addressesThere: u32): void {
  endpointNumbers = allocate(4 * <usize>endpointsThere + 8);
  addressNumbers = allocate(4 * <usize>addressesThere + 8);
}
export function endpointNumbersAt(): usize {
  return endpointNumbers;
}
export function addressNumbersAt(): usize {
  return addressNumbers;
}

/** Adds the first `count` rows of the batch, which are another table's, to this one. False where it is full. */
export function absorb(count: u32): bool {
  for (let index: u32 = 0; index < count; index++) {
    const entry = batch + <usize>index * ROW;
    const families = load<u32>(entry, 4) >> 14;
    store<u32>(entry, load<u32>(endpointNumbers + ((<usize>load<u32>(entry)) << 2)));
    store<u32>(entry, own(entry, 8, families), 8);
    store<u32>(entry, own(entry, 12, families >> 2), 12);
    store<u32>(entry, own(entry, 16, families >> 4), 16);
    store<u32>(entry, own(entry, 20, families >> 6), 20);
  }
  addBatch(count);
  return !isFull();
}

function own(from: usize, at: usize, family: u32): u32 {
  const value = load<u32>(from + at);
  return (family & 3) === IPV6 ? load<u32>(addressNumbers + ((<usize>value) << 2)) : value;
}

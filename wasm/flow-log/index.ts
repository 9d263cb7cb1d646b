// The flow-log kernel, in AssemblyScript: text of log objects in, rows with exact totals out.
//
// src/scan/flow-log/kernel.ts holds the other half (headers, new names, new IPv6 spellings, spans that do not
// touch) and says what each export does. This half holds what runs once a record: the object is inflated
// (inflate.ts), its text is turned into a list of separators 64 bytes at a time (separators.ts), each line's fields
// are found in that list (lines.ts, records.ts), and a row is found by its 28-byte key (rows.ts).
//
// Everything here reads hostile bytes. Nothing read from the text is used as an address or a size; loads may run
// up to 16 bytes past a field, which the padding around the text allows; every table has a limit.

import { listPatterns } from './addresses';
import { rankOctets } from './octets';
import { limitRows } from './rows';
import { limitTexts } from './texts';

export { columnsAt } from './columns';
export { isFull } from './fullness';
export { inflate } from './inflate';
export { endpointsAt, flushSpans, reserveEndpoints } from './interfaces';
export {
  beginObject,
  countTooLong,
  headerBytes,
  headerStart,
  indexText as index,
  passHeader,
  recordCount,
  scan,
  useLayout,
} from './lines';
export { malformedAt } from './malformed';
export { absorb, addressNumbersAt, endpointNumbersAt, reserveNumbers } from './merging';
export { addressRanksAt, endpointRanksAt, reserveRanks } from './order';
export { batchAt, batchRows, rows, segmentsAt } from './rows';
export { textAt, windowBytes } from './separators';
export { sort } from './sorting';
export { inflatedAt, inflatedUpTo, reserveObject, storedAt } from './stream';

/** Sets the tables up, and how many distinct rows and texts they may hold. */
export function start(rows: u32, texts: u32): void {
  limitRows(rows);
  limitTexts(texts);
  rankOctets();
  listPatterns();
}

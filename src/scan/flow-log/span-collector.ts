import type { LogSpan } from '../../evidence/index.ts';

/**
 * Gathers spans of time and keeps their union: sorted, disjoint, with a gap between any two.
 *
 * A year of a quiet interface has a hundred thousand of them, so that they are kept as numbers and not as values.
 */
export interface SpanCollector {
  readonly add: (start: number, end: number) => void;
  /** Start and end of each span of the union, one after the other. Good until the next one is added. */
  readonly union: () => Uint32Array<ArrayBuffer>;
}

/** Spans that came out of order are merged when this many have gathered, or as many as there are in order. */
const MERGE_AT = 512;
/** An index that fits beside 32 bits into a number that is exact. */
const MOST_LATE = 2 ** 21;

export function createSpanCollector(): SpanCollector {
  // Most spans come in order of time, since objects are read in order of their names.
  let ordered = createPairs();
  let late = createPairs();
  const merge = (): void => {
    if (late.count() === 0) return;
    ordered = unionOf(ordered, sorted(late));
    late = createPairs();
  };
  return {
    add: (start, end) => {
      if (ordered.count() > 0 && start < ordered.lastStart()) {
        late.push(start, end);
        if (late.count() >= Math.min(Math.max(MERGE_AT, ordered.count()), MOST_LATE)) merge();
      } else {
        extend(ordered, start, end);
      }
    },
    union: () => {
      merge();
      return ordered.numbers();
    },
  };
}

/** The spans as values. */
export function spansOf(numbers: Uint32Array): readonly LogSpan[] {
  const spans = new Array<LogSpan>(numbers.length / 2);
  for (let index = 0; index < spans.length; index += 1)
    spans[index] = [numbers[index * 2] ?? 0, numbers[index * 2 + 1] ?? 0];
  return spans;
}

/** Pairs of numbers of 32 bits in one growing buffer. */
interface Pairs {
  readonly count: () => number;
  readonly push: (start: number, end: number) => void;
  readonly lastStart: () => number;
  readonly lastEnd: () => number;
  readonly setLastEnd: (end: number) => void;
  readonly numbers: () => Uint32Array<ArrayBuffer>;
}

function createPairs(): Pairs {
  let numbers = new Uint32Array(8);
  let length = 0;
  return {
    count: () => length >> 1,
    push: (start, end) => {
      if (length === numbers.length) {
        const larger = new Uint32Array(length * 2);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[length] = start;
      numbers[length + 1] = end;
      length += 2;
    },
    lastStart: () => numbers[length - 2] ?? 0,
    lastEnd: () => numbers[length - 1] ?? 0,
    setLastEnd: (end) => {
      numbers[length - 1] = end;
    },
    numbers: () => numbers.subarray(0, length),
  };
}

/** Adds a span that starts no earlier than the last one. Adjacent seconds join: 0-59 and 60-119 leave no gap. */
function extend(spans: Pairs, start: number, end: number): void {
  if (spans.count() === 0 || start > spans.lastEnd() + 1) spans.push(start, end);
  else if (end > spans.lastEnd()) spans.setLastEnd(end);
}

/** The same spans in order of their starts. */
function sorted(spans: Pairs): Pairs {
  const numbers = spans.numbers();
  const keys = Float64Array.from(
    { length: spans.count() },
    (_, index) => (numbers[index * 2] ?? 0) * MOST_LATE + index,
  ).sort();
  const ordered = createPairs();
  for (const key of keys) {
    const at = (key % MOST_LATE) * 2;
    ordered.push(numbers[at] ?? 0, numbers[at + 1] ?? 0);
  }
  return ordered;
}

/** The union of two lists in order. */
function unionOf(left: Pairs, right: Pairs): Pairs {
  const [a, b] = [left.numbers(), right.numbers()];
  const union = createPairs();
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && (a[i] ?? 0) <= (b[j] ?? 0))) {
      extend(union, a[i] ?? 0, a[i + 1] ?? 0);
      i += 2;
    } else {
      extend(union, b[j] ?? 0, b[j + 1] ?? 0);
      j += 2;
    }
  }
  return union;
}

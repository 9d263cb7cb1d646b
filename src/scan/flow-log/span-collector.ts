import type { LogSpan } from '../../evidence/index.ts';
import { unionOfSpans } from '../../evidence/index.ts';

/** Spans are merged when this many have gathered, or twice as many as the last merge left: memory stays bounded, the union stays exact. */
const MERGE_AT = 1024;

/** Gathers spans of time and keeps their union. */
export interface SpanCollector {
  readonly add: (start: number, end: number) => void;
  readonly spans: () => readonly LogSpan[];
}

export function createSpanCollector(): SpanCollector {
  let gathered: LogSpan[] = [];
  let mergeAt = MERGE_AT;
  let lastStart = Number.NaN;
  let lastEnd = Number.NaN;
  return {
    add: (start, end) => {
      // Many records of one interval share their span.
      if (start === lastStart && end === lastEnd) return;
      lastStart = start;
      lastEnd = end;
      gathered.push([start, end]);
      if (gathered.length < mergeAt) return;
      gathered = [...unionOfSpans(gathered)];
      mergeAt = Math.max(MERGE_AT, gathered.length * 2);
    },
    spans: () => unionOfSpans(gathered),
  };
}

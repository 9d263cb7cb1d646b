import type { Json } from '../core/index.ts';
import { isJsonObject } from '../core/index.ts';
import type { LoadedEvidence } from '../evidence/index.ts';
import type { Result } from '../policy/index.ts';

/** Where the auditor ran, how that was shown, and how often it dialled out. */
export type AuditorFacts = Result['auditor'];

/** Read from the run's own evidence; whatever is missing there is `unknown`. */
export function auditorFacts(evidence: LoadedEvidence): AuditorFacts {
  const place = bodyOf(evidence, 'auditor.location');
  const log = bodyOf(evidence, 'auditor.connections');
  const connections = isJsonObject(log) && Array.isArray(log['connections']) ? log['connections'].length : 0;
  const location = isJsonObject(place) ? place['location'] : undefined;
  const country = isJsonObject(place) && typeof place['country'] === 'string' ? place['country'] : null;
  if (location === 'proven' || location === 'declared') return { location, country, connections };
  return { location: 'unknown', country: null, connections };
}

function bodyOf(evidence: LoadedEvidence, kind: string): Json | undefined {
  return evidence.find(({ item }) => item.key.kind === kind)?.body;
}

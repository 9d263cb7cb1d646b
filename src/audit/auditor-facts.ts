import type { Json } from '../core/index.ts';
import { isJsonArray, isJsonObject } from '../core/index.ts';
import type { AuditorPlace, Deployment, EvidenceDraft, LoadedEvidence } from '../evidence/index.ts';
import { CUSTOM_ENDPOINT_RULE } from '../evidence/index.ts';
import type { Result } from '../policy/index.ts';

/** Where the auditor ran, how that was shown, and how often it dialled out. */
export type AuditorFacts = Result['auditor'];

/** Read from the run's own evidence; whatever is missing there is `unknown`. */
export function auditorFacts(evidence: LoadedEvidence): AuditorFacts {
  const place = bodyOf(evidence, 'auditor.location');
  const connections = evidence
    .filter(({ item }) => item.key.kind === 'auditor.connections')
    .reduce((sum, { body }) => sum + countOf(body), 0);
  const location = isJsonObject(place) ? place['location'] : undefined;
  const country = isJsonObject(place) && typeof place['country'] === 'string' ? place['country'] : null;
  if (location === 'proven' || location === 'declared') return { location, country, connections };
  return { location: 'unknown', country: null, connections };
}

function countOf(log: Json | undefined): number {
  return isJsonObject(log) && Array.isArray(log['connections']) ? log['connections'].length : 0;
}

/**
 * What the connections themselves say against reliance: AWS was asked somewhere else than at AWS. Seen in the
 * evidence, so that no caller can forget to say it.
 */
export function marksSeen(evidence: LoadedEvidence): Result['marks'] {
  const isCustom = evidence
    .filter(({ item }) => item.key.kind === 'auditor.connections')
    .flatMap(({ body }) =>
      isJsonObject(body) && isJsonArray(body['connections']) ? body['connections'] : [],
    )
    .some((connection) => isJsonObject(connection) && connection['rule'] === CUSTOM_ENDPOINT_RULE);
  return isCustom ? ['custom-endpoint'] : [];
}

/** The evidence item that says where the auditor runs: what the inventory declares, or that nobody said. */
export function auditorPlaceDraft({ auditor }: Deployment, time: string): EvidenceDraft {
  const body: AuditorPlace =
    auditor === undefined
      ? { location: 'unknown', country: null }
      : { location: 'declared', country: auditor.country };
  return {
    key: {
      kind: 'auditor.location',
      partition: '',
      account: '',
      region: '',
      target: '',
      call: 'auditor:Location',
      parameters: {},
      phase: 'start',
      part: 0,
    },
    time,
    status: 'complete',
    reason: '',
    provenance: 'live',
    dropped: [],
    body,
  };
}

function bodyOf(evidence: LoadedEvidence, kind: string): Json | undefined {
  return evidence.find(({ item }) => item.key.kind === kind)?.body;
}

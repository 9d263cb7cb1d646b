export type {
  EvidenceItem,
  EvidenceKey,
  EvidenceStatus,
  Manifest,
  PathCount,
  Provenance,
  ReducedWith,
} from './generated/manifest.ts';

import type { Json, JsonObject } from '../core/index.ts';
import { hasRepeatedMember, isJsonArray, isJsonObject } from '../core/index.ts';
import { itemId } from './item.ts';
import type { EvidenceItem, EvidenceKey, EvidenceStatus, Manifest, Provenance } from './model.ts';

const STATUSES: Readonly<Record<EvidenceStatus, true>> = {
  complete: true,
  partial: true,
  absent: true,
  denied: true,
  'denied-by-scp': true,
  unsupported: true,
  'not-in-partition': true,
  throttled: true,
  timeout: true,
  unreachable: true,
  unreadable: true,
  cancelled: true,
  failed: true,
};
const PROVENANCES: Readonly<Record<Provenance, true>> = {
  live: true,
  'customer-supplied': true,
  'vendor-supplied': true,
};
const SHA256 = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

/**
 * A manifest from its text, or `undefined` for anything that no store of ours writes. It may come from elsewhere and
 * be hostile: an item's path must be the one that its key gives, so that it leads nowhere else, and every value that
 * code decides on must be of its closed list.
 */
export function parseManifest(text: string): Manifest | undefined {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  if (hasRepeatedMember(text, value) || !isJsonObject(value) || value['schemaVersion'] !== 1)
    return undefined;
  const { items } = value;
  if (!isJsonArray(items) || !items.every(isItem)) return undefined;
  const manifest = { schemaVersion: 1, items: items as unknown as readonly EvidenceItem[] } as const;
  return new Set(manifest.items.map(({ id }) => id)).size === items.length ? manifest : undefined;
}

function isItem(item: Json): boolean {
  if (!isJsonObject(item) || !isKey(item['key'])) return false;
  return item['id'] === idOf(item['key']) && isDated(item) && isJudged(item) && isDigested(item);
}

function isDated({ time, declaredTime }: JsonObject): boolean {
  const sound = typeof time === 'string' && TIME.test(time) && !Number.isNaN(Date.parse(time));
  return (sound || time === null) && (declaredTime === undefined || typeof declaredTime === 'boolean');
}

function isJudged({ status, reason, provenance }: JsonObject): boolean {
  return isOneOf(STATUSES, status) && isOneOf(PROVENANCES, provenance) && typeof reason === 'string';
}

function isDigested({ sha256, size, dropped, reducedWith }: JsonObject): boolean {
  const isDigest = typeof sha256 === 'string' && SHA256.test(sha256);
  return (
    isDigest &&
    isCount(size) &&
    isJsonArray(dropped) &&
    dropped.every(isPathCount) &&
    isReduction(reducedWith)
  );
}

function isOneOf(names: object, value: Json | undefined): boolean {
  return typeof value === 'string' && Object.hasOwn(names, value);
}

function isCount(value: Json | undefined): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

const KEY_TEXTS = ['kind', 'partition', 'account', 'region', 'target', 'call'] as const;

function isKey(key: Json | undefined): key is EvidenceKey & Json {
  if (!isJsonObject(key)) return false;
  const { parameters, phase, part } = key;
  return (
    KEY_TEXTS.every((member) => typeof key[member] === 'string') &&
    isJsonObject(parameters) &&
    Object.values(parameters).every((value) => typeof value === 'string') &&
    (phase === 'start' || phase === 'end') &&
    isCount(part)
  );
}

function idOf(key: EvidenceKey): string | undefined {
  try {
    return itemId(key);
  } catch {
    return undefined;
  }
}

function isPathCount(value: Json): boolean {
  return isJsonObject(value) && typeof value['path'] === 'string' && typeof value['count'] === 'number';
}

function isReduction(value: Json | undefined): boolean {
  if (value === undefined) return true;
  return isJsonObject(value) && Object.values(value).every((part) => typeof part === 'string');
}

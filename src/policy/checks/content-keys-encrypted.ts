import type { ContentPlace, DatabaseContent } from '../../analysis/index.ts';
import { contentFact, contentNeeds, contentPlaces } from '../../analysis/index.ts';
import type { Reason } from '../../core/index.ts';
import type { DataMap, Deployment, Need } from '../../evidence/index.ts';
import { awsNeed, isOpenClass } from '../../evidence/index.ts';
import type { Check, Observation, Outcome } from '../check.ts';
import { knownBadDatabase } from './content-canary.ts';
import type { DatabaseStorage } from './content-key-storage.ts';
import { storageOf, storageOutcome } from './content-key-storage.ts';
import {
  detected,
  examinedDatabases,
  noDatabaseReasons,
  placeObservation,
  READING_LIMITATIONS,
  readingEvidence,
  readingLimitations,
  unexaminedReasons,
} from './content-place.ts';

/** Provider API keys are ciphertext or hashes, on encrypted storage with a key of the region. */
export const contentKeysEncrypted: Check = {
  id: 'content.keys-encrypted',
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  words: {
    claim: {
      en: 'Provider API keys in the databases are ciphertext or hashes, and the databases lie on encrypted storage with a key of {region}.',
      zh: '数据库中的服务商 API 密钥均为密文或哈希，且数据库存储以 {region} 区域的密钥加密。',
    },
    findings: {
      PLAINTEXT_KEY: {
        en: '{count} {count#value|values} at {resource} {count#has|have} the shape of a key in plain text.',
        zh: '{resource} 处有 {count} 个值呈明文密钥形态。',
      },
      KEY_NOT_CIPHERTEXT: {
        en: '{count} {count#value|values} at {resource}, where provider keys are kept, {count#is|are} neither ciphertext of the declared scheme nor hashes.',
        zh: '{resource}（存放服务商密钥处）有 {count} 个值既非所申报方案的密文，亦非哈希。',
      },
      STORAGE_NOT_ENCRYPTED: {
        en: 'The storage of {resource} is not encrypted.',
        zh: '{resource} 的存储未加密。',
      },
      STORAGE_KEY_OUT_OF_REGION: {
        en: 'The storage of {resource} is encrypted with a key of {keyRegion}, outside {region}.',
        zh: '{resource} 的存储以 {keyRegion} 的密钥加密，不在 {region}。',
      },
    },
    disclosures: {
      HIGH_ENTROPY_TOKEN: {
        en: '{count} {count#value|values} at {resource} {count#holds|hold} a long random token of no known shape: an id, or a key of a provider that the detectors do not know.',
        zh: '{resource} 处有 {count} 个值含未知形态的长随机串：可能是标识符，也可能是检测器未识别的密钥。',
      },
    },
    positive: {
      sealed: {
        en: 'Database {database}: every value kept as a provider key is sealed, and none of {values} values has the shape of a known key.',
        zh: '数据库 {database}：所有作为服务商密钥保存的值均为密文或哈希，{values} 个值中均无已知密钥形态。',
      },
      storage: {
        en: 'The storage of {resource} is encrypted with a key of {region}.',
        zh: '{resource} 的存储以 {region} 区域的密钥加密。',
      },
    },
    coverage: {
      databases: { en: 'Databases read whole', zh: '完整读取的数据库' },
      storage: { en: 'Databases whose storage was seen', zh: '已核实存储加密的数据库' },
    },
    limitations: {
      ...READING_LIMITATIONS,
      alwaysShape: {
        en: 'Ciphertext is recognised by its envelope and by looking random. That the cipher is good and its key well kept is not shown; keys of unknown shape are not recognised outside the columns declared for keys.',
        zh: '密文以封装格式与随机性识别；不证明算法强度与密钥保管，未知形态的密钥在非密钥列中无法识别。',
      },
      privateStorage: {
        en: 'A database belongs to the customer: the encryption of its storage cannot be seen from here and was not judged.',
        zh: '某数据库归客户所有：其存储加密无法在此核实，未作判断。',
      },
    },
  },
  needs: (_parameters, deployment) => [...contentNeeds(deployment), ...storageNeeds(deployment)],
  evaluate: (view, { deployment }) =>
    judge(
      view.fact(contentFact),
      storageOf(
        deployment,
        storageNeeds(deployment).map((need) => ({ need, list: (call) => view.list(need, call) })),
      ),
      deployment,
    ),
  canary: ({ deployment }) => {
    const unencrypted: DatabaseStorage = {
      database: 'canary',
      resource: 'canary',
      kind: 'found',
      encrypted: false,
      key: null,
    };
    const caught = new Set(
      judge([knownBadDatabase()], [unencrypted], deployment).findings.map((finding) => finding.class),
    );
    return ['PLAINTEXT_KEY', 'KEY_NOT_CIPHERTEXT', 'STORAGE_NOT_ENCRYPTED'].map((name) => ({
      id: `content.keys-encrypted/${name}`,
      caught: caught.has(name),
    }));
  },
};

/** The RDS listings of the deployment's own accounts and region, where the inventory says that RDS holds a database. */
function storageNeeds(deployment: Deployment): readonly Need[] {
  if (deployment.databases.every(({ resource }) => resource === undefined)) return [];
  return deployment.accounts
    .filter(({ purpose }) => purpose === 'workload')
    .flatMap(({ id }) => [
      awsNeed('rds.instances', id, deployment.region),
      awsNeed('rds.clusters', id, deployment.region),
    ]);
}

function judge(
  databases: readonly DatabaseContent[],
  storages: readonly DatabaseStorage[],
  deployment: Deployment,
): Outcome {
  const places = databases.flatMap(contentPlaces);
  const storage = storageOutcome(storages, deployment);
  return {
    findings: [...places.flatMap(keyFindings), ...storage.findings],
    reasons: [
      ...noDatabaseReasons(databases),
      ...databases.flatMap((database) => [...database.reasons, ...unexaminedReasons(database)]),
      ...undeclaredKeys(databases),
      ...storage.reasons,
    ],
    disclosed: places.flatMap(randomTokens),
    coverage: [
      {
        what: 'databases',
        examined: examinedDatabases(databases).length,
        expected: databases.length,
        unit: 'stores',
      },
      storage.coverage,
    ],
    positive: [
      ...examinedDatabases(databases).map((database) => readingEvidence('sealed', database)),
      ...storage.positive,
    ],
    limitations: [...readingLimitations(databases), ...storage.limitations],
  };
}

/** One finding for a place: a value that is plainly a key is not told a second time as no ciphertext. */
function keyFindings(place: ContentPlace): readonly Observation[] {
  const plain = detected(place, ['secret-key']);
  if (plain.length > 0) return [placeObservation('PLAINTEXT_KEY', place, plain)];
  if (place.declared?.promise !== 'provider-key') return [];
  if (isSealing(place)) {
    return place.violations.length > 0
      ? [placeObservation('KEY_NOT_CIPHERTEXT', place, place.violations)]
      : [];
  }
  // Objects around the keys hold no key themselves; any other value of such a column should have been sealed.
  const container =
    place.holds?.class === 'json' || place.holds?.class === 'array' || place.holds?.class === 'map';
  const open = place.values > 0 && !container;
  const unsealed = { class: 'not-ciphertext', count: place.values, lengths: [], rows: [] };
  return open ? [placeObservation('KEY_NOT_CIPHERTEXT', place, [unsealed])] : [];
}

function isSealing({ holds }: ContentPlace): boolean {
  return holds?.class === 'ciphertext' || holds?.class === 'hash' || holds?.class === 'empty';
}

function randomTokens(place: ContentPlace): readonly Observation[] {
  const random = detected(place, ['high-entropy-token']);
  const open = place.holds === undefined || isOpenClass(place.holds);
  return random.length > 0 && open ? [placeObservation('HIGH_ENTROPY_TOKEN', place, random)] : [];
}

/** A claim about provider keys needs to know where they are: in some database of the deployment at least. */
function undeclaredKeys(databases: readonly DatabaseContent[]): readonly Reason[] {
  const maps = databases.flatMap(({ map }) => map ?? []);
  if (maps.length === 0 || maps.some(declaresKeys)) return [];
  const scope = databases.map(({ id }) => id).join(', ');
  return [{ code: 'NOT_COLLECTED', scope, detail: 'no data map declares a column for provider keys' }];
}

function declaresKeys(map: DataMap): boolean {
  return Object.values(map.schemas).some((tables) =>
    Object.values(tables).some(({ columns }) =>
      Object.values(columns).some(({ promise }) => promise === 'provider-key'),
    ),
  );
}

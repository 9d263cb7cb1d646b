import type { ContentPlace, DatabaseContent } from '../../analysis/index.ts';
import { contentFact, contentNeeds, contentPlaces } from '../../analysis/index.ts';
import type { Reason } from '../../core/index.ts';
import type { Check, Outcome } from '../check.ts';
import { knownBadDatabase } from './content-canary.ts';
import {
  basisOf,
  detected,
  examinedDatabases,
  noDatabaseReasons,
  placeObservation,
  READING_LIMITATIONS,
  readingEvidence,
  readingLimitations,
  unexaminedReasons,
} from './content-place.ts';

const PROSE = ['prose', 'cjk-prose'] as const;
const CONTENT = [...PROSE, 'chat-structure'] as const;

/** No prompt or response content in the databases. */
export const contentAbsent: Check = {
  id: 'content.absent',
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  words: {
    claim: {
      en: 'No prompt or response content was found in the databases.',
      zh: '数据库中未发现提示词或模型响应内容。',
    },
    findings: {
      CONTENT_FOUND: {
        en: '{count} {count#value|values} at {resource} {count#looks|look} like prompt or response content ({classes}).',
        zh: '{resource} 处有 {count} 个值疑似提示词或响应内容（{classes}）。',
      },
    },
    disclosures: {},
    positive: {
      examined: {
        en: 'Database {database}: {values} {values#value|values} in {rows} {rows#row|rows} of {tables} {tables#table|tables} were unwrapped and examined; no detector recognised prompt or response content.',
        zh: '数据库 {database}：对 {tables} 个表 {rows} 行中的 {values} 个值逐一解包检查，未识别出提示词或响应内容。',
      },
    },
    coverage: {
      databases: { en: 'Databases read whole', zh: '完整读取的数据库' },
      values: { en: 'Values examined', zh: '已检查的值' },
    },
    limitations: {
      ...READING_LIMITATIONS,
      alwaysDetection: {
        en: 'Detectors recognise natural language, conversation structures and wrapped forms of both. Their recall is not measured; content that is encrypted, or no longer reads as language, is not recognised.',
        zh: '检测器识别自然语言、会话结构及其封装形式；其召回率未经测量，已加密或已不具语言形态的内容无法识别。',
      },
      memoryFacts: {
        en: 'Memory is enabled for this deployment: columns declared to hold retrieved facts may hold language.',
        zh: '本部署已启用记忆功能：申报为事实的列可以包含自然语言。',
      },
    },
  },
  needs: (_parameters, deployment) => contentNeeds(deployment),
  evaluate: (view, { deployment }) => judge(view.fact(contentFact), deployment.memory),
  canary: () => {
    const found = judge([knownBadDatabase()], false).findings.map(({ resource }) => resource);
    return ['error_text', 'metadata.*', 'model'].map((place) => ({
      id: `content.absent/${place}`,
      caught: found.includes(`canary.public.logs.${place}`),
    }));
  },
};

function judge(databases: readonly DatabaseContent[], memory: boolean): Outcome {
  const places = databases.flatMap(contentPlaces);
  return {
    findings: places.flatMap((place) => {
      const counts = detected(place, isAllowedFact(place, memory) ? ['chat-structure'] : CONTENT);
      return counts.length > 0 ? [placeObservation('CONTENT_FOUND', place, counts)] : [];
    }),
    reasons: [
      ...noDatabaseReasons(databases),
      ...databases.flatMap((database) => [...database.reasons, ...unexaminedReasons(database)]),
      ...places.flatMap(opaqueReasons),
    ],
    disclosed: [],
    coverage: [
      {
        what: 'databases',
        examined: examinedDatabases(databases).length,
        expected: databases.length,
        unit: 'stores',
      },
      { what: 'values', examined: places.reduce((sum, { values }) => sum + values, 0), expected: null },
    ],
    positive: examinedDatabases(databases).map((database) => readingEvidence('examined', database)),
    basis: basisOf(databases),
    limitations: [
      ...readingLimitations(databases),
      ...(places.some((place) => isAllowedFact(place, memory)) ? ['memoryFacts'] : []),
    ],
  };
}

/** Retrieved facts are the one language that may be stored, and only where memory was bought. */
function isAllowedFact({ holds, declared }: ContentPlace, memory: boolean): boolean {
  return memory && holds?.class === 'fact' && declared?.promise === 'memory-fact';
}

/** Binary that no detector can look into may be anything. */
function opaqueReasons(place: ContentPlace): readonly Reason[] {
  return detected(place, ['opaque-binary']).map(({ count }) => ({
    code: 'UNSUPPORTED_CONSTRUCT',
    scope: place.name,
    detail: `${count} binary values could not be looked into`,
  }));
}

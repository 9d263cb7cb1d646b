import type { BilingualText } from '../policy/index.ts';

/**
 * The witness labels that are words; every other label is an identifier of the audited system and is shown as
 * it is. A check that invents a word adds it here (a test looks for words that are missing).
 */
export const WITNESS_LABEL: Readonly<Record<string, BilingualText>> = {
  address: { en: 'address', zh: '地址' },
  characters: { en: 'characters', zh: '字符数' },
  class: { en: 'class', zh: '类别' },
  columns: { en: 'columns', zh: '列数' },
  'data map': { en: 'data map', zh: '数据地图' },
  detectors: { en: 'detectors', zh: '检测器' },
  digest: { en: 'digest', zh: '摘要' },
  encrypted: { en: 'encrypted', zh: '是否加密' },
  extension: { en: 'extension', zh: '扩展' },
  'first hour': { en: 'first hour', zh: '首个小时' },
  image: { en: 'image', zh: '镜像' },
  inventory: { en: 'inventory', zh: '部署清单' },
  key: { en: 'key', zh: '密钥' },
  kind: { en: 'kind', zh: '种类' },
  'KMS key': { en: 'KMS key', zh: 'KMS 密钥' },
  'log objects': { en: 'log objects', zh: '日志对象' },
  'order form SHA-256': { en: 'order form SHA-256', zh: '订购单 SHA-256' },
  plan: { en: 'plan', zh: '方案' },
  region: { en: 'region', zh: '区域' },
  resource: { en: 'resource', zh: '资源' },
  'rows (ctid)': { en: 'rows (ctid)', zh: '行（ctid）' },
  'system identifier': { en: 'system identifier', zh: '系统标识符' },
  task: { en: 'task', zh: '任务' },
  'task definition': { en: 'task definition', zh: '任务定义' },
  type: { en: 'type', zh: '类型' },
  values: { en: 'values', zh: '值的数量' },
};

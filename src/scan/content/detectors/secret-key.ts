import type { Detector } from '../detector.ts';
import { isKeptAsKey, namesKey } from './named-key.ts';

/** How a known form of key starts, and what follows: fixed text first and bounded repetition, so that matching is linear. */
type KeyForm = readonly [start: string, rest: string];

/** Shapes that providers publish for their keys, which may have fewer than 32 characters. */
const SHORT_FORMS: readonly KeyForm[] = [
  ['sk-', '[A-Za-z0-9_-]{20,250}'],
  ['sk_', 'live_[A-Za-z0-9]{20,120}'],
  ['rk_', 'live_[A-Za-z0-9]{20,120}'],
  ['AKIA', '[A-Z0-9]{16}'],
  ['ASIA', '[A-Z0-9]{16}'],
  ['glpat-', '[A-Za-z0-9_-]{20,60}'],
  ['xox', '[abeprs]-[A-Za-z0-9-]{10,200}'],
  ['xapp-', '[A-Za-z0-9-]{20,200}'],
  ['GOCSPX-', '[A-Za-z0-9_-]{20,40}'],
  ['fw_', '[A-Za-z0-9]{20,40}'],
  ['LTAI', '[A-Za-z0-9]{16,24}'],
  ['hv', '[sbr]\\.[A-Za-z0-9_-]{24,300}'],
  ['dckr_pat_', '[A-Za-z0-9_-]{20,40}'],
  ['whsec_', '[A-Za-z0-9+/]{24,60}={0,2}'],
];

/** Those that never have: no value of this length is counted without a look. */
const LONG_FORMS: readonly KeyForm[] = [
  ['sk_', '[0-9a-f]{40,64}'],
  ['ABSK', '[A-Za-z0-9+/]{40,400}={0,2}'],
  ['bedrock-api-key-', '[A-Za-z0-9+/=]{40,2000}'],
  ['gh', '[pousr]_[A-Za-z0-9]{36,250}'],
  ['github_pat_', '[A-Za-z0-9_]{22,250}'],
  ['AIza', '[A-Za-z0-9_-]{35}'],
  ['ya29.', '[A-Za-z0-9_-]{30,600}'],
  ['eyJ', '[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{16,1000}'],
  ['gsk_', '[A-Za-z0-9]{40,60}'],
  ['hf_', '[A-Za-z0-9]{30,50}'],
  ['r8_', '[A-Za-z0-9]{30,50}'],
  ['xai-', '[A-Za-z0-9]{40,100}'],
  ['pplx-', '[A-Za-z0-9]{40,60}'],
  ['npm_', '[A-Za-z0-9]{36}'],
  ['tvly-', '[A-Za-z0-9]{30,40}'],
  ['AKID', '[A-Za-z0-9]{32}'],
  ['AKLT', '[A-Za-z0-9]{40,60}'],
  ['nvapi-', '[A-Za-z0-9_-]{40,100}'],
  ['csk-', '[A-Za-z0-9]{40,60}'],
  ['tgp_v1_', '[A-Za-z0-9_-]{40,60}'],
  ['bce-v3/ALTAK-', '[A-Za-z0-9]{10,40}/[0-9a-f]{40}'],
  ['dapi', '[0-9a-f]{32}(?:-\\d{1,2})?'],
  ['pcsk_', '[A-Za-z0-9_]{40,100}'],
  ['pa-', '(?=[A-Za-z_-]{0,40}\\d)(?=[a-z0-9_-]{0,40}[A-Z])[A-Za-z0-9_-]{40,50}'],
  ['jina_', '[A-Za-z0-9_-]{40,80}'],
  ['SG.', '[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}'],
  ['do', '[opr]_v1_[0-9a-f]{64}'],
  ['lsv2_', '(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}'],
  ['pypi-', '[A-Za-z0-9_-]{50,300}'],
  ['vck_', '[A-Za-z0-9]{40,80}'],
  ['rpa_', '[A-Z0-9]{40,60}'],
  ['shpat_', '[0-9a-f]{32}'],
  ['glsa_', '[A-Za-z0-9_]{32,60}'],
  ['ATATT3', '[A-Za-z0-9_=-]{50,300}'],
  ['esecret_', '[a-z0-9]{26}'],
  ['AGE-SECRET-KEY-1', '[A-Z0-9]{58}'],
  ['hooks.slack.com/services/', 'T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,30}'],
];

/** Forms without a start of their own, as long: Zhipu, and Azure's client secrets. */
const OTHER_FORMS = '[0-9a-f]{32}\\.[A-Za-z0-9]{16}|[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}';
const PEM = '-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----';
const KEY = new RegExp(
  `(?<![A-Za-z0-9])(?:${[...SHORT_FORMS, ...LONG_FORMS].map(([start, rest]) => escaped(start) + rest).join('|')}|${OTHER_FORMS})(?![A-Za-z0-9])|${PEM}`,
);

/** What the short forms start with, two characters: a value of fewer than 32 without any of these needs no look. */
export const KEY_STARTS: readonly string[] = [
  ...new Set(SHORT_FORMS.map(([start]) => start.slice(0, 2))),
  '--',
];

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^$/]/g, '\\$&');
}

/** Keys of providers and platforms, in plain text: by their form, or by the name that they are kept under. */
export const SECRET_KEY: Detector = {
  id: 'secret-key',
  version: 3,
  class: 'secret-key',
  test: (value) =>
    value.kind === 'text'
      ? value.shape.longestToken >= 10 &&
        (KEY.test(value.text) || (value.shape.joints > 0 && namesKey(value.text)))
      : isKeptAsKey(value.members),
};

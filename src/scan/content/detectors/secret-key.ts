import type { Detector } from '../detector.ts';

/**
 * Shapes that providers publish for their keys. Each alternative starts with a fixed text and has a bounded
 * repetition, so that matching is linear.
 */
const KEY =
  /(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{20,200}|(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36,200}|github_pat_[A-Za-z0-9_]{22,200}|xox[abeprs]-[A-Za-z0-9-]{10,200}|AIza[A-Za-z0-9_-]{35}|eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{16,1000}|gsk_[A-Za-z0-9]{40,60}|hf_[A-Za-z0-9]{30,50}|r8_[A-Za-z0-9]{30,50}|xai-[A-Za-z0-9]{40,100}|pplx-[A-Za-z0-9]{40,60}|glpat-[A-Za-z0-9_-]{20,30}|npm_[A-Za-z0-9]{36}|(?:sk|rk)_live_[A-Za-z0-9]{20,120}|tvly-[A-Za-z0-9]{30,40}|fw_[A-Za-z0-9]{20,40}|LTAI[A-Za-z0-9]{16,20}|AKID[A-Za-z0-9]{32}|nvapi-[A-Za-z0-9_-]{40,100}|csk-[A-Za-z0-9]{40,60}|tgp_v1_[A-Za-z0-9_-]{40,60}|sk_[0-9a-f]{40,64}|bce-v3\/ALTAK-[A-Za-z0-9]{10,40}\/[0-9a-f]{40})(?![A-Za-z0-9])|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/;

/** What the alternatives of KEY start with: a value without any of these needs no look. */
export const KEY_STARTS: readonly string[] =
  'sk AK AS gh gi xo AI ey gs hf r8 xa pp gl np rk tv fw LT nv cs tg bc --'.split(' ');

/** Keys of providers and platforms, in plain text. */
export const SECRET_KEY: Detector = {
  id: 'secret-key',
  version: 2,
  class: 'secret-key',
  test: (value) => value.kind === 'text' && value.shape.longestToken >= 10 && KEY.test(value.text),
};

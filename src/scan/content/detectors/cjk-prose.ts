import type { Detector } from '../detector.ts';

const LETTERS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/gu;
/** Particles, pronouns and question words: names of companies and models do without them. */
const SPEECH =
  /[的了吗呢请我你您他她是在有和把这那哪怎什么么帮写如何为能会要想给]|です|ます|ください|の|습니다|세요|하는|에서|해줘|해 줘|주세요|를 /gu;
const SENTENCE = /[，。？！；：、]/u;
/** The vocabulary of gateway errors. */
const OPERATIONAL =
  /错误|失败|无效|额度|令牌|渠道|超时|限流|负载|上游|分组|密钥|配额|请求|参数|模型|权限|过期|余额|稍后|重试|再试|饱和|当前|有限公司|科技|服务/gu;
const MAX_TEXT = 100_000;

/**
 * Natural language of scripts that set no spaces. Few letters are enough where they are speech (particles,
 * sentence marks); without these a text must be long, so that a company's name is none.
 */
export const CJK_PROSE: Detector = {
  id: 'cjk-prose',
  version: 2,
  class: 'cjk-prose',
  test: (value) => {
    if (value.kind !== 'text' || value.shape.nonAscii < 5) return false;
    const text = value.text.slice(0, MAX_TEXT);
    const letters = countOf(text, LETTERS) - 2 * countOf(text, OPERATIONAL);
    const speech = countOf(text, SPEECH);
    if (letters >= 24) return true;
    if (letters >= 10 && speech >= 1) return true;
    return letters >= 5 && (speech >= 2 || (speech >= 1 && SENTENCE.test(text)) || text.endsWith('？'));
  },
};

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

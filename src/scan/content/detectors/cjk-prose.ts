import type { Detector } from '../detector.ts';

/** A language whose letters tell it, and by what its speech is known. */
interface Script {
  readonly letters: RegExp;
  /** Particles, pronouns and endings: names of companies and models do without them. */
  readonly speech: RegExp;
  /** Asking, telling and greeting: one of these makes a few letters speech. */
  readonly talk: RegExp;
  /** The vocabulary of gateway errors and of companies' names. */
  readonly operational: RegExp;
  /** Letters from which on any text is one, with so much speech, or with talk. */
  readonly long: number;
  readonly withSpeech: number;
  readonly withMuchSpeech: number;
  readonly withTalk: number;
}

const CHINESE: Script = {
  letters: /\p{Script=Han}/gu,
  speech:
    /[的了吗嗎呢请請我你您他她是在有和把这這那哪怎什么麼帮幫写寫如何为為能会會要想给給们們吧啊就都也很吃说說讲講让讓被从從跟对對谁誰]/gu,
  talk: /什么|什麼|怎么|怎麼|怎样|怎樣|为什|為什|为何|為何|如何|请问|請問|帮我|幫我|帮忙|幫忙|告诉我|告訴我|给我|給我|你好|您好|谢谢|謝謝|多少|哪里|哪裡|哪儿|哪个|哪個|哪些|在哪|是谁|是誰|谁是|誰是|[吗嗎呢](?!\p{Script=Han})|[写寫讲講说說画畫来來改编編译譯起想列][一个個篇首封段几幾些下点點份]|(?<!\p{Script=Han})(?:写|寫|讲|講|解释|解釋|总结|總結|概括|推荐|推薦|介绍|介紹|润色|潤色|改写|改寫|续写|續寫|翻译[成这]|翻譯[成這])/gu,
  operational:
    /错误|失败|无效|额度|令牌|渠道|超时|限流|负载|上游|分组|密钥|配额|请求|参数|模型|权限|过期|余额|稍后|重试|再试|饱和|当前|有限公司|科技|服务|状态|禁用|用户|倍率|价格|配置|连接|重置|速率|触发|可用|返回|调用|自动|不足|扣费|剩余|已用|用尽|平台|集团|部门|團隊|团队|公司/gu,
  long: 24,
  withSpeech: 10,
  withMuchSpeech: 5,
  withTalk: 4,
};

const JAPANESE: Script = {
  letters: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/gu,
  speech:
    /[をはがにへとも]|です|ます|した|して|から|まで|ない|いる|ある|する|って|たい|この|その|あの|という|について|の/gu,
  talk: /くださ|下さい|教えて|ほしい|欲しい|何|なに|誰|だれ|なぜ|どうして|どうやって|どこ|いつ|いくら|おすすめ|[てでか](?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])|？|こんにちは|ありがとう|お願い|[がをは].{0,12}[いるた](?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])/gu,
  operational:
    /エラー|失敗|無効|制限|超過|タイムアウト|リクエスト|モデル|接続|サーバー?|認証|株式会社|有限会社|しばらく|再試行|トークン|キー|権限|銀行/gu,
  long: 24,
  withSpeech: 10,
  withMuchSpeech: 5,
  withTalk: 5,
};

const KOREAN: Script = {
  letters: /\p{Script=Hangul}/gu,
  speech:
    /[을를은는이가의에도와과로](?=[\s,])|에서|에게|으로|하는|했|입니다|습니다|있|없|한테|부터|까지|그리고/gu,
  talk: /(?:요|까|니다|줘|줄래|해봐|봐|을래|어|야|니|냐|때|지|라|네|게|법|방법|이유|뜻)(?!\p{Script=Hangul})|뭐|무엇|누가|누구|어디|언제|어떻게|왜|얼마|알려|설명|번역|요약|추천해|써\s?줘|안녕|고마|감사|도와|주세요|해줘|해 줘/gu,
  operational:
    /오류|실패|요청|한도|초과|토큰|서버|인증|권한|시간|연결|모델|키|주식회사|유효|다시|시도|잠시/gu,
  long: 24,
  withSpeech: 8,
  withMuchSpeech: 6,
  withTalk: 4,
};

const THAI: Script = {
  letters: /\p{Script=Thai}/gu,
  speech: /ของ|ไม่|ให้|เป็น|และ|ที่|ใน|กับ|เกี่ยวกับ|ได้|มี|จะ|นี้|นั้น|แล้ว|หรือ|จาก|ว่า|ต้อง|ทุก|การ|ความ|คน/gu,
  talk: /อะไร|ทำไม|อย่างไร|ยังไง|ไหม|ใคร|ที่ไหน|เมื่อไหร่|เท่าไหร่|ช่วย|หน่อย|เขียน|แปล|สรุป|อธิบาย|วิธี|แนะนำ|บอก|ครับ|ค่ะ|คะ|ฉัน|ผม|คุณ|สวัสดี|ขอ|ลูก|กิน/gu,
  operational: /บริษัท|จำกัด|ข้อผิดพลาด|ล้มเหลว|เกิน|โทเค็น/gu,
  long: 24,
  withSpeech: 12,
  withMuchSpeech: 8,
  withTalk: 8,
};

/** Scripts in which a gateway keeps nothing: a few words of them are somebody's. */
const OTHERS: Script = {
  letters: /[\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Tibetan}]/gu,
  speech: /[\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Tibetan}]/gu,
  talk: /[?？]/gu,
  operational: /(?!)/gu,
  long: 24,
  withSpeech: 12,
  withMuchSpeech: 12,
  withTalk: 6,
};

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const SENTENCE = /[，。？！；：、]/u;
const MAX_TEXT = 100_000;
const FEWEST_LETTERS = 4;

/**
 * Natural language of scripts that set no spaces, and Korean. Few letters are enough where they are speech (particles,
 * questions, what is asked for, sentence marks); without these a text must be long, so that a company's name is none.
 */
export const CJK_PROSE: Detector = {
  id: 'cjk-prose',
  version: 3,
  class: 'cjk-prose',
  test: (value) => {
    if (value.kind !== 'text' || value.shape.nonAscii < FEWEST_LETTERS) return false;
    const text = value.text.slice(0, MAX_TEXT);
    const scripts = KANA.test(text) ? [JAPANESE, KOREAN, THAI, OTHERS] : [CHINESE, KOREAN, THAI, OTHERS];
    return scripts.some((script) => isSpeech(text, script));
  },
};

function isSpeech(text: string, script: Script): boolean {
  const all = countOf(text, script.letters);
  if (all < FEWEST_LETTERS) return false;
  const letters = all - 2 * countOf(text, script.operational);
  if (letters >= script.long) return true;
  if (letters >= script.withTalk && countOf(text, script.talk) >= 1) return true;
  const speech = countOf(text, script.speech);
  if (letters >= script.withSpeech && speech >= 1) return true;
  return (
    letters >= script.withMuchSpeech &&
    (speech >= 2 || (speech >= 1 && SENTENCE.test(text)) || text.endsWith('？'))
  );
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

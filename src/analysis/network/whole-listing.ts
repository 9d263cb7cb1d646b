import type { JsonObject } from '../../core/index.ts';
import type { AwsKind } from '../../evidence/index.ts';
import type { NetworkAnswer, NetworkSource } from './network-source.ts';

/** Which answers of a call that repeats for ids are meant, by what they were asked with. */
type Asked = Readonly<Record<string, string>>;

/**
 * The answers of a call, where every one of them was read whole. `undefined` where none was, or one was cut: what
 * is closed is closed by everything that was said, and a page that is missing may say otherwise.
 */
export function wholeAnswers(
  { answers }: NetworkSource,
  kind: AwsKind,
  call: string,
  asked: Asked = {},
): readonly NetworkAnswer[] | undefined {
  const own = answers(kind, call).filter(({ parameters }) =>
    Object.entries(asked).every(([name, value]) => parameters[name] === value),
  );
  return own.length > 0 && own.every(({ complete }) => complete) ? own : undefined;
}

/** The entries of a listing that was read whole. */
export function wholeListing(
  source: NetworkSource,
  kind: AwsKind,
  call: string,
  asked: Asked = {},
): readonly JsonObject[] | undefined {
  return wholeAnswers(source, kind, call, asked)?.flatMap(({ entries }) => entries);
}

import type { PathAnswer, PathQuestion } from '../../src/analysis/index.ts';
import { createPathSolver } from '../../src/analysis/index.ts';
import type { RepeatedAnswer } from './network-source.ts';
import { instruments } from './run-sample.ts';
import type { Answers } from './small-network.ts';
import { networkWith } from './small-network.ts';

/** Asks one question of a small network that was changed somehow. */
export type Ask = (
  question: Partial<PathQuestion>,
  change: Answers,
  repeated?: readonly RepeatedAnswer[],
) => PathAnswer;

/** What a question does not say is as in `usual`: tcp 443 to a host of the Internet, unless told otherwise. */
export async function asking(usual: Partial<PathQuestion>): Promise<Ask> {
  const { locator } = await instruments();
  return (question, change, repeated = []) =>
    createPathSolver(networkWith(change, repeated), locator).answer({
      from: 'eni-private',
      to: '8.8.8.8',
      protocol: 'tcp',
      port: 443,
      ...usual,
      ...question,
    });
}

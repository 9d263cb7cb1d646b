import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PathAnswer, PathSolver } from '../../../src/analysis/index.ts';
import { solverOfFolder } from '../../support/network-folder.ts';
import { instruments } from '../../support/run-sample.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data/network/batfish');

/** One flow as the public project's own tests expect it. */
interface Flow {
  readonly id: string;
  readonly snapshot: string;
  readonly srcIp: string;
  readonly dstIp: string;
  readonly protocol: string;
  readonly dstPort: number | null;
  readonly path: readonly string[];
  readonly verdict: 'denied' | 'unreachable' | 'leaves-vpc' | 'reaches';
  readonly from: string;
  readonly note: string;
}

/** Which of our dispositions say what a label says; the labels know fewer words. */
const SAYS: Readonly<Record<Flow['verdict'], readonly PathAnswer['disposition'][]>> = {
  denied: ['denied'],
  unreachable: ['no-route', 'blackhole'],
  'leaves-vpc': ['leaves-vpc'],
  reaches: ['delivered', 'leaves-vpc'],
};

/** Where the label itself accepts a more careful answer. */
const CAREFUL: Readonly<Record<string, string>> = {
  'bf-06': 'the gateway may have learned a default route that no answer of AWS shows',
  'bf-12': 'the same',
};

const flows = existsSync(DATA)
  ? (JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8')) as readonly Flow[])
  : [];
if (flows.length === 0) console.log('skipped: ../shared/data/network/batfish is not there');

describe.skipIf(flows.length === 0)("the public flows of Batfish's AWS snapshots", () => {
  const solvers = new Map<string, PathSolver>();

  beforeAll(async () => {
    const { locator } = await instruments();
    for (const name of new Set(flows.map(({ snapshot }) => snapshot))) {
      solvers.set(name, await solverOfFolder(join(DATA, name), locator));
    }
  });

  it.each(flows)('$id from $from to $dstIp is $verdict', (flow) => {
    const answer = answerTo(flow);
    const accepted = CAREFUL[flow.id] === undefined ? SAYS[flow.verdict] : ['leaves-vpc'];
    expect(accepted, JSON.stringify(answer, null, 1)).toContain(answer.disposition);
    expect(idsOnPath(flow), JSON.stringify(answer.hops, null, 1)).toEqual(
      inOrder(
        idsOnPath(flow),
        answer.hops.map(({ id }) => id),
      ),
    );
  });

  it('would notice a wrong answer', () => {
    const [first] = flows;
    const answer = first === undefined ? undefined : answerTo(first);
    expect(SAYS['leaves-vpc']).not.toContain(answer?.disposition);
  });

  function answerTo(flow: Flow): PathAnswer {
    const solver = solvers.get(flow.snapshot);
    if (solver === undefined) throw new Error(`expected the snapshot ${flow.snapshot}`);
    return solver.answer({
      from: flow.from,
      fromIp: flow.srcIp,
      to: flow.dstIp,
      protocol: flow.protocol,
      ...(flow.dstPort === null ? {} : { port: flow.dstPort }),
    });
  }
});

/** The hops that both sides name; Batfish's own nodes between regions and the Internet are no AWS objects. */
function idsOnPath({ path }: Flow): readonly string[] {
  return path
    .filter((id) => id !== 'aws-backbone' && id !== 'aws-services-gateway')
    .map((id) => id.replace(/@.*$/, ''));
}

/** The longest part of a list that another holds in the same order. */
function inOrder(wanted: readonly string[], among: readonly string[]): readonly string[] {
  let at = -1;
  return wanted.filter((id) => {
    const found = among.indexOf(id, at + 1);
    if (found >= 0) at = found;
    return found >= 0;
  });
}

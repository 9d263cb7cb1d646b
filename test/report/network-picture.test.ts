import { beforeAll, describe, expect, it } from 'vitest';
import { loadGraphLayout } from '../../src/config/index.ts';
import type { ControlResult } from '../../src/policy/index.ts';
import { networkPicture } from '../../src/report/html/network-picture.ts';
import type { DrawGraph } from '../../src/report/network-graph.ts';
import { graphOf, waysOut } from '../../src/report/network-graph.ts';

let draw: DrawGraph;

beforeAll(async () => {
  draw = await loadGraphLayout();
});

type Seen = ControlResult['findings'][number];

function seen(resource: string, gateways: readonly string[], interfaces: number, kind = 'INITIATED'): Seen {
  return {
    id: resource,
    class: `CAN_LEAVE_${kind}`,
    resource,
    text: { en: '', zh: '' },
    waived: false,
    witness: [
      { label: 'packet', value: '10.0.0.1 → 8.8.8.8, tcp 443' },
      ...gateways.map((value) => ({
        label: value.startsWith('nat') ? 'nat-gateway' : 'internet-gateway',
        value,
      })),
      { label: 'place', value: 'US' },
      { label: 'interfaces', value: String(interfaces) },
    ],
  };
}

function control(findings: readonly Seen[], disclosed: readonly Seen[] = []): ControlResult {
  return { check: 'network.egress', findings, disclosed } as unknown as ControlResult;
}

const WORDS = {
  traffic: { initiated: 'opened', reply: 'answers', resolver: 'DNS' },
  anywhere: 'anywhere',
  interfaces: 'interfaces',
};

const FIVE = control(
  [seen('sg-app → igw-1', ['nat-1: source becomes 3.3.3.3', 'igw-1: source becomes 3.3.3.3'], 3)],
  [seen('sg-lb → igw-1', ['igw-1'], 2, 'REPLY'), seen('vpc-1', [], 0, 'RESOLVER')],
);

describe('the picture of the ways out', () => {
  it('shows who, by which gateways, to where; the table says the same', async () => {
    const page = String(await networkPicture(FIVE, draw, 'en'));
    const text = page.replaceAll('&#45;', '-');
    const svg = text.slice(text.indexOf('<svg'), text.indexOf('</svg>'));
    const table = text.slice(text.indexOf('<table'));
    for (const name of ['sg-app', 'nat-1', 'igw-1', 'sg-lb', 'vpc-1', 'US']) {
      expect(svg).toContain(name);
      expect(table).toContain(name);
    }
    expect(table.match(/<tr>/g)).toHaveLength(4);
  });

  it('is the same drawing each time, without ids, scripts or addresses of anything', async () => {
    const [one, two] = [await networkPicture(FIVE, draw, 'zh'), await networkPicture(FIVE, draw, 'zh')];
    expect(String(one)).toBe(String(two));
    expect(String(one)).not.toMatch(/<script|https?:|xlink| id="|<!DOCTYPE/);
  });

  it('stays a picture with 500 interfaces: alike ones are one node, and the table tells each', async () => {
    const many = Array.from({ length: 100 }, (_, index) => seen(`sg-${index} → igw-1`, ['igw-1'], 5));
    const page = String(await networkPicture(control(many), draw, 'en'));
    expect(page.match(/<tr>/g)).toHaveLength(101);
    const graph = graphOf(waysOut(control(many)), WORDS);
    expect(graph.match(/shape=box/g)).toHaveLength(1);
    expect(graph).toMatch(/sg-\d+\\nsg-\d+\\nsg-\d+\\n\+ 97/);
  });

  it('keeps exits apart as long as they can be read, then names some of them', () => {
    const through = (exits: number): string =>
      graphOf(
        waysOut(
          control(
            Array.from({ length: 100 }, (_, index) =>
              seen(`sg-${index} → igw-${index % exits}`, [`nat-${index}`, `igw-${index % exits}`], 5),
            ),
          ),
        ),
        WORDS,
      );
    expect(through(20).match(/shape=hexagon/g)).toHaveLength(20);
    expect(through(100)).toMatch(/igw-\d+\\nigw-\d+\\nigw-\d+\\n\+ 97/);
  });

  it('lets no audited text out of its quotes', () => {
    const hostile = waysOut(control([seen('"];evil[label="x → igw-1', ['igw-1"]; bad'], 1)]));
    const graph = graphOf(hostile, WORDS);
    expect(graph).not.toContain('evil[label="');
    expect(draw(graph)).toContain('<svg');
  });

  it('is there for no other control, and for none that found no way out', async () => {
    expect(String(await networkPicture({ ...FIVE, check: 'flows.egress' }, draw, 'en'))).toBe('');
    expect(String(await networkPicture(control([]), draw, 'en'))).toBe('');
  });
});

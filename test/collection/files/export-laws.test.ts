import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../src/collection/answer.ts';
import type { Projection } from '../../../src/evidence/index.ts';
import { KINDS, project } from '../../../src/evidence/index.ts';
import { ACCOUNT, indexOf, PLACE, REGION, readFiles } from '../../support/export.ts';

const CALLS = [...KINDS.values()].flatMap(({ calls }) => calls);

describe('every file of a folder', () => {
  const content = fc.oneof(
    fc.constantFrom<string | Uint8Array>(
      '{"Vpcs":[]}',
      '{"Vpcs":[{"VpcId":"vpc-1"}]}',
      '{"Vpcs":null}',
      '{"Subnets":[{"SubnetId":"s","AvailabilityZone":"us-east-1a"}]}',
      '{"Contents":[]}',
      '{"a":1}',
      '[]',
      'Vpcs: []',
      '',
      new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]),
      new Uint8Array([0x1f, 0x8b]),
    ),
    fc.json(),
    fc.uint8Array({ maxLength: 50 }),
  );
  const folder = fc.constantFrom(
    '',
    'y/',
    `${PLACE}/`,
    `111122223333/${REGION}/`,
    `${ACCOUNT}/`,
    `a/${PLACE}/b/`,
  );
  const file = fc.constantFrom(
    ...['vpcs.json', 'a.yaml', 'README.md', '.DS_Store', 'x', 'a.gz', 'index.json'],
    `${ACCOUNT}_vpcflowlogs_${REGION}_fl-0123456789abcdef0_20261122T0000Z_0a1b2c3d.log.gz`,
    `111122223333_vpcflowlogs_${REGION}_fl-0123456789abcdef0_20261122T0000Z_0a1b2c3d.log`,
  );

  it('is told of exactly once, or is one of the log objects, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.tuple(folder, file).map((parts) => parts.join('')),
          content,
          { maxKeys: 8 },
        ),
        async (files) => {
          const { report } = await readFiles(files);
          const told = [...report.recognised, ...report.unused, ...report.unreadable, ...report.unplaced];
          expect(new Set(told).size).toBe(told.length);
          expect(told.length + report.logObjects).toBe(Object.keys(files).length);
          for (const path of told) expect(files).toHaveProperty([path]);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe('of an answer is kept what its allow-list names, and nothing else', () => {
  const MARKER = 'MARKER-c0ffee';
  /** The one text that a pattern keeps. */
  const BALANCER = 'ELB net/ingress/0123456789abcdef';
  let count = 0;
  const marker = (): string => `${MARKER}-${(count += 1)}`;

  /** An answer of a projection's shape, with foreign members at every level. */
  function filled(projection: Projection, foreign: readonly string[]): unknown {
    if (projection === true) return 'kept';
    if (projection instanceof RegExp) return BALANCER;
    if (Array.isArray(projection)) return [filled(projection[0] as Projection, foreign)];
    const known = Object.entries(projection).map(([member, rule]) => [member, filled(rule, foreign)]);
    const others = foreign
      .filter((member) => !Object.hasOwn(projection, member))
      .map((member, index) => [
        member,
        index % 2 === 0 ? marker() : { [marker()]: [marker(), { a: marker() }] },
      ]);
    return Object.fromEntries([...known, ...others]);
  }

  const FOREIGN = [
    ...[
      'environment',
      'Environment',
      'UserData',
      'requestParameters',
      'secrets',
      'command',
      'Tags',
      'dockerLabels',
    ],
    ...[
      '__proto__',
      'constructor',
      MARKER,
      `sk-${MARKER}`,
      'sk1234567890abcdef1234567890abcdef',
      'x'.repeat(65),
      'a.b',
      'x[]',
    ],
  ];

  it.each(CALLS.map((spec) => [spec.call, spec] as const))('%s', (_call, spec) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(fc.constantFrom(...FOREIGN), fc.string()), { minLength: 1 }),
        (foreign) => {
          const answer = filled(spec.projection, foreign) as Record<string, never>;
          const { status, body, dropped } = readAnswer(spec, answer);
          const written = JSON.stringify([body, dropped]);
          expect(status).toBe('complete');
          expect(written).not.toContain(MARKER);
          expect(written).not.toContain('sk1234567890');
          // Nothing is lost that is allowed, and what is not is counted.
          expect(project(spec.projection, answer).kept).toEqual(filled(spec.projection, []));
          if (foreign.some((member) => member !== '__proto__')) expect(dropped.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('nor of what an index says: its commands and errors stay outside', async () => {
    const { drafts } = await readFiles({
      [`${PLACE}/index.json`]: indexOf(
        [
          undefined,
          `aws ec2 describe-vpcs --filters Name=tag:a,Values=${MARKER}`,
          { exitCode: 254, error: `An error occurred (X) when calling the ${MARKER}: ${MARKER}` },
        ],
        [
          undefined,
          `aws rds describe-db-instances --${MARKER.toLowerCase()} x`,
          { exitCode: 255, error: MARKER },
        ],
      ),
    });
    expect(drafts.length).toBeGreaterThan(0);
    expect(JSON.stringify(drafts).toLowerCase()).not.toContain(MARKER.toLowerCase());
  });

  it('and values of another shape are no answer (control)', () => {
    const spec = CALLS.find(({ call }) => call === 'ec2:DescribeVpcs');
    if (spec === undefined) throw new Error('expected the call');
    expect(readAnswer(spec, { Vpcs: [{ VpcId: 'v', CidrBlock: { a: MARKER } }] })).toMatchObject({
      status: 'unreadable',
      body: undefined,
    });
  });
});

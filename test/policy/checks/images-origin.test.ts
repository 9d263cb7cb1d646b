import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AwsObject, Stack } from '../../../sim/stack.ts';
import type { Deployment } from '../../../src/evidence/index.ts';
import { imageOrigin } from '../../../src/policy/checks/image-reference.ts';
import { accountDrafts, CLEAN, DEPLOYMENT, judged, verdictOf } from '../../support/check-case.ts';

const { account } = CLEAN.stack;
const { registry } = CLEAN.names;
const DIGEST = `sha256:${'a'.repeat(64)}`;

const withImage =
  (image: unknown) =>
  (stack: Stack): Stack => ({
    ...stack,
    tasks: stack.tasks.map((task, index) =>
      index === 0 ? { ...task, containers: [{ name: 'gateway-api', image: image as AwsObject }] } : task,
    ),
  });

async function origin(
  change: (stack: Stack) => Stack,
  deployment: Deployment = DEPLOYMENT,
): Promise<readonly string[]> {
  return verdictOf({
    check: 'images.origin',
    deployment,
    countries: ['CN'],
    drafts: await accountDrafts(change, CLEAN.logs, deployment),
  });
}

describe('images.origin', () => {
  it('passes where every image is of the own registry', async () => {
    const control = await judged({
      check: 'images.origin',
      deployment: DEPLOYMENT,
      drafts: await accountDrafts(),
    });
    expect(control.verdict).toBe('pass');
    expect(control.positive[0]?.text.en).toContain('2 images of 3 tasks and 2 task definitions');
  });

  it.each([
    `${registry}/gateway-api@${DIGEST}`,
    `${registry}/gateway-api:2026.11.3@${DIGEST}`,
    `${account}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn/gateway-api:1`,
  ])('passes %s', async (image) => expect(await origin(withImage(image))).toEqual(['pass']));

  it.each<[string, string]>([
    ['IMAGE_NOT_PRIVATE', 'nginx'],
    ['IMAGE_NOT_PRIVATE', DIGEST],
    ['IMAGE_NOT_PRIVATE', 'public.ecr.aws/docker/library/nginx:1'],
    ['IMAGE_NOT_PRIVATE', `${account}.dkr.ecr.cn-north-1.amazonaws.com.cn.example.com/a:1`],
    ['IMAGE_NOT_PRIVATE', `${account}.dkr.ecr.cn-north-1.amazonaws.com.cn:8443/a:1`],
    ['IMAGE_NOT_PRIVATE', 'localhost/a:1'],
    // A global registry that calls itself after the Chinese region is of another partition.
    ['IMAGE_REGION_NOT_ALLOWED', `${account}.dkr.ecr.cn-north-1.amazonaws.com/a:1`],
    ['IMAGE_REGION_NOT_ALLOWED', `${account}.dkr.ecr.ap-east-1.amazonaws.com/a:1`],
    ['IMAGE_REGION_NOT_ALLOWED', `${account}.dkr.ecr.xx-moon-1.amazonaws.com.cn/a:1`],
    ['IMAGE_ACCOUNT_NOT_ALLOWED', '999999999999.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1'],
  ])('fails as %s for %s', async (name, image) =>
    expect(await origin(withImage(image))).toEqual(['fail', `${name} ${image}`]),
  );

  it.each<[string, (stack: Stack) => Stack]>([
    ['no image', withImage(undefined)],
    ['an image with a space', withImage('nginx :1')],
    [
      'no containers',
      (stack) => ({ ...stack, tasks: stack.tasks.map((task) => ({ ...task, containers: [] })) }),
    ],
    [
      'a container that is none',
      (stack) => ({ ...stack, tasks: stack.tasks.map((task) => ({ ...task, containers: ['x'] })) }),
    ],
  ])('cannot tell for a task with %s', async (_, change) => {
    const [verdict, ...told] = await origin(change);
    expect(verdict).toBe('inconclusive');
    expect(told.length).toBeGreaterThan(0);
  });

  it('claims nothing where nothing runs in ECS', async () => {
    const nothing = (stack: Stack): Stack => ({ ...stack, services: [], tasks: [], taskDefinitions: [] });
    expect(await origin(nothing)).toEqual(['inconclusive', 'NOT_COLLECTED images']);
  });

  it('asks for the task definition of a deployment that is being rolled out', async () => {
    const next = `arn:aws-cn:ecs:cn-north-1:${account}:task-definition/gateway-api:18`;
    const rolling = (stack: Stack): Stack => ({
      ...stack,
      services: stack.services.map((service) => ({
        ...service,
        deployments: [{ id: 'd', taskDefinition: next }],
      })),
    });
    const [verdict, ...told] = await origin(rolling);
    expect(verdict).toBe('inconclusive');
    expect(told).toEqual([`NOT_COLLECTED ecs:DescribeTaskDefinition ${next} (${account}/cn-north-1)`]);
  });

  it.each([
    ['its prefix', 'hub', `${registry}/hub/library/nginx:1`],
    ['its prefix with a slash', 'hub/', `${registry}/hub/library/nginx:1`],
    ['every repository', 'ROOT', `${registry}/library/nginx:1`],
  ])('fails for an image that a cache rule feeds by %s', async (_, prefix, image) => {
    const cached = (stack: Stack): Stack => ({
      ...withImage(image)(stack),
      pullThroughCacheRules: [
        { ecrRepositoryPrefix: prefix, upstreamRegistryUrl: 'registry-1.docker.io', registryId: account },
      ],
    });
    expect(await origin(cached)).toContain(`IMAGE_PULLED_THROUGH ${image}`);
  });

  it.each([
    ['another region', `${account}.dkr.ecr.cn-northwest-1.amazonaws.com.cn/hub/nginx:1`],
    ['an account outside of the inventory', '999999999999.dkr.ecr.cn-north-1.amazonaws.com.cn/hub/nginx:1'],
  ])('cannot tell for a registry of %s, whose cache rules nobody listed', async (_, image) => {
    const told = await verdictOf({
      check: 'images.origin',
      with: { accounts: [account, '999999999999'] },
      deployment: DEPLOYMENT,
      countries: ['CN'],
      drafts: await accountDrafts(withImage(image)),
    });
    expect(told.slice(0, 2)).toEqual(['inconclusive', `NOT_COLLECTED ${image}`]);
  });

  it('asks the registry accounts for their cache rules', async () => {
    const deployment: Deployment = {
      ...DEPLOYMENT,
      accounts: [...DEPLOYMENT.accounts, { id: '111122223333', purpose: 'registry' }],
    };
    expect(
      await origin(withImage('111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1'), deployment),
    ).toEqual(['inconclusive', 'NOT_COLLECTED ecr:DescribePullThroughCacheRules (111122223333/cn-north-1)']);
  });
});

const PUBLIC = '../shared/data/ecr/ecr-credential-helper.json';

describe('registry names that AWS itself accepts and refuses', () => {
  const cases = existsSync(PUBLIC)
    ? (JSON.parse(readFileSync(PUBLIC, 'utf8')) as readonly RegistryCase[])
    : [];
  if (cases.length === 0) console.log('without ../shared/data, skipped: registry names');

  it.runIf(cases.length > 0)('are taken for private registries exactly where AWS takes them so', () => {
    expect(cases.length).toBeGreaterThan(10);
    for (const { url, error, account: owner, region } of cases) {
      const found = imageOrigin(`${url.replace(/^https?:\/\//, '').replace(/\/.*$/, '')}/repository:1`);
      if (
        error ||
        owner === null ||
        /\.(?:gov|uk)$/.test(url.replace(/^https?:\/\//, '').replace(/\/.*$/, ''))
      )
        expect(found.kind === 'private-ecr' ? [url, found] : undefined).toBeUndefined();
      else expect(found).toMatchObject({ kind: 'private-ecr', account: owner, region });
    }
  });
});

interface RegistryCase {
  readonly url: string;
  readonly error: boolean;
  /** Null for the public registries, which the helper accepts and which hold everybody's images. */
  readonly account: string | null;
  readonly region: string | null;
}

import type { JsonObject, Reason } from '../../core/index.ts';
import { isJsonArray, isJsonObject } from '../../core/index.ts';
import type { Deployment, EvidenceView, Need } from '../../evidence/index.ts';
import { awsNeed } from '../../evidence/index.ts';
import type { Check, CheckContext, CheckWords, Observation } from '../check.ts';
import { imageOrigin } from './image-reference.ts';

/** Accounts whose registries are allowed; without them, the inventory's workload and registry accounts. */
export interface ImagesOriginParameters {
  readonly accounts?: readonly string[];
}

const WORDS: CheckWords = {
  claim: {
    en: 'Every image that runs, or that a service would run, comes from a private registry of this deployment in {countries}',
    zh: '所有运行中或服务将运行的镜像均来自本部署位于 {countries} 的私有镜像仓库',
  },
  findings: {
    IMAGE_NOT_PRIVATE: {
      en: '{image} comes from {host}, not from a private registry',
      zh: '{image} 来自 {host}，并非私有镜像仓库',
    },
    IMAGE_ACCOUNT_NOT_ALLOWED: {
      en: '{image} comes from a registry of account {account}',
      zh: '{image} 来自账户 {account} 的镜像仓库',
    },
    IMAGE_REGION_NOT_ALLOWED: {
      en: '{image} comes from a registry in {region}',
      zh: '{image} 来自位于 {region} 的镜像仓库',
    },
    IMAGE_PULLED_THROUGH: {
      en: '{image} is fetched by the registry from {upstream}',
      zh: '{image} 由镜像仓库自 {upstream} 拉取缓存',
    },
  },
  disclosures: {},
  positive: {
    ALL_PRIVATE: {
      en: '{images} {images#image|images} of {tasks} {tasks#task|tasks} and {definitions} task {definitions#definition|definitions}, each from a private registry of this deployment',
      zh: '{tasks} 个任务与 {definitions} 个任务定义中的 {images} 个镜像，均来自本部署的私有镜像仓库',
    },
  },
  coverage: {
    IMAGES: { en: 'Image references read', zh: '已读取的镜像引用' },
    DIGESTS: { en: 'Running containers with an image digest', zh: '具有镜像摘要的运行中容器' },
  },
  limitations: {
    alwaysInjected: {
      en: 'Containers that AWS itself injects are not in task definitions and were not judged.',
      zh: 'AWS 自行注入的容器不在任务定义中，未予评判。',
    },
    alwaysElsewhere: {
      en: 'Only what ECS runs was examined: images of functions, of other container services and of programs on instances were not.',
      zh: '仅检查 ECS 运行的镜像；未检查无服务器函数、其他容器编排服务以及实例上其他程序的镜像。',
    },
    alwaysPulls: {
      en: 'Where images were pulled from in the past is the claim of images.pulls.',
      zh: '过去镜像的拉取来源由 images.pulls 主张。',
    },
  },
};

export const imagesOrigin: Check<ImagesOriginParameters> = {
  id: 'images.origin',
  words: WORDS,
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      accounts: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'string', pattern: '^[0-9]{12}$' },
      },
    },
  },
  needs: (_parameters, deployment) => imageNeeds(deployment),
  evaluate: (view, context) => {
    const images = imagesOf(view);
    const rules = pullThroughRules(view);
    const judged = images.map((image) => judge(image, rules, context));
    const running = images.filter(({ running: runs }) => runs);
    return {
      findings: judged.flatMap(({ finding }) => finding ?? []),
      reasons: [
        ...judged.flatMap(({ reason }) => reason ?? []),
        ...rules.filter(({ prefix }) => prefix === '').map(unreadableRule),
        ...(images.length === 0 ? [NO_IMAGES] : []),
      ],
      disclosed: [],
      coverage: [
        {
          what: 'IMAGES',
          examined: judged.filter(({ reason }) => reason === undefined).length,
          expected: images.length,
        },
        {
          what: 'DIGESTS',
          examined: running.filter(({ digest }) => digest !== '').length,
          expected: running.length,
        },
      ],
      positive: judged.some(({ finding, reason }) => finding !== undefined || reason !== undefined)
        ? []
        : [
            {
              text: 'ALL_PRIVATE',
              values: {
                images: new Set(images.map(({ reference }) => reference)).size,
                tasks: new Set(running.map(({ owner }) => owner)).size,
                definitions: new Set(images.filter(({ running: runs }) => !runs).map(({ owner }) => owner))
                  .size,
              },
              witness: running
                .slice(0, 10)
                .map(({ reference, digest }) => ({ label: String(reference), value: digest })),
            },
          ],
    };
  },
  canary: (context) => {
    const canaries = [
      'docker.io/library/canary:1',
      'canary',
      '000000000000.dkr.ecr.xx-nowhere-1.amazonaws.com/canary:1',
    ];
    return canaries.map((reference, index) => ({
      id: `foreign-image-${index + 1}`,
      caught:
        judge({ reference, digest: '', owner: 'canary', running: true }, [], context).finding !== undefined,
    }));
  },
};

/** What runs elsewhere than in ECS is not seen here: nothing found to judge is no image judged. */
const NO_IMAGES: Reason = {
  code: 'NOT_COLLECTED',
  scope: 'images',
  detail: 'no task and no task definition was listed',
};

function unreadableRule({ account }: PullThroughRule): Reason {
  return {
    code: 'UNKNOWN_VALUE',
    scope: account,
    detail: 'a pull-through cache rule does not say which repositories it feeds',
  };
}

/** A container image that runs, or that a task definition names. */
interface NamedImage {
  readonly reference: unknown;
  readonly digest: string;
  readonly owner: string;
  readonly running: boolean;
}

/** Accounts whose registries, in the deployment's region, were asked for their rules. */
function registryAccounts(deployment: Deployment): readonly string[] {
  return deployment.accounts
    .filter(({ purpose }) => purpose === 'registry' || purpose === 'workload')
    .map(({ id }) => id);
}

function imageNeeds(deployment: Deployment): readonly Need[] {
  const workloads = deployment.accounts.filter(({ purpose }) => purpose === 'workload').map(({ id }) => id);
  return [
    ...workloads.flatMap((account) =>
      (['ecs.clusters', 'ecs.services', 'ecs.tasks', 'ecs.task-definitions'] as const).map((kind) =>
        awsNeed(kind, account, deployment.region),
      ),
    ),
    ...registryAccounts(deployment).map((account) =>
      awsNeed('ecr.pull-through-cache-rules', account, deployment.region),
    ),
  ];
}

function imagesOf(view: EvidenceView): readonly NamedImage[] {
  const { deployment } = view;
  const workloads = deployment.accounts.filter(({ purpose }) => purpose === 'workload');
  return workloads.flatMap(({ id }) => {
    const tasks = view.list(awsNeed('ecs.tasks', id, deployment.region), 'ecs:DescribeTasks') ?? [];
    const definitions =
      view.list(awsNeed('ecs.task-definitions', id, deployment.region), 'ecs:DescribeTaskDefinition') ?? [];
    return [
      ...tasks.flatMap((task) => containers(task, 'containers', 'taskArn', true)),
      ...definitions.flatMap((definition) =>
        containers(definition, 'containerDefinitions', 'taskDefinitionArn', false),
      ),
    ];
  });
}

function containers(
  entry: JsonObject,
  member: string,
  owner: string,
  running: boolean,
): readonly NamedImage[] {
  const list = entry[member];
  const unreadable: NamedImage = { reference: undefined, digest: '', owner: String(entry[owner]), running };
  // A task without a readable list of containers is one image that cannot be read, not none.
  if (!isJsonArray(list) || list.length === 0) return [unreadable];
  return list.map((container) => {
    if (!isJsonObject(container)) return unreadable;
    const { image, imageDigest } = container;
    return { ...unreadable, reference: image, digest: typeof imageDigest === 'string' ? imageDigest : '' };
  });
}

interface PullThroughRule {
  readonly account: string;
  readonly prefix: string;
  readonly upstream: string;
}

function pullThroughRules(view: EvidenceView): readonly PullThroughRule[] {
  return imageNeeds(view.deployment)
    .filter(({ kind }) => kind === 'ecr.pull-through-cache-rules')
    .flatMap((need) =>
      (view.list(need, 'ecr:DescribePullThroughCacheRules') ?? []).map((rule) => ({
        account: need.account,
        prefix: typeof rule['ecrRepositoryPrefix'] === 'string' ? rule['ecrRepositoryPrefix'] : '',
        upstream: String(rule['upstreamRegistryUrl'] ?? '?'),
      })),
    );
}

function judge(
  image: NamedImage,
  rules: readonly PullThroughRule[],
  { deployment, parameters, countries, locator }: CheckContext<ImagesOriginParameters>,
): { readonly finding?: Observation; readonly reason?: Reason } {
  const origin = imageOrigin(image.reference);
  const reference = String(image.reference);
  const find = (name: string, values: Observation['values']): { readonly finding: Observation } => ({
    finding: {
      class: name,
      resource: reference,
      values: { image: reference, ...values },
      witness: [
        { label: image.running ? 'task' : 'task definition', value: image.owner },
        { label: 'image', value: reference },
        { label: 'digest', value: image.digest || '-' },
      ],
    },
  });
  if (origin.kind === 'unreadable') {
    return {
      reason: { code: 'UNKNOWN_VALUE', scope: image.owner, detail: 'an image reference cannot be read' },
    };
  }
  if (origin.kind === 'elsewhere') return find('IMAGE_NOT_PRIVATE', { host: origin.host });
  const accounts = parameters.accounts ?? registryAccounts(deployment);
  if (origin.partition !== deployment.partition)
    return find('IMAGE_REGION_NOT_ALLOWED', { region: `${origin.region} (${origin.partition})` });
  const country = locator.regionCountry(origin.region);
  if (country === undefined || !countries.includes(country))
    return find('IMAGE_REGION_NOT_ALLOWED', { region: origin.region });
  if (!accounts.includes(origin.account))
    return find('IMAGE_ACCOUNT_NOT_ALLOWED', { account: origin.account });
  // Rules are of one registry: what another region's, or another account's, fetches from abroad was not asked.
  if (origin.region !== deployment.region || !registryAccounts(deployment).includes(origin.account)) {
    return {
      reason: {
        code: 'NOT_COLLECTED',
        scope: reference,
        detail: 'the pull-through cache rules of its registry were not listed',
      },
    };
  }
  const through = rules.find(
    ({ account, prefix }) => account === origin.account && feeds(prefix, origin.repository),
  );
  return through === undefined ? {} : find('IMAGE_PULLED_THROUGH', { upstream: through.upstream });
}

/** A rule with the prefix ROOT feeds every repository that has none of its own; a prefix may end with a slash (ECR user guide). */
function feeds(prefix: string, repository: string): boolean {
  const folder = prefix.replace(/\/$/, '');
  return prefix === 'ROOT' || repository === folder || repository.startsWith(`${folder}/`);
}

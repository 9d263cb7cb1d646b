/** A model that a sample gateway offers, with where its requests go. Prices are per token, in US dollars. */
export interface SampleModel {
  readonly name: string;
  readonly provider: string;
  readonly upstream: string;
  readonly apiBase: string;
  readonly mode: 'chat' | 'embedding' | 'rerank';
  readonly input: number;
  readonly output: number;
}

/** A customer's organisation as an administrator would name it. */
export interface GatewayCatalog {
  readonly organizations: readonly string[];
  readonly teams: readonly string[];
  readonly people: readonly string[];
  readonly mailDomain: string;
  readonly models: readonly SampleModel[];
}

const TEAMS = [
  'platform',
  'search-quality',
  'customer-care',
  'billing',
  'risk-models',
  'logistics',
  'documents',
  'sales-ops',
  'mobile',
  'data-lake',
  'research',
  'quality',
] as const;

function model(
  name: string,
  provider: string,
  apiBase: string,
  input: number,
  output: number,
  mode: SampleModel['mode'] = 'chat',
): SampleModel {
  return { name, provider, upstream: `${provider}/${name}`, apiBase, mode, input, output };
}

const DASHSCOPE = 'https://dashscope.aliyuncs.com/compatible-mode/v1';
const ZHIPU = 'https://open.bigmodel.cn/api/paas/v4';
const ANTHROPIC = 'https://api.anthropic.com';
const FRANKFURT = 'https://bedrock-runtime.eu-central-1.amazonaws.com';

/** What is in the samples' databases, by region. Names are invented; endpoints are those that the providers publish. */
export const GATEWAY_CATALOGS: Readonly<Record<string, GatewayCatalog>> = {
  'cn-north-1': {
    organizations: ['北辰智造', '华东物流', 'Acme Robotics China', '青岚医疗', '远山零售', 'acme-internal'],
    teams: TEAMS,
    people: ['li.wei', 'wang.fang', 'zhang.min', 'liu.yang', 'chen.jie', 'zhao.lei', 'sun.yu', 'zhou.tao'],
    mailDomain: 'acme.example',
    models: [
      model('qwen-max', 'dashscope', DASHSCOPE, 0.0000016, 0.0000064),
      model('qwen-plus', 'dashscope', DASHSCOPE, 0.0000004, 0.0000012),
      model('text-embedding-v4', 'dashscope', DASHSCOPE, 0.00000007, 0, 'embedding'),
      model('glm-4.6', 'zhipu', ZHIPU, 0.0000006, 0.0000022),
      model('glm-4.5-air', 'zhipu', ZHIPU, 0.0000002, 0.0000011),
    ],
  },
  'ap-southeast-1': {
    organizations: [
      'Harbour Retail',
      'Straits Freight',
      'Temasek Health Lab',
      'Orchid Travel',
      'Lion City Bank',
      'vendor-internal',
    ],
    teams: TEAMS,
    people: [
      'tan.hui',
      'lim.jun',
      'siti.aminah',
      'arjun.nair',
      'grace.ong',
      'ravi.kumar',
      'mei.lin',
      'omar.said',
    ],
    mailDomain: 'gateway.example',
    models: [
      model('claude-sonnet-4-5', 'anthropic', ANTHROPIC, 0.000003, 0.000015),
      model('claude-haiku-4-5', 'anthropic', ANTHROPIC, 0.000001, 0.000005),
      model('qwen-plus', 'dashscope', DASHSCOPE, 0.0000004, 0.0000012),
      model('text-embedding-v4', 'dashscope', DASHSCOPE, 0.00000007, 0, 'embedding'),
      model('rerank-v3.5', 'dashscope', DASHSCOPE, 0.000002, 0, 'rerank'),
    ],
  },
  'eu-central-1': {
    organizations: ['Treasury', 'Retail Banking', 'Compliance Office', 'Credit Risk', 'it-operations'],
    teams: TEAMS,
    people: ['a.schneider', 'm.weber', 'k.fischer', 'p.novak', 'l.rossi', 'j.dubois', 'n.jensen', 'e.silva'],
    mailDomain: 'bank.example',
    models: [
      model('anthropic.claude-sonnet-4-5-v1', 'bedrock', FRANKFURT, 0.0000033, 0.0000165),
      model('amazon.nova-pro-v1', 'bedrock', FRANKFURT, 0.00000084, 0.0000034),
      model('cohere.embed-multilingual-v3', 'bedrock', FRANKFURT, 0.0000001, 0, 'embedding'),
    ],
  },
};

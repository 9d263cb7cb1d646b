import { createHash } from 'node:crypto';
import type { Json } from '../../../../src/core/index.ts';

/** Keys are put together here, so that no scanner of sources takes one for real. */
const ALPHABETS = {
  mixed: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  hex: '0123456789abcdef',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
} as const;

function random(alphabet: keyof typeof ALPHABETS, length: number, seed: string): string {
  const letters = ALPHABETS[alphabet];
  let text = '';
  for (let block = 0; text.length < length; block += 1)
    for (const byte of createHash('sha512').update(`${seed} ${block}`).digest())
      text += letters.charAt(byte % letters.length);
  return text.slice(0, length);
}

/** Apart, so that no scanner takes what follows for a key. */
const PRIVATE: string = ['PRI', 'VATE'].join('');

const encoded = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Known by their own form, wherever they stand. */
export const KEYS: Readonly<Record<string, (seed: string) => string>> = {
  OpenAI: (seed) => `sk-${random('mixed', 48, seed)}`,
  'OpenAI project': (seed) => `sk-proj-${random('mixed', 74, seed)}`,
  Anthropic: (seed) => `sk-ant-api03-${random('mixed', 93, seed)}AA`,
  OpenRouter: (seed) => `sk-or-v1-${random('hex', 64, seed)}`,
  'DeepSeek, Moonshot, DashScope': (seed) => `sk-${random('hex', 32, seed)}`,
  Databricks: (seed) => `dapi${random('hex', 32, seed)}`,
  'Databricks with a suffix': (seed) => `dapi${random('hex', 32, seed)}-2`,
  Zhipu: (seed) => `${random('hex', 32, seed)}.${random('mixed', 16, seed)}`,
  Bedrock: (seed) =>
    `ABSK${Buffer.from(`BedrockAPIKey-${random('mixed', 8, seed)}-at-123456789012:${random('mixed', 40, seed)}`).toString('base64')}`,
  'Bedrock short-term': (seed) =>
    `bedrock-api-key-${Buffer.from(`bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Credential=${random('upper', 30, seed)}`).toString('base64')}`,
  'AWS access key id': (seed) => `AKIA${random('upper', 16, seed)}`,
  'Slack bot': (seed) => `xoxb-${random('upper', 12, seed)}-${random('mixed', 24, seed)}`,
  'Slack app': (seed) => `xapp-1-A${random('upper', 10, seed)}-1234567890123-${random('hex', 64, seed)}`,
  'Slack webhook': (seed) =>
    `https://hooks.slack.com/services/T${random('upper', 8, seed)}/B${random('upper', 8, seed)}/${random('mixed', 24, seed)}`,
  'Hugging Face': (seed) => `hf_${random('mixed', 34, seed)}`,
  Groq: (seed) => `gsk_${random('mixed', 52, seed)}`,
  xAI: (seed) => `xai-${random('mixed', 80, seed)}`,
  Google: (seed) => `AIza${random('mixed', 35, seed)}`,
  'Google OAuth': (seed) => `ya29.${random('mixed', 100, seed)}`,
  'Google client secret': (seed) => `GOCSPX-${random('mixed', 28, seed)}`,
  GitHub: (seed) => `ghp_${random('mixed', 36, seed)}`,
  GitLab: (seed) => `glpat-${random('mixed', 20, seed)}`,
  Langfuse: (seed) => `sk-lf-${random('hex', 8, seed)}-0a1b-4c2d-8e3f-${random('hex', 12, seed)}`,
  Fireworks: (seed) => `fw_${random('mixed', 22, seed)}`,
  Pinecone: (seed) => `pcsk_${random('mixed', 60, seed)}`,
  Voyage: (seed) => `pa-${random('mixed', 43, seed)}`,
  Jina: (seed) => `jina_${random('hex', 32, seed)}${random('mixed', 24, seed)}`,
  Replicate: (seed) => `r8_${random('mixed', 37, seed)}`,
  ElevenLabs: (seed) => `sk_${random('hex', 48, seed)}`,
  Stripe: (seed) => `sk_live_${random('mixed', 24, seed)}`,
  SendGrid: (seed) => `SG.${random('mixed', 22, seed)}.${random('mixed', 43, seed)}`,
  DigitalOcean: (seed) => `dop_v1_${random('hex', 64, seed)}`,
  LangSmith: (seed) => `lsv2_pt_${random('hex', 32, seed)}_${random('hex', 10, seed)}`,
  'Alibaba Cloud': (seed) => `LTAI5t${random('mixed', 18, seed)}`,
  Baidu: (seed) => `bce-v3/ALTAK-${random('mixed', 21, seed)}/${random('hex', 40, seed)}`,
  Volcengine: (seed) => `AKLT${random('mixed', 43, seed)}`,
  'MiniMax and other JWT': (seed) =>
    `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded({ GroupName: seed, sub: random('hex', 12, seed) })}.${random('mixed', 86, seed)}`,
  NVIDIA: (seed) => `nvapi-${random('mixed', 64, seed)}`,
  Vault: (seed) => `hvs.${random('mixed', 90, seed)}`,
  PyPI: (seed) => `pypi-AgEIcHlwaS5vcmc${random('mixed', 60, seed)}`,
  npm: (seed) => `npm_${random('mixed', 36, seed)}`,
  'age identity': (seed) => `AGE-SECRET-KEY-1${random('upper', 58, seed)}`,
  PEM: (seed) => `-----BEGIN ${PRIVATE} KEY-----\n${random('mixed', 64, seed)}\n-----END ${PRIVATE} KEY-----`,
  'encrypted PEM of PGP': (seed) => `-----BEGIN PGP ${PRIVATE} KEY BLOCK-----\n${random('mixed', 64, seed)}`,
  'bearer header': (seed) => `Authorization: Bearer ${random('mixed', 40, seed)}`,
  'basic header': (seed) =>
    `Authorization: Basic ${Buffer.from(`svc:${random('mixed', 20, seed)}`).toString('base64')}`,
  'URL with a password': (seed) =>
    `postgresql://gateway:${random('mixed', 18, seed)}@db.internal:5432/litellm`,
  'environment line': (seed) => `AZURE_OPENAI_API_KEY=${random('hex', 32, seed)}`,
  'AWS secret in an environment line': (seed) => `AWS_SECRET_ACCESS_KEY=${random('mixed', 40, seed)}`,
  'YAML line': (seed) => `api_key: "${random('mixed', 32, seed)}"`,
  'query parameter': (seed) => `https://api.example.com/v1/models?api_key=${random('mixed', 32, seed)}`,
  'x-api-key header': (seed) => `x-api-key: ${random('hex', 32, seed)}`,
  'Azure connection string': (seed) =>
    `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${Buffer.from(random('mixed', 64, seed)).toString('base64')}`,
};

/** Known only by the name they are kept under. */
export const NAMED_KEYS: Readonly<Record<string, (seed: string) => Json>> = {
  Azure: (seed) => ({ api_key: random('hex', 32, seed) }),
  'Azure of 84 characters': (seed) => ({ azureApiKey: random('mixed', 84, seed) }),
  Mistral: (seed) => ({ mistral_api_key: random('mixed', 32, seed) }),
  Cohere: (seed) => ({ 'cohere-key': random('mixed', 40, seed) }),
  'Volcengine Ark': (seed) => ({
    apiKey: `${random('hex', 8, seed)}-1a2b-4c3d-8e4f-${random('hex', 12, seed)}`,
  }),
  Together: (seed) => ({ TOGETHER_API_KEY: random('hex', 64, seed) }),
  'AWS secret': (seed) => ({ aws_secret_access_key: random('mixed', 40, seed) }),
  'Tencent secret': (seed) => ({ SecretKey: random('mixed', 32, seed) }),
  'a password': (seed) => ({ password: `${random('mixed', 10, seed)}!7` }),
  'client secret': (seed) => ({ client_secret: random('mixed', 40, seed) }),
  'Google service account': (seed) => ({
    type: 'service_account',
    private_key_id: random('hex', 40, seed),
    client_email: 'a@b.iam.gserviceaccount.com',
  }),
  nested: (seed) => ({ litellm_params: { model: 'azure/gpt-4o', api_key: random('hex', 32, seed) } }),
  headers: (seed) => ({ headers: { 'X-Api-Key': random('mixed', 32, seed) } }),
  'authorization member': (seed) => ({ authorization: `Bearer ${random('mixed', 30, seed)}` }),
};

/** What stands under such names without being a key. */
export const NO_KEYS: readonly Json[] = [
  { api_key: 'os.environ/AZURE_API_KEY' },
  { api_key: '' },
  { api_key: 'sk-...x1Yz' },
  { api_key: '****************************' },
  { api_key: 'REDACTED_BY_GATEWAY' },
  { api_key: '${AZURE_API_KEY}' },
  { api_key: 'hashicorp_vault/azure-openai-key' },
  { api_key_alias: 'growth-team-production' },
  { key_hash: random('hex', 64, 'a') },
  { user_api_key_hash: random('hex', 64, 'b') },
  { token: random('hex', 64, 'c') },
  { hashed_token: random('hex', 64, 'd') },
  { password: `$2b$12$${random('mixed', 53, 'e')}` },
  { max_tokens: 4096, prompt_tokens: 12 },
  { key_type: 'llm_api', key_name: 'sk-...AbCd' },
  { token_type: 'bearer', secret_name: 'prod/gateway/azure' },
  { secret_arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:gw-AbCdEf' },
  { cache_key: random('hex', 64, 'f') },
  { next_token: null, page_token: '' },
  { api_key: `enc:v1:${random('mixed', 120, 'g')}` },
  { credential_name: 'azure-east-primary' },
  'https://api.openai.com:443/v1',
  'postgresql://gateway@db.internal:5432/litellm',
  'postgresql://gateway:****@db.internal:5432/litellm',
  'Authorization: Bearer ****',
  'sk-...abcd',
  'task-manager-production-service-worker',
  'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
];

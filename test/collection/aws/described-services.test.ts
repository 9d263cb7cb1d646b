import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { loadService } from '../../../src/collection/aws/clients.ts';
import { DESCRIBED } from '../../../src/collection/aws/described-services.ts';
import { KINDS } from '../../../src/evidence/index.ts';

// The AWS CLI's own models of the services that are described here by hand (PyPI botocore, which moto brings).
const PRINT_MODELS = `
import json, sys
from botocore.loaders import Loader
load = Loader().load_service_model
print(json.dumps({name: load(name, 'service-2') for name in sys.argv[1:]}))
`;
const names = Object.keys(DESCRIBED);
const printed = spawnSync('python3', ['-c', PRINT_MODELS, ...names], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
const models = (printed.status === 0 ? JSON.parse(printed.stdout) : {}) as Readonly<Record<string, Model>>;
if (printed.status !== 0) console.log('skipped: botocore is not installed (PyPI moto[server,all])');

interface Model {
  readonly metadata: Readonly<Record<string, string>>;
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly http: { readonly method: string; readonly requestUri: string };
        readonly input: { readonly shape: string };
        readonly output: { readonly shape: string };
      }
    >
  >;
  readonly shapes: Readonly<
    Record<
      string,
      {
        readonly required?: readonly string[];
        readonly members?: Readonly<Record<string, { readonly locationName?: string }>>;
      }
    >
  >;
}

/** A schema of the SDK's kind, taken apart: `[9, namespace, name, traits, input, output]`. */
type Operation = readonly [9, string, string, { readonly http?: readonly unknown[] } | 0, Members, Members];
type Members = readonly [3, string, string, 0, readonly string[], readonly unknown[]];

function callsOf(service: string): readonly string[] {
  return [...KINDS.values()]
    .flatMap(({ calls }) => calls.map(({ call }) => call))
    .filter((call) => call.startsWith(`${service}:`));
}

describe.skipIf(printed.status !== 0).each(names)('%s, as it is described', (name) => {
  const { target } = { target: undefined, ...DESCRIBED[name as keyof typeof DESCRIBED] };
  const model = models[name];

  it('speaks the protocol of its model, under its names', () => {
    const { protocol, targetPrefix, endpointPrefix, signingName } = model?.metadata ?? {};
    expect({ protocol, targetPrefix }).toEqual(
      target === undefined
        ? { protocol: 'rest-json', targetPrefix: undefined }
        : { protocol: 'json', targetPrefix: target },
    );
    expect([endpointPrefix, signingName ?? endpointPrefix]).toEqual([name, name]);
  });

  it('asks and reads what the model has, in every call of the table', async () => {
    for (const { call, inputs, outputs, input, output } of await described(name)) {
      const [takes, gives] = [input, output].map((one) => Object.keys(one?.members ?? {}));
      expect(takes, call).toEqual(expect.arrayContaining([...inputs]));
      expect(inputs, call).toEqual(expect.arrayContaining([...(input?.required ?? [])]));
      expect(gives, call).toEqual(expect.arrayContaining([...outputs]));
      expect(inputs.includes('NextToken'), call).toBe(takes?.includes('NextToken'));
    }
  });

  it.skipIf(target !== undefined)('asks at the paths of its model, in the query by its names', async () => {
    for (const { call, http, traits, inputs, inputSchemas, input } of await described(name)) {
      expect(traits, call).toEqual({ http: [http?.method, http?.requestUri, 200] });
      const queries = inputs.map((member) => input?.members?.[member]?.locationName);
      const asked = inputSchemas.map((schema) => (schema as readonly unknown[])[1]);
      expect(asked, call).toEqual(queries.map((httpQuery) => ({ httpQuery })));
    }
  });
});

/** Each call as it is described, beside the model's shapes of it. */
async function described(name: string) {
  const { module } = await loadService(name);
  return callsOf(name).map((call) => {
    const operation = call.slice(name.length + 1);
    const [, , , traits, asked, answered] = module[`${operation}$`] as Operation;
    const { http, input, output } = models[name]?.operations[operation] ?? {};
    const shapes = models[name]?.shapes ?? {};
    return {
      call,
      traits,
      http,
      inputs: asked[4],
      inputSchemas: asked[5],
      outputs: answered[4],
      input: shapes[input?.shape ?? ''],
      output: shapes[output?.shape ?? ''],
    };
  });
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: unknown;
  readonly command?: readonly string[];
}

const compose = parse(read('docker-compose.yml')) as { readonly services: Readonly<Record<string, Service>> };
const dockerfile = read('Dockerfile')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** Problems of an image description that no linter is needed for. */
function dockerfileFaults(lines: readonly string[]): readonly string[] {
  const froms = lines.filter((line) => line.startsWith('FROM '));
  const lastStage = lines.slice(lines.lastIndexOf(froms.at(-1) ?? ''));
  const copied = lastStage.flatMap(
    (line) => /^COPY --from=build (.+) \S+$/.exec(line)?.[1]?.split(' ') ?? [],
  );
  return [
    ...froms
      .filter((line) => !/^FROM node:\d+\.\d+\.\d+-\S+( AS \w+)?$/.test(line))
      .map((line) => `not pinned: ${line}`),
    ...(lastStage.some((line) => /^USER [1-9]\d*:[1-9]\d*$/.test(line)) ? [] : ['runs as root']),
    ...copied
      .map((path) => path.replace('/src/', ''))
      .filter((path) => !['dist', 'node_modules'].includes(path) && !existsSync(join(ROOT, path)))
      .map((path) => `copies what is not there: ${path}`),
  ];
}

describe('the image', () => {
  it('is pinned, runs as nobody in particular, and holds what the package holds', () => {
    expect(dockerfileFaults(dockerfile)).toEqual([]);
    const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] };
    const text = dockerfile.join('\n');
    for (const file of files.filter((name) => name.endsWith('/')))
      expect(text).toContain(`/src/${file.slice(0, -1)} `);
  });

  it('would be refused otherwise', () => {
    expect(dockerfileFaults(['FROM node:24', 'COPY --from=build /src/nowhere x'])).toEqual([
      'not pinned: FROM node:24',
      'runs as root',
      'copies what is not there: nowhere',
    ]);
  });

  it('ships the Node that the checkout pins', () => {
    const { optionalDependencies } = JSON.parse(read('scripts/pinned-node/package.json')) as {
      readonly optionalDependencies: Readonly<Record<string, string>>;
    };
    for (const version of Object.values(optionalDependencies))
      expect(dockerfile.join('\n')).toContain(`node:${version}-`);
  });
});

describe('the composition', () => {
  it('names versions, publishes no port, and gives no service more than it needs', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      expect({ name, image: service.image }).toEqual({
        name,
        image: expect.stringMatching(/:\d+\.\d+/) as string,
      });
      expect(service.ports).toBeUndefined();
      expect(service.security_opt).toContain('no-new-privileges:true');
    }
    for (const name of ['worker', 'redis'])
      expect(compose.services[name]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        user: expect.stringMatching(/^[1-9]/) as string,
      });
  });

  it('starts a command that exists, with options that it has', async () => {
    const { domicile } = await import('../support/shell.ts');
    const [command = '', ...args] = compose.services['worker']?.command ?? [];
    const { exitCode, out } = await domicile([command, '--help']);
    expect(exitCode).toBe(0);
    for (const option of args.filter((arg) => arg.startsWith('--'))) expect(out.join('\n')).toContain(option);
  });
});

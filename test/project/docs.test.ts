import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REASON_CODES } from '../../src/core/index.ts';
import { domicile } from '../support/shell.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every `domicile …` of a text, up to the end of its line, pipe or quotes. */
function commandLines(code: string): readonly string[] {
  return [...code.matchAll(/(?:^|[^\w./-])domicile ([a-z][^\n|`'"\\]*)/gm)].map(([, line]) => line ?? '');
}

/** What stands as code in a document: blocks of shell and spans. */
function codeOf(document: string): string {
  const blocks = [...document.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  const prose = document.replaceAll(/```[\s\S]*?```/g, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? '');
  return [...blocks, ...spans].join('\n');
}

/** Strings and templates of the sources: hints, to-dos and the page name commands too. */
function sourceStrings(): readonly (readonly [string, string])[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return files.map((name) => {
    const code = textOf(join('src', name)).replaceAll(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, '');
    return [`src/${name}`, code] as const;
  });
}

const COMMAND_NAMES =
  /^(?:audit|plan|collect|verify|replay|diff|paths|flows|geo|classify|trail|status|doctor|keys|policy|waiver|worker|portal|schedule|log)\b/;

const helps = new Map<string, Promise<string | undefined>>();

/** The help of a command; undefined where there is no such command. */
function helpOf(path: readonly string[]): Promise<string | undefined> {
  const name = path.join(' ');
  const found =
    helps.get(name) ??
    domicile([...path, '--help']).then(({ out }) => {
      const [usage = ''] = out;
      return usage.startsWith(`Usage: domicile ${name}`) ? out.join('\n') : undefined;
    });
  helps.set(name, found);
  return found;
}

/** What a command line names that the program does not have. */
async function unknownParts(line: string): Promise<readonly string[]> {
  const [first = '', second = '', ...rest] = line
    .replace(/[;)>].*$/, '')
    .trim()
    .split(/\s+/);
  const command = first.replace(/[.,:]$/, '');
  const help = await helpOf([command]);
  if (help === undefined) return [`the command ${command}`];
  const group = /Usage: domicile \S+ \[options\] \[command\]/.test(help);
  const sub = group && /^[a-z]/.test(second) ? second.replace(/[.,:]$/, '') : undefined;
  const whole = sub === undefined ? help : await helpOf([command, sub]);
  if (whole === undefined) return [`the command ${command} ${String(sub)}`];
  const options = [second, ...rest].flatMap((word) => /^\[?(--[a-z-]+)/.exec(word)?.[1] ?? []);
  return options
    .filter((option) => !new RegExp(`(?:^|\\s)${option}(?:[\\s,]|$)`, 'm').test(whole))
    .map((option) => `${option} of ${command}`);
}

describe('documents', () => {
  test.each(DOCUMENTS)('%s names only commands and options that there are', async (file) => {
    for (const line of commandLines(codeOf(textOf(file))))
      expect([line, await unknownParts(line)]).toEqual([line, []]);
  });

  test('so do the hints in the sources', async () => {
    for (const [file, code] of sourceStrings()) {
      // In prose "domicile" is a noun too: only what has an option or names a command is one.
      const lines = commandLines(code).filter((line) => / --/.test(line) || COMMAND_NAMES.test(line));
      for (const line of lines) expect([file, line, await unknownParts(line)]).toEqual([file, line, []]);
    }
  });

  test('a command and an option that are not there are found', async () => {
    expect(commandLines(codeOf('run `domicile audit --frobnicate` and `domicile frobnicate`'))).toHaveLength(
      2,
    );
    expect(await unknownParts('audit --frobnicate')).toEqual(['--frobnicate of audit']);
    expect(await unknownParts('frobnicate --json')).toEqual(['the command frobnicate']);
    expect(await unknownParts('keys frobnicate')).toEqual(['the command keys frobnicate']);
  });

  test.each(DOCUMENTS)('%s links to files that there are', (file) => {
    const links = [...textOf(file).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, to]) => to ?? '');
    const missing = links.filter((to) => !/^https?:/.test(to) && !existsSync(join(ROOT, dirname(file), to)));
    expect(missing).toEqual([]);
  });

  test.each(['docs/officer.md', 'docs/officer.zh.md'])(
    '%s explains every reason code, and no other',
    (file) => {
      const explained = [...textOf(file).matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code ?? '');
      expect(explained).toEqual([...REASON_CODES]);
    },
  );

  test.each(DOCUMENTS)('%s has JSON that can be read', (file) => {
    for (const [, block] of textOf(file).matchAll(/```json\n([\s\S]*?)```/g)) {
      expect(() => JSON.parse(block ?? '') as unknown).not.toThrow();
    }
  });
});

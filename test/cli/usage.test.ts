import { describe, expect, it } from 'vitest';
import { EXIT, exitOfError, exitOfVerdict } from '../../src/cli/exit-codes.ts';
import { createProgressLine } from '../../src/cli/progress.ts';
import { printable, textTable } from '../../src/cli/table.ts';
import { DomicileError } from '../../src/core/index.ts';
import { domicile } from '../support/shell.ts';

const COMMANDS = [
  ...['audit', 'plan', 'collect', 'verify', 'replay', 'geo', 'flows', 'paths', 'classify', 'doctor'],
  ...['policy check', 'keys generate'],
];

describe('--help', () => {
  it.for(COMMANDS)('%s shows an example', async (command) => {
    const { exitCode, out } = await domicile([...command.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(out.join('\n')).toContain(`domicile ${command}`);
    expect(out.join('\n')).toMatch(/Example:\n {2}\S/);
  });

  it('of the program shows every command and the exit codes', async () => {
    const { out } = await domicile(['--help']);
    for (const command of COMMANDS) expect(out.join('\n')).toContain(command.split(' ')[0]);
    expect(out.join('\n')).toContain('65 bad input');
  });
});

describe('a wrong call', () => {
  it.for([
    [['frobnicate']],
    [['audit']],
    [['audit', '--deployment', 'a', '--slot', 'yesterday']],
    [['audit', '--deployment', 'a', '--slot', '2026-11-22T20:00:00Z', '--window', 'a/b']],
    [['verify', 'x', '--key', 'k', '--accept', 'everything']],
    [['geo', '--nonsense']],
  ])('%j is usage, exit 64, told on standard error', async ([args]) => {
    const { exitCode, out, notes } = await domicile(args ?? []);
    expect({ exitCode, out }).toEqual({ exitCode: EXIT.usage, out: [] });
    expect(notes.join('\n')).toMatch(/error:|expected/);
  });

  it('a missing inventory is bad input, with its path', async () => {
    const { exitCode, notes } = await domicile(['plan', '--deployment', 'a', '--inventory', 'nowhere.yaml']);
    expect(exitCode).toBe(EXIT.badInput);
    expect(notes.join('\n')).toContain('nowhere.yaml');
  });
});

describe('exit codes', () => {
  it('follow the verdict; an accepted exception is no pass unless accepted', () => {
    expect(exitOfVerdict('pass', false)).toBe(0);
    expect(exitOfVerdict('fail', true)).toBe(1);
    expect(exitOfVerdict('inconclusive', true)).toBe(2);
    expect([exitOfVerdict('pass-with-waivers', false), exitOfVerdict('pass-with-waivers', true)]).toEqual([
      1, 0,
    ]);
  });

  it('follow the error', () => {
    expect(exitOfError(new DomicileError('CANCELLED', 'x').code)).toBe(130);
    expect(exitOfError('STORAGE')).toBe(69);
    expect(exitOfError('INTERNAL')).toBe(70);
  });
});

describe('the terminal', () => {
  it('gets a progress line, and a file gets none', () => {
    const written: string[] = [];
    const terminal = (isTTY: boolean) =>
      createProgressLine({ isTTY, columns: 60, write: (text) => written.push(text) }, () => 0);
    terminal(false).show({ source: 'export', step: 'answers', done: 1, total: 2 });
    expect(written).toEqual([]);
    const line = terminal(true);
    line.show({ source: 'export', step: 'answers', done: 1, total: 2 });
    line.end();
    expect(written.join('')).toContain('1/2 export: answers');
  });

  it('is not steered by audited names', () => {
    expect(printable('a\u001b[31mb\u202ec\nd')).toBe('a?[31mb?c?d');
  });

  it('aligns Chinese and Latin text', () => {
    expect(
      textTable(
        ['a', 'b'],
        [
          ['北京', 'x'],
          ['ab', 'y'],
        ],
      ),
    ).toEqual(['a     b', '----  -', '北京  x', 'ab    y']);
  });
});

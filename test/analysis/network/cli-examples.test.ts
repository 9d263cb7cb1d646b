import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../src/collection/answer.ts';
import { callsOfCommand, callsOfMembers, parseCommand } from '../../../src/collection/files/command-line.ts';
import type { Json, JsonObject } from '../../../src/core/index.ts';
import { isJsonArray } from '../../../src/core/index.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data/aws-cli-examples');

interface Example {
  readonly file: string;
  readonly cmd: string;
}

const SERVICES = /^(?:ec2|elbv2|directconnect|route53resolver)\//;

const listed = existsSync(DATA)
  ? (JSON.parse(readFileSync(join(DATA, 'index.json'), 'utf8')) as readonly Example[])
  : [];
const managed = listed.filter(({ file }) => file.startsWith('networkmanager/'));
const examples = listed.filter(({ file, cmd }) => SERVICES.test(file) && callsOf(cmd).length > 0);
if (examples.length === 0) console.log('skipped: ../shared/data/aws-cli-examples is not there');

function callsOf(cmd: string) {
  const command = parseCommand(cmd.replaceAll('\\', ' ').trim());
  return command === undefined ? [] : callsOfCommand(command);
}

/** The examples of AWS's own command line: every entry is kept, and what is not looked at is counted by path. */
describe.skipIf(examples.length === 0)('the examples of the AWS CLI', () => {
  it('cover the calls that the solver reads', () => {
    const calls = new Set(examples.flatMap(({ cmd }) => callsOf(cmd).map(({ spec }) => spec.call)));
    expect(calls.size).toBeGreaterThan(25);
  });

  it.each(examples)('$file is read without loss', ({ file, cmd }) => {
    const body = JSON.parse(readFileSync(join(DATA, file), 'utf8')) as Json;
    for (const { spec } of callsOf(cmd)) {
      // What `--query` made of an answer, or a file of filters beside it, is no answer.
      if (isJsonArray(body)) continue;
      const answer = body as JsonObject;
      const { status, body: kept, dropped } = readAnswer(spec, answer);
      expect(status, file).not.toBe('unreadable');
      const [before, after] = [answer[spec.member], (kept as JsonObject)[spec.member]];
      if (isJsonArray(before)) expect(isJsonArray(after) ? after.length : -1).toBe(before.length);
      expect(dropped.every(({ count }) => count > 0)).toBe(true);
    }
  });
});

/** Core networks are not modelled: a route to one is unknown, and what Network Manager answers must say nothing else. */
describe.skipIf(managed.length === 0)('the examples of Network Manager', () => {
  it.each(managed)('$file is taken for the answer of no other call', ({ file }) => {
    const body = JSON.parse(readFileSync(join(DATA, file), 'utf8')) as Json;
    expect(isJsonArray(body) ? [] : callsOfMembers(Object.keys(body as JsonObject))).toEqual([]);
  });
});

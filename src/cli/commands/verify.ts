import { readFile, stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { nodeVerifyCrypto } from '../../attestation/index.ts';
import type { Clock } from '../../core/index.ts';
import { DomicileError, isJsonObject } from '../../core/index.ts';
import { readReportFiles } from '../../storage/index.ts';
import type { GenuineReport, VerifyOutcome } from '../../verification/index.ts';
import {
  concludeVerification,
  keyFingerprint,
  parsePublicKey,
  verifyReport,
} from '../../verification/index.ts';
import { acceptOption, JSON_OPTION } from '../options.ts';
import type { CommandFactory } from '../shell.ts';
import { printable } from '../table.ts';

interface VerifyOptions {
  readonly key: string;
  readonly accept: ReturnType<typeof acceptOption>;
  readonly require?: 'pass';
  readonly json: boolean;
}

/** `domicile verify`: a report's files and a public key, and nothing else. */
export const verifyCommand: CommandFactory = (run) =>
  new Command('verify')
    .description('Checks a report offline: its signature, its evidence and all of its files.')
    .argument('<report>', "the report's folder")
    .requiredOption('--key <file>', 'the public key (PEM), got by another way than the report')
    .addOption(
      new Option('--accept <list>', 'marks against reliance that you accept: adhoc, demo, endpoint')
        .argParser(acceptOption)
        .default([]),
    )
    .addOption(new Option('--require <verdict>', 'fail unless the verdict is pass').choices(['pass']))
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample:\n  domicile verify reports/acme-cn/1-acme-cn-20261122T200000Z --key keys/domicile.pub.pem' +
        '\n\nExit codes: 0 genuine, 1 not genuine, 2 genuine but not to be relied on.',
    )
    .action((report: string, options: VerifyOptions) =>
      run(async (shell) => {
        const key = parsePublicKey(await readKey(options.key));
        const outcome = await verifyReport(await reportFiles(report), key, nodeVerifyCrypto);
        const conclusion = concludeVerification(outcome, {
          accept: options.accept,
          requirePass: options.require === 'pass',
        });
        const fingerprint = await keyFingerprint(key, nodeVerifyCrypto);
        if (options.json)
          shell.out(JSON.stringify({ schemaVersion: 1, ...conclusion, fingerprint, ...outcome }));
        else {
          for (const line of lines(outcome, fingerprint, shell.clock)) shell.out(line);
          shell.out(conclusion.why);
        }
        return conclusion.exitCode;
      }),
    );

const WORDS = { ok: 'ok     ', failed: 'FAILED ', unknown: 'UNKNOWN', 'not-reached': '-      ' } as const;

function lines({ steps, genuine }: VerifyOutcome, fingerprint: string, clock: Clock): readonly string[] {
  return [
    `key fingerprint ${fingerprint}`,
    ...steps.map(({ id, status, detail }) => `${WORDS[status]} ${id.padEnd(14)} ${detail}`.trimEnd()),
    ...(genuine === undefined ? [] : whatItIs(genuine, clock)),
  ];
}

/**
 * Of whom and when a genuine report speaks, and on whose evidence: one of another deployment, or an old one, is as
 * genuine as the one that was asked for.
 */
function whatItIs({ predicate }: GenuineReport, clock: Clock): readonly string[] {
  const { deployment, run, provenance } = predicate;
  const of = (value: unknown, member: string): string => {
    const found = isJsonObject(value) ? value[member] : undefined;
    return printable(typeof found === 'string' || typeof found === 'number' ? String(found) : '?');
  };
  const window = isJsonObject(run) ? run['window'] : undefined;
  const until = of(run, 'validUntil');
  const isOver = !(Date.parse(until) >= clock.now());
  const supplied = `${of(provenance, 'live')} items read by the tool, ${of(provenance, 'customerSupplied')} supplied by the customer, ${of(provenance, 'vendorSupplied')} by the vendor`;
  return [
    `report ${of(run, 'sequence')} of ${of(deployment, 'id')} for ${of(deployment, 'customer')}, ${of(window, 'start')} to ${of(window, 'end')}`,
    `evidence: ${supplied}`,
    `valid until ${until}${isOver ? ': it is no longer current' : ''}`,
  ];
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new DomicileError('NOT_FOUND', {
      message: 'expected a public key file, found none',
      hint: `is ${path} the right path? The operator publishes the key`,
    });
  }
}

async function reportFiles(path: string) {
  if ((await stat(path).catch(() => undefined))?.isDirectory() === true) return readReportFiles(path);
  throw new DomicileError('NOT_FOUND', {
    message: "expected a report's folder, found none",
    hint: 'it is the one that holds report.html and statement.dsse.json',
  });
}

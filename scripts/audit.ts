import { basename } from 'node:path';
import { outcomeOf } from './check-steps.ts';

/** What `npm audit --json` answers: counts by severity, or why it could not ask. */
interface AuditAnswer {
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
  readonly error?: { readonly code?: string; readonly summary?: string };
  readonly message?: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly message: string;
}

/**
 * Fails on a known vulnerability of severity high or critical in what an installation brings. A registry that does
 * not answer is a warning: it says nothing about us, and a mirror need not have this service.
 */
export function auditVerdict(output: string): AuditVerdict {
  const counts = answerOf(output)?.metadata?.vulnerabilities;
  if (counts === undefined) return { ok: true, message: 'warning: the registry did not answer npm audit' };
  const grave = (counts['high'] ?? 0) + (counts['critical'] ?? 0);
  return {
    ok: grave === 0,
    message: `${grave} high or critical of ${counts['total'] ?? 0} known vulnerabilities in production dependencies (npm audit --omit=dev)`,
  };
}

function answerOf(output: string): AuditAnswer | null {
  const start = output.indexOf('{');
  try {
    return JSON.parse(output.slice(start, output.lastIndexOf('}') + 1)) as AuditAnswer;
  } catch {
    return null;
  }
}

async function main(): Promise<number> {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  const npm =
    cli !== undefined && node !== undefined && basename(cli) === 'npm-cli.js' ? [node, cli] : ['npm'];
  const [command = 'npm', ...leading] = npm;
  const args = ['audit', '--omit=dev', '--json', '--fetch-timeout=20000', '--fetch-retries=0'];
  const { output } = await outcomeOf(command, [...leading, ...args]);
  const { ok, message } = auditVerdict(output);
  console.log(message);
  return ok ? 0 : 1;
}

if (import.meta.filename === process.argv[1]) process.exitCode = await main();

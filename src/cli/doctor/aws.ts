import type { EvidenceSource, Project } from '../../audit/index.ts';
import { readSource } from '../../audit/index.ts';
import { toInstant } from '../../core/index.ts';
import type { EvidenceDraft, EvidenceStatus } from '../../evidence/index.ts';
import { KINDS } from '../../evidence/index.ts';
import type { Shell } from '../shell.ts';
import type { DoctorLine } from './finding.ts';
import { broken, ok, warning } from './finding.ts';

const HOUR = 3_600_000;

/**
 * Asks AWS everything that a scan will ask, and keeps nothing: the one way to learn of a missing grant that no
 * policy simulator has. Of the logs only those of the last hour are read.
 */
export async function checkAwsSource(
  source: EvidenceSource,
  project: Project,
  shell: Shell,
): Promise<readonly DoctorLine[]> {
  const now = shell.clock.now();
  const window = { start: toInstant(now - HOUR), end: toInstant(now) };
  const { clock, signal, onProgress } = shell;
  const failed = new Map<string, EvidenceDraft>();
  let calls = 0;
  for await (const draft of readSource(source, {
    locator: project.locator,
    clock,
    signal,
    onProgress,
    window,
  })) {
    if (draft.key.kind === 'auditor.connections') continue;
    calls += 1;
    if (draft.status !== 'complete') failed.set(`${draft.key.call} ${draft.status} ${draft.reason}`, draft);
  }
  if (failed.size === 0) return [ok('aws', source.id, `${calls} calls answered`)];
  return [...failed.values()].map((draft) => line(source.id, draft));
}

function line(subject: string, { key, status, reason }: EvidenceDraft): DoctorLine {
  const says = `${key.call}: ${status} (${reason})`;
  if (/Skew|TooSkewed|RequestExpired/.test(reason))
    return broken(
      'clock',
      subject,
      says,
      "set this machine's clock: AWS refuses requests that are minutes off",
    );
  const todo = todoOf(status, key.kind, key.call);
  return status === 'not-in-partition'
    ? warning('aws', subject, says, todo)
    : broken('aws', subject, says, todo);
}

function todoOf(status: EvidenceStatus, kind: string, call: string): string {
  switch (status) {
    case 'denied':
      return `grant ${actionsOf(kind, call)} to the role (domicile plan --iam), and let it be assumed`;
    case 'denied-by-scp':
      return `a service control policy denies ${actionsOf(kind, call)}: have the organisation except the role`;
    case 'throttled':
      return 'others use up the rate of calls: scan at another hour, or ask AWS for a higher quota';
    case 'unreachable':
    case 'timeout':
      return 'check the way to the endpoint: DNS, proxy, VPC endpoint, and that its address is in the jurisdiction';
    case 'not-in-partition':
    case 'unsupported':
      return 'this region does not offer the call: the controls that need it stay undetermined';
    case 'absent':
      return 'what the inventory names is not there: correct the inventory';
    default:
      return 'run it again; if it stays, see the runbook in docs/operate.md';
  }
}

/** IAM actions of a call, by the table that the plan prints too. */
function actionsOf(kind: string, call: string): string {
  const spec = [...KINDS.values()].find((one) => one.kind === kind);
  const actions = spec?.calls.find((one) => one.call === call)?.iam ?? spec?.grants ?? [];
  return actions.length === 0 ? call : actions.join(', ');
}

import { DomicileError } from '../../core/index.ts';
import { KINDS } from '../../evidence/index.ts';
import type { Middleware } from './sdk-client.ts';

/** What is called besides the table of kinds: who we are, the role to read with, and the log objects. */
const OTHER_CALLS = ['sts:GetCallerIdentity', 'sts:AssumeRole', 's3:ListObjectsV2', 's3:GetObject'] as const;

const READS = /^(?:Describe|Get|List|Lookup|Search|BatchGet)[A-Z][A-Za-z0-9]*$/;
/** Takes on a role with fewer rights; changes nothing. */
const NOT_NAMED_AS_READ: readonly string[] = ['sts:AssumeRole'];

/** Every call that may be sent, as `ec2:DescribeVpcs`. */
export const READ_ONLY_CALLS: ReadonlySet<string> = new Set([
  ...[...KINDS.values()].flatMap(({ calls }) => calls.map(({ call }) => call)),
  ...OTHER_CALLS,
]);

/**
 * Refuses a call that is not on the list, or that is not named as AWS names reads: a mistake in the table of
 * kinds would else be enough to write.
 *
 * @throws DomicileError `INTERNAL`, since only this program's own fault can bring it here.
 */
export function assertReadOnly(call: string, allowed: ReadonlySet<string> = READ_ONLY_CALLS): void {
  const operation = call.slice(call.indexOf(':') + 1);
  if (allowed.has(call) && (READS.test(operation) || NOT_NAMED_AS_READ.includes(call))) return;
  throw new DomicileError(
    'INTERNAL',
    `expected a read-only call of the project's list, found ${nameOf(call)}`,
  );
}

/** The same inside a client, before the request is even serialised: whatever else sends with it is refused too. */
export function readOnlyMiddleware(service: string): Middleware {
  return (next, { commandName }) =>
    async (step) => {
      assertReadOnly(`${service}:${(commandName ?? '').replace(/Command$/, '')}`);
      return next(step);
    };
}

function nameOf(call: string): string {
  return /^[a-z0-9-]{1,40}:[A-Za-z0-9]{0,80}$/.test(call) ? call : 'another';
}

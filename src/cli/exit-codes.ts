import type { DeploymentVerdict, ErrorCode } from '../core/index.ts';
import { unreachable } from '../core/index.ts';

/** The one table of exit codes, for every command (docs/design.md, "Commands"). */
export const EXIT = {
  /** pass, or: answered. */
  ok: 0,
  fail: 1,
  inconclusive: 2,
  usage: 64,
  badInput: 65,
  unavailable: 69,
  internal: 70,
  cancelled: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a verdict means for a script. An accepted exception is no pass, unless the caller says so. */
export function exitOfVerdict(verdict: DeploymentVerdict, acceptWaivers: boolean): ExitCode {
  switch (verdict) {
    case 'pass':
      return EXIT.ok;
    case 'pass-with-waivers':
      return acceptWaivers ? EXIT.ok : EXIT.fail;
    case 'inconclusive':
      return EXIT.inconclusive;
    case 'fail':
      return EXIT.fail;
    default:
      return unreachable(verdict);
  }
}

export function exitOfError(code: ErrorCode): ExitCode {
  switch (code) {
    case 'USAGE':
      return EXIT.usage;
    case 'BAD_INPUT':
    case 'NOT_FOUND':
    case 'TOO_LARGE':
    case 'DIGEST_MISMATCH':
    case 'OTHER_INPUTS':
      return EXIT.badInput;
    case 'UNREACHABLE':
    case 'EGRESS_REFUSED':
    case 'STORAGE':
    case 'BUSY':
      return EXIT.unavailable;
    case 'CANCELLED':
      return EXIT.cancelled;
    case 'UNDECLARED_EVIDENCE':
    case 'INTERNAL':
      return EXIT.internal;
    default:
      return unreachable(code);
  }
}

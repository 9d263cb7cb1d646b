import type { ErrorCode } from '../../core/index.ts';
import { DomicileError } from '../../core/index.ts';
import type { EvidenceStatus, TableStatus } from '../../evidence/index.ts';

/** What went wrong, without the server's words: these quote values, names and sometimes whole rows. */
export interface Failure {
  readonly status: EvidenceStatus & (TableStatus | 'unreachable' | 'throttled');
  /** SQLSTATE (five characters) or a system error code. */
  readonly code: string;
}

const LOST: Failure = { status: 'failed', code: 'CONNECTION_LOST' };

/** Of our own errors those that the dialer or a cancellation throws; every other one is a failed reading. */
const STATUS_OF_OWN: Readonly<Partial<Record<ErrorCode, Failure['status']>>> = {
  CANCELLED: 'cancelled',
  EGRESS_REFUSED: 'unreachable',
  UNREACHABLE: 'unreachable',
};

/** The status and code of whatever a driver threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DomicileError) {
    return { status: STATUS_OF_OWN[error.code] ?? 'failed', code: error.code };
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || !/^[A-Z0-9_]{2,60}$/.test(code)) return LOST;
  return { status: statusOf(code), code };
}

/** PostgreSQL manual, appendix A; system codes are longer than five characters or start with E. */
function statusOf(code: string): Failure['status'] {
  if (!/^[0-9A-Z]{5}$/.test(code) || code === 'EPIPE') return 'unreachable';
  if (code === '42501' || code.startsWith('28')) return 'denied';
  if (code === '57014' || code === '55P03' || code === '25P03') return 'timeout';
  if (code === '42P01' || code === '3F000') return 'absent';
  return code.startsWith('53') ? 'throttled' : 'failed';
}

/** The same for one table: a lost connection or a busy server leaves a table unread. */
export function tableFailure(failure: Failure): { readonly status: TableStatus; readonly code: string } {
  const { status, code } = failure;
  return { status: status === 'unreachable' || status === 'throttled' ? 'failed' : status, code };
}

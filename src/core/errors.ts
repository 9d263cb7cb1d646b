/**
 * What went wrong, as a closed list. The code decides the exit status of the command line, so that a
 * script can tell "you called me wrongly" from "a system could not be reached".
 */
export type ErrorCode =
  | 'USAGE'
  | 'BAD_INPUT'
  | 'NOT_FOUND'
  | 'TOO_LARGE'
  | 'DIGEST_MISMATCH'
  | 'OTHER_INPUTS'
  | 'UNDECLARED_EVIDENCE'
  | 'EGRESS_REFUSED'
  | 'UNREACHABLE'
  | 'STORAGE'
  | 'BUSY'
  | 'CANCELLED'
  | 'INTERNAL';

/** Where in a text file something is, both counted from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One fault: what was expected, what was found, where, and what to do next. Never holds audited content. */
export interface Fault {
  readonly message: string;
  readonly at?: SourcePosition;
  readonly hint?: string;
}

/**
 * The one error class of the project. `faults` holds every problem that was found, not only the first:
 * a person who mends a policy wants all of its errors at once.
 */
export class DomicileError extends Error {
  readonly code: ErrorCode;
  readonly faults: readonly Fault[];

  constructor(code: ErrorCode, fault: string | Fault | readonly Fault[], options?: ErrorOptions) {
    const faults = toFaults(fault);
    super(faults.map(formatFault).join('\n'), options);
    this.name = 'DomicileError';
    this.code = code;
    this.faults = faults;
  }
}

function toFaults(fault: string | Fault | readonly Fault[]): readonly Fault[] {
  if (typeof fault === 'string') return [{ message: fault }];
  return 'message' in fault ? [fault] : fault;
}

/** `file:line:column message (hint)`, the form that editors can jump to. */
export function formatFault(fault: Fault): string {
  const at = fault.at === undefined ? '' : `${fault.at.file}:${fault.at.line}:${fault.at.column} `;
  const hint = fault.hint === undefined ? '' : ` (${fault.hint})`;
  return `${at}${fault.message}${hint}`;
}

/** Ends an exhaustive `switch`: a case added to a closed list fails to compile, and to run, until it is handled. */
export function unreachable(value: never): never {
  throw new DomicileError('INTERNAL', `expected a closed list to be handled, found ${typeof value}`);
}

import type { EvidenceStatus } from '../../evidence/index.ts';

/** What became of a failed call, and the error code that says so. Free text is never kept: it names principals. */
export interface FailedCall {
  readonly status: Exclude<EvidenceStatus, 'complete' | 'partial'>;
  readonly code: string;
}

/** A failure found by this program rather than told by AWS. The code is ours; nothing of the answer is kept. */
export class CallFault extends Error {
  readonly failed: FailedCall;
  /** The SDK retries by this: a gateway's 502 page is worth another attempt. */
  readonly $metadata: { readonly httpStatusCode?: number };

  constructor(failed: FailedCall, httpStatusCode?: number) {
    super(failed.code);
    this.name = 'CallFault';
    this.failed = failed;
    this.$metadata = httpStatusCode === undefined ? {} : { httpStatusCode };
  }
}

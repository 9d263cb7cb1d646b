/** Where the auditor ran, and how that was shown. The body of `auditor.location`. */
export interface AuditorPlace {
  readonly location: 'proven' | 'declared' | 'unknown';
  readonly country: string | null;
}

/** The destination rule under which another endpoint than AWS's own is asked; the connection log names it. */
export const CUSTOM_ENDPOINT_RULE = 'aws:custom-endpoint';

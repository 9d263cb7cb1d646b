/** Where the auditor ran, and how that was shown. The body of `auditor.location`. */
export interface AuditorPlace {
  readonly location: 'proven' | 'declared' | 'unknown';
  readonly country: string | null;
}

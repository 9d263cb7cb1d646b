/** How a reader can tell this report from any other, and check it. */
export interface ReportIdentity {
  /** `<deployment>/<sequence>-<runId>`, the report's folder under `reports/`. */
  readonly folder: string;
  /** SHA-256 of the signing key's SubjectPublicKeyInfo, in hexadecimal. */
  readonly keyFingerprint: string;
  /** SHA-256 of the signed statement. */
  readonly statementDigest: string;
  /** The DSSE envelope, exactly as it stands in `statement.dsse.json`. */
  readonly envelope: string;
}

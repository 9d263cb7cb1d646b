export type { ReportFiles } from '../verification/index.ts';
export {
  PACK_FILE,
  PAGE_FILE,
  RESULT_FILE,
  STATEMENT_FILE,
} from '../verification/index.ts';
export type { PackedFile } from './pack.ts';
export { buildPackStatement } from './pack.ts';
export type { KeyFiles } from './remote/key-file.ts';
export { generateKeyFile, loadKeyFile, publicKeyPath } from './remote/key-file.ts';
export { nodeVerifyCrypto } from './remote/node-crypto.ts';
export type { Signer } from './signer.ts';
export { signStatement } from './signer.ts';
export type { StatementParts } from './statement.ts';
export { buildStatement } from './statement.ts';

import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomicileError } from '../../core/index.ts';
import type { Signer } from '../signer.ts';

/**
 * Stands before the PEM block of a demonstration key. It lies in the key itself, so that nobody can forget to
 * say it: whoever loads the key signs "not for reliance".
 */
const DEMO_LINE = 'domicile-key-purpose: demo';
/** Found wherever it stands before the key: an editor may have put a blank line or a byte order mark first. */
const PURPOSE = /domicile-key-purpose:\s*(\S*)/;
const LARGEST_KEY_FILE = 16_384;
const GROUP_OR_WORLD = 0o077;

/** What a new key pair consists of. */
export interface KeyFiles {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly fingerprint: string;
}

/**
 * Makes an ECDSA P-256 key pair: `path` (PKCS#8, mode 0600) and `path` with `.pub.pem` (SubjectPublicKeyInfo).
 *
 * @throws DomicileError `STORAGE` where one of the files exists: a key is never overwritten.
 */
export async function generateKeyFile(path: string, purpose: 'signing' | 'demo'): Promise<KeyFiles> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicPath = publicKeyPath(path);
  await writeNew(path, purpose === 'demo' ? `${DEMO_LINE}\n${pem}` : pem, 0o600);
  await writeNew(publicPath, publicPem(publicKey), 0o644).catch(async (error: unknown) => {
    await rm(path, { force: true });
    throw error;
  });
  return { privateKey: path, publicKey: publicPath, fingerprint: fingerprintOf(publicKey) };
}

/** `keys/a.pem` -> `keys/a.pub.pem`. */
export function publicKeyPath(path: string): string {
  return path.endsWith('.pem') ? `${path.slice(0, -4)}.pub.pem` : `${path}.pub.pem`;
}

/**
 * A signer over a key file.
 *
 * @throws DomicileError `BAD_INPUT` for a key of another kind, or one that others may read; `NOT_FOUND` for none.
 */
export async function loadKeyFile(path: string): Promise<Signer> {
  const text = await readKeyText(path);
  const key = parseKey(text);
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new DomicileError('BAD_INPUT', {
      message: 'expected an ECDSA P-256 private key, found another kind',
      hint: 'domicile keys generate makes one',
    });
  }
  const publicKey = createPublicKey(key);
  return {
    sign: async (bytes) => sign('sha256', bytes, { key, dsaEncoding: 'der' }),
    publicKeyPem: publicPem(publicKey),
    fingerprint: fingerprintOf(publicKey),
    demo: isDemo(text),
  };
}

function isDemo(text: string): boolean {
  const purpose = PURPOSE.exec(text)?.[1];
  if (purpose === undefined || purpose === 'demo') return purpose === 'demo';
  throw new DomicileError(
    'BAD_INPUT',
    'expected a key without a purpose or for demonstrations, found another',
  );
}

async function readKeyText(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    throw new DomicileError('NOT_FOUND', {
      message: 'expected a key file, found none',
      hint: `domicile keys generate --out ${path}`,
    });
  }
  if (found.size > LARGEST_KEY_FILE)
    throw new DomicileError('BAD_INPUT', 'expected a key file, found a larger one');
  if ((found.mode & GROUP_OR_WORLD) !== 0) {
    throw new DomicileError('BAD_INPUT', {
      message: 'expected a key file that only its owner may read, found one that others may',
      hint: `chmod 600 ${path}`,
    });
  }
  return readFile(path, 'utf8');
}

/** The cause is left out on purpose: a parser's message may quote the key. */
function parseKey(text: string): KeyObject {
  try {
    return createPrivateKey(text.slice(Math.max(text.indexOf('-----BEGIN'), 0)));
  } catch {
    throw new DomicileError('BAD_INPUT', 'expected a PEM private key, found something else');
  }
}

function publicPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Writes a file that must not exist yet; one that could not be written whole is taken away again. */
async function writeNew(path: string, text: string, mode: number): Promise<void> {
  let created = false;
  try {
    // A folder for keys alone is nobody else's business.
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'wx', mode);
    created = true;
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (created) await rm(path, { force: true });
    throw new DomicileError(
      'STORAGE',
      `expected to write a new file ${path}, found that it exists or cannot be written`,
      { cause: error },
    );
  }
}

import type { JsonObject } from '../../../core/index.ts';
import { isRandom } from './high-entropy-token.ts';

/** Names under which nothing is kept but a secret, in lower case and without dashes, dots and underscores. */
const SECRET_NAME =
  /(?:apikey|apisecret|apitoken|secretkey|secretaccesskey|secretid|accesskey|accesskeyid|accesskeysecret|accountkey|clientsecret|appsecret|privatekey|signingkey|encryptionkey|authtoken|accesstoken|refreshtoken|bearertoken|masterkey|secret|password|passwd|passphrase|authorization|credential)$/;
/** Names that end in `key` without one: what is looked up by, sorted by, shown. */
const NO_SECRET_NAME =
  /(?:cache|primary|partition|sort|routing|foreign|public|object|idempotency|dedup|unique|group|lookup|hash|range|index|row|map|json|metric|tag|label|storage|bucket|s3|translation|i18n|config|setting|feature|flag|user|org|team|model|hashed\w*)key$|hash|digest|fingerprint|checksum|encrypted|ciphertext|masked/;
/** Hashes of keys are kept under these in gateways: a digest there is none. */
const HASHED_NAME = /^(?:userapikey|token|litellmapikey|virtualkey|proxyapikey)/;
const DIGEST = /^(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PASSWORD_NAME = /(?:password|passwd|passphrase)$/;
/** References, templates, masks and sealed forms. */
const NO_VALUE =
  /\.{3}|…|\*{3}|x{6}|X{6}|^os\.environ|^\$\{|^\{\{|^<|^\$2[aby]\$|^\$argon2|^\$scrypt|^arn:|^(?:enc|vault):v\d|^gAAAAA|^AQIC|redact|placeholder|changeme|your[_-]|^sha\d{3}[:-]/i;

/** Whether a name says that what it holds is secret. */
export function isKeyName(name: string): boolean {
  const plain = plainName(name);
  return (SECRET_NAME.test(plain) && !NO_SECRET_NAME.test(plain)) || isWeakKeyName(plain);
}

function isWeakKeyName(plain: string): boolean {
  return plain.endsWith('key') && plain !== 'key' && !NO_SECRET_NAME.test(plain);
}

function plainName(name: string): string {
  return name.length > 80 ? '' : name.toLowerCase().replaceAll(/[^a-z0-9\p{L}]/gu, '');
}

/** Whether a value kept under a name is a key in plain text. */
export function isNamedKey(name: string, value: string): boolean {
  const plain = plainName(name);
  if (!isKeyName(name) || value.length > 4096 || NO_VALUE.test(value)) return false;
  if (HASHED_NAME.test(plain) && DIGEST.test(value)) return false;
  if (PASSWORD_NAME.test(plain)) return value.length >= 8 && !/\s/.test(value) && /[^a-z_-]/i.test(value);
  const credential = value.replace(/^(?:Bearer|Basic|Token|ApiKey)\s+/i, '');
  return SECRET_NAME.test(plain)
    ? isKeyLike(credential)
    : isRandom(credential) || /^[0-9a-f]{32}$/i.test(credential);
}

/** Some member is kept under the name of a key, or the object is a service account of Google's. */
export function isKeptAsKey(members: JsonObject): boolean {
  if (
    members['type'] === 'service_account' &&
    (members['private_key_id'] ?? members['private_key']) !== undefined
  )
    return true;
  return Object.keys(members).some((name) => {
    const member = members[name];
    return typeof member === 'string' && member.length >= 8 && isNamedKey(name, member);
  });
}

const SHORTEST_KEY = 16;

/** Letters and digits mixed in one run, as words joined by dashes are not; or a UUID, or long and random. */
function isKeyLike(value: string): boolean {
  if (value.length < SHORTEST_KEY || /[\s{}<>]/.test(value)) return false;
  if (UUID.test(value) || isRandom(value)) return true;
  return (value.match(/[A-Za-z0-9]{12,}/g) ?? []).some((run) => /\d/.test(run) && /[A-Za-z]/.test(run));
}

/** `api_key=…`, `"secret": "…"`, `X-Api-Key: …` in a text. */
const ASSIGNED =
  /([A-Za-z0-9_.-]{0,40}(?:key|secret|password|passwd|token|credential))["'\\]{0,4}\s{0,3}[=:]\s{0,3}["'\\]{0,4}([A-Za-z0-9+/_.~$*!@#%^&=-]{8,512})/gi;
const CARRIED = /\b(?:Bearer|Basic|ApiKey)\s{1,3}([A-Za-z0-9+/_.~=*-]{16,4096})/gi;
/** `scheme://name:password@host`. */
const URL_PASSWORD = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"']{0,64}:([^\s:@/"']{3,128})@[A-Za-z0-9[]/gi;

/** Whether a text gives a key under its name: a setting, a header, an address with a password. */
export function namesKey(text: string): boolean {
  const looked = text.slice(0, 100_000);
  if (/key|secret|passw|token|credential/i.test(looked)) {
    for (const [, name, value] of looked.matchAll(ASSIGNED)) {
      if (isNamedKey((name ?? '').split('.').at(-1) ?? '', value ?? '')) return true;
    }
  }
  if (/bearer|basic|apikey/i.test(looked)) {
    for (const [, value] of looked.matchAll(CARRIED)) if (isCarried(value ?? '')) return true;
  }
  if (!looked.includes('@') || !looked.includes('://')) return false;
  return [...looked.matchAll(URL_PASSWORD)].some(([, password]) => isPassword(password ?? ''));
}

function isCarried(value: string): boolean {
  return !NO_VALUE.test(value) && isKeyLike(value);
}

function isPassword(password: string): boolean {
  return (
    !NO_VALUE.test(password) && !/^(?:password|passwd|pass|secret|\[.*\]|%s|\$\w+|\{.*\})$/i.test(password)
  );
}

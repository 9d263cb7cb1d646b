import { unreachable } from '../../core/index.ts';
import type { DataClass, IdentifierPattern, ViolationClass } from '../../evidence/index.ts';
import { isOpenClass } from '../../evidence/index.ts';
import { isCiphertext } from './ciphertext.ts';

/** A class of single values, as opposed to JSON documents. */
export type ScalarClass = Exclude<DataClass, { readonly class: 'json' | 'array' | 'map' }>;

/** What a text is to its declared class. `sealed`: it belongs, and cannot hold anything else, so that no detector need look. */
export type Membership = 'sealed' | 'allowed' | ViolationClass;

const INTEGER = /^-?\d{1,20}$/;
const DECIMAL = /^(?:-?\d{1,20}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?|NaN|-?Infinity)$/;
const TIMESTAMP =
  /^(?:\d{4,6}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2}){0,2})?)?(?: BC)?|-?infinity)$/;
const BOOLEAN = /^(?:t|f|true|false)$/;
const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;
const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/;
const HASH =
  /^(?:\\x|sha(?:1|256|384|512):)?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/;
/** Hexadecimal of printable text: by chance less than once in 10^13 for 32 bytes. */
const HEX_OF_TEXT = /^(?:[2-7][0-9a-f]|[c-f][0-9a-f](?:[89ab][0-9a-f]){1,3})+$/;
const PASSWORD_HASH = /^\$(?:2[aby]|argon2id?|scrypt)\$[A-Za-z0-9+/.,=$-]{20,200}$/;
const EMPTY = /^(?:|\{\}|\[\]|""|null)$/;
const EMBEDDING = /^[[{][-+0-9.,eE ]*[\]}]$/;

const IDENTIFIERS: Readonly<
  Record<IdentifierPattern, { readonly pattern: RegExp; readonly sealed: boolean }>
> = {
  slug: { pattern: /^[A-Za-z0-9][A-Za-z0-9._:-]*$/, sealed: false },
  'prefixed-id': { pattern: /^[a-z]{1,16}[_-][A-Za-z0-9_-]{4,}$/, sealed: false },
  email: {
    pattern: /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}$/,
    sealed: false,
  },
  host: { pattern: /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/, sealed: false },
  origin: {
    pattern: /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~-]{1,40}){0,6}\/?$/,
    sealed: false,
  },
  'ip-address': {
    pattern: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?:\/\d{1,3})?$/,
    sealed: true,
  },
  region: { pattern: /^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}[a-z]?$/, sealed: true },
  semver: { pattern: /^v?\d{1,6}\.\d{1,6}\.\d{1,6}(?:-[a-z]{2,6}\.\d{1,6})?$/, sealed: true },
};

/** Whether a value of a class can be words, so that several of them can make a sentence. */
export function mayHoldWords(holds: DataClass): boolean {
  switch (holds.class) {
    case 'model-name':
    case 'label':
    case 'operational-text':
    case 'fact':
      return true;
    case 'identifier':
      return !IDENTIFIERS[holds.pattern].sealed;
    case 'json':
      return isOpenClass(holds);
    case 'array':
      return mayHoldWords(holds.items);
    case 'map':
      return mayHoldWords(holds.keys) || mayHoldWords(holds.values);
    default:
      return false;
  }
}

/** What a single value is to its declared class. */
export function membershipOf(text: string, holds: ScalarClass): Membership {
  switch (holds.class) {
    case 'integer':
      return sealedIf(INTEGER.test(text));
    case 'decimal':
      return sealedIf(text.length <= 60 && DECIMAL.test(text));
    case 'timestamp':
      return sealedIf(text.length <= 40 && TIMESTAMP.test(text));
    case 'boolean':
      return sealedIf(BOOLEAN.test(text));
    case 'uuid':
      return sealedIf(text.length === 36 && UUID.test(text));
    case 'hash':
      return sealedIf(text === '' || isHash(text));
    case 'empty':
      return sealedIf(text.length <= 4 && EMPTY.test(text));
    case 'embedding':
      return sealedIf(EMBEDDING.test(text));
    case 'enum':
      return sealedIf(holds.values.includes(text));
    case 'model-name':
      return text === '' ? 'sealed' : allowedIf(MODEL_NAME.test(text));
    case 'identifier': {
      if (text === '') return 'sealed';
      if (text.length > holds.maxLength) return 'too-long';
      const { pattern, sealed } = IDENTIFIERS[holds.pattern];
      return sealed ? sealedIf(pattern.test(text)) : allowedIf(pattern.test(text));
    }
    case 'ciphertext':
      return text === '' || isCiphertext(text, holds.scheme) ? 'sealed' : 'not-ciphertext';
    case 'label':
    case 'operational-text':
    case 'fact':
      return text.length > holds.maxLength ? 'too-long' : 'allowed';
    default:
      return unreachable(holds);
  }
}

function sealedIf(belongs: boolean): Membership {
  return belongs ? 'sealed' : 'not-in-class';
}

function allowedIf(belongs: boolean): Membership {
  return belongs ? 'allowed' : 'not-in-class';
}

function isHash(text: string): boolean {
  if (!HASH.test(text)) return PASSWORD_HASH.test(text);
  return !HEX_OF_TEXT.test(text.replace(/^(?:\\x|sha\d+:)/, ''));
}

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerCertificate } from './redis.ts';

/** A certificate authority that nobody trusts unless told to. */
export interface TestAuthority {
  /** Its own certificate (PEM), for who is to trust it. */
  readonly certificate: string;
  /** @param names as a certificate's subject alternative names, such as `DNS:localhost,IP:127.0.0.1`. */
  readonly issue: (name: string, names: string) => ServerCertificate;
}

/** Whether this machine can make certificates. */
export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;

/** @param folder where its files go; the names in it begin with `name`. */
export function testAuthority(folder: string, name: string): TestAuthority {
  const path = (file: string): string => join(folder, `${name}-${file}`);
  const subject = `/CN=${name}`;
  openssl([
    'req',
    '-x509',
    ...NEW_KEY,
    path('ca.key'),
    '-out',
    path('ca.pem'),
    '-subj',
    subject,
    '-days',
    '2',
  ]);
  return {
    certificate: path('ca.pem'),
    issue: (host, names) => {
      const [key, request, certificate] = [path(`${host}.key`), path(`${host}.csr`), path(`${host}.pem`)];
      openssl(['req', ...NEW_KEY, key, '-out', request, '-subj', `/CN=${host}`]);
      writeFileSync(path('names'), `subjectAltName=${names}\n`);
      const by = [
        '-CA',
        path('ca.pem'),
        '-CAkey',
        path('ca.key'),
        '-CAcreateserial',
        '-extfile',
        path('names'),
      ];
      openssl(['x509', '-req', '-in', request, ...by, '-out', certificate, '-days', '2']);
      return { certificate, key };
    },
  };
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout'];

function openssl(switches: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', switches, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`expected openssl to succeed, found: ${stderr}`);
}

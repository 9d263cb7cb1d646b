import { sampleKeys } from '../../sim/aws-endpoint/accounts.ts';
import { collectAccount } from '../../src/collection/index.ts';
import type { EvidenceDraft } from '../../src/evidence/index.ts';
import { createDialer } from '../../src/net/index.ts';
import { ACCOUNT, drawnAnswers, KINDS_READ, REGION } from '../data/collected.ts';

/**
 * Reads the generated account as an audit does, and prints what came out. Usage: collect-account.ts URL [0]; 0
 * measures the start of the program alone.
 */
const [endpoint = '', count] = process.argv.slice(2);
const clock = { now: () => Date.now() };
const dialer = createDialer({ allowed: [{ id: 'loopback', to: { kind: 'loopback' } }], clock });
const drafts: EvidenceDraft[] = [];
if (count !== '0') {
  const base = { kind: 'keys', read: () => sampleKeys(ACCOUNT) } as const;
  const access = { partition: 'aws', account: ACCOUNT, region: REGION, base, endpoint } as const;
  for await (const draft of collectAccount({ access, kinds: KINDS_READ, phase: 'start' }, { dialer, clock }))
    drafts.push(draft);
}
console.log(drawnAnswers(drafts.map(({ key, body }) => ({ call: key.call, body }))));

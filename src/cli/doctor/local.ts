import { mkdir, statfs } from 'node:fs/promises';
import { loadKeyFile } from '../../attestation/index.ts';
import type { Project } from '../../audit/index.ts';
import { dueSlots } from '../../config/index.ts';
import type { Clock } from '../../core/index.ts';
import { DomicileError, toInstant } from '../../core/index.ts';
import type { Deployment } from '../../evidence/index.ts';
import type { DoctorLine } from './finding.ts';
import { broken, ok, warning } from './finding.ts';

const DAY = 86_400_000;
const GIB = 1024 ** 3;

/** The signing key: there, of the right kind, readable by its owner only, and no demo key. */
export async function checkKey(path: string): Promise<DoctorLine> {
  try {
    const signer = await loadKeyFile(path);
    if (!signer.demo) return ok('key', path, `ECDSA P-256, fingerprint ${signer.fingerprint}`);
    return warning('key', path, 'a demo key: all it signs is not for reliance', 'domicile keys generate');
  } catch (error) {
    const fault = error instanceof DomicileError ? error.faults[0] : undefined;
    return broken('key', path, fault?.message ?? 'cannot be read', fault?.hint ?? 'check the path');
  }
}

/** Room for evidence and reports. */
export async function checkDisk(folder: string): Promise<DoctorLine> {
  try {
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const free = (bavail * bsize) / GIB;
    const says = `${free.toFixed(1)} GiB free`;
    return free >= 2
      ? ok('disk', folder, says)
      : warning('disk', folder, says, 'make room: a run needs up to 2 GiB');
  } catch {
    return broken('disk', folder, 'cannot be written', 'choose another --out, or mend its rights');
  }
}

/** When the next scan is due. */
export function checkSchedule({ id, schedule }: Deployment, clock: Clock): DoctorLine {
  const now = clock.now();
  const next = dueSlots(schedule.cron, schedule.timeZone, toInstant(now), toInstant(now + 400 * DAY))[0];
  const subject = `${id}: ${schedule.cron} (${schedule.timeZone})`;
  return next === undefined
    ? broken('schedule', subject, 'no slot within 400 days', 'correct the cron expression')
    : ok('schedule', subject, `next scan at ${next}`);
}

/** Both country sources must be there: with one alone nothing is located by country. */
export function checkAddressData({ dataSets }: Pick<Project, 'dataSets'>): DoctorLine {
  const missing = ['asn-country', 'dbip-country'].filter((id) => !dataSets.some((set) => set.id === id));
  return missing.length === 0
    ? ok('address-data', 'country sources', dataSets.map(({ id, edition }) => `${id} ${edition}`).join(', '))
    : broken('address-data', missing.join(', '), 'not installed', 'install domicile again');
}

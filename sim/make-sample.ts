import type { RefusedCall } from './export-folder.ts';
import { writeExportFolder } from './export-folder.ts';
import type { LogObject } from './flow-objects.ts';
import { logObjects } from './flow-objects.ts';
import { gatewayFlows } from './flow-records.ts';
import type { NamedStack } from './gateway-stack.ts';
import { gatewayStack } from './gateway-stack.ts';
import type { Plant, PlantId } from './plants.ts';
import { PLANTS } from './plants.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import type { Sample } from './samples.ts';
import { SAMPLE_TIME, SAMPLE_WINDOW } from './samples.ts';

/** A sample in memory: the account with its plants, and the log objects. */
export interface MadeSample {
  readonly named: NamedStack;
  readonly logs: readonly LogObject[];
}

const OBJECT_SECONDS = 1800;

/** Makes a sample from a seed: the same seed and plants give the same bytes. */
export function makeSample(sample: Sample, seed: number): MadeSample {
  const random = createRandom(seed).fork(sample.deployment);
  const clean = gatewayStack(sample.site, random.fork('stack'));
  const plants = plantsOf(sample.plants);
  const named = plants.reduce(
    (planted, { stack }) => (stack === undefined ? planted : { ...planted, stack: stack(planted) }),
    clean,
  );
  return { named, logs: sampleLogs(sample, named, plants, random.fork('logs')) };
}

/** Writes a sample's export folder. */
export async function writeSample(directory: string, sample: Sample, seed: number): Promise<void> {
  const { named, logs } = makeSample(sample, seed);
  await writeExportFolder(directory, named.stack, logs, SAMPLE_TIME, sample.omissions);
}

export function plantsOf(ids: readonly PlantId[]): readonly Plant[] {
  return PLANTS.filter(({ id }) => ids.includes(id));
}

/** The logs in each format of the sample, one after the other in time: a flow log's format cannot be changed, only re-created. */
function sampleLogs(
  sample: Sample,
  named: NamedStack,
  plants: readonly Plant[],
  random: Random,
): readonly LogObject[] {
  const start = Date.parse(SAMPLE_WINDOW.start) / 1000;
  const end = Date.parse(SAMPLE_WINDOW.end) / 1000;
  const planted = plants.flatMap(({ flows }) => flows?.(named) ?? []);
  const records = gatewayFlows(named, { start, end }, planted, random);
  const part = (end - start) / sample.formats.length;
  return sample.formats.flatMap((format, index) => {
    const from = start + index * part;
    const own = records.filter(
      (record) => Number(record['end']) >= from && Number(record['end']) < from + part,
    );
    const flowLogId = `fl-0${random.fork(format).hex(16)}`;
    return logObjects(
      own,
      { ...sample.site, flowLogId, format },
      OBJECT_SECONDS,
      random.fork(`${format} keys`),
    );
  });
}

/** A denied call as the CLI reports it, for tests that refuse one call after another. */
export function refusal(command: string, operation: string): RefusedCall {
  return {
    command,
    error: `An error occurred (AccessDenied) when calling the ${operation} operation: denied`,
  };
}

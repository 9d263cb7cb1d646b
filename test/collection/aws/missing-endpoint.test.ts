import { describe, expect, it } from 'vitest';
import { commandOf } from '../../../src/collection/aws/clients.ts';
import { classifyCliError, classifySdkError, inPartition } from '../../../src/collection/aws/error-class.ts';
import { openService } from '../../../src/collection/aws/open-service.ts';
import { AWS_LIMITS } from '../../../src/collection/index.ts';
import { createDialer } from '../../../src/net/index.ts';
import { SAMPLE_CLOCK } from '../../support/live-sample.ts';

/** What becomes of a call whose endpoint's name does not resolve, by the code that the resolver gives. */
async function failureBy(code: string, resolved?: string) {
  const resolve = async (): Promise<readonly string[]> =>
    resolved === undefined
      ? Promise.reject(Object.assign(new Error(`getaddrinfo ${code}`), { code }))
      : Promise.resolve([resolved]);
  const dialer = createDialer({ allowed: [], clock: SAMPLE_CLOCK, resolve });
  const keys = async () => ({ accessKeyId: 'AKIASAMPLE', secretAccessKey: 'none' });
  const tools = { dialer, clock: SAMPLE_CLOCK, limits: { ...AWS_LIMITS, attempts: 1 } };
  const { client, service, close } = await openService('vpc-lattice', keys, { region: 'cn-north-1' }, tools);
  const command = commandOf(service.module, 'vpc-lattice:ListTargetGroups', {});
  try {
    await client.send(command, { abortSignal: AbortSignal.timeout(5_000) });
  } catch (error) {
    return classifySdkError(error);
  } finally {
    close();
  }
  throw new Error('expected a failure');
}

const CHINA_LACKS = ['aws-cn'];
const NOT_THERE = { status: 'not-in-partition', code: 'NoEndpoint' };

describe('a service whose endpoint has no address', () => {
  it('is not in a partition that is known to lack it', async () => {
    expect(inPartition(await failureBy('ENOTFOUND'), 'aws-cn', CHINA_LACKS)).toEqual(NOT_THERE);
    const told = 'Could not connect to the endpoint URL: "https://vpc-lattice.cn-north-1.amazonaws.com.cn/"';
    expect(inPartition(classifyCliError(told), 'aws-cn', CHINA_LACKS)).toEqual(NOT_THERE);
  });

  it('is out of reach where the partition has it', async () => {
    const failed = await failureBy('ENOTFOUND');
    expect(inPartition(failed, 'aws', CHINA_LACKS)).toEqual({ status: 'unreachable', code: 'ENOTFOUND' });
    expect(inPartition(failed, 'aws-cn')).toEqual({ status: 'unreachable', code: 'ENOTFOUND' });
  });

  it.each([
    ['the resolver does not answer', 'EAI_AGAIN', undefined],
    ['the name leads somewhere', '', '192.0.2.1'],
  ])('is out of reach where %s', async (_why, code, resolved) => {
    const failed = inPartition(await failureBy(code, resolved), 'aws-cn', CHINA_LACKS);
    expect(failed.status).toBe('unreachable');
  });
});

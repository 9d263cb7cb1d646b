import { describe, expect, it } from 'vitest';
import { ACCOUNT, indexOf, PLACE, readFiles } from '../../support/export.ts';

const VPC = { VpcId: 'vpc-1', OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16' };
const vpcs = (...ids: readonly string[]): object => ({ Vpcs: ids.map((VpcId) => ({ ...VPC, VpcId })) });
const json = (value: unknown): string => JSON.stringify(value, null, 2);
const DESCRIBE = 'aws ec2 describe-vpcs';
const complete = 'ec2:DescribeVpcs complete';

describe('an index', () => {
  it('tells what failed, and why, without the words of the error', async () => {
    const denied =
      'An error occurred (UnauthorizedOperation) when calling the DescribeVpcs operation: arn:aws:iam::1:user/SECRETNAME';
    const { said, drafts } = await readFiles({
      [`${PLACE}/index.json`]: indexOf([undefined, DESCRIBE, { exitCode: 254, error: denied }]),
    });
    expect(said).toEqual(['ec2:DescribeVpcs denied: UnauthorizedOperation']);
    expect(JSON.stringify(drafts)).not.toContain('SECRETNAME');
  });

  it.each<[string, object, string]>([
    ['an exit code as text', { exitCode: '254' }, 'failed: Unknown'],
    ['no exit code but an error', { exitCode: undefined, error: 'Connection timed out' }, 'timeout: Timeout'],
    ['success, but no file', {}, 'absent: FileMissing'],
  ])('with %s is a failure', async (_what, over, outcome) => {
    const { said } = await readFiles({ [`${PLACE}/index.json`]: indexOf(['gone.json', DESCRIBE, over]) });
    expect(said).toEqual([`ec2:DescribeVpcs ${outcome}`]);
  });

  it('believes the failure where a failed command left a file', async () => {
    const { said, report } = await readFiles({
      [`${PLACE}/vpcs.json`]: '{"Vpcs":[]}',
      [`${PLACE}/index.json`]: indexOf(['vpcs.json', DESCRIBE, { exitCode: 255 }]),
    });
    expect(said).toEqual(['ec2:DescribeVpcs failed: Unknown']);
    expect(report.recognised).toEqual([`${PLACE}/index.json`, `${PLACE}/vpcs.json`]);
  });

  it.each<[string, string]>([
    ['another command', 'aws ec2 describe-subnets'],
    ['another outcome', DESCRIBE],
  ])('that names a file twice, with %s, says nothing of it', async (_what, command) => {
    const over = command === DESCRIBE ? { exitCode: 254 } : {};
    const { said } = await readFiles({
      [`${PLACE}/vpcs.json`]: json(vpcs('a')),
      [`${PLACE}/index.json`]: indexOf(['vpcs.json', DESCRIBE], ['./vpcs.json', command, over]),
    });
    expect(said.filter((one) => one.endsWith(' complete'))).toEqual([]);
    expect(said).toContain('ec2:DescribeVpcs unreadable: the index says two things of it');
  });

  it.each<[string, string]>([
    ['no JSON', '[{'],
    ['no list', '{"file":"vpcs.json"}'],
    ['an entry without a command', '[{"file":"vpcs.json"}]'],
    ['an exit code that is none', indexOf(['vpcs.json', DESCRIBE, { exitCode: 'no' }])],
  ])('that is %s is told', async (_what, index) => {
    const { report } = await readFiles({
      [`${PLACE}/index.json`]: index,
      [`${PLACE}/vpcs.json`]: json(vpcs('a')),
    });
    expect(report.unreadable).toEqual([`${PLACE}/index.json`]);
    expect(report.recognised).toEqual([`${PLACE}/vpcs.json`]);
  });

  it('reaches no file outside its folder', async () => {
    const { said } = await readFiles({
      [`${PLACE}/a/index.json`]: indexOf(
        ['../vpcs.json', DESCRIBE],
        ['/etc/hostname', DESCRIBE],
        [`${'../'.repeat(9)}x`, DESCRIBE],
      ),
      [`${PLACE}/vpcs.json`]: json(vpcs('a')),
    });
    expect(said).toEqual(['ec2:DescribeVpcs absent: FileMissing', complete]);
  });

  it('counts the failures that nobody needs', async () => {
    const { report } = await readFiles({
      [`${PLACE}/index.json`]: indexOf(
        [undefined, 'aws iam list-users', { exitCode: 254 }],
        [undefined, 'ls', { exitCode: 1 }],
      ),
    });
    expect(report.failuresIgnored).toBe(2);
  });
});

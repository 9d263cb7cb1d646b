import { describe, expect, it } from 'vitest';
import { isNarrowed, parseCommand } from '../../../src/collection/files/command-line.ts';

const narrowed = (command: string): boolean | undefined => {
  const parsed = parseCommand(command);
  return parsed === undefined ? undefined : isNarrowed(parsed);
};

describe('the command of an exported file', () => {
  it.each([
    ['aws ec2 describe-vpcs', 'ec2 describe-vpcs', {}],
    ['aws ec2 describe-vpcs --region cn-north-1', 'ec2 describe-vpcs', { region: 'cn-north-1' }],
    ['aws ec2 describe-vpcs --region=cn-north-1', 'ec2 describe-vpcs', { region: 'cn-north-1' }],
    [
      'aws --region cn-north-1 --no-cli-pager ec2 describe-vpcs',
      'ec2 describe-vpcs',
      { region: 'cn-north-1', 'no-cli-pager': '' },
    ],
    ['AWS_PROFILE=x AWS_PAGER="" aws ec2 describe-vpcs', 'ec2 describe-vpcs', {}],
    ['/usr/local/bin/aws ec2 describe-vpcs', 'ec2 describe-vpcs', {}],
    ['C:/Amazon/aws.exe ec2 describe-vpcs', 'ec2 describe-vpcs', {}],
    ['aws ec2 describe-vpcs \\\n  --region \\\n cn-north-1', 'ec2 describe-vpcs', { region: 'cn-north-1' }],
    [
      'aws kms describe-key --key-id "a b" --output \'json\'',
      'kms describe-key',
      { 'key-id': 'a b', output: 'json' },
    ],
    [
      'aws ecs describe-services --cluster c --services a b',
      'ecs describe-services',
      { cluster: 'c', services: 'a b' },
    ],
    [
      "aws ec2 describe-vpcs --query 'Vpcs[?Tags[?Value==`北京`]]'",
      'ec2 describe-vpcs',
      { query: 'Vpcs[?Tags[?Value==`北京`]]' },
    ],
  ])('%s', (command, cli, options) => {
    const parsed = parseCommand(command);
    expect(parsed?.cli).toBe(cli);
    expect(Object.fromEntries(parsed?.options ?? [])).toEqual(options);
  });

  it.each([
    '',
    'aws',
    'aws ec2',
    'rm -rf /',
    'aws ec2 describe-vpcs "open',
    'echo aws ec2 describe-vpcs',
    'awsx ec2 describe-vpcs',
    `aws ${'x'.repeat(200_000)}`,
  ])('is not %.40s', (command) => {
    expect(parseCommand(command)).toBeUndefined();
  });

  it.each([
    ['aws ec2 describe-vpcs --region cn-north-1 --output json --profile x', false],
    ['aws ec2 describe-vpcs --max-items 5', false],
    ['aws ecs list-services --cluster c', false],
    ['aws ecs describe-services --cluster c --services a b --include TAGS', false],
    ['aws s3api get-bucket-location --bucket b', false],
    ['aws ec2 describe-vpcs --filters Name=vpc-id,Values=vpc-1', true],
    ['aws ec2 describe-vpcs --filter Name=vpc-id,Values=vpc-1', true],
    ['aws ec2 describe-vpcs --vpc-ids vpc-1', true],
    ["aws ec2 describe-vpcs --query 'Vpcs[:1]'", true],
    ['aws ecs list-tasks --cluster c --desired-status STOPPED', true],
    ['aws rds describe-db-instances --db-instance-identifier x', true],
    ['aws ec2 describe-vpcs --an-option-of-tomorrow x', true],
    ['aws ec2 describe-vpcs --endpoint-url http://127.0.0.1:4566', true],
    ['aws ec2 describe-vpcs --dry-run', true],
  ])('%s asks for less than everything: %s', (command, expected) => {
    expect(narrowed(command)).toBe(expected);
  });
});

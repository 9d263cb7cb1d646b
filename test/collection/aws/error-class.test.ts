import { describe, expect, it } from 'vitest';
import { classifyCliError } from '../../../src/collection/aws/error-class.ts';

const failed = (code: string, rest = 'no'): string => {
  const said = classifyCliError(
    `An error occurred (${code}) when calling the DescribeVpcs operation: ${rest}`,
  );
  return `${said.status} ${said.code}`;
};

describe('what the AWS CLI printed for a failed call', () => {
  it.each([
    ['AccessDenied', 'denied AccessDenied'],
    ['UnauthorizedOperation', 'denied UnauthorizedOperation'],
    ['403', 'denied 403'],
    ['404', 'absent 404'],
    ['EC2ThrottledException', 'throttled EC2ThrottledException'],
    ['InvalidVpcID.NotFound', 'failed InvalidVpcID.NotFound'],
    ['toString', 'failed toString'],
  ])('%s is %s', (code, expected) => {
    expect(failed(code)).toBe(expected);
  });

  it('names a service control policy only where it denied', () => {
    expect(failed('AccessDenied', 'with an explicit deny in a service control policy')).toBe(
      'denied-by-scp AccessDenied',
    );
    expect(failed('Throttling', 'with an explicit deny in a service control policy')).toBe(
      'throttled Throttling',
    );
  });

  it.each(['sk1234567890abcdef', 'AKIA1234567890', 'a b', '北京', '', 'x'.repeat(81)])(
    'never repeats %j as a code',
    (code) => {
      expect(failed(code)).toBe('failed Unknown');
    },
  );

  it('gives what nobody knows as failed, however long it is', () => {
    expect(classifyCliError('x'.repeat(5_000_000))).toEqual({ status: 'failed', code: 'Unknown' });
    expect(classifyCliError('')).toEqual({ status: 'failed', code: 'Unknown' });
  });
});

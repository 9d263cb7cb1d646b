import fc from 'fast-check';

const HEADERS = [
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  'interface-id srcaddr dstaddr protocol start end action log-status',
  'log-status action end start bytes packets dstport srcport protocol dstaddr srcaddr interface-id account-id',
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr flow-direction',
  'resource-id interface-id srcaddr pkt-dstaddr dstaddr protocol start end action tcp-flags log-status brand-new-field',
] as const;

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const usually = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 60, arbitrary: good }, { weight: 1, arbitrary: bad });

const number = fc.oneof(fc.nat(9).map(String), fc.nat(99_999).map(String), fc.nat().map(String));
const junk = fc.oneof(
  oneOf(
    '',
    '-',
    '--',
    '0',
    '00',
    '007',
    '-1',
    '+1',
    '1.5',
    '1e3',
    ' ',
    'OK',
    'srcaddr',
    'é',
    '\u0001',
    '\t',
    '１',
  ),
  oneOf(
    '999999999999999',
    '1000000000000000',
    '18446744073709551616',
    '9'.repeat(40),
    '12345678',
    '1234567a',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll(/[\n ]/g, '')),
);
const octet = fc.nat(255).map(String);
const quad = fc.oneof(
  oneOf('10.0.0.1', '10.0.0.2', '8.8.8.8', '255.255.255.255', '0.0.0.0', '100.1.10.2'),
  fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.')),
);
const notQuad = oneOf(
  '256.1.1.1',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '1.02.3.4',
  '1..2.3',
  '.1.2.3',
  '1.2.3.',
  '1.2.3.400',
  '1:2',
  '1.2.3.4a',
  '1111.2.3.4',
  '....',
  '1.2.3.-',
);
const sixes = oneOf(
  '::1',
  '2001:db8::1',
  '2001:DB8:0::1',
  '2001:db8:0:0:0:0:0:1',
  '::ffff:8.8.8.8',
  '::FFFF:808:808',
  '1::',
  '10::1',
  '2408:1::2',
  'fe80::1',
  '2::3',
  '25::1',
  '256::1',
);
const address = usually(
  fc.oneof({ weight: 4, arbitrary: quad }, { weight: 1, arbitrary: sixes }),
  fc.oneof(notQuad, junk),
);
const seconds = fc.oneof(
  fc.nat(400).map((offset) => String(1_700_000_000 + offset * 7)),
  oneOf(
    '1700000000',
    '1700000059',
    '1700000000123',
    '4294967295',
    '4294967296',
    '0',
    '99',
    '100000000000',
    '100000000001',
  ),
);
const later = fc.oneof(
  fc.nat(400).map((offset) => String(1_700_003_000 + offset * 7)),
  oneOf('1700003000', '4294967294', '4294967295', '1700003000999'),
);

const FIELDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'account-id': usually(oneOf('123456789012', 'unknown', '210987654321'), junk),
  'interface-id': usually(
    oneOf('eni-0123456789abcdef0', 'eni-1235b8ca', '-', 'eni-00000000000000000000000000000001'),
    fc.oneof(junk, oneOf('eni-XYZ', 'eni-', 'i-0123456789')),
  ),
  'resource-id': usually(oneOf('nat-0123456789abcdef0', '-'), junk),
  srcaddr: address,
  dstaddr: address,
  'pkt-srcaddr': fc.oneof(address, oneOf('-')),
  'pkt-dstaddr': fc.oneof(address, oneOf('-')),
  srcport: usually(
    fc.oneof(oneOf('-', '0', '80', '443', '32767', '32768', '65535'), fc.nat(65_535).map(String)),
    fc.oneof(junk, oneOf('65536')),
  ),
  dstport: usually(
    fc.oneof(oneOf('-', '0', '80', '443', '32767', '32768', '65535'), fc.nat(65_535).map(String)),
    junk,
  ),
  protocol: usually(oneOf('6', '17', '1', '58', '255', '-', '0'), fc.oneof(junk, oneOf('256'))),
  packets: usually(number, junk),
  bytes: usually(fc.oneof(number, oneOf('-', '999999999999')), junk),
  start: usually(seconds, junk),
  end: usually(later, fc.oneof(junk, seconds)),
  action: usually(oneOf('ACCEPT', 'REJECT'), fc.oneof(junk, oneOf('ACCEPTED', 'accept'))),
  'log-status': fc.oneof(
    { weight: 12, arbitrary: oneOf('OK') },
    { weight: 1, arbitrary: fc.oneof(oneOf('NODATA', 'SKIPDATA', 'OKAY', 'ok'), junk) },
  ),
  'tcp-flags': usually(oneOf('0', '1', '2', '3', '18', '19', '4', '-', '255'), junk),
  'flow-direction': usually(oneOf('ingress', 'egress', '-'), junk),
};

/** What a record of no packets has instead; one that names a sender all the same is none. */
const nobody = usually(oneOf('-'), quad);
const SILENT: Readonly<Record<string, fc.Arbitrary<string>>> = {
  srcaddr: nobody,
  dstaddr: nobody,
  'pkt-srcaddr': nobody,
  'pkt-dstaddr': nobody,
  'log-status': oneOf('NODATA', 'SKIPDATA'),
};

/** A line of a format: usually as AWS writes it, with a field now and then that is not. */
function recordLine(header: string): fc.Arbitrary<string> {
  const fields = header.split(' ').map((name) => FIELDS[name] ?? oneOf('2', '5', '-', 'x'));
  const whole = fc.tuple(...fields).map((values) => values.join(' '));
  const silent = header.split(' ').map((name) => SILENT[name] ?? FIELDS[name] ?? oneOf('2', '5', '-'));
  return fc.oneof(
    { weight: 40, arbitrary: whole },
    { weight: 4, arbitrary: fc.tuple(...silent).map((values) => values.join(' ')) },
    { weight: 1, arbitrary: whole.map((line) => line.slice(0, line.lastIndexOf(' '))) },
    { weight: 1, arbitrary: whole.map((line) => `${line} more`) },
    { weight: 1, arbitrary: whole.map((line) => `${line} `) },
  );
}

const oddLine = fc.oneof(
  oneOf(
    '',
    '\r',
    ' ',
    '  ',
    '2',
    'srcaddr',
    'srcaddr dstaddr',
    'version srcaddr version',
    '2 srcaddr',
    'x'.repeat(8193),
    'x '.repeat(5000),
    '\ufeffversion',
  ),
  oneOf(...HEADERS),
  oneOf(`${HEADERS[1]} ${'x'.repeat(2000)}`, `${HEADERS[1]} ${HEADERS[1]}`, HEADERS[0].replace('end ', '')),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

function sectionOf(header: string, withHeader: boolean): fc.Arbitrary<readonly string[]> {
  const line = fc.oneof({ weight: 30, arbitrary: recordLine(header) }, { weight: 1, arbitrary: oddLine });
  return fc.array(line, { maxLength: 25 }).map((lines) => {
    // Some lines come twice, so that rows of several records are met.
    const repeated = lines.flatMap((one, index) => (index % 4 === 0 ? [one, one] : [one]));
    return withHeader ? [header, ...repeated] : repeated;
  });
}

const section = fc.oneof(...HEADERS.map((header) => sectionOf(header, true)), sectionOf(HEADERS[0], false));

/** The text of one log object: sections of formats, line ends of both kinds, a last line with or without its end. */
export const hostileText: fc.Arbitrary<Buffer> = fc
  .tuple(fc.array(section, { maxLength: 3 }), fc.boolean(), fc.boolean())
  .map(([sections, carriage, ended]) => {
    const lines = sections.flat().join(carriage ? '\r\n' : '\n');
    return Buffer.from(ended ? `${lines}\n` : lines, 'latin1');
  });

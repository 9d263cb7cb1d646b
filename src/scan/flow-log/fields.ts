/**
 * Every field of VPC flow logs, versions 2 to 11 (VPC user guide, flow log records; version 6 is for transit
 * gateways only). A header with another name is still read, if what matters is in it; the name is not repeated,
 * since a header is hostile input.
 */
const FIELD_NAMES: ReadonlySet<string> = new Set(
  (
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status ' +
    'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id ' +
    'pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path ecs-cluster-arn ecs-cluster-name ' +
    'ecs-container-instance-arn ecs-container-instance-id ecs-container-id ecs-second-container-id ecs-service-name ' +
    'ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason resource-id encryption-status interface-type ' +
    'instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2 next-hop-interface-id ' +
    'next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type'
  ).split(' '),
);

const DEFAULT_FORMAT =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

/** Fields without which a line proves nothing. */
const NEEDED = [
  'interface-id',
  'srcaddr',
  'dstaddr',
  'protocol',
  'start',
  'end',
  'action',
  'log-status',
] as const;

/** Where each field that the kernel reads stands in a line; -1 where the format has none. */
export interface RecordLayout {
  readonly columns: number;
  readonly names: string;
  readonly account: number;
  readonly interface: number;
  readonly resource: number;
  readonly source: number;
  readonly destination: number;
  readonly packetSource: number;
  readonly packetDestination: number;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly packets: number;
  readonly bytes: number;
  readonly start: number;
  readonly end: number;
  readonly action: number;
  readonly status: number;
  readonly flags: number;
  readonly direction: number;
}

/** The objects of a log have one header: the last one that was met is the next one's, nearly always. */
let last: { readonly header: string; readonly layout: RecordLayout | undefined } | undefined;

/** The layout of a header line, or `undefined` where it is none, or lacks what is needed. */
export function layoutOf(header: string): RecordLayout | undefined {
  if (last?.header !== header) last = { header, layout: readLayout(header) };
  return last.layout;
}

function readLayout(header: string): RecordLayout | undefined {
  const names = header.split(' ');
  if (new Set(names).size !== names.length || NEEDED.some((name) => !names.includes(name))) return undefined;
  const at = (name: string): number => names.indexOf(name);
  return {
    columns: names.length,
    names: names.map((name) => (FIELD_NAMES.has(name) ? name : '?')).join(' '),
    account: at('account-id'),
    interface: at('interface-id'),
    resource: at('resource-id'),
    source: at('srcaddr'),
    destination: at('dstaddr'),
    packetSource: at('pkt-srcaddr'),
    packetDestination: at('pkt-dstaddr'),
    protocol: at('protocol'),
    sourcePort: at('srcport'),
    destinationPort: at('dstport'),
    packets: at('packets'),
    bytes: at('bytes'),
    start: at('start'),
    end: at('end'),
    action: at('action'),
    status: at('log-status'),
    flags: at('tcp-flags'),
    direction: at('flow-direction'),
  };
}

/** The default format: what a file without a header row can only be. */
export function defaultLayout(): RecordLayout {
  const layout = layoutOf(DEFAULT_FORMAT);
  if (layout === undefined) throw new Error('expected the default format to have a layout');
  return layout;
}

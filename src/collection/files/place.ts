import { isJsonObject } from '../../core/index.ts';

/** The account and region that an exported file speaks of. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;
const ZONE = /^([a-z]{2}(?:-[a-z]+)+-\d{1,2})[a-z]$/;
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:([a-z0-9-]*):(\d{12}):/;
/** How many values are looked at before giving up: an answer says its place early or never. */
const MOST_VALUES = 20_000;

/** The place that the folders of a path name: `…/<account>/<region>/x.json`, either or both. */
export function placeOfPath(path: string): Partial<Place> {
  const folders = path.split('/').slice(0, -1);
  const account = folders.findLast((folder) => ACCOUNT.test(folder));
  const region = folders.findLast((folder) => REGION.test(folder));
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

/** The place that an answer's own content names, where it names exactly one. */
export function placeOfContent(value: unknown): Partial<Place> {
  const accounts = new Set<string>();
  const regions = new Set<string>();
  let left = MOST_VALUES;
  const visit = (inner: unknown, member: string): void => {
    left -= 1;
    if (left < 0) return;
    if (typeof inner === 'string') {
      const arn = ARN.exec(inner);
      if (member === 'OwnerId' && ACCOUNT.test(inner)) accounts.add(inner);
      if (member === 'AvailabilityZone') regions.add(ZONE.exec(inner)?.[1] ?? '');
      if (arn !== null && member.endsWith('Arn')) {
        accounts.add(arn[2] ?? '');
        regions.add(arn[1] ?? '');
      }
    } else if (Array.isArray(inner)) {
      for (const one of inner) visit(one, member);
    } else if (isJsonObject(inner)) {
      for (const [name, one] of Object.entries(inner)) visit(one, name);
    }
  };
  visit(value, '');
  const [account] = [...accounts].filter((one) => one !== '');
  const [region] = [...regions].filter((one) => one !== '');
  return {
    ...(accounts.size === 1 && account !== undefined ? { account } : {}),
    ...(regions.size === 1 && region !== undefined ? { region } : {}),
  };
}

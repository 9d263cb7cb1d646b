import type { JsonObject, Reason } from '../../core/index.ts';
import { isJsonArray, isJsonObject, parseAddress } from '../../core/index.ts';
import type { EvidenceView } from '../../evidence/index.ts';
import { runNeed } from '../../evidence/index.ts';
import type { Check, CheckContext, CheckWords, Observation } from '../check.ts';

type NoParameters = Readonly<Record<string, never>>;

const WORDS: CheckWords = {
  claim: {
    en: "The auditor's own connections stayed in {countries}",
    zh: '审计程序自身的网络连接均在 {countries} 境内',
  },
  findings: {
    CONNECTED_ABROAD: {
      en: 'The auditor connected to {address} in {country} for {purpose}',
      zh: '审计程序为 {purpose} 连接了位于 {country} 的 {address}',
    },
  },
  disclosures: {
    REFUSED: {
      en: 'A connection to {address} was refused before it was opened ({purpose})',
      zh: '对 {address} 的连接在建立前被拒绝（{purpose}）',
    },
  },
  positive: {
    STAYED: {
      en: '{connections} {connections#connection was|connections were} opened, each checked before it was dialled',
      zh: '共建立 {connections} 个连接，均在拨出前核查',
    },
  },
  coverage: {
    CONNECTIONS: { en: 'Connections of the run whose place is certain', zh: '位置确定的本次运行连接' },
  },
  limitations: {
    alwaysOwnLog: {
      en: "The list is the auditor's own; the flow log of its interface was not examined.",
      zh: '该清单由审计程序自行记录；未检查其网络接口的流日志。',
    },
    alwaysPrivate: {
      en: 'Private addresses count as inside: where a private line or a peered network leads is not seen.',
      zh: '私有地址视为境内；专线或对等网络通往何处未予检查。',
    },
    alwaysNames: {
      en: 'Name resolution by the operating system is not on the list.',
      zh: '操作系统的域名解析不在清单内。',
    },
  },
};

export const selfEgress: Check<NoParameters> = {
  id: 'self.egress',
  words: WORDS,
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  needs: () => [runNeed('auditor.connections')],
  evaluate: (view, context) => {
    const { records, reasons } = connectionRecords(view);
    const judged = records.map((record) => judge(record, context));
    const opened = records.filter((record) => record['outcome'] === 'connected').length;
    return {
      findings: judged.flatMap(({ finding }) => finding ?? []),
      reasons: [...reasons, ...judged.flatMap(({ reason }) => reason ?? [])],
      disclosed: records.filter((record) => record['decision'] === 'refused').map(refused),
      coverage: [
        {
          what: 'CONNECTIONS',
          examined: judged.filter(({ reason }) => reason === undefined).length,
          expected: records.length,
        },
      ],
      positive: [
        { text: 'STAYED', values: { connections: opened }, witness: records.slice(0, 10).map(recordWitness) },
      ],
    };
  },
  canary: (context) => {
    const abroad = CANARY_ADDRESSES.map(
      (address): JsonObject => ({ address, decision: 'allowed', outcome: 'connected', purpose: 'canary' }),
    );
    const caught = abroad.some((record) => judge(record, context).finding !== undefined);
    return [{ id: 'connection-abroad', caught }];
  },
};

/** Regional AWS addresses of several countries: at least one is foreign to any small set of countries. */
const CANARY_ADDRESSES: readonly string[] = ['52.80.0.1', '18.180.0.1', '3.120.0.1', '18.136.0.1'];

/** A log without its list, or an entry that is none, must not be taken for no connection. */
function connectionRecords(view: EvidenceView): {
  readonly records: readonly JsonObject[];
  readonly reasons: readonly Reason[];
} {
  const lists = view
    .answers(runNeed('auditor.connections'))
    .map(({ body }) => (isJsonObject(body) ? body['connections'] : undefined));
  const whole = lists.every((list) => isJsonArray(list) && list.every(isJsonObject));
  const unreadable: Reason = {
    code: 'UNREADABLE',
    scope: 'auditor.connections',
    detail: 'the list of connections has another shape',
  };
  return {
    records: lists.filter(isJsonArray).flat().filter(isJsonObject),
    reasons: whole ? [] : [unreadable],
  };
}

interface Judgement {
  readonly finding?: Observation;
  readonly reason?: Reason;
}

/** By the address that was dialled: what the log says of its place is not taken on trust. */
function judge(record: JsonObject, { locator, countries }: CheckContext<NoParameters>): Judgement {
  if (wasNotDialled(record)) return {};
  const text = String(record['address']);
  const address = parseAddress(text);
  if (address === null)
    return { reason: { code: 'UNKNOWN_VALUE', scope: text, detail: 'no address was recorded' } };
  const location = locator.locate(address);
  const purpose = String(record['purpose']);
  switch (location.kind) {
    case 'special':
      return {};
    case 'located': {
      if (countries.includes(location.country)) return {};
      const values = { address: text, country: location.country, purpose };
      return {
        finding: { class: 'CONNECTED_ABROAD', resource: text, values, witness: [recordWitness(record)] },
      };
    }
    case 'disputed':
    case 'unprovable':
      return { reason: { code: 'LOCATION_DISPUTED', scope: text, detail: `dialled for ${purpose}` } };
  }
}

/** By a closed list: a connection that the log calls otherwise may have been opened. */
function wasNotDialled({ decision, outcome }: JsonObject): boolean {
  return (decision === 'refused' || decision === 'unresolved') && outcome === 'not-dialled';
}

function refused(record: JsonObject): Observation {
  const address = String(record['address'] || record['host']);
  return {
    class: 'REFUSED',
    resource: address,
    values: { address, purpose: String(record['purpose']) },
    witness: [recordWitness(record)],
  };
}

function recordWitness(record: JsonObject): { readonly label: string; readonly value: string } {
  const value = `${String(record['host'])}:${String(record['port'])} ${String(record['address'])} ${String(record['decision'])} ${String(record['outcome'])}`;
  return { label: String(record['purpose']), value };
}

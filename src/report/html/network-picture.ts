import type { ControlResult } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import type { DrawGraph, GraphWords, WayOut } from '../network-graph.ts';
import { graphOf, waysOut } from '../network-graph.ts';
import type { Markup } from './markup.ts';
import { html, raw } from './markup.ts';
import { table, words } from './parts.ts';

/** The ways out of a network as a picture, and as a table that says the same; nothing for other controls. */
export function networkPicture(
  control: ControlResult,
  draw: DrawGraph | undefined,
  language: Language,
): Markup {
  if (control.check !== 'network.egress') return html``;
  const ways = waysOut(control);
  if (ways.length === 0) return html``;
  const w = (en: string, zh: string): string => words(language, en, zh);
  const picture = draw === undefined ? undefined : inlineSvg(draw(graphOf(ways, graphWords(language))));
  return html`<h4>${w('Ways out', '外出路径')}</h4>
    ${
      picture === undefined
        ? html``
        : html`<figure class="ways" role="img" aria-label="${w('The table below says the same', '下表内容与图相同')}">${raw(picture)}
    <figcaption class="soft">${w('Solid: opened from inside. Dashed: answers to callers. Dotted: DNS. Thick: a finding; thin: disclosed.', '实线：由内部发起；虚线：对来访者的应答；点线：DNS。粗线为发现项，细线为披露项。')}</figcaption></figure>`
    }
    ${table(
      [
        w('Let through by', '放行者'),
        w('Interfaces', '接口数'),
        w('Through', '经由'),
        w('To', '到达'),
        w('Traffic', '流量类别'),
        w('Counts as', '处理方式'),
      ],
      ways.map((way) => rowOf(way, language)),
    )}`;
}

const TRAFFIC: Readonly<Record<WayOut['traffic'], readonly [en: string, zh: string]>> = {
  initiated: ['opened from inside', '由内部发起'],
  reply: ['answers to callers', '对来访者的应答'],
  resolver: ['DNS by the resolver', '解析器的 DNS'],
};

function graphWords(language: Language): GraphWords {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return {
    traffic: { initiated: w(...TRAFFIC.initiated), reply: w(...TRAFFIC.reply), resolver: 'DNS' },
    anywhere: w('anywhere', '任意地点'),
    interfaces: w('interface(s)', '个接口'),
  };
}

function rowOf(
  { traffic, judged, by, interfaces, through, place }: WayOut,
  language: Language,
): readonly Markup[] {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return [
    html`<code>${by}</code>`,
    html`${interfaces}`,
    html`<code>${through.join(' → ')}</code>`,
    html`${place ?? w('anywhere', '任意地点')}`,
    html`${w(...TRAFFIC[traffic])}`,
    html`${judged ? w('finding', '发现项') : w('disclosed', '披露项')}`,
  ];
}

/**
 * The drawing alone: no prolog, no namespaces (HTML knows them), and no ids, which would be there twice on a page
 * in two languages.
 */
function inlineSvg(drawn: string): string {
  const start = drawn.indexOf('<svg');
  return drawn
    .slice(Math.max(0, start))
    .replaceAll(/ (?:id|xmlns(?::xlink)?)="[^"]*"/g, '')
    .replaceAll(/<!--[\s\S]*?-->\n?/g, '')
    .trim();
}

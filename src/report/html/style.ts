/** The colours of every page. Text and ground of each pair keep the contrast of WCAG 2.2 AA (a test measures it). */
export const PALETTE = {
  ink: '#1a1d21',
  soft: '#4d545c',
  line: '#aeb5bd',
  paper: '#ffffff',
  band: '#f1f3f6',
  link: '#0b4a8f',
  pass: '#0b5d2a',
  fail: '#8f1414',
  unsure: '#6b4700',
} as const;

const COLOURS = Object.entries(PALETTE)
  .map(([name, colour]) => `--${name}:${colour}`)
  .join(';');

const SANS =
  '"Segoe UI","Helvetica Neue",Arial,"Noto Sans","Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif';

/** The style sheet of every page: no font, image or script from anywhere; readable on screen and on paper. */
export const STYLE = `
:root { ${COLOURS} }
* { box-sizing:border-box }
body { margin:0; color:var(--ink); background:var(--paper); font:16px/1.55 ${SANS}; overflow-wrap:break-word }
main { max-width:64rem; margin:0 auto; padding:1.5rem }
h1 { font-size:1.7rem; line-height:1.25; margin:0 0 .6rem } h2 { font-size:1.25rem; margin:2rem 0 .6rem; border-bottom:2px solid var(--line); padding-bottom:.2rem }
h3 { font-size:1.1rem; margin:.9rem 0 .4rem } h4 { font-size:.95rem; margin:1.1rem 0 .3rem }
p { margin:.45rem 0 } ul,ol { margin:.3rem 0 .6rem; padding-left:1.4rem } li { margin:.15rem 0 } a { color:var(--link) }
table { border-collapse:collapse; width:100%; margin:.5rem 0 1rem; font-size:.94rem }
th,td { border:1px solid var(--line); padding:.35rem .55rem; text-align:left; vertical-align:top }
td { overflow-wrap:anywhere } thead th { background:var(--band) }
.facts tbody th { font-weight:600; background:var(--band); width:15rem; overflow-wrap:anywhere } .facts tbody th:has(code) { font-weight:400; width:50% }
code,.envelope { font-family:ui-monospace,SFMono-Regular,Consolas,"Liberation Mono",monospace; font-size:.88em; overflow-wrap:anywhere; unicode-bidi:isolate }
.digest { user-select:all }
pre { white-space:pre-wrap; background:var(--band); border:1px solid var(--line); padding:.6rem; margin:.5rem 0 }
.kind { margin:0; color:var(--soft); font-weight:600 } .large { font-size:1.25rem } .soft { color:var(--soft) } .more { font-weight:600 } .line { display:block }
.verdict { white-space:nowrap } .verdict.pass,.verdict.pass-with-waivers { color:var(--pass) } .verdict.fail { color:var(--fail) } .verdict.inconclusive { color:var(--unsure) } .verdict.not-applicable { color:var(--soft) }
.ways { margin:.5rem 0; overflow-x:auto } .ways svg { max-width:100%; height:auto }
.strip { position:sticky; top:0; z-index:1; margin:0; padding:.4rem 1.5rem; background:var(--fail); color:var(--paper); font-weight:700; text-align:center }
.watermark { display:none }
.reliance { border:3px double var(--fail); color:var(--fail); padding:.5rem .9rem; margin:0 0 .8rem; font-weight:600 }
.questions { display:grid; gap:.8rem; grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr)); margin:1rem 0 }
.questions section { border:1px solid var(--line); border-top:4px solid var(--ink); padding:.5rem .9rem } .questions h2 { border:0; margin:0 0 .3rem; padding:0; font-size:1.1rem }
.control { border:1px solid var(--line); border-left-width:6px; padding:.3rem 1rem 1rem; margin:1.4rem 0 }
.control.pass { border-left-color:var(--pass) } .control.fail { border-left-color:var(--fail) } .control.inconclusive { border-left-color:var(--unsure) }
.finding { margin:.6rem 0 .9rem; padding-left:.8rem; border-left:2px solid var(--line) }
.overview th { white-space:nowrap } .calls td:first-child { width:18rem } .evidence td:first-child { white-space:nowrap } .evidence td:nth-child(4) { min-width:7.5rem } time span,.whole { white-space:nowrap }
.language { display:flex; flex-wrap:wrap; gap:.2rem 1.2rem; padding:.6rem 1.5rem; background:var(--band); border-bottom:1px solid var(--line) }
body:has(#only-en:checked) article[lang="zh-CN"],body:has(#only-zh:checked) article[lang="en"],
body:has(#only-en:checked) .shared [lang="zh-CN"],body:has(#only-zh:checked) .shared [lang="en"] { display:none }
article + article { border-top:4px solid var(--ink); margin-top:3rem; padding-top:1.5rem } body:has(#only-zh:checked) article + article { border:0; margin:0; padding:0 }
.envelope { max-height:14rem; overflow:auto; font-size:.8rem }
@media screen and (max-width:44rem) {
  main { padding:.8rem } .strip,.language { padding-left:.8rem; padding-right:.8rem } .control { padding:.3rem .7rem .8rem } .facts tbody th { width:32% }
  .stack,.stack tbody,.stack tr,.stack td { display:block; width:100% } .stack thead { position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%) }
  .stack tr { border:1px solid var(--line); margin:0 0 .5rem } .stack td { border:0 } .stack td::before { content:attr(data-head); display:block; color:var(--soft); font-size:.85em; font-weight:600 }
}
@media print {
  .language,.strip { display:none } html { font-size:9pt } body { font-size:1rem; line-height:1.42 } main { max-width:none; padding:0 1px 0 0 }
  h2 { margin-top:14pt } h4 { margin:6pt 0 2pt } h1,h2,h3,h4 { break-after:avoid }
  .questions { grid-template-columns:1fr 1fr; gap:6pt; margin:6pt 0 } .questions section,tr,li { break-inside:avoid } .finding p { break-after:avoid } .page-one { break-after:page } .page-one table { margin:4pt 0 }
  th,td { padding:2pt 5pt } .reliance { padding:2pt 6pt; margin:0 0 5pt } .finding { margin:4pt 0 6pt } table { margin:3pt 0 6pt } thead { display:table-header-group }
  article + article { break-before:page; border:0; margin:0; padding:0 } a { color:inherit; text-decoration:none } .envelope { max-height:none; overflow:visible; font-size:6.5pt }
  .watermark { display:block; position:fixed; top:42%; left:0; right:0; margin:0; text-align:center; font-size:34pt; font-weight:700; color:var(--fail); opacity:.13; transform:rotate(-28deg) }
}
`.trim();

/** What every printed sheet says besides its part of the page. */
export interface PrintBoxes {
  /** Lines at the foot: which report this sheet is of. */
  readonly footer: readonly string[];
  /** Whether the report is not for reliance. */
  readonly marked: boolean;
}

const UNSAFE = /[^A-Za-z0-9 .:_|-]/g;

/** The margin boxes of each sheet: the mark above, the report below on the left, the page number on the right. */
export function printBoxes({ footer, marked }: PrintBoxes): string {
  const lines = footer.map((line) => line.replaceAll(UNSAFE, '?')).join(String.raw`\A `);
  const top = marked
    ? `@top-center { content:"Not for reliance · 不可作为依据"; font:bold 9pt ${SANS}; color:${PALETTE.fail} }`
    : '';
  return `@page { size:A4; margin:16mm 14mm 19mm; ${top}
@bottom-left { content:"${lines}"; white-space:pre; font:6.5pt ${SANS}; vertical-align:top; padding-top:2mm; width:85% }
@bottom-right { content:counter(page) " of " counter(pages); font:8pt ${SANS}; vertical-align:top; padding-top:2mm; width:15% } }`;
}

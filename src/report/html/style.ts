/** The style sheet of every page: no font, image or script from anywhere; readable on screen and on paper. */
export const STYLE = `
:root { --ink:#1a1d21; --soft:#50575f; --line:#c9ced4; --paper:#fff; --pass:#0b5d2a; --fail:#8f1414; --unsure:#6b4700; --band:#f3f5f7; }
* { box-sizing:border-box }
body { margin:0; color:var(--ink); background:var(--paper); font:16px/1.55 "Segoe UI","Helvetica Neue",Arial,"Noto Sans","Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif }
main { max-width:62rem; margin:0 auto; padding:1.5rem }
h1 { font-size:1.7rem; margin:.2rem 0 .6rem } h2 { font-size:1.25rem; margin:2rem 0 .6rem; border-bottom:2px solid var(--line); padding-bottom:.2rem } h3 { font-size:1.05rem; margin:1.2rem 0 .4rem }
p { margin:.5rem 0 } ul { margin:.3rem 0 .6rem; padding-left:1.3rem }
table { border-collapse:collapse; width:100%; margin:.5rem 0 1rem; font-size:.94rem } th,td { border:1px solid var(--line); padding:.35rem .55rem; text-align:left; vertical-align:top; overflow-wrap:anywhere } thead th { background:var(--band) } tbody th { font-weight:600; background:var(--band); width:14rem }
code,.id { font-family:ui-monospace,SFMono-Regular,Consolas,"Liberation Mono",monospace; font-size:.88em; overflow-wrap:anywhere }
pre { white-space:pre-wrap; overflow-wrap:anywhere; background:var(--band); border:1px solid var(--line); padding:.6rem; font-size:.82rem }
.verdict { font-weight:700; white-space:nowrap } .verdict.pass,.verdict.pass-with-waivers { color:var(--pass) } .verdict.fail { color:var(--fail) } .verdict.inconclusive { color:var(--unsure) } .verdict.not-applicable { color:var(--soft) }
.reliance { border:3px double var(--fail); color:var(--fail); padding:.6rem .9rem; margin:0 0 1rem; font-weight:600 }
.questions { display:grid; gap:.8rem; grid-template-columns:repeat(auto-fit,minmax(17rem,1fr)); margin:1rem 0 } .questions section { border:1px solid var(--line); border-top:4px solid var(--ink); padding:.6rem .9rem } .questions h2 { border:0; margin:0 0 .3rem; font-size:1.05rem }
.control { border:1px solid var(--line); border-left-width:6px; padding:.4rem 1rem 1rem; margin:1.2rem 0 } .control.pass { border-left-color:var(--pass) } .control.fail { border-left-color:var(--fail) } .control.inconclusive { border-left-color:var(--unsure) }
.soft { color:var(--soft) } .language { display:flex; gap:1.2rem; padding:.6rem 1.5rem; background:var(--band); border-bottom:1px solid var(--line) }
body:has(#only-en:checked) article[lang="zh-CN"], body:has(#only-zh:checked) article[lang="en"] { display:none }
article + article { border-top:4px solid var(--ink); margin-top:3rem; padding-top:1.5rem }
.envelope { max-height:14rem; overflow:auto }
@media print { .language { display:none } body { font-size:10.5pt } main { max-width:none; padding:0 } .control,.questions section,tr { break-inside:avoid } article + article { break-before:page; border:0; margin:0 } h2,h3 { break-after:avoid } a { color:inherit; text-decoration:none } .envelope { max-height:none; font-size:6.5pt } }
`.trim();

const SAFE = /[^A-Za-z0-9 .:_-]/g;

/** Page boxes of the printed report: what it is on the left, the page on the right, on every page. */
export function printBoxes(left: string, notice: string): string {
  const safe = (text: string): string => text.replaceAll(SAFE, '?');
  const top = notice === '' ? '' : `@top-center { content:"${safe(notice)}"; font:bold 9pt sans-serif }`;
  return `@page { size:A4; margin:18mm 15mm 20mm; ${top} @bottom-left { content:"${safe(left)}"; font:7.5pt sans-serif } @bottom-right { content:counter(page) " of " counter(pages); font:8pt sans-serif } }`;
}

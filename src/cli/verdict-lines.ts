import type { AuditOutcome } from '../audit/index.ts';
import type { ControlResult } from '../policy/index.ts';
import { CONTROL_VERDICT, DEPLOYMENT_VERDICT, REASON } from '../report/index.ts';
import { printable, textTable } from './table.ts';

/** One report as a command prints it for machines (schemas/audit-output.schema.json). */
export function summaryOf({ result, folder }: AuditOutcome): unknown {
  return {
    deployment: result.deployment.id,
    runId: result.run.id,
    sequence: result.run.sequence,
    window: result.run.window,
    verdict: result.verdict,
    counts: result.counts,
    marks: result.marks,
    folder,
    controls: result.controls.map(({ id, check, verdict, waived, reasons, findings }) => ({
      id,
      check,
      verdict,
      waived,
      reasons: [...new Set(reasons.map(({ code }) => code))],
      findings: findings.map((finding) => finding.id),
    })),
  };
}

/** A report for a person: the verdict, a line for each control, and where the files are. */
export function reportLines({ result, folder }: AuditOutcome): readonly string[] {
  const rows = result.controls.map((control) => [
    control.id,
    control.waived ? 'exception accepted' : CONTROL_VERDICT[control.verdict].en,
    whyLine(control),
  ]);
  const mark = result.marks.length === 0 ? '' : ` (not for reliance: ${result.marks.join(', ')})`;
  return [
    `${result.deployment.id}: ${DEPLOYMENT_VERDICT[result.verdict].en}${mark}`,
    ...textTable(['control', 'verdict', 'why'], rows),
    ...suppliedLine(result),
    `${result.notAssessed.length} promises of the product not assessed`,
    `report: ${folder}/report.html`,
    '',
  ];
}

/** What the tool did not read itself: a verdict on it is worth what those are who handed it over. */
function suppliedLine({ provenance }: AuditOutcome['result']): readonly string[] {
  const { live, customerSupplied, vendorSupplied } = provenance;
  if (customerSupplied + vendorSupplied === 0) return [];
  return [
    `on evidence of which ${live} items were read by the tool, ${customerSupplied} supplied by the customer and ${vendorSupplied} by the vendor`,
  ];
}

const LONGEST_LINE = 110;

/** The first thing to know of a control, in one line: what was found, else what was not seen, else what speaks for it. */
export function whyLine(control: ControlResult): string {
  const [finding, ...findings] = control.findings;
  if (finding !== undefined) return shortened(finding.text.en, findings.length);
  const [reason, ...reasons] = control.reasons;
  if (reason !== undefined)
    return shortened(`${reason.code}: ${REASON[reason.code].en}: ${reason.scope}`, reasons.length);
  return shortened(control.positive[0]?.text.en ?? control.limitations[0]?.en ?? '', 0);
}

function shortened(text: string, more: number): string {
  const tail = more === 0 ? '' : ` (and ${more} more)`;
  const room = LONGEST_LINE - tail.length;
  const safe = printable(text);
  return (safe.length <= room ? safe : `${safe.slice(0, room - 1)}…`) + tail;
}

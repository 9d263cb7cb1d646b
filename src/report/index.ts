export type { ReportIdentity } from './html/identity.ts';
export type { ReportEntry } from './html/index-page.ts';
export { renderIndexPage } from './html/index-page.ts';
export { renderReportPage } from './html/report-page.ts';
export { CONTROL_VERDICT, DEPLOYMENT_VERDICT, REASON } from './labels.ts';
export type { DrawGraph } from './network-graph.ts';

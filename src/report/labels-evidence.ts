import type { EvidenceStatus, Provenance } from '../evidence/index.ts';
import type { BilingualText } from '../policy/index.ts';

/** Who read an evidence item. */
export const PROVENANCE: Readonly<Record<Provenance, BilingualText>> = {
  live: { en: 'read by the tool', zh: '工具采集' },
  'customer-supplied': { en: 'supplied by the customer', zh: '客户提供' },
  'vendor-supplied': { en: 'supplied by the vendor', zh: '供应商提供' },
};

/** What became of a call. Only a complete answer can carry a pass. */
export const EVIDENCE_STATUS: Readonly<Record<EvidenceStatus, BilingualText>> = {
  complete: { en: 'complete', zh: '完整' },
  partial: { en: 'partial', zh: '部分' },
  absent: { en: 'absent', zh: '缺失' },
  denied: { en: 'refused', zh: '被拒绝' },
  'denied-by-scp': { en: 'refused by an organisation policy', zh: '被组织级策略拒绝' },
  unsupported: { en: 'not supported', zh: '不支持' },
  'not-in-partition': { en: 'not offered in this partition', zh: '该分区不提供' },
  throttled: { en: 'rate limited', zh: '被限流' },
  timeout: { en: 'no answer in time', zh: '超时' },
  unreachable: { en: 'not reachable', zh: '无法连接' },
  unreadable: { en: 'not readable', zh: '无法读取' },
  cancelled: { en: 'stopped', zh: '已中止' },
  failed: { en: 'failed', zh: '失败' },
};

/** Names of the data sets of this version; one that is not listed is shown by the title that it brings itself. */
export const DATA_SET: Readonly<Record<string, BilingualText>> = {
  'aws-ranges': { en: 'AWS IP address ranges, as published by AWS', zh: 'AWS 公布的 IP 地址段' },
  'aws-regions': { en: 'AWS regions: country and partition', zh: 'AWS 区域：国家或地区与分区' },
  'global-edge': {
    en: 'Anycast and global-edge ranges, whose answering host has no fixed country',
    zh: '任播与全球边缘地址段（应答主机无固定国家或地区）',
  },
  'asn-country': { en: 'Country by autonomous system (RIR data)', zh: '按自治系统的国家或地区（RIR 数据）' },
  'dbip-country': { en: 'DB-IP IP to Country Lite', zh: 'DB-IP 国家或地区数据（Lite 版）' },
  'content-detectors': { en: 'Content detectors', zh: '内容检测器' },
  'legal-texts': { en: 'Legal texts', zh: '法律条文转述' },
};

import type { ControlVerdict, DeploymentVerdict } from '../core/index.ts';
import type { BilingualText, Result } from '../policy/index.ts';

/** The two languages of every report. They say the same thing. */
export type Language = 'en' | 'zh';

export const LANGUAGES: readonly Language[] = ['en', 'zh'];

/** The value of the `lang` attribute. */
export const LANGUAGE_TAG: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

export const DEPLOYMENT_VERDICT: Readonly<Record<DeploymentVerdict, BilingualText>> = {
  pass: { en: 'PASSED', zh: '符合' },
  'pass-with-waivers': { en: 'PASSED, with accepted exceptions', zh: '符合（含已批准例外）' },
  inconclusive: { en: 'UNDETERMINED', zh: '无法判定' },
  fail: { en: 'NOT PASSED', zh: '未通过' },
};

export const CONTROL_VERDICT: Readonly<Record<ControlVerdict, BilingualText>> = {
  pass: { en: 'PASSED', zh: '符合' },
  fail: { en: 'NOT PASSED', zh: '未通过' },
  inconclusive: { en: 'UNDETERMINED', zh: '无法判定' },
  'not-applicable': { en: 'NOT APPLICABLE', zh: '不适用' },
};

export const WAIVED: BilingualText = { en: 'NOT PASSED, exception accepted', zh: '未通过（已批准例外）' };

/** A shape beside the word, so that a verdict never hangs on colour alone. */
export const VERDICT_SHAPE: Readonly<Record<DeploymentVerdict | ControlVerdict, string>> = {
  pass: '●',
  'pass-with-waivers': '◐',
  fail: '■',
  inconclusive: '▲',
  'not-applicable': '○',
};

/** What a verdict of a control says, in one sentence each. */
export const VERDICT_MEANING: Readonly<Record<ControlVerdict, BilingualText>> = {
  pass: {
    en: 'All evidence that the check needs was seen, and nothing in it speaks against the claim.',
    zh: '检查所需的证据均已查看，且其中没有与主张相悖的内容。',
  },
  fail: {
    en: 'Something that speaks against the claim was seen. It stays so even where other things were not seen.',
    zh: '发现与主张相悖的内容；即使另有内容未能查看，结论亦不改变。',
  },
  inconclusive: {
    en: 'Nothing against the claim was seen, but not everything that the check needs: neither a pass nor a failure.',
    zh: '未发现与主张相悖的内容，但所需证据未能全部查看：既不表示符合，也不表示不符合。',
  },
  'not-applicable': {
    en: 'The inventory or the policy says that the claim does not concern this deployment.',
    zh: '依部署清单或策略，该主张不涉及本部署。',
  },
};

export const TENANCY: Readonly<Record<string, BilingualText>> = {
  cloud: { en: 'shared cloud', zh: '共享云' },
  'single-tenant': { en: 'single tenant', zh: '单租户' },
  private: { en: 'private deployment', zh: '私有部署' },
};

export const PLAN: Readonly<Record<string, BilingualText>> = {
  enterprise: { en: 'enterprise plan', zh: '企业版方案' },
  standard: { en: 'standard plan', zh: '标准版方案' },
};

/** Stands on every page of a report that must not be relied on, on screen and on paper. */
export const NOT_FOR_RELIANCE: BilingualText = { en: 'Not for reliance', zh: '不可作为依据' };

export const SEVERITY: Readonly<Record<string, BilingualText>> = {
  low: { en: 'low', zh: '低' },
  medium: { en: 'medium', zh: '中' },
  high: { en: 'high', zh: '高' },
  critical: { en: 'critical', zh: '严重' },
};

export const MARK: Readonly<Record<Result['marks'][number], BilingualText>> = {
  'adhoc-policy': {
    en: 'the policy was given by hand for this run',
    zh: '本次运行的策略由人工临时指定',
  },
  'demo-key': { en: 'signed with a demonstration key', zh: '以演示密钥签名' },
  'custom-endpoint': { en: 'read from a custom endpoint, not from AWS', zh: '数据来自自定义端点，而非 AWS' },
};

export const AUDITOR_LOCATION: Readonly<Record<Result['auditor']['location'], BilingualText>> = {
  proven: { en: 'proven', zh: '已证明' },
  declared: { en: 'declared by the operator', zh: '由运营方申报' },
  unknown: { en: 'unknown', zh: '未知' },
};

/** What each reason code means to a reader who does not know the tool. */
export const REASON: Readonly<Record<Result['controls'][number]['reasons'][number]['code'], BilingualText>> =
  {
    ACCESS_DENIED: { en: 'The audited system refused access', zh: '被审计系统拒绝访问' },
    SCP_DENIED: { en: 'An organisation-wide policy refused access', zh: '组织级策略拒绝访问' },
    NOT_COLLECTED: { en: 'Not collected', zh: '未采集' },
    NOT_IMPLEMENTED: { en: 'This version of the tool cannot check it', zh: '本版本工具尚不支持该项检查' },
    NOT_IN_PARTITION: { en: 'Not available in this AWS partition', zh: '该 AWS 分区不提供此项服务' },
    UNSUPPORTED_CONSTRUCT: { en: 'Met something that the model does not cover', zh: '遇到模型未覆盖的配置' },
    UNKNOWN_VALUE: { en: 'Met a value of unknown meaning', zh: '遇到含义未知的取值' },
    OUT_OF_SCOPE_ACCOUNT: { en: 'Lies in an account that was not provided', zh: '位于未提供的账户' },
    LOG_GAP: { en: 'Log records are missing', zh: '日志记录缺失' },
    LOG_SKIPDATA: { en: 'AWS itself skipped log records', zh: 'AWS 自身跳过了部分日志记录' },
    LOG_UNVERIFIED: { en: 'No listing shows that the logs are complete', zh: '缺少可证明日志完整的清单' },
    STALE: { en: 'Too old for this period, or without a time', zh: '早于本期间或缺少时间信息' },
    SAMPLED: { en: 'Only a sample was examined', zh: '仅检查了样本' },
    THROTTLED: { en: 'The audited system limited the rate of calls', zh: '被审计系统限制了调用频率' },
    TIMEOUT: { en: 'No answer in time', zh: '未在时限内应答' },
    UNREACHABLE: { en: 'Could not be reached', zh: '无法连接' },
    FAILED: { en: 'The call or the check failed', zh: '调用或检查失败' },
    CANCELLED: { en: 'Stopped before the end', zh: '在完成前被中止' },
    CHANGED_DURING_SCAN: { en: 'Changed while it was being read', zh: '读取期间发生变化' },
    LOCATION_DISPUTED: { en: 'The location of an address is not certain', zh: '地址位置存在争议' },
    UNREADABLE: { en: 'Could not be read', zh: '无法读取' },
    DIGEST_MISMATCH: { en: 'Changed after it was collected', zh: '采集后被更改' },
    CANARY_MISSED: { en: 'The check did not catch its own test case', zh: '检查未识别其自检样例' },
  };

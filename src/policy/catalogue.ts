import type { BilingualText } from './result.ts';

/**
 * Every promise of the product that a check can be about. A check that is not built yet still has its id
 * here: a policy that names it gets `inconclusive(NOT_IMPLEMENTED)`, and a report lists it as not assessed.
 */
export const CATALOGUE = {
  'region.offered': {
    en: 'Tenancy and region are offered together, and the plan allows the choice',
    zh: '租赁形态与区域的组合属于产品提供范围，且所购方案允许该选择',
  },
  'placement.resources': {
    en: 'Data-bearing resources are in the promised region, encrypted with a key of that region',
    zh: '承载数据的资源位于承诺区域，并以该区域的密钥加密',
  },
  'placement.dedicated-database': {
    en: "The database is this deployment's own, in the right account",
    zh: '数据库为本部署专用，且位于正确的账户',
  },
  'placement.no-copies': {
    en: 'No replica, backup, snapshot share or log sink leaves the region',
    zh: '副本、备份、快照共享与日志投递均未离开该区域',
  },
  'isolation.account': {
    en: 'Own account and partition, without trust or grants to outside accounts',
    zh: '独立账户与分区，未向外部账户授予信任或权限',
  },
  'access.origin': {
    en: 'People and machines reached the stack from allowed countries only',
    zh: '人员与机器仅从允许的国家或地区访问该部署',
  },
  'network.egress': {
    en: 'No packet can reach a destination outside the allowed countries',
    zh: '网络配置不允许数据包到达允许国家或地区以外的目的地',
  },
  'network.flows-agree': {
    en: 'No flow was seen that the network model calls impossible',
    zh: '未观测到网络模型判定为不可能的流量',
  },
  'flows.egress': {
    en: 'No packet did reach a destination outside the allowed countries',
    zh: '未观测到数据包到达允许国家或地区以外的目的地',
  },
  'flows.coverage': {
    en: 'The flow logs are complete for every interface and every hour of the period',
    zh: '流日志覆盖期间内每个网络接口的每一小时',
  },
  'providers.routing': {
    en: 'Model requests went to declared providers in allowed countries only',
    zh: '模型请求仅发往已申报且位于允许国家或地区的服务商',
  },
  'images.origin': {
    en: 'Every running image comes from the in-country registry',
    zh: '所有运行中的镜像均来自境内镜像仓库',
  },
  'images.pulls': {
    en: 'Every image pull seen came from the in-country registry',
    zh: '所有观测到的镜像拉取均来自境内镜像仓库',
  },
  'trail.integrity': {
    en: 'The CloudTrail files are genuine and unbroken',
    zh: 'CloudTrail 日志文件真实且连续',
  },
  'database.identity': {
    en: 'The database examined is the one that the service uses',
    zh: '被检查的数据库即服务实际使用的数据库',
  },
  'content.closed-schema': {
    en: 'Only declared tables, columns and JSON keys exist, holding only what their data class allows',
    zh: '仅存在已申报的表、列与 JSON 键，且其内容符合所申报的数据类别',
  },
  'content.absent': {
    en: 'No prompt or response content in the databases',
    zh: '数据库中不存在提示词或模型响应内容',
  },
  'content.keys-encrypted': {
    en: 'Provider API keys are ciphertext or hashes, on encrypted storage',
    zh: '服务商 API 密钥以密文或哈希形式保存，且存储已加密',
  },
  'content.memory': {
    en: 'Memory content only where enabled, and only embeddings and facts',
    zh: '仅在启用记忆功能时保存记忆内容，且仅为向量与事实',
  },
  'content.logs': { en: 'Container logs hold no content', zh: '容器日志不含内容' },
  'content.cache': { en: 'Caches and queues hold no content', zh: '缓存与队列不含内容' },
  'content.sinks': {
    en: 'Traces, callbacks and buckets forward no content',
    zh: '追踪、回调与存储桶不转发内容',
  },
  'database.links': { en: 'The database itself ships nothing abroad', zh: '数据库自身未向境外传送数据' },
  'web.dns': {
    en: 'Names are under the right root and resolve in region',
    zh: '域名位于正确的根域并解析至该区域',
  },
  'web.ui-origin': {
    en: 'The console is served by the in-region service',
    zh: '控制台由区域内服务提供',
  },
  'web.assets': { en: 'The console loads nothing from abroad', zh: '控制台不从境外加载资源' },
  'web.icp': {
    en: 'The console shows a linked ICP number that matches the recordal on file',
    zh: '控制台展示带链接的 ICP 备案号，且与存档一致',
  },
  'vendor.reach': {
    en: 'No vendor role, phone-home or support channel reaches in',
    zh: '供应商角色、回传或支持通道均无法进入',
  },
  'self.egress': {
    en: "The auditor's own connections stayed in the jurisdiction",
    zh: '审计程序自身的网络连接未离开辖区',
  },
} as const satisfies Readonly<Record<string, BilingualText>>;

export type CheckId = keyof typeof CATALOGUE;

export function isCheckId(text: string): text is CheckId {
  return Object.hasOwn(CATALOGUE, text);
}

/** Checks whose findings no waiver can accept (a gap in the evidence cannot be excused, nor can content). */
export function isWaivable(check: CheckId): boolean {
  return !check.startsWith('trail.') && check !== 'flows.coverage' && check !== 'content.absent';
}

import type { CheckWords } from '../check.ts';

/** The words of `network.egress`, in both languages. */
export const NETWORK_EGRESS_WORDS: CheckWords = {
  claim: {
    en: 'As the network is configured, no packet of this deployment can reach a destination outside {countries}',
    zh: '按当前网络配置，本部署的数据包均无法到达 {countries} 以外的目的地',
  },
  findings: {
    CAN_LEAVE_INITIATED: {
      en: 'Connections opened from inside can reach {place} through {exit}, let out by {by} ({interfaces} {interfaces#interface|interfaces})',
      zh: '由内部发起的连接经 {exit} 可到达 {place}，由 {by} 放行（涉及 {interfaces} 个接口）',
    },
    CAN_LEAVE_REPLY: {
      en: 'Answers to callers can reach {place} through {exit}, let in by {by} ({interfaces} {interfaces#interface|interfaces})',
      zh: '对来访者的应答经 {exit} 可到达 {place}，由 {by} 放行（涉及 {interfaces} 个接口）',
    },
    CAN_LEAVE_FUNCTION: {
      en: 'The function {function} runs outside every VPC: it can open connections to any destination, and no route, security group or network ACL is in its way',
      zh: '函数 {function} 不在任何 VPC 内运行：可向任意目的地发起连接，不受路由、安全组与网络 ACL 约束',
    },
    CAN_LEAVE_FORWARDED: {
      en: 'DNS questions asked in {vpc} are handed on to a server in {place} by resolver rule {rule}',
      zh: '{vpc} 内的 DNS 查询由解析器规则 {rule} 转发至 {place} 的服务器',
    },
    CAN_LEAVE_RESOLVER: {
      en: 'DNS questions asked in {resource} are resolved by servers anywhere: the resolver of the VPC obeys no security group and no network ACL',
      zh: '{resource} 内的 DNS 查询可由任意地点的服务器解析：VPC 解析器不受安全组与网络 ACL 约束',
    },
  },
  disclosures: {
    CAN_LEAVE_INITIATED: {
      en: 'Connections opened from inside can reach {place} through {exit}, let out by {by} ({interfaces} {interfaces#interface|interfaces})',
      zh: '由内部发起的连接经 {exit} 可到达 {place}，由 {by} 放行（涉及 {interfaces} 个接口）',
    },
    CAN_LEAVE_REPLY: {
      en: 'Answers to callers can reach {place} through {exit}, let in by {by} ({interfaces} {interfaces#interface|interfaces})',
      zh: '对来访者的应答经 {exit} 可到达 {place}，由 {by} 放行（涉及 {interfaces} 个接口）',
    },
    CAN_LEAVE_FUNCTION: {
      en: 'The function {function} runs outside every VPC: it can open connections to any destination, and no route, security group or network ACL is in its way',
      zh: '函数 {function} 不在任何 VPC 内运行：可向任意目的地发起连接，不受路由、安全组与网络 ACL 约束',
    },
    CAN_LEAVE_FORWARDED: {
      en: 'DNS questions asked in {vpc} are handed on to a server in {place} by resolver rule {rule}',
      zh: '{vpc} 内的 DNS 查询由解析器规则 {rule} 转发至 {place} 的服务器',
    },
    CAN_LEAVE_RESOLVER: {
      en: 'DNS questions asked in {resource} leave by the resolver of the VPC, which obeys no security group and no network ACL',
      zh: '{resource} 内的 DNS 查询经 VPC 解析器外出，不受安全组与网络 ACL 约束',
    },
  },
  positive: {
    RESOLVERS: {
      en: 'The resolvers of {vpcs} {vpcs#VPC|VPCs} answer no question that leaves; what closes each of them:',
      zh: '{vpcs} 个 VPC 的解析器不对外转发查询；关闭依据如下：',
    },
    OFF_PATH: {
      en: '{objects} {objects#object|objects} of the network could not be read; no path meets {objects#it|them}:',
      zh: '网络中有 {objects} 个对象无法读取，但没有路径经过：',
    },
    CUT: {
      en: '{interfaces} {interfaces#interface|interfaces} cannot open a connection to a destination outside {countries}; what stops each of them:',
      zh: '{interfaces} 个接口无法主动连接 {countries} 以外的目的地；阻断依据如下：',
    },
  },
  coverage: {
    OFF_PATH: {
      en: 'Objects that could not be read and lie on no path, of all that could not be read',
      zh: '无法读取且不在任何路径上的对象（占全部无法读取的对象）',
    },
    INTERFACES: { en: 'Network interfaces whose paths were solved', zh: '已完成路径分析的网络接口' },
  },
  limitations: {
    alwaysConfiguration: {
      en: 'This is what the configuration allows, not what was sent; AWS services that copy data among themselves use no interface of the network.',
      zh: '本项说明配置所允许的路径，而非实际流量；AWS 服务之间的复制不经过这些网络接口。',
    },
    alwaysApplications: {
      en: 'What a system inside an allowed destination passes on is not examined.',
      zh: '未检查位于允许目的地内的系统是否再行转发。',
    },
    exceptions: {
      en: 'Allowed by the policy beside these countries: AWS regions [{regions}], prefixes [{prefixes}].',
      zh: '除上述国家或地区外，策略另行允许：AWS 区域 [{regions}]，地址前缀 [{prefixes}]。',
    },
    alwaysBypass: {
      en: 'Who calls from other accounts through VPC Lattice or an endpoint service, and what load balancers forward to beyond the network, were not examined.',
      zh: '未检查其他账户经 VPC 服务网络或终端节点服务的来访，以及负载均衡器向网络之外的转发。',
    },
    alwaysInstant: {
      en: 'The configuration is that of the moment of reading.',
      zh: '所述配置为读取时刻的状态。',
    },
  },
};

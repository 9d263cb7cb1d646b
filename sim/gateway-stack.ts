import type { AddressPlan } from './address-plan.ts';
import { ADDRESS_PLANS } from './address-plan.ts';
import { gatewayNetwork } from './gateway-network.ts';
import { gatewayWorkload } from './gateway-workload.ts';
import type { Random } from './random.ts';
import type { Stack, StackNames } from './stack.ts';

export interface StackSite {
  readonly partition: Stack['partition'];
  readonly account: string;
  readonly region: string;
}

/** A stack with the names and addresses that plants, logs and tests refer to. */
export interface NamedStack {
  readonly stack: Stack;
  readonly names: StackNames;
  readonly plan: AddressPlan;
}

/** One clean LLM gateway deployment: nothing in it breaks a promise. */
export function gatewayStack(site: StackSite, random: Random): NamedStack {
  const plan = ADDRESS_PLANS[site.region];
  if (plan === undefined) throw new Error(`expected an address plan for ${site.region}`);
  const network = gatewayNetwork({ ...site, plan, random: random.fork('network') });
  const interfaces = network.names.appInterfaces.map((id) => {
    const found = network.part.networkInterfaces.find((one) => one['NetworkInterfaceId'] === id);
    return { id, address: String(found?.['PrivateIpAddress']), subnet: String(found?.['SubnetId']) };
  });
  const workload = gatewayWorkload({ ...site, random: random.fork('workload'), interfaces });
  return {
    plan,
    names: { ...network.names, ...workload.names },
    stack: { ...site, ...network.part, ...workload.part },
  };
}

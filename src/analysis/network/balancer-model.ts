import type { TrafficSet } from './traffic.ts';

/** One listener of a load balancer, and the target groups that it may pass packets on to. */
export interface Listener {
  readonly label: string;
  readonly traffic: TrafficSet;
  /** Whether it ends the client's connection and opens one of its own. */
  readonly terminates: boolean;
  readonly groups: readonly string[];
}

/** An application or network load balancer. */
export interface Balancer {
  /** Its ARN. */
  readonly id: string;
  /** Its DNS name, in small letters; empty where nobody says it. */
  readonly name: string;
  readonly interfaces: readonly string[];
  /** `null`: not described. */
  readonly listeners: readonly Listener[] | null;
}

export interface TargetGroup {
  readonly id: string;
  /** `instance`, `ip`, `alb` or `lambda`. */
  readonly type: string;
  /** Registered targets, healthy ones first. `null`: not described. */
  readonly targets: readonly Target[] | null;
}

export interface Target {
  /** Id of an instance, an address or an ARN, as the group's type says. */
  readonly id: string;
  readonly port: number | null;
  readonly healthy: boolean;
}

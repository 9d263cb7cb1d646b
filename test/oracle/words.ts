import type { Disposition, Outcome } from './packet.ts';
import { FORWARDING } from './walk.ts';

/** Endings for which two words are right: the packet is stopped, by what is no filter and no route either. */
const EITHER_WORD: readonly string[] = [
  'a loop',
  'no attachment subnet in this zone',
  'not in the peer VPC',
  'public access is blocked',
  'the NAT gateway is not in service',
  'the attachment carries no IPv6',
];

const STOPS: readonly Disposition[] = ['denied', 'blackhole', 'no-route'];
/** Endings with which a packet got through. */
export const PASSES: readonly Disposition[] = ['delivered', 'leaves-vpc'];

/** What may pass and the solver takes for passing: it asks what can be, the oracle what is known to be. */
const MAY_PASS: readonly string[] = [
  FORWARDING,
  'an appliance behind an endpoint',
  'to the internet',
  'a prefix list is not listed',
  'the VPN gateway is not listed',
];

/**
 * Where the solver knowingly says more than AWS does, and never less: the oracle's reason for a stop. A packet
 * under a source that is not its VPC's own is dropped by every gateway but a transit gateway; to say that it
 * may leave costs nothing in networks that nobody built to do so.
 */
const SAYS_MORE: readonly string[] = [
  'a peering carries no transit',
  'a VPN gateway carries no transit',
  'a gateway endpoint serves its own VPC only',
  'the source has no global address',
  'the subnet carries no packets of this family',
];

function isOneOf(reasons: readonly string[], reason: string): boolean {
  return reasons.some((one) => reason.includes(one));
}

/** Whether what the solver says of one packet is what the oracle saw, as far as anybody can know. */
export function agrees(
  { disposition, doubt, reason, outside, mayPass, oneOfMany }: Outcome,
  said: Disposition,
  rule?: string,
): boolean {
  if (said === disposition) return true;
  if (rule === 'the path is a loop' && STOPS.includes(disposition)) return true;
  if (doubt && said === 'unknown') return true;
  // Out by one way and in by another: both get through.
  if (oneOfMany === true && PASSES.includes(disposition) && PASSES.includes(said)) return true;
  // Asked what can become of it, the solver tells the way that is sure.
  if (disposition === 'unknown' && mayPass === true && PASSES.includes(said)) return true;
  if (disposition === 'unknown' && (outside || isOneOf(MAY_PASS, reason)) && PASSES.includes(said))
    return true;
  if (isOneOf(EITHER_WORD, reason) && STOPS.includes(said)) return true;
  return STOPS.includes(disposition) && isOneOf(SAYS_MORE, reason);
}

/** Whether the oracle stopped it for a reason that the solver leaves out on purpose. */
export function saysMore({ disposition, reason }: Outcome): boolean {
  return STOPS.includes(disposition) && isOneOf(SAYS_MORE, reason);
}

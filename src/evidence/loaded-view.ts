import type { JsonObject, TimeWindow } from '../core/index.ts';
import { DomicileError, isJsonObject } from '../core/index.ts';
import { listMember } from './calls.ts';
import type { Deployment } from './generated/inventory.ts';
import type { LoadedEvidence, LoadedItem } from './loaded.ts';
import type { EvidenceKey } from './model.ts';
import type { Need } from './need.ts';
import { needName } from './need.ts';
import type { EvidenceView, Fact } from './view.ts';

/** What a view looks at. `facts` is the run's memory of facts, shared by the views of one run. */
export interface ViewSource {
  readonly deployment: Deployment;
  readonly window: TimeWindow;
  readonly evidence: LoadedEvidence;
  readonly facts: Map<string, unknown>;
}

/** A view that shows the declared needs and throws on anything else. */
export function createView(source: ViewSource, declared: readonly Need[]): EvidenceView {
  const names = new Set(declared.map(needName));
  const demand = (need: Need): void => {
    if (names.has(needName(need))) return;
    throw new DomicileError('UNDECLARED_EVIDENCE', `expected a declared need, found ${needName(need)}`);
  };

  const view: EvidenceView = {
    deployment: source.deployment,
    window: source.window,
    answers: (need) => {
      demand(need);
      return itemsOf(source.evidence, need);
    },
    list: (need, call) => {
      demand(need);
      return listOf(itemsOf(source.evidence, need), need, call);
    },
    fact: <T>(fact: Fact<T>): T => {
      const needs = fact.needs(source.deployment);
      needs.forEach(demand);
      if (!source.facts.has(fact.id)) source.facts.set(fact.id, fact.compute(createView(source, needs)));
      return source.facts.get(fact.id) as T;
    },
  };
  return view;
}

/** The items that answer a need, in the manifest's order. */
export function itemsOf(evidence: LoadedEvidence, need: Need): readonly LoadedItem[] {
  return evidence.filter(({ item }) => answersNeed(item.key, need));
}

function answersNeed(key: EvidenceKey, need: Need): boolean {
  return (
    key.kind === need.kind &&
    key.account === need.account &&
    key.region === need.region &&
    key.target === need.target &&
    key.phase === need.phase
  );
}

function listOf(items: readonly LoadedItem[], need: Need, call: string): readonly JsonObject[] | undefined {
  const member = listMember(need.kind, call);
  const bodies = items.filter(({ item, body }) => item.key.call === call && isJsonObject(body));
  if (bodies.length === 0) return undefined;
  return bodies.flatMap(({ body }) => entriesOf(isJsonObject(body) ? body[member] : undefined));
}

function entriesOf(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return value.filter(isJsonObject);
  return isJsonObject(value) ? [value] : [];
}

import type { DocumentPath, Fault, Json, JsonObject, LocatedDocument } from '../../core/index.ts';
import { DomicileError, isJsonObject } from '../../core/index.ts';
import { isCheckId } from '../catalogue.ts';
import type { LegalBasis, PolicyFileControl } from '../generated/policy.ts';
import { findArticle } from '../legal.ts';
import type { PolicyControl } from '../model.ts';
import type { ParsedCheck, PolicyEnvironment } from './environment.ts';
import { faultAt, listIn, quoted, textIn } from './faults.ts';

interface ReadControl {
  readonly faults: readonly Fault[];
  /** To be called only where no document has a fault. */
  readonly control: () => PolicyControl;
}

/** One entry of a policy's `controls`, with everything that is wrong in it. */
export function readControl(
  document: LocatedDocument,
  environment: PolicyEnvironment,
  value: Json,
  path: DocumentPath,
): ReadControl {
  const parameters = readParameters(document, environment, value, path);
  const faults = [...basisFaults(document, environment, value, path), ...parameters.faults];
  const control = (): PolicyControl => {
    // A document without faults has the shape of its schema, from which the type is generated.
    const { id, title, severity, basis } = value as unknown as PolicyFileControl;
    const legal = (basis ?? []).flatMap((named) => {
      const found = findArticle(environment.legalTexts, named);
      return found.kind === 'found' ? [found.reference] : [];
    });
    return { id, title, severity, check: parameters.check(), parameters: parameters.value, legal };
  };
  return { faults, control };
}

interface ReadParameters {
  readonly faults: readonly Fault[];
  readonly check: () => PolicyControl['check'];
  readonly value: JsonObject;
}

function readParameters(
  document: LocatedDocument,
  environment: PolicyEnvironment,
  value: Json,
  path: DocumentPath,
): ReadParameters {
  const name = textIn(value, 'check') ?? '';
  const nothing = (faults: readonly Fault[]): ReadParameters => ({
    faults,
    check: () => checkNamed(name),
    value: {},
  });
  if (!isJsonObject(value) || name === '') return nothing([]);
  if (!isCheckId(name)) {
    const message = `expected a check of the catalogue, found ${quoted(name)}`;
    return nothing([faultAt(document, [...path, 'check'], message)]);
  }

  const given = value['with'];
  if (given !== undefined && !isJsonObject(given)) return nothing([]);
  const check = environment.checks.get(name);
  if (check === undefined) return nothing(unbuiltFaults(document, given, path));

  const checked = environment.validate(check.parameters as JsonObject, given ?? {});
  const faults = checked.problems.map((problem) => {
    const place = given === undefined ? path : [...path, 'with', ...problem.path];
    return faultAt(document, place, `${name}: ${problem.message}`, { part: problem.part });
  });
  if (faults.length > 0 || !isJsonObject(checked.value)) return nothing(faults);
  const idle = idleFault(document, check, checked.value, path);
  return { faults: idle === undefined ? [] : [idle], check: () => name, value: checked.value };
}

function checkNamed(name: string): PolicyControl['check'] {
  if (!isCheckId(name)) throw new DomicileError('INTERNAL', 'expected a check whose name was tested');
  return name;
}

/** A check that is not built cannot say what its parameters mean: none can be accepted. */
function unbuiltFaults(
  document: LocatedDocument,
  given: JsonObject | undefined,
  path: DocumentPath,
): readonly Fault[] {
  if (given === undefined) return [];
  const message = 'expected no parameters, since this version does not build the check';
  return [faultAt(document, [...path, 'with'], message, { part: 'key' })];
}

function idleFault(
  document: LocatedDocument,
  check: ParsedCheck,
  parameters: JsonObject,
  path: DocumentPath,
): Fault | undefined {
  const why = check.flagsNothing?.(parameters);
  if (why === undefined) return undefined;
  const message = `expected parameters under which ${check.id} could flag something: ${why}`;
  return faultAt(document, [...path, 'with'], message, { hint: 'a control that cannot fail proves nothing' });
}

function basisFaults(
  document: LocatedDocument,
  environment: PolicyEnvironment,
  value: Json,
  path: DocumentPath,
): readonly Fault[] {
  return listIn(value, 'basis').flatMap((entry, index) => {
    const basis = basisOf(entry);
    if (basis === undefined) return [];
    const found = findArticle(environment.legalTexts, basis);
    if (found.kind === 'found') return [];
    const { law, article, edition } = basis;
    const message = `expected ${found.expected}, found ${quoted([law, edition, article].filter(Boolean).join(' '))}`;
    return [faultAt(document, [...path, 'basis', index], message, found)];
  });
}

function basisOf(entry: Json): LegalBasis | undefined {
  const [law, article, edition] = [textIn(entry, 'law'), textIn(entry, 'article'), textIn(entry, 'edition')];
  if (law === undefined || article === undefined) return undefined;
  return edition === undefined ? { law, article } : { law, article, edition };
}

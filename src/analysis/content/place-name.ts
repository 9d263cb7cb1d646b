const PLAIN = /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/;

/**
 * `database.schema.table.column` and the path below it, as findings name a place. A name that is not a plain
 * identifier is quoted as JSON, so that a hostile one can neither break a line nor look like two names.
 */
export function placeName(...names: readonly string[]): string {
  return names.map(namePart).join('.');
}

function namePart(name: string): string {
  return PLAIN.test(name) || /^[a-z][a-z0-9-]*$/.test(name) ? name : JSON.stringify(name);
}

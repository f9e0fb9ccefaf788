/**
 * How the value of a field is made up, where the merge looks inside it. A field without a shape is one value that either
 * changed or did not.
 */
export type FieldShape =
  /** A list whose elements are recognised by these members. Their order in the list carries no meaning. */
  | { kind: 'list'; identity: readonly string[] }
  /** An object of free names, each a value of its own. */
  | { kind: 'named' }
  /** A reading `{value, at}` that knows its own time: the newest holds, whoever reports it. */
  | { kind: 'reading' };

/** By field of an entity. */
export type FieldShapes = Readonly<Record<string, FieldShape>>;

export const READING: FieldShape = { kind: 'reading' };
export const NAMED: FieldShape = { kind: 'named' };

/** Example: `listBy('startedAt', 'person')` for bookings of labour. */
export function listBy(...identity: string[]): FieldShape {
  return { kind: 'list', identity };
}

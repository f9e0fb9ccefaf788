/** How a seed brings a record in: with its own times, every column filled. */
import { SCHEMA, type ObjectName } from './schema.ts';
import type { Row, Store, Values } from './store.ts';

/** Puts a record in as if it had been there for long. */
export function putRecord(
  store: Store,
  object: ObjectName,
  values: Values,
  createdAt: number,
  updatedAt = createdAt,
): Row {
  const rest = Object.entries(SCHEMA[object].columns).map(([name, { fallback }]) => [name, fallback ?? null]);
  const all = { ...(Object.fromEntries(rest) as Values), ...values };
  return store.add(object, { values: all, at: { createdAt, updatedAt } });
}

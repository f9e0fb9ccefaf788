/**
 * What the product promises of records that a system keeps to itself: they stay exactly as people there left them, the hub
 * hears nothing of them, nothing is made among them, and the connection says that it does not carry the kind. This is all that
 * is promised, so the other laws do not ask where such an edit ended.
 */
import { jsonEqual, type Json } from '../../domain/json.ts';
import type { PlantConnection } from '../support/plant.ts';
import type { Evidence } from './evidence.ts';
import { spellingOf, titleField } from './fields.ts';
import { KINDS, type Kind } from './vendors/vendor.ts';
import { keyOf, rowsOf, rowsOfKind } from './screen-rows.ts';
import type { Edit, World } from './world.ts';

/** Laws 2 and 3 for what is kept apart. */
export function checkApart(world: World, evidence: Evidence): string[] {
  const breaks: string[] = [];
  for (const [name, connection] of world.connections) {
    for (const kind of KINDS) {
      if (!world.isApart(name, kind)) continue;
      const { read, pull, create, update, remove } = world.capability(connection, kind);
      if (read || pull !== 'none' || create || update || remove)
        breaks.push(`2: ${name} says it carries ${kind} records, which its contract keeps apart`);
      for (const link of evidence.links) {
        if (link.connectionId === connection.id && link.entity === kind)
          breaks.push(`3: the ${kind} ${link.externalId}, kept apart at ${name}, is linked`);
      }
      const typed = world.apart.filter((edit) => edit.side === name && edit.kind === kind);
      breaks.push(...strangers(name, connection, kind, typed), ...moved(world, connection, typed));
      for (const key of new Set(typed.map((edit) => edit.key))) {
        if (evidence.hubs.some((hub) => hub.entity === kind && keyOf(hub.fields[titleField(kind)]) === key))
          breaks.push(`3: ${key}, kept apart at ${name}, is in the hub`);
      }
    }
  }
  return breaks;
}

/** Rows that nobody there typed. */
function strangers(name: string, connection: PlantConnection, kind: Kind, typed: readonly Edit[]): string[] {
  const title = spellingOf(connection.system, kind, titleField(kind));
  return rowsOfKind(connection, kind)
    .map((row) => title?.read(row) ?? null)
    .filter((said) => !typed.some(({ key }) => key === keyOf(said)))
    .map((said) => `3: ${name} has the ${kind} ${JSON.stringify(said)}, which nobody typed there`);
}

/** Rows that are not as the last edit there left them. */
function moved(world: World, connection: PlantConnection, typed: readonly Edit[]): string[] {
  const breaks: string[] = [];
  const last = new Map<string, Edit>(typed.map((edit) => [`${edit.key}.${edit.field}`, edit]));
  for (const { side, kind, key, field, value } of last.values()) {
    const shown: Json[] = rowsOf(connection, kind, key).map(
      (row) => spellingOf(connection.system, kind, field)?.read(row) ?? null,
    );
    const wanted = world.deleted.some((row) => row.side === side && row.key === key) ? [] : [value];
    if (!jsonEqual(shown, wanted))
      breaks.push(
        `2: ${key}.${field}, kept apart at ${side}, was left as ${JSON.stringify(wanted)} and is ${JSON.stringify(shown)}`,
      );
  }
  return breaks;
}

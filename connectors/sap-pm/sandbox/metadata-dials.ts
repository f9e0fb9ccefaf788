/** What the dials `removeFields` and `renameFields` leave of a set, for entities and `$metadata` alike. */
import type { Dials } from './dials.ts';
import type { EntitySet, Field } from './schema.ts';

export function visibleFields(dials: Dials, set: EntitySet): { field: Field; name: string }[] {
  const gone = new Set(dials.removeFields);
  return [...set.fields.values()]
    .filter(({ name }) => !gone.has(`${set.name}.${name}`))
    .map((field) => ({ field, name: dials.renameFields[`${set.name}.${field.name}`] ?? field.name }));
}

/** The field a client means by a name. */
export function fieldByName(dials: Dials, set: EntitySet, name: string): Field | undefined {
  if (dials.removeFields.length === 0 && Object.keys(dials.renameFields).length === 0)
    return set.fields.get(name);
  return visibleFields(dials, set).find((visible) => visible.name === name)?.field;
}

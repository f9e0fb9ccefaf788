/**
 * The canonical entities: what each is called, its table of fields, and what follows from the table. A field is written down in
 * the entity's own file; docs/adding-a-field.md.
 */
import type { z } from 'zod';
import { ASSET_FIELDS } from './asset.ts';
import type { FieldShapes } from './field-shape.ts';
import { referencesIn, schemaOf, shapesIn, type FieldTable } from './field-table.ts';
import { LOCATION_FIELDS } from './location.ts';
import { METER_FIELDS } from './meter.ts';
import { ENTITIES, type Entity } from './names.ts';
import { PART_FIELDS } from './part.ts';
import { PERSON_FIELDS } from './person.ts';
import { PLAN_FIELDS } from './plan.ts';
import { REQUEST_FIELDS } from './request.ts';
import { WORK_ORDER_FIELDS } from './work-order.ts';

export { ENTITIES, type Entity } from './names.ts';
export { reading } from './meter.ts';
export { comment, type MappedComment } from './work-order.ts';

export interface EntityDefinition {
  fields: FieldTable;
  schema: z.ZodObject;
  /** Field to the entity it refers to; `parts[].part` is the key `part` in each element of the list `parts`. */
  references: Readonly<Record<string, Entity>>;
  /** Fields the merge looks into; every other field is one value. */
  shapes: FieldShapes;
  /** Prefix of the numbers the hub gives, e.g. `WO-000123`. */
  numberPrefix: string;
  /** Whether records carry append-only comments beside their fields. */
  comments: boolean;
}

const TABLES = {
  person: { fields: PERSON_FIELDS, numberPrefix: 'P', comments: false },
  location: { fields: LOCATION_FIELDS, numberPrefix: 'L', comments: false },
  asset: { fields: ASSET_FIELDS, numberPrefix: 'A', comments: false },
  part: { fields: PART_FIELDS, numberPrefix: 'PT', comments: false },
  meter: { fields: METER_FIELDS, numberPrefix: 'M', comments: false },
  plan: { fields: PLAN_FIELDS, numberPrefix: 'PM', comments: false },
  request: { fields: REQUEST_FIELDS, numberPrefix: 'R', comments: false },
  work_order: { fields: WORK_ORDER_FIELDS, numberPrefix: 'WO', comments: true },
} as const satisfies Readonly<Record<Entity, Pick<EntityDefinition, 'fields' | 'numberPrefix' | 'comments'>>>;
/** The table of one entity, for what follows from it in types. */
export type TableOf<E extends Entity> = (typeof TABLES)[E]['fields'];

export const ENTITY_DEFINITIONS = Object.fromEntries(
  ENTITIES.map((entity): [Entity, EntityDefinition] => {
    const { fields, ...rest } = TABLES[entity];
    const derived = { schema: schemaOf(fields), references: referencesIn(fields), shapes: shapesIn(fields) };
    return [entity, { fields, ...derived, ...rest }];
  }),
) as Readonly<Record<Entity, EntityDefinition>>;

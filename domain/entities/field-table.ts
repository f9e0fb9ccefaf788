/**
 * What the table of an entity says of one field, and what follows from it: the record's schema, its references, its shapes and
 * its type. Everything else that knows fields (the API's names and schemas, filters, field mappings, the page docs/fields.md)
 * reads the same tables, so that a field is written down once.
 */
import { z } from 'zod';
import type { SnakeName } from '../case.ts';
import type { FieldShape, FieldShapes } from './field-shape.ts';
import type { Entity } from './names.ts';

/**
 * Who sets a field: `people` when they make or change a record, an `operation` of its own (a move of the status, a step that is
 * completed), or only other `systems`.
 */
export type SetBy = 'people' | 'operation' | 'systems';

export interface FieldOptions {
  /** Its name in the API; without one its own in snake_case. */
  readonly name?: string;
  /** Shown by code of the entity's own, as part of what has this name. Others are shown as they are. */
  readonly own?: true;
  /** How the API writes it, where not as it is stored: minutes as hours, a day as its midnight. */
  readonly as?: 'hours' | 'midnight';
  /** What an absent list or map is shown as; other absent fields are null. */
  readonly empty?: readonly never[] | Readonly<Record<string, never>>;
  /** The entity it refers to, or by member of its elements. */
  readonly refers?: Entity | Readonly<Record<string, Entity>>;
  /** The field that keeps the text when nobody fits this reference to a person. */
  readonly written?: string;
  /** How the merge looks inside; without one it is one value. */
  readonly shape?: FieldShape;
  /** `people` when absent. */
  readonly setBy?: SetBy;
  /** People may correct it when the work is over. */
  readonly afterwards?: true;
  /** What people may say, where that is narrower than what the hub holds. */
  readonly input?: z.ZodType;
  /** Lists can be narrowed by it. */
  readonly filter?: true;
  /** For whoever sends it. */
  readonly inputNote?: string;
  /** For whoever reads it. */
  readonly shownNote?: string;
}

export interface Field<
  S extends z.ZodType = z.ZodType,
  N extends boolean = boolean,
  O extends FieldOptions = FieldOptions,
> {
  readonly schema: S;
  /** No record is without it. */
  readonly needed: N;
  readonly options: O;
}

/** In the order in which answers show them. */
export type FieldTable = Readonly<Record<string, Field>>;

export function field<S extends z.ZodType, const O extends FieldOptions>(
  schema: S,
  options: O = {} as O,
): Field<S, false, O> {
  return { schema, needed: false, options };
}

export function needed<S extends z.ZodType, const O extends FieldOptions>(
  schema: S,
  options: O = {} as O,
): Field<S, true, O> {
  return { schema, needed: true, options };
}

/** Absent members are absent, never undefined. */
export type Exact<T> = T extends readonly (infer U)[]
  ? Exact<U>[]
  : T extends object
    ? { [K in keyof T]: Exact<Exclude<T[K], undefined>> }
    : T;

type ValueOf<F> = F extends Field<infer S> ? Exact<z.infer<S>> : never;

/** The fields of a record as the hub stores them. */
export type FieldsOf<T extends FieldTable> = {
  -readonly [K in keyof T as T[K]['needed'] extends true ? K : never]: ValueOf<T[K]>;
} & {
  -readonly [K in keyof T as T[K]['needed'] extends true ? never : K]?: ValueOf<T[K]>;
};

/** What people say of a record: undefined leaves a field as it is, null clears it. References and derived values are apart. */
export type PlainInput<T extends FieldTable> = {
  -readonly [K in keyof T as IsPlainInput<T[K]['options']> extends true ? K : never]?:
    ValueOf<T[K]> | null | undefined;
};
type IsPlainInput<O> = O extends { own: true } | { setBy: SetBy } | { refers: unknown } ? false : true;

/** The fields that answers show as they are, by their names there. */
export type ShownOf<T extends FieldTable> = {
  -readonly [K in keyof T as T[K]['options'] extends { own: true } ? never : NameOf<K, T[K]['options']>]:
    | (T[K]['options'] extends { as: 'midnight' } ? string : ValueOf<T[K]>)
    | (T[K] extends { needed: true } | { options: { empty: unknown } } ? never : null);
};
type NameOf<K, O> = O extends { name: infer N extends string } ? N : SnakeName<K>;

/** The fields of `PlainInput`. */
export function plainInputs(table: FieldTable): [name: string, field: Field][] {
  return Object.entries(table).filter(
    ([, { options }]) => options.own !== true && options.setBy === undefined && options.refers === undefined,
  );
}

export function schemaOf(table: FieldTable): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(table).map(([name, one]) => [name, one.needed ? one.schema : one.schema.optional()]),
    ),
  );
}

/** Field to the entity it refers to; `parts[].part` is the key `part` in each element of the list `parts`. */
export function referencesIn(table: FieldTable): Record<string, Entity> {
  return Object.fromEntries(
    Object.entries(table).flatMap(
      ([
        name,
        {
          options: { refers },
        },
      ]): [string, Entity][] => {
        if (refers === undefined) return [];
        if (typeof refers === 'string') return [[name, refers]];
        return Object.entries(refers).map(([member, entity]) => [`${name}[].${member}`, entity]);
      },
    ),
  );
}

export function shapesIn(table: FieldTable): FieldShapes {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, { options }]) =>
      options.shape === undefined ? [] : [[name, options.shape]],
    ),
  );
}

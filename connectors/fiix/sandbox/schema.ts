/** The classes of a tenant as the server knows them: columns with type, reference and rights. Names are case-sensitive. */
import { CLASS_TEXTS, WITHOUT_INT_UPDATED, type ClassName } from './schema-text.ts';

export type { ClassName } from './schema-text.ts';

/** By the prefix of the name (contract 2.10). */
export type ColumnType = 'int' | 'dec' | 'text' | 'flag' | 'time';

export interface Column {
  name: string;
  type: ColumnType;
  ref: ClassName | null;
  required: boolean;
  readOnly: boolean;
  /** The record is removed with the one it refers to. */
  owned: boolean;
}

export interface ClassSchema {
  name: ClassName;
  columns: ReadonlyMap<string, Column>;
  /** By lower-case name: conditions do not mind the case (contract 2.3). */
  folded: ReadonlyMap<string, Column>;
  references: readonly Column[];
}

const TYPE_BY_PREFIX: Readonly<Record<string, ColumnType>> = {
  int: 'int',
  dbl: 'dec',
  qty: 'dec',
  str: 'text',
  bol: 'flag',
  dtm: 'time',
  dat: 'time',
};

function isClassName(name: string): name is ClassName {
  return Object.hasOwn(CLASS_TEXTS, name);
}

function parseColumn(text: string): Column {
  const [, name = '', ref, flags = ''] = /^(\w+)(?:>(\w+))?([!^-]*)$/.exec(text) ?? [];
  if (name === '' || (ref !== undefined && !isClassName(ref))) {
    throw new TypeError(`The column "${text}" cannot be read.`);
  }
  return {
    name,
    type: TYPE_BY_PREFIX[name.slice(0, 3)] ?? 'int',
    ref: ref ?? null,
    required: flags.includes('!'),
    readOnly: flags.includes('-'),
    owned: flags.includes('^'),
  };
}

function parseClass(name: ClassName): ClassSchema {
  const stamp = WITHOUT_INT_UPDATED.has(name) ? '' : 'intUpdated-';
  const texts = `id- ${CLASS_TEXTS[name]} ${stamp}`.split(/\s+/).filter((text) => text !== '');
  const columns = texts.map(parseColumn);
  return {
    name,
    columns: new Map(columns.map((column) => [column.name, column])),
    folded: new Map(columns.map((column) => [column.name.toLowerCase(), column])),
    references: columns.filter(({ ref }) => ref !== null),
  };
}

export const CLASS_NAMES = Object.keys(CLASS_TEXTS).filter(isClassName).sort();

const SCHEMAS = new Map(CLASS_NAMES.map((name) => [name, parseClass(name)]));

export function schemaOf(name: ClassName): ClassSchema {
  const schema = SCHEMAS.get(name);
  if (schema === undefined) throw new TypeError(`There is no class "${name}".`);
  return schema;
}

export function classNamed(name: unknown): ClassName | null {
  return typeof name === 'string' && isClassName(name) ? name : null;
}

/** Which columns of which classes point to a class. */
export const REFERRERS: ReadonlyMap<ClassName, readonly { className: ClassName; column: Column }[]> = new Map(
  CLASS_NAMES.map((target) => [
    target,
    CLASS_NAMES.flatMap((className) =>
      schemaOf(className)
        .references.filter(({ ref }) => ref === target)
        .map((column) => ({ className, column })),
    ),
  ]),
);

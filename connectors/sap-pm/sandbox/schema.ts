/**
 * Turns the field lists of the contract into typed entity sets. The notation is the contract's: `s40` text, `d` date, `dto`
 * moment, `t` time, `n13.3` decimal, `#` digits only, `!` mandatory on create; a key with `-` is numbered by the server.
 */

export type Kind = 's' | 'd' | 'dto' | 't' | 'b' | 'byte' | 'i16' | 'i32' | 'i64' | 'dbl' | 'n';
/** Dates and moments are epoch milliseconds, times `PT07H00M00S`, all numbers are numbers. */
export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;

export interface Field {
  name: string;
  kind: Kind;
  /** Longest text; undefined has no limit. */
  length: number | undefined;
  precision: number | undefined;
  scale: number | undefined;
  /** Digits only; loses leading zeros on the wire (contract 3.2). */
  numc: boolean;
  /** Leading zeros do not count: the conversion exit of keys (contract 3.3). */
  alpha: boolean;
  required: boolean;
  creatable: boolean;
  updatable: boolean;
  filterable: boolean;
  sortable: boolean;
  /** What an untouched field reads as. */
  initial: Value;
}

export interface Nav {
  name: string;
  target: string;
  many: boolean;
  /** Fields both ends share. */
  join: readonly string[];
}

export interface SetSpec {
  type?: string;
  /** Shared with the same set of another service when equal. */
  table?: string;
  /** C create, N create through the parent, U update, D delete. */
  may: string;
  key: string;
  write?: string;
  create?: string;
  read?: string;
  /** `to_X TargetSet *` or `1`, comma separated. */
  nav?: string;
  /** No concurrency mark. */
  free?: boolean;
  /** The etag is the moment of the last change (contract 1.5); otherwise it is made of the values. */
  stamped?: boolean;
}

export interface EntitySet {
  name: string;
  type: string;
  table: string;
  may: string;
  fields: ReadonlyMap<string, Field>;
  keys: readonly Field[];
  navs: ReadonlyMap<string, Nav>;
  free: boolean;
  stamped: boolean;
}

/** Unsorted, unfiltered: status texts and the like (contract 2.1, 3.1; marked † there). */
const COMPUTED_TEXTS = new Set([
  'SystemStatusText',
  'UserStatusText',
  'ConcatenatedActiveSystStsName',
  'PersonResponsibleName',
]);
const UNSORTABLE = new Set(['TechnicalObject', 'TechnicalObjectLabel', 'TechObjIsEquipOrFuncnlLoc']);
const ALPHA = new Set([
  'MaintenanceOrder',
  'MaintenanceNotification',
  'Equipment',
  'SuperordinateEquipment',
  'MaintenancePlan',
  'MaintenanceItem',
  'MeasuringPoint',
  'MeasurementDocument',
  'Reservation',
  'MaintOrderConf',
  'MaterialDocument',
]);

const INITIAL: Readonly<Record<Kind, Value>> = {
  s: '',
  d: null,
  dto: null,
  t: 'PT00H00M00S',
  b: false,
  byte: 0,
  i16: 0,
  i32: 0,
  i64: 0,
  dbl: 0,
  n: 0,
};

const WORDS: Readonly<Record<string, Kind>> = { date: 'd', time: 't' };

function parseField(text: string, rights: { creatable: boolean; updatable: boolean }): Field {
  const match = /^(\w+) ([a-z]+)(\d+)?(?:\.(\d+))?([#!†?-]*)$/.exec(text.trim().replaceAll(/\s+/g, ' '));
  if (match === null) throw new Error(`The field "${text}" cannot be read.`);
  const [, name = '', word = '', size, decimals, marks = ''] = match;
  // `i16` and its like carry their size in the word.
  const kind = (WORDS[word] ?? (word === 'i' ? `i${size ?? ''}` : word)) as Kind;
  const numc = marks.includes('#');
  const hidden = marks.includes('†') || COMPUTED_TEXTS.has(name);
  return {
    name,
    kind,
    length: kind === 's' && size !== undefined ? Number(size) : undefined,
    precision: kind === 'n' ? Number(size) : undefined,
    scale: kind === 'n' ? Number(decimals ?? 0) : undefined,
    numc,
    alpha: numc || ALPHA.has(name),
    required: marks.includes('!'),
    creatable: rights.creatable && !marks.includes('-'),
    updatable: rights.updatable,
    filterable: !hidden,
    sortable: !hidden && !UNSORTABLE.has(name),
    initial: numc ? '0' : INITIAL[kind],
  };
}

function parseFields(text: string, rights: { creatable: boolean; updatable: boolean }): Field[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => parseField(part, rights));
}

interface NavText {
  name: string;
  target: string;
  many: boolean;
}

function parseNavs(text: string): NavText[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [name = '', target = '', many] = part.trim().split(/\s+/);
      return { name, target, many: many === '*' };
    });
}

/** Whose key links the two ends: the parent's, as far as the child carries its fields. */
function joinOf(from: EntitySet, to: EntitySet, many: boolean): string[] {
  const [parent, child] = many || isBelow(to, from) ? [from, to] : [to, from];
  // A usage period of equipment is no part of any link (contract 2.4).
  return parent.keys
    .map(({ name }) => name)
    .filter((name) => child.fields.has(name) && name !== 'ValidityEndDate');
}

/** A text or a warranty has the key of its parent, or a longer one. */
function isBelow(child: EntitySet, parent: EntitySet): boolean {
  return child.keys.length > parent.keys.length && parent.keys.every(({ name }) => child.fields.has(name));
}

/** The types of a service in use with each other. Sets without a `nav` target in the same service lose that navigation. */
export function buildSets(specs: Readonly<Record<string, SetSpec>>): Map<string, EntitySet> {
  const sets = new Map<string, EntitySet>();
  const wanted = new Map<string, NavText[]>();
  for (const [name, spec] of Object.entries(specs)) {
    const keys = parseFields(spec.key, { creatable: true, updatable: false });
    const fields = [
      ...keys,
      ...parseFields(spec.write ?? '', { creatable: true, updatable: true }),
      ...parseFields(spec.create ?? '', { creatable: true, updatable: false }),
      ...parseFields(spec.read ?? '', { creatable: false, updatable: false }),
    ];
    wanted.set(name, parseNavs(spec.nav ?? ''));
    sets.set(name, {
      name,
      type: spec.type ?? `${name}Type`,
      table: spec.table ?? name,
      may: spec.may,
      fields: new Map(fields.map((field) => [field.name, field])),
      keys,
      navs: new Map(),
      free: spec.free ?? false,
      stamped: spec.stamped ?? false,
    });
  }
  for (const [name, set] of sets) {
    const navs = (wanted.get(name) ?? []).flatMap(({ name: nav, target, many }): Nav[] => {
      const to = sets.get(target);
      const join = to === undefined ? [] : joinOf(set, to, many);
      return join.length === 0 ? [] : [{ name: nav, target, many, join }];
    });
    sets.set(name, { ...set, navs: new Map(navs.map((nav) => [nav.name, nav])) });
  }
  return sets;
}

export function valueOf(values: Values, field: Field): Value {
  return values[field.name] ?? field.initial;
}

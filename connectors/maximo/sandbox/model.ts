/**
 * The shape of the data dictionary the sandbox imitates: business objects with typed attributes, relations between them
 * and the object structures that name them (contract 2.1-2.3). The entries themselves are in the model-*.ts files.
 */

export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;

export type AttributeType =
  | 'UPPER'
  | 'ALN'
  | 'LONGALN'
  | 'INTEGER'
  | 'BIGINT'
  | 'DECIMAL'
  | 'AMOUNT'
  | 'DURATION'
  | 'YORN'
  | 'DATETIME'
  | 'DATE';

export interface Attribute {
  name: string;
  type: AttributeType;
  length: number | null;
  readOnly: boolean;
  persistent: boolean;
  /** Synonym domain its values come from. */
  domain: string | null;
  /** Table its values must exist in. */
  refersTo: string | null;
}

/** A link to rows of another object: each pair is [attribute there, attribute here]. */
export interface Relation {
  name: string;
  /** Last segment of its collection URL. */
  segment: string;
  mbo: string;
  link: readonly (readonly [string, string])[];
  /** Values every row of the relation has besides the link. */
  fixed: Values;
  many: boolean;
  /** Attribute lists by which a payload row is matched with a stored one. */
  matchBy: readonly string[];
}

export interface Mbo {
  name: string;
  uid: string;
  /** Key attributes in the order of the rest id. */
  keys: readonly string[];
  attributes: ReadonlyMap<string, Attribute>;
  relations: ReadonlyMap<string, Relation>;
  /** Unfilled attributes that must have a value when a row is inserted. */
  required: readonly string[];
}

export interface ObjectStructure {
  name: string;
  mbo: Mbo;
  /** Relations the structure includes as children. */
  children: readonly Relation[];
  /** Rows outside this are not part of the structure (mxapioperloc shows only operating locations). */
  filter: Values;
  application: string;
}

export interface Model {
  mbos: ReadonlyMap<string, Mbo>;
  structures: ReadonlyMap<string, ObjectStructure>;
}

const TYPES: Readonly<Record<string, AttributeType>> = {
  u: 'UPPER',
  a: 'ALN',
  t: 'LONGALN',
  i: 'INTEGER',
  b: 'BIGINT',
  n: 'DECIMAL',
  m: 'AMOUNT',
  h: 'DURATION',
  y: 'YORN',
  dt: 'DATETIME',
  d: 'DATE',
};

/** One attribute as the model files write it: `name:type[length][!flags][#domain][@table]`, flags r = read-only, n = not persistent. */
export function readAttribute(entry: string): Attribute {
  const match = /^(\w+):(dt|[uatibnmhyd])(\d*)(?:!([rn]+))?(?:#(\w+))?(?:@(\w+))?$/.exec(entry);
  const type = TYPES[match?.[2] ?? ''];
  if (match === null || type === undefined) throw new Error(`The model entry "${entry}" is malformed.`);
  const flags = match[4] ?? '';
  return {
    name: match[1] ?? '',
    type,
    length: match[3] === undefined || match[3] === '' ? null : Number(match[3]),
    readOnly: flags.includes('r'),
    persistent: !flags.includes('n'),
    domain: match[5] ?? null,
    refersTo: match[6] ?? null,
  };
}

export interface RelationSource {
  to: string;
  link: Readonly<Record<string, string>>;
  segment?: string;
  fixed?: Values;
  one?: boolean;
  matchBy?: readonly string[];
}

export interface MboSource {
  uid: string;
  keys: readonly string[];
  required?: readonly string[];
  attributes: string;
  relations?: Readonly<Record<string, RelationSource>>;
}

export interface StructureSource {
  mbo: string;
  children?: readonly string[];
  filter?: Values;
  application: string;
}

function readMbo(name: string, source: MboSource): Mbo {
  const attributes = source.attributes.trim().split(/\s+/).map(readAttribute);
  const relations = Object.entries(source.relations ?? {}).map(([relation, from]): [string, Relation] => [
    relation,
    {
      name: relation,
      segment: from.segment ?? relation,
      mbo: from.to,
      link: Object.entries(from.link),
      fixed: from.fixed ?? {},
      many: from.one !== true,
      matchBy: from.matchBy ?? [],
    },
  ]);
  return {
    name,
    uid: source.uid,
    keys: source.keys,
    required: source.required ?? [],
    attributes: new Map(attributes.map((attribute) => [attribute.name, attribute])),
    relations: new Map(relations),
  };
}

export function buildModel(
  mbos: Readonly<Record<string, MboSource>>,
  structures: Readonly<Record<string, StructureSource>>,
): Model {
  const built = new Map(Object.entries(mbos).map(([name, source]) => [name, readMbo(name, source)]));
  const named = Object.entries(structures).map(([name, source]): [string, ObjectStructure] => {
    const mbo = built.get(source.mbo);
    if (mbo === undefined) throw new Error(`The structure ${name} names the unknown object ${source.mbo}.`);
    const children = (source.children ?? []).map((child) => {
      const relation = mbo.relations.get(child);
      if (relation === undefined) throw new Error(`The structure ${name} names the unknown child ${child}.`);
      return relation;
    });
    return [name, { name, mbo, children, filter: source.filter ?? {}, application: source.application }];
  });
  return { mbos: built, structures: new Map(named) };
}

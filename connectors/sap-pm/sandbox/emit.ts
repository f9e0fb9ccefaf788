/** Rows as JSON text: `__metadata`, deferred links and V2 literals (contract 3.2), or V4 JSON (2.7). Keeps what it made. */
import { etagOf } from './etag.ts';
import { keyLiteral, showV2, showV4 } from './edm.ts';
import { germanOf } from './language.ts';
import { visibleFields } from './metadata-dials.ts';
import { valueOf, type EntitySet, type Nav, type Values } from './schema.ts';
import { computed } from './computed.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

/** The properties asked for below a point: null means all. */
export interface Projection {
  select: ReadonlySet<string> | null;
  expand: ReadonlyMap<string, Projection>;
}

const SHAPES_MAX = 12;
/** Of one shape. */
const TEXTS_MAX = 10_000;

export function keyPredicate(set: EntitySet, values: Values, protocol: 2 | 4): string {
  const [first, ...more] = set.keys;
  if (first === undefined) return '()';
  const literal = (field: typeof first): string => keyLiteral(field, valueOf(values, field), protocol);
  if (more.length === 0) return `(${literal(first)})`;
  return `(${set.keys.map((field) => `${field.name}=${literal(field)}`).join(',')})`;
}

export function related(call: Call, nav: Nav, row: Row): Row[] {
  const target = call.service.sets.get(nav.target);
  if (target === undefined) return [];
  const found = call.world.db.where(
    target.table,
    nav.join,
    nav.join.map((name) => row.values[name] ?? ''),
  );
  return nav.many ? found : found.slice(-1);
}

interface Shape {
  protocol: 2 | 4;
  uri: (row: Row) => string;
  render: (row: Row, uri: string) => string;
}

function shapeOf(call: Call, set: EntitySet, projection: Projection): Shape {
  const { service, root, language } = call;
  const { protocol } = service;
  const show = protocol === 2 ? showV2 : showV4;
  const wanted = projection.select;
  const fields = visibleFields(call.world.dials, set).filter(
    ({ field }) => wanted === null || wanted.has('*') || wanted.has(field.name),
  );
  const prepared = fields.map(({ field, name }) => ({
    field,
    head: `${JSON.stringify(name)}:`,
    initial: `${JSON.stringify(name)}:${show(field, field.initial)}`,
    compute: computed(set, field),
    german: language === 'DE' ? germanOf(field) : null,
  }));
  const uri = (row: Row): string => `${root}/${set.name}${keyPredicate(set, row.values, protocol)}`;
  const metadata = (row: Row, own: string): string => {
    const etag = set.free ? null : etagOf(call.world.dials, set, row);
    if (protocol === 4) return etag === null ? '' : `"@odata.etag":${JSON.stringify(etag)}`;
    const tag = etag === null ? '' : `,"etag":${JSON.stringify(etag)}`;
    const text = JSON.stringify(own);
    return `"__metadata":{"id":${text},"uri":${text},"type":"${service.namespace}.${set.type}"${tag}}`;
  };
  const deferred = [...set.navs.keys()].filter(
    (name) =>
      protocol === 2 &&
      !projection.expand.has(name) &&
      (wanted === null || wanted.has(name) || wanted.has('*')),
  );
  return {
    protocol,
    uri,
    render(row, own) {
      let out = metadata(row, own);
      for (const { field, head, initial, compute, german } of prepared) {
        const value = compute === null ? row.values[field.name] : compute(row, call);
        if (out !== '') out += ',';
        if (value === undefined) out += initial;
        else out += head + show(field, german === null ? value : german(value));
      }
      for (const name of deferred) {
        out += `,"${name}":{"__deferred":{"uri":${JSON.stringify(`${own}/${name}`)}}}`;
      }
      return out;
    },
  };
}

function shapeKey(call: Call, set: EntitySet, projection: Projection): string {
  const { select, expand } = projection;
  const chosen = select === null ? '' : [...select].join();
  return `${call.root}|${call.service.protocol}|${set.name}|${call.language}|${chosen}|${[...expand.keys()].join()}`;
}

export interface Emitter {
  uri(row: Row): string;
  text(row: Row): string;
}

/** Renders rows of one set under one projection. */
export function createEmitter(call: Call, set: EntitySet, projection: Projection): Emitter {
  const { texts } = call.world;
  const shape = shapeOf(call, set, projection);
  const key = shapeKey(call, set, projection);
  let kept = texts.get(key);
  if (kept === undefined) {
    kept = new Map();
    if (texts.size >= SHAPES_MAX) texts.clear();
    texts.set(key, kept);
  }
  const cache = kept;
  const expansions = [...projection.expand].flatMap(([name, below]) => {
    const nav = set.navs.get(name);
    const target = nav === undefined ? undefined : call.service.sets.get(nav.target);
    return nav === undefined || target === undefined
      ? []
      : [{ nav, emitter: createEmitter(call, target, below) }];
  });
  return {
    uri: (row) => shape.uri(row),
    text(row) {
      let own = cache.get(row);
      if (own === undefined) {
        own = shape.render(row, shape.uri(row));
        if (cache.size >= TEXTS_MAX) cache.clear();
        cache.set(row, own);
      }
      const comma = own === '' ? '' : ',';
      const nested = expansions.map(({ nav, emitter }) => {
        const rows = related(call, nav, row).map((child) => emitter.text(child));
        if (!nav.many) return `"${nav.name}":${rows[0] ?? 'null'}`;
        return shape.protocol === 2
          ? `"${nav.name}":{"results":[${rows.join()}]}`
          : `"${nav.name}":[${rows.join()}]`;
      });
      return nested.length === 0 ? `{${own}}` : `{${own}${comma}${nested.join()}}`;
    },
  };
}

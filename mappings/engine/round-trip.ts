/**
 * Round trips: canonical values are pushed, shown back the way the vendor shows them and pulled again. What comes back
 * may be poorer (lossy, reported), but a second trip must change nothing more, or a sync would never come to rest.
 */
import { ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import { jsonEqual } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { canonicalMembers } from './canonical-type.ts';
import type { CanonicalType } from './canonical-type.ts';
import type { Cases } from './cases.ts';
import type { Finding } from './check.ts';
import { compileExpression } from './expression/compile-expression.ts';
import type { CompiledMapping } from './format.ts';
import { shown } from './run.ts';
import type { PositionedSource } from './source.ts';
import type { VendorSchema } from './vendor-schema.ts';

const TEXTS = ['<b>5 < 6 & "so on"</b>\nsecond line', 'R&amp;D', `${'long '.repeat(60)}end`, 'Ünïcödé 🔧'];

/** Every pull case that succeeds is the ground on which each field is varied over its type's awkward values. */
export async function checkRoundTrips(
  mapping: CompiledMapping,
  vendor: VendorSchema,
  cases: Cases,
  source: PositionedSource,
): Promise<Finding[]> {
  const fields = mapping.pushFields.filter((field) => mapping.pullFields.includes(field));
  const echo = vendor.echo === undefined ? null : compileExpression(vendor.echo);
  const show = async (raw: JsonObject, payload: JsonObject): Promise<JsonObject> => {
    const more = (await echo?.evaluate(payload, {})) ?? {};
    return laidOver(laidOver(raw, payload), more as JsonObject);
  };
  const lossy = new Map<string, string>();
  const findings: Finding[] = [];
  const members = canonicalMembers(mapping.entity);
  const { references } = ENTITY_DEFINITIONS[mapping.entity];

  for (const sample of cases.pull) {
    const context = sample.context ?? cases.context;
    const ground = await mapping.pull(sample.raw, context);
    if (!ground.ok) continue;
    const variants = fields.flatMap((field) => {
      // References hold ids of the vendor's own making; there is nothing to vary.
      const type = field in references ? undefined : members.get(field)?.type;
      return type ? variantsOf(type).map((value) => ({ field, value })) : [];
    });
    for (const { field, value } of variants) {
      const before: JsonObject = { ...ground.fields, [field]: value };
      const first = await trip(mapping, sample.raw, before, context, show);
      // What the mapping refuses is quarantined with its reason; nothing went round.
      if (!first) continue;
      const second = await trip(mapping, first.raw, first.fields, context, show);
      for (const name of fields) {
        if (second && jsonEqual(first.fields[name], second.fields[name])) continue;
        findings.push({
          level: 'error',
          where: source.at(['pull', name]),
          message: `\`${name}\` never comes to rest: ${field} ${shown(value)} comes back as ${shown(first.fields[name])}, then as ${shown(second?.fields[name])}`,
        });
      }
      if (!jsonEqual(first.fields[field], value) && !lossy.has(field))
        lossy.set(field, `${shown(value)} comes back as ${shown(first.fields[field])}`);
    }
  }
  for (const [field, example] of lossy)
    findings.push({
      level: 'info',
      where: source.at(['pull', field]),
      message: `\`${field}\` is lossy, e.g. ${example}`,
    });
  return findings;
}

/** Objects are merged member by member, and what is written as null is gone. */
function laidOver(record: JsonObject, written: JsonObject): JsonObject {
  const result: JsonObject = { ...record };
  for (const [name, value] of Object.entries(written)) {
    const before = result[name];
    if (isObject(value) && isObject(before)) result[name] = laidOver(before, value);
    else result[name] = isObject(value) ? laidOver({}, value) : value;
  }
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== null));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function trip(
  mapping: CompiledMapping,
  raw: JsonObject,
  fields: JsonObject,
  context: JsonObject,
  show: (raw: JsonObject, payload: JsonObject) => Promise<JsonObject>,
): Promise<{ raw: JsonObject; fields: JsonObject } | null> {
  const pushed = await mapping.push(fields, new Set(mapping.pushFields), context);
  if (!pushed.ok) return null;
  const shownRaw = await show(raw, pushed.payload);
  const pulled = await mapping.pull(shownRaw, context);
  return pulled.ok ? { raw: shownRaw, fields: pulled.fields } : null;
}

/** Values that strain a mapping: every word of a list, fractions, milliseconds, markup, length. */
function variantsOf(type: CanonicalType): Json[] {
  switch (type.kind) {
    case 'enum':
      return [...type.values];
    case 'text':
      return TEXTS;
    case 'boolean':
      return [true, false];
    case 'integer':
      return [0, 3, 17];
    case 'number':
      return [0, 7, 0.1, 33.333_333, 123_456.789];
    case 'instant':
      return ['2026-03-01T20:15:30.123Z', '2026-03-29T00:59:59.999Z', '2026-12-31T23:30:00.000Z'];
    case 'date':
      return ['2024-02-29', '2026-12-31'];
    default:
      return [];
  }
}

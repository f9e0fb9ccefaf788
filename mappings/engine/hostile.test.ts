import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { loadMappings, MAPPINGS_FOLDER } from './load.ts';
import { readVendorSchema } from './vendor-schema.ts';
import type { Attribute } from './vendor-schema.ts';

const CONTEXT = { site: 'BEDFORD', itemSet: 'SET1', woPriority: { critical: 1, high: 2 } };

/** Values a vendor may send for an attribute: mostly of its type, sometimes of any other. */
function valueOf(attribute: Attribute): fc.Arbitrary<Json> {
  const anything = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
  const words = (attribute.values ?? []).map((word) => fc.constant<Json>(word));
  const plausible = { min: new Date('1990-01-01'), max: new Date('2050-01-01'), noInvalidDate: true };
  const instants = fc
    .oneof({ weight: 9, arbitrary: fc.date(plausible) }, fc.date({ noInvalidDate: true }))
    .map((at): Json => at.toISOString());
  const inner = attribute.item ? recordOf(attribute.item) : anything;
  const usual: Record<string, fc.Arbitrary<Json>> = {
    text: fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constant('x'.repeat(1_500)),
      ...words,
    ),
    integer: fc.oneof(fc.integer(), fc.integer().map(String), ...words),
    number: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant('-1.5')),
    boolean: fc.oneof(fc.boolean(), fc.constantFrom(0, 1, 'Y')),
    instant: fc.oneof(
      instants,
      fc.constantFrom('2026-03-01T08:15:00-05:00', '2026-03-01T08:15:00', '2026-02-30'),
    ),
    date: fc.constantFrom('2026-03-01', '2026-02-30', '2026-03-01T00:00:00+08:00'),
    epoch: fc.oneof(instants, fc.integer(), fc.maxSafeInteger()),
    reference: fc.oneof(fc.string(), fc.record({ id: fc.string() })),
    object: inner,
    list: fc.oneof(fc.array(inner, { maxLength: 3 }), inner),
  };
  const fitting = words.length > 0 ? fc.oneof(...words) : (usual[attribute.type] ?? anything);
  return fc.oneof({ weight: 25, arbitrary: fitting }, { weight: 1, arbitrary: anything });
}

function recordOf(attributes: Record<string, Attribute>): fc.Arbitrary<JsonObject> {
  const arbitraries = Object.fromEntries(
    Object.entries(attributes).map(([name, one]) => [name, valueOf(one)]),
  );
  return fc.record(arbitraries, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

describe.each(['maximo', 'upkeep'])('%s', (system) => {
  it('whatever comes in, out comes a valid record or reasons with path and line, and what came out can be pushed', async () => {
    let mapped = 0;
    for (const [entity, mapping] of await loadMappings(undefined, system)) {
      const path = join(MAPPINGS_FOLDER, system, 'schema', `${entity}.yaml`);
      const { attributes } = readVendorSchema({ file: path, text: await readFile(path, 'utf8') });
      const { schema } = ENTITY_DEFINITIONS[entity];
      await fc.assert(
        fc.asyncProperty(recordOf(attributes), async (raw) => {
          const before = JSON.stringify(raw);
          const result = await mapping.pull(raw, CONTEXT);
          expect(JSON.stringify(raw)).toBe(before);
          if (!result.ok) {
            expect(result.problems.length).toBeGreaterThan(0);
            for (const { path: at, message, rule } of result.problems) {
              expect(at).not.toBe('');
              expect(rule).toMatch(/^mappings\/\w+\/\w+\.yaml:\d+$/);
              expect(message.length).toBeLessThan(400);
            }
            return;
          }
          mapped += 1;
          expect(schema.safeParse(result.fields).success).toBe(true);
          expect(JSON.stringify(result.fields).length).toBeLessThan(LIMITS.fieldBytesMax);
          expect(await mapping.pull(raw, CONTEXT)).toEqual(result);
          const pushed = await mapping.push({ ...result.fields, number: 'X-1' }, null, CONTEXT);
          if (pushed.ok) expect(JSON.parse(JSON.stringify(pushed.payload))).toEqual(pushed.payload);
        }),
        { numRuns: 150 },
      );
    }
    // Some three times as many are: a draw that is all refusals would prove little.
    expect(mapped).toBeGreaterThan(50);
  });
});

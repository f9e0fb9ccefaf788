/** Conformance: what people write must survive the wire literally, whatever the vendor's protocol puts around it. */
import { expect } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json } from '../../domain/json.ts';
import { createOp, updateOp } from './conformance-bench.ts';
import type { Bench } from './conformance-bench.ts';
import type { EntityFixture, LiteralFields } from './conformance-options.ts';

/** None is longer than the 40 characters SAP keeps of a title. */
const TEXTS: readonly string[] = [
  `O'Brien said "5 > 3 & 2 < 4"`,
  `100 % of \\ and / ; # + ? = :`,
  '<b>not bold</b> &amp; <script>x()',
  "$filter=eq 'a' or 1=1; -- drop",
  '{{mustache}} ${dollar} {0} %s %d',
  'Größe Ø 12 µm, 检查泵, насос, مضخة',
  'Pump 🔧 and é as two: é',
  'null',
  '007',
];
/** The hour that Europe leaves out in spring, the end of a leap day, a second that 32 bits cannot hold; all to come. */
const INSTANTS: readonly string[] = [
  '2031-03-30T01:30:00.000Z',
  '2032-02-29T23:59:59.000Z',
  '2038-01-19T03:14:08.000Z',
];
const NUMBERS: readonly number[] = [0.1, 12345.67, 3, 0];

export function proveLiterals(bench: Bench, entity: Entity, fixture: EntityFixture): void {
  const { create, literals } = fixture;
  const capability = bench.connector.manifest.capabilities[entity];
  if (create === undefined || literals === undefined || !capability.create) return;
  const prove = bench.proofs(entity);

  for (const kind of ['text', 'instant', 'number'] as const) {
    const field = literals[kind];
    if (field === undefined) continue;
    const values: readonly Json[] = { text: TEXTS, instant: INSTANTS, number: NUMBERS }[kind];

    prove('literals', `every ${kind} comes back from a create as it was sent`, async () => {
      const { sandbox, session } = await bench.open();
      const ops = values.map((value, n) =>
        createOp(`hub-${String(n)}`, { ...create(n, sandbox), [field]: sent(literals, kind, value) }),
      );
      const outcomes = await session.create(entity, ops);
      expect(
        outcomes.map((outcome) =>
          outcome.outcome === 'done' ? meant(kind, outcome.record.raw[field]) : outcome,
        ),
      ).toEqual(values.map((value) => meant(kind, value)));
    });

    if (!capability.update) continue;
    prove('literals', `every ${kind} comes back from a change as it was sent`, async () => {
      const { sandbox, session } = await bench.open();
      const [made] = await session.create(entity, [createOp('hub-0', create(50, sandbox))]);
      if (made?.outcome !== 'done') throw new Error('The record to change was not created.');
      let { record } = made;
      for (const value of values) {
        const [outcome] = await session.update(entity, [
          updateOp(record, { [field]: sent(literals, kind, value) }),
        ]);
        if (outcome?.outcome !== 'done') throw new Error(`Not written: ${JSON.stringify(outcome)}`);
        expect(meant(kind, outcome.record.raw[field])).toEqual(meant(kind, value));
        ({ record } = outcome);
      }
      expect(await session.read(entity, [record.externalId])).toEqual([record]);
    });
  }
}

function sent(literals: LiteralFields, kind: 'text' | 'instant' | 'number', value: Json): Json {
  return kind === 'instant' && literals.epoch === true ? Date.parse(value as string) : value;
}

/** Instants and numbers are what they mean, however they are spelled; text is itself. */
function meant(kind: 'text' | 'instant' | 'number', value: Json | undefined): Json {
  if (kind === 'text') return value ?? null;
  if (kind === 'number') return value === null || value === undefined ? null : Number(value);
  const at = typeof value === 'number' ? value : Date.parse(typeof value === 'string' ? value : '');
  return Number.isNaN(at) ? (value ?? null) : new Date(at).toISOString();
}

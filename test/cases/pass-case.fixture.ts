/** Replays a case of kind `pass`: whole passes of a plant over a described system, and what the hub holds after each. */
import { expect } from '@jest/globals';
import { sql } from 'kysely';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { listQuarantine } from '../../plant/exceptions/quarantine.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPlant } from '../support/plant.ts';
import { startCaseServer } from './case-server.fixture.ts';
import { spelled } from './rest-case.fixture.ts';

const entity = z.enum(ENTITIES);
const object = z.record(z.string(), z.unknown());

export const passCase = z.strictObject({
  what: z.string(),
  kind: z.literal('pass'),
  definition: object,
  server: object,
  steps: z
    .array(
      z.strictObject({
        answers: object.optional(),
        pass: z.array(entity).optional(),
        sweep: entity.optional(),
        /** What the pass or sweep counted, by entity for a pass. */
        counts: object.optional(),
        /** Fields of the hub's records, in the order of their names or titles. */
        hub: z.partialRecord(entity, z.array(object)).optional(),
        quarantine: z.array(object).optional(),
        /** Sentences that the runs told of what they could not show to be complete. */
        incomplete: z.array(object).optional(),
      }),
    )
    .min(1),
});

export async function replayPass({
  definition,
  server: spec,
  steps,
}: z.infer<typeof passCase>): Promise<void> {
  const server = await startCaseServer(spec);
  const database = await createTestDatabase();
  const plant = await createPlant({ url: database.url });
  try {
    const config = {
      baseUrl: server.url,
      definition: { auth: { type: 'none' }, ...definition },
    } as JsonObject;
    const connection = await plant.connect('custom', { seed: 'empty' }, { config });
    const reader = { store: plant.store, tenantId: plant.tenantId };
    for (const step of steps) {
      for (const [call, answer] of Object.entries(step.answers ?? {})) server.set(call, answer);
      const counts: unknown =
        step.sweep === undefined
          ? await plant.pass(connection, step.pass === undefined ? {} : { entities: step.pass, push: false })
          : await plant.sweep(connection, step.sweep);
      if (step.counts !== undefined) expect(counts).toMatchObject(step.counts);
      for (const [of, records] of Object.entries(step.hub ?? {}))
        expect(await hubFields(plant, of)).toMatchObject(records);
      if (step.quarantine !== undefined) {
        const rows = (await listQuarantine(reader)).sort((a, b) => (a.subject < b.subject ? -1 : 1));
        expect(rows).toHaveLength(step.quarantine.length);
        expect(rows).toMatchObject(step.quarantine.map(spelled));
      }
      if (step.incomplete !== undefined)
        expect(await told(plant)).toMatchObject(step.incomplete.map(spelled));
    }
  } finally {
    await plant.close();
    await server.close();
    await database.drop();
  }
}

type Plant = Awaited<ReturnType<typeof createPlant>>;

/** Fields of the hub's records in the order of their names or titles, with their numbers when asked. */
export async function hubFields(plant: Plant, of: string, extra?: 'number'): Promise<JsonObject[]> {
  return plant.store.inTenant(plant.tenantId, async (tx) => {
    const found = await sql<{ number: string; fields: JsonObject }>`
      select number, fields from hub_record where entity = ${of} and deleted_at is null
      order by coalesce(fields->>'name', fields->>'title') collate "C"`.execute(tx);
    return found.rows.map(({ number, fields }) => (extra === undefined ? fields : { ...fields, number }));
  });
}

async function told(plant: Plant): Promise<{ message: string }[]> {
  return plant.store.inTenant(plant.tenantId, async (tx) => {
    const found = await sql<{ message: string }>`
      select decisions->>'message' as message from record_log where action = 'incomplete' order by seq`.execute(
      tx,
    );
    return found.rows;
  });
}

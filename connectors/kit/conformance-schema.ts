/** Conformance: what a system says of itself holds at least what the mappings read, so that a drift can be told by field. */
import { expect } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import type { Bench } from './conformance-bench.ts';
import { insertMany } from './conformance-bench.ts';

export function proveSchema(bench: Bench): void {
  const { fixtures, reads } = bench.options;
  const { capabilities } = bench.connector.manifest;

  for (const [entity, names] of Object.entries(reads ?? {}) as [Entity, readonly string[]][]) {
    const fixture = fixtures[entity];
    if (fixture === undefined || capabilities[entity].pull === 'none') continue;
    bench.proofs(entity)(
      'schema',
      `discover() lists the fields that the mapping of ${entity} reads`,
      async () => {
        const { sandbox, session } = await bench.open();
        if (session.discover === undefined) throw new Error('The session cannot tell its schema.');
        if (fixture.insert) insertMany(sandbox, fixture, 0, 3);
        const schema = await session.discover();
        const fields = Object.keys(schema.entities[entity]?.fields ?? {});
        // What begins with a line below is the connector's own, made of several fields or calls.
        const missing = names.filter((name) => !name.startsWith('_') && !fields.includes(name));
        // Samples show the fields that happen to be filled; what a system says of itself must be all.
        if (schema.source === 'metadata') expect(missing).toEqual([]);
        else expect(missing.length).toBeLessThan(names.length);
      },
    );
  }
}

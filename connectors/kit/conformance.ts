/**
 * What every connector must prove against its sandbox, called with `connectors/<system>/conformance.fixture.ts`. Each test has
 * a sandbox of its own. What is special about a system (its payloads, its calls) is told by fixtures; what holds for all
 * is here, so that a new connector is held to it without anybody thinking of it.
 */
import { afterEach, describe } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import { proveConnection } from './conformance-connection.ts';
import { createBench, titleOf } from './conformance-bench.ts';
import type { ConformanceOptions } from './conformance-options.ts';
import { proveFiles } from './conformance-files.ts';
import { proveLiterals } from './conformance-literals.ts';
import { proveRefusals } from './conformance-refusals.ts';
import type { Proof } from './conformance-report.ts';
import { proveReading } from './conformance-reading.ts';
import { proveRetiring } from './conformance-retiring.ts';
import { proveSchema } from './conformance-schema.ts';
import { proveWriting } from './conformance-writing.ts';

/** Declares the tests; what each came to is added to `proofs` when it runs. */
export function describeConnector(options: ConformanceOptions, proofs: Proof[] = []): void {
  const bench = createBench(options, proofs);

  describe(titleOf(options), () => {
    afterEach(() => bench.tidy());
    describe('connection', () => proveConnection(bench));
    describe('what it cannot do', () => proveRefusals(bench));
    if (options.reads !== undefined) describe('its own description', () => proveSchema(bench));
    for (const entity of ENTITIES) {
      const fixture = options.fixtures[entity];
      if (!fixture) continue;
      describe(entity, () => {
        proveReading(bench, entity, fixture);
        proveWriting(bench, entity, fixture);
        proveLiterals(bench, entity, fixture);
        proveRetiring(bench, entity, fixture);
        proveFiles(bench, entity, fixture);
      });
    }
  });
}

/** The conformance suite over all connectors, one table. What it proves of each is printed at the end. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { conformance as chatterfix } from './chatterfix/conformance.fixture.ts';
import { conformance as custom } from './custom/conformance.fixture.ts';
import { conformance as fiix } from './fiix/conformance.fixture.ts';
import { proofTable, type Proof } from './kit/conformance-report.ts';
import { describeConnector } from './kit/conformance.ts';
import { conformance as maximo } from './maximo/conformance.fixture.ts';
import { connectors } from './registry.ts';
import { conformance as sapPm } from './sap-pm/conformance.fixture.ts';
import { conformance as sql } from './sql/conformance.fixture.ts';
import { conformance as upkeep } from './upkeep/conformance.fixture.ts';

const TABLE = [chatterfix, custom, fiix, maximo, sapPm, sql, upkeep].flat();
const proofs: Proof[] = [];

for (const line of TABLE) describeConnector(line, proofs);

describe('the table of the conformance suite', () => {
  it('names every connector that can be connected', () => {
    const proved = new Set(TABLE.map(({ connector }) => connector.manifest.system));
    expect([...proved].sort()).toEqual(Object.keys(connectors).sort());
  });
});

afterAll(() => {
  process.stdout.write(
    `\nTests of the conformance suite that passed, by what they prove:\n${proofTable(proofs)}\n`,
  );
});

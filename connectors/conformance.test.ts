/** The conformance suite over all connectors, one table. What it proves of each is printed at the end. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { connectorsReportFile } from '../test/support/connectors-report.ts';
import { conformance as chatterfix } from './chatterfix/conformance.fixture.ts';
import { capabilityPart, capabilityPartOf, connectorsPage } from './connectors-page.fixture.ts';
import { conformance as custom } from './custom/conformance.fixture.ts';
import { conformance as fiix } from './fiix/conformance.fixture.ts';
import { proofTable, type Proof } from './kit/conformance-report.ts';
import { describeConnector } from './kit/conformance.ts';
import { mappedFields } from './mapped-fields.fixture.ts';
import { conformance as maximo } from './maximo/conformance.fixture.ts';
import { connectors } from './registry.ts';
import { conformance as sapPm } from './sap-pm/conformance.fixture.ts';
import { conformance as sql } from './sql/conformance.fixture.ts';
import { conformance as upkeep } from './upkeep/conformance.fixture.ts';

const TABLE = [chatterfix, custom, fiix, maximo, sapPm, sql, upkeep].flat();
const proofs: Proof[] = [];

for (const line of TABLE) {
  const reads = line.ownRecords === true ? {} : await mappedFields(line.connector.manifest.system);
  describeConnector({ ...line, reads }, proofs);
}

const manifests = Object.values(connectors).map(({ manifest }) => manifest);

describe('the table of the conformance suite', () => {
  it('names every connector that can be connected', () => {
    const proved = new Set(TABLE.map(({ connector }) => connector.manifest.system));
    expect([...proved].sort()).toEqual(Object.keys(connectors).sort());
  });
});

describe('docs/connectors.md', () => {
  it('says of each system what its manifest says; write it again with `npm run connectors:report`', async () => {
    if (connectorsReportFile() !== undefined) return;
    const page = await readFile(join(import.meta.dirname, '../docs/connectors.md'), 'utf8');
    expect(capabilityPartOf(page)).toBe(capabilityPart(manifests));
  });
});

afterAll(async () => {
  const file = connectorsReportFile();
  if (file !== undefined) await writeFile(file, connectorsPage(manifests, proofs));
  process.stdout.write(
    `\nTests of the conformance suite that passed, by what they prove:\n${proofTable(proofs)}\n`,
  );
});

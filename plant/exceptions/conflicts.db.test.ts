import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlantConnection } from '../../test/support/plant.ts';
import { listConflicts, resolveConflict, resolveConflicts } from './conflicts.ts';
import { openTestPlant, type TestPlant } from '../plant.fixture.ts';
import { explainRecord } from '../records/explain-record.ts';
import { setRecordFields } from '../records/records.ts';

describe('conflicts', () => {
  let plant: TestPlant;
  let upkeep: PlantConnection;
  let other: PlantConnection;
  let id: string;
  beforeEach(async () => {
    plant = await openTestPlant();
    upkeep = await plant.connect('upkeep', { seed: 'orders:2' }, { name: 'north' });
    other = await plant.connect('upkeep', { seed: 'empty' }, { name: 'south' });
    await plant.settle();
    id = String(plant.find(upkeep, 'work-orders', 'title', 'Synthetic order 1')['id']);
  });
  afterEach(() => plant.close());

  const description = (connection: PlantConnection) =>
    plant.find(connection, 'work-orders', 'title', 'Synthetic order 1')['description'];

  /** Both sides edit the field that a person has to decide. */
  async function disagree(): Promise<string> {
    const { number } = await recordOf('Synthetic order 1');
    await setRecordFields(plant.person, { number, fields: () => ({ description: 'from the hub' }) });
    upkeep.sandbox.control.change('work-orders', id, { description: 'from the vendor' });
    await plant.settle();
    return number;
  }

  async function recordOf(title: string): Promise<{ number: string }> {
    for (let n = 1; n <= 2; n += 1) {
      const explained = await explainRecord(plant.person, `WO-00000${String(n)}`);
      if (explained.fields.some(({ field, value }) => field === 'title' && value === title)) return explained;
    }
    throw new Error(`No record is called ${title}.`);
  }

  /** A settled plant writes nothing in a further round. */
  async function expectQuiet(): Promise<void> {
    upkeep.sandbox.control.resetStats();
    other.sandbox.control.resetStats();
    expect(await plant.settle()).toBe(1);
    for (const { sandbox } of [upkeep, other]) {
      expect(sandbox.control.stats().writes).toEqual({ created: {}, updated: {}, deleted: {} });
    }
    expect(await listConflicts(plant.person)).toEqual([]);
  }

  it('shows both values and holds only that field', async () => {
    const number = await disagree();
    expect(await listConflicts(plant.person)).toMatchObject([
      {
        connection: 'north',
        entity: 'work_order',
        number,
        field: 'description',
        hubValue: 'from the hub',
        externalValue: 'from the vendor',
      },
    ]);
    expect(description(upkeep)).toBe('from the vendor');
    expect(description(other)).toBe('from the hub');
  });

  it('takes the hub: the push arrives at the vendor, then nothing moves any more', async () => {
    await disagree();
    const [open] = await listConflicts(plant.person);
    const resolved = await resolveConflict(plant.person, { id: open?.id ?? '', decision: { take: 'hub' } });
    expect(resolved).toMatchObject({ value: 'from the hub', pushes: true });
    await plant.settle();
    expect(description(upkeep)).toBe('from the hub');
    await expectQuiet();
  });

  it('takes the vendor: the hub follows and tells the other system, this one is not written', async () => {
    const number = await disagree();
    const [open] = await listConflicts(plant.person);
    upkeep.sandbox.control.resetStats();
    await resolveConflict(plant.person, { id: open?.id ?? '', decision: { take: 'external' } });
    await plant.settle();
    expect(description(other)).toBe('from the vendor');
    expect(upkeep.sandbox.control.stats().writes.updated).toEqual({});
    const { fields, audit } = await explainRecord(plant.person, number);
    expect(fields.find(({ field }) => field === 'description')).toMatchObject({
      value: 'from the vendor',
      origin: expect.stringContaining('decided by test:maria') as unknown,
    });
    expect(audit[0]).toMatchObject({
      action: 'conflict.resolve',
      before: { description: 'from the hub', external: 'from the vendor' },
      after: { description: 'from the vendor', decision: 'external' },
    });
    await expectQuiet();
  });

  it('takes a third value to both sides', async () => {
    await disagree();
    const [open] = await listConflicts(plant.person);
    await resolveConflict(plant.person, { id: open?.id ?? '', decision: { value: 'agreed by phone' } });
    await plant.settle();
    expect([description(upkeep), description(other)]).toEqual(['agreed by phone', 'agreed by phone']);
    await expectQuiet();
  });

  it('refuses a value the field cannot hold, and leaves the conflict open', async () => {
    await disagree();
    const [open] = await listConflicts(plant.person);
    await expect(
      resolveConflict(plant.person, { id: open?.id ?? '', decision: { value: 42 } }),
    ).rejects.toMatchObject({ kind: 'invalid_request', path: 'description' });
    expect(await listConflicts(plant.person)).toHaveLength(1);
  });

  it("shows the vendor's newest value while it waits, also when that is the old one again", async () => {
    await disagree();
    upkeep.sandbox.control.change('work-orders', id, {
      description: 'Check, tighten and report. Made for measuring.',
    });
    await plant.settle();
    expect(await listConflicts(plant.person)).toMatchObject([
      { externalValue: 'Check, tighten and report. Made for measuring.' },
    ]);
    const [open] = await listConflicts(plant.person);
    await resolveConflict(plant.person, { id: open?.id ?? '', decision: { take: 'external' } });
    await plant.settle();
    expect(description(other)).toBe('Check, tighten and report. Made for measuring.');
    await expectQuiet();
  });

  it('decides many at once, each once', async () => {
    await disagree();
    const resolved = await resolveConflicts(plant.person, {
      query: { connection: 'north', field: 'description' },
      take: 'hub',
    });
    expect(resolved).toHaveLength(1);
    expect(await resolveConflicts(plant.person, { query: { connection: 'south' }, take: 'hub' })).toEqual([]);
    await expect(
      resolveConflict(plant.person, { id: resolved[0]?.id ?? '', decision: { take: 'external' } }),
    ).rejects.toMatchObject({ kind: 'conflict' });
    await plant.settle();
    expect(description(upkeep)).toBe('from the hub');
  });
});

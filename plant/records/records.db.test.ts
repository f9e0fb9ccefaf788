import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import type { PlantConnection } from '../../test/support/plant.ts';
import { explainRecord } from './explain-record.ts';
import { openTestPlant, type TestPlant } from '../plant.fixture.ts';
import { addComment, readFieldText, setRecordFields } from './records.ts';

describe('records', () => {
  let plant: TestPlant;
  let north: PlantConnection;
  beforeAll(async () => {
    plant = await openTestPlant();
    north = await plant.connect('upkeep', { seed: 'orders:2' }, { name: 'north' });
    await plant.connect('upkeep', { seed: 'empty' }, { name: 'south' });
    await plant.settle();
  });
  afterAll(() => plant.close());

  const set = (fields: JsonObject, number = 'WO-000001') =>
    setRecordFields(plant.person, { number, fields: () => fields });
  const order = (connection: PlantConnection, title: string) =>
    plant.find(connection, 'work-orders', 'title', title);

  it('edits fields, by number where they refer to others, and every system follows', async () => {
    const before = await explainRecord(plant.person, 'WO-000001');
    const done = await set({ title: 'Edited', asset: 'A-000007', dueAt: null });
    expect(done).toMatchObject({ version: before.version + 1, changed: { title: { after: 'Edited' } } });
    await plant.settle();
    const asset = plant.find(north, 'assets', 'name', 'Pump 7');
    expect(order(north, 'Edited')).toMatchObject({ asset: asset['id'] });
    expect(order(north, 'Edited')).not.toHaveProperty('dueDate');
    const after = await explainRecord(plant.person, 'WO-000001');
    expect(after.audit[0]).toMatchObject({
      action: 'record.set',
      actor: 'test:maria',
      after: { title: 'Edited' },
    });
    expect(after.fields.find(({ field }) => field === 'title')).toMatchObject({
      value: 'Edited',
      origin: expect.stringMatching(/^set by test:maria .*before it was Synthetic order/) as unknown,
      views: [
        { connection: 'north', external: 'Edited', state: 'agreed' },
        { connection: 'south', external: 'Edited', state: 'agreed' },
      ],
    });
  });

  it.each([
    [{ colour: 'red' }, /no field "colour"; its fields are title/],
    [{ priority: 'extreme' }, /priority: /],
    [{ title: null }, /title: /],
    [{ asset: 'A-999999' }, /no asset "A-999999"/],
    [{ description: 'kept?', estimatedMinutes: -5 }, /estimatedMinutes: /],
  ])('refuses %j with one sentence and loses nothing', async (fields, sentence) => {
    const before = await explainRecord(plant.person, 'WO-000002');
    await expect(set(fields as JsonObject, 'WO-000002')).rejects.toMatchObject({
      kind: 'invalid_request',
      message: expect.stringMatching(sentence) as unknown,
    });
    expect(await explainRecord(plant.person, 'WO-000002')).toEqual(before);
  });

  it('writes nothing when the values are there already', async () => {
    const { version } = await explainRecord(plant.person, 'WO-000002');
    expect(
      await set({ description: 'Check, tighten and report. Made for measuring.' }, 'WO-000002'),
    ).toMatchObject({
      version,
      changed: {},
    });
  });

  it('sends a comment to each system once', async () => {
    await addComment(plant.person, { number: 'WO-000002', text: 'Seal is leaking', author: 'Maria' });
    await plant.settle();
    await plant.settle();
    const messages = plant.rows(north, 'update-messages').map(({ text }) => text);
    expect(messages).toEqual([expect.stringContaining('Seal is leaking')]);
    await expect(
      addComment(plant.person, { number: 'A-000001', text: 'x', author: null }),
    ).rejects.toMatchObject({
      kind: 'invalid_request',
    });
  });

  it('explains a value that came from a vendor by the decision that took it', async () => {
    const { id } = order(north, 'Synthetic order 2');
    north.sandbox.control.change('work-orders', String(id), { priority: 3 });
    await plant.settle();
    const { fields } = await explainRecord(plant.person, 'WO-000002');
    expect(fields.find(({ field }) => field === 'priority')).toMatchObject({
      value: 'high',
      origin: expect.stringMatching(/^taken from north .*only it had changed; before it was low/) as unknown,
    });
    expect(fields.find(({ field }) => field === 'title')).toMatchObject({
      origin: expect.stringMatching(/^came with the record from north/) as unknown,
    });
  });

  it('tells what waits to be written from what a system does not take at all', async () => {
    await set({ startedAt: '2026-03-01T08:00:00.000Z', dueAt: '2026-03-02T08:00:00.000Z' }, 'WO-000002');
    const states = async (name: string) =>
      (await explainRecord(plant.person, 'WO-000002')).fields
        .find(({ field }) => field === name)
        ?.views.map(({ state }) => state);
    expect(await states('dueAt')).toEqual(['push_due', 'push_due']);
    expect(await states('startedAt')).toEqual(['not_written', 'not_written']);
    await plant.settle();
    expect(await states('dueAt')).toEqual(['agreed', 'agreed']);
  });

  it('reads what a person types as the field wants it', () => {
    expect(readFieldText('work_order', 'title', '4711')).toBe('4711');
    expect(readFieldText('work_order', 'estimatedMinutes', '90')).toBe(90);
    expect(readFieldText('work_order', 'dueAt', '2026-03-01T08:15:00+08:00')).toBe(
      '2026-03-01T00:15:00.000Z',
    );
    expect(readFieldText('work_order', 'dueAt', '')).toBeNull();
    expect(readFieldText('plan', 'every', '{"n":2,"unit":"week"}')).toEqual({ n: 2, unit: 'week' });
  });
});

/** Whoever sets a field through any operation is named by `explain`. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assessCondition, recordLocation } from '../assets/reports.ts';
import { registerAsset } from '../assets/assets.ts';
import { explainRecord } from './explain-record.ts';
import { changeSchedule, createSchedule } from '../maintenance/schedules.ts';
import { completeTask, createTask, startTask } from '../maintenance/tasks.ts';
import { moveStock } from '../parts/parts.ts';
import type { PersonDeps } from '../person.ts';
import { openTestPlant, type TestPlant } from '../plant.fixture.ts';
import { ASSET, LOCATION, PART, PERSON } from './plain-records-kinds.ts';
import { changePlain, createPlain } from './plain-records.ts';
import { moveRequest, submitRequest } from '../requests/requests.ts';
import { addLabour } from '../work-orders/labour.ts';
import { addPart, movePart } from '../work-orders/parts.ts';
import { addStep, completeStep } from '../work-orders/steps.ts';
import { changeWorkOrder, createWorkOrder, setWorkOrderStatus } from '../work-orders/work-orders.ts';

const ANY_VERSION = (): void => undefined;

describe('where a value comes from', () => {
  let plant: TestPlant;
  beforeAll(async () => {
    plant = await openTestPlant();
    await createPlain(maker(), LOCATION, { name: 'Wash bay' });
    await registerAsset(maker(), { asset_id: 'EX-1', name: 'Excavator', department: 'Loading' });
  });
  afterAll(() => plant.close());

  const as = (actor: string): PersonDeps => ({ ...plant.person, actor });
  const maker = (): PersonDeps => as('test:maker');
  const ben = (): PersonDeps => as('test:ben');
  const origins = async (record: string): Promise<Record<string, string>> => {
    const { fields } = await explainRecord(plant.person, record);
    return Object.fromEntries(fields.map(({ field, origin }) => [field, origin]));
  };
  const BY_BEN = expect.stringMatching(/^set by test:ben at /) as unknown;
  const MADE = expect.stringMatching(/^came with the record, which test:maker made at /) as unknown;

  it('of a work order: who made it, changed it and moved it on', async () => {
    const { id } = await createWorkOrder(maker(), { assetId: 'EX-1', title: 'Grease', notes: 'old' });
    await changeWorkOrder(ben(), id, { notes: 'new' }, ANY_VERSION);
    await setWorkOrderStatus(ben(), id, { to: 'in_progress' }, ANY_VERSION);
    expect(await origins(id)).toMatchObject({
      title: MADE,
      requestedAt: MADE,
      notes: expect.stringMatching(/^set by test:ben .*before it was old$/) as unknown,
      status: expect.stringMatching(/^set by test:ben .*before it was scheduled$/) as unknown,
      startedAt: expect.stringMatching(/^set by test:ben .*before it was empty$/) as unknown,
    });
  });

  it('of what is on a work order: who wrote its steps, parts and labour last', async () => {
    const person = await createPlain(maker(), PERSON, { name: 'Maria Keller', code: 'MARIA' });
    const { id } = await createWorkOrder(maker(), { assetId: 'EX-1', title: 'Change the hose' });
    const lastOf = async (field: string, change: (deps: PersonDeps) => Promise<unknown>) => {
      for (const actor of ['test:before', 'test:ben']) await change(as(actor));
      return (await origins(id))[field];
    };
    const { step } = await addStep(as('test:before'), id, { name: 'Drain' });
    expect(await lastOf('tasks', (deps) => addStep(deps, id, { name: 'Fit' }))).toEqual(BY_BEN);
    await completeStep(as('test:ann'), id, step.sequence, { outcome: 'completed' });
    expect((await origins(id))['tasks']).toMatch(/^set by test:ann at /);

    const { part } = await addPart(as('test:before'), id, { partNumber: 'HOSE', quantity: 1 });
    for (const move of ['issue', 'use', 'return'] as const) {
      await movePart(as(`test:${move}`), id, part.line, { move });
      expect((await origins(id))['plannedParts']).toMatch(new RegExp(`^set by test:${move} at `));
    }
    expect(
      await lastOf('plannedParts', (deps) => addPart(deps, id, { partNumber: 'SEAL', quantity: 2 })),
    ).toEqual(BY_BEN);
    expect(await lastOf('labour', (deps) => addLabour(deps, id, { person: person.id, minutes: 30 }))).toEqual(
      BY_BEN,
    );
  });

  it('of a schedule and its tasks: who planned, started and completed', async () => {
    const schedule = await createSchedule(maker(), {
      name: 'Inspection',
      type: 'inspection',
      frequency: 'monthly',
      assetIds: ['EX-1'],
    });
    await changeSchedule(ben(), schedule.id, { description: 'All points' }, ANY_VERSION);
    expect(await origins(schedule.id)).toMatchObject({ name: MADE, description: BY_BEN });

    const { id } = await createTask(maker(), {
      scheduleId: schedule.id,
      assetId: 'EX-1',
      scheduledStart: '2030-01-01T08:00:00.000Z',
    });
    expect(await origins(id)).toMatchObject({ title: MADE, status: MADE });
    await startTask(ben(), id, 'Maria', ANY_VERSION);
    expect(await origins(id)).toMatchObject({ status: BY_BEN, startedAt: BY_BEN });
    await completeTask(as('test:ann'), id, { findings: 'Worn' }, ANY_VERSION);
    const BY_ANN = expect.stringMatching(/^set by test:ann at /) as unknown;
    expect(await origins(id)).toMatchObject({ status: BY_ANN, findings: BY_ANN, title: MADE });
    expect(await origins(schedule.id)).toMatchObject({ lastDoneAt: BY_ANN });
  });

  it('of an asset: who moved and assessed it; a report that only names a field sets none', async () => {
    const asset = await explainRecord(plant.person, 'A-000001');
    await changePlain(ben(), ASSET, asset.id, { description: 'Face shovel' }, ANY_VERSION);
    await recordLocation(ben(), 'EX-1', {
      location_name: 'Wash bay',
      building: null,
      floor: null,
      room: null,
      coordinates: null,
      address: null,
      zone: null,
      department: 'Cleaning',
      updated_by: null,
    });
    await assessCondition(ben(), 'EX-1', {
      condition: 'good',
      assessed_by: 'Maria',
      notes: null,
      visual_inspection: null,
      functional_test: null,
      performance_metrics: {},
      recommendations: null,
      next_assessment_date: null,
    });
    expect(await origins(asset.id)).toMatchObject({
      description: BY_BEN,
      location: BY_BEN,
      condition: BY_BEN,
      department: MADE,
      tag: MADE,
    });
  });

  it('of a part and a request: who moved them', async () => {
    const part = await createPlain(maker(), PART, { name: 'Hose', part_number: 'H-1' });
    await moveStock(ben(), part.id, 4, ANY_VERSION);
    expect(await origins(part.id)).toMatchObject({ name: MADE, onHand: BY_BEN });
    const request = await submitRequest(maker(), { title: 'It leaks' });
    await moveRequest(ben(), request.id, 'approved', ANY_VERSION);
    expect(await origins(request.id)).toMatchObject({ title: MADE, status: BY_BEN });
  });
});

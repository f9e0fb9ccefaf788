/** What moves at SAP without its change date (contract 4.2, rule 4, and 10.2) is seen all the same, a round of the slow walk later. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import type { PullPage } from '../kit/contract.ts';
import { AGAIN_EVERY_MS } from './cursor.ts';
import { openStand } from './stand.fixture.ts';
import type { SapStand } from './stand.fixture.ts';

let open: SapStand | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const HOUR_MS = 3_600_000;
const PAGE_SIZE = 2;

/** A first load of three orders made an hour apart, so that the oldest lies behind the overlap of the next passes. */
async function loaded() {
  const stand = await openStand();
  open = stand;
  const { control } = stand.sandbox;
  const began = Date.now();
  let offsetMs = 0;
  const later = (ms: number): void => {
    offsetMs += ms;
    control.setClock(offsetMs);
  };
  const keys = ['One', 'Two', 'Three'].map((title) => {
    later(HOUR_MS);
    const order: JsonObject = { MaintenanceOrderDesc: title, MaintenanceOrderType: 'PM01' };
    const row = control.insert('MaintenanceOrder', {
      ...order,
      MaintenancePlanningPlant: '1000',
      MainWorkCenter: 'MECH-01',
      MainWorkCenterPlant: '1000',
    }) as Record<string, unknown>;
    return String(row['MaintenanceOrder']);
  });
  const session = stand.connect({}, undefined, { now: () => began + offsetMs });
  let cursor: string | null = null;
  /** One pass: the orders shown with their state, by key. */
  const pass = async (): Promise<Record<string, unknown>> => {
    const shown: Record<string, unknown> = {};
    for (let page: PullPage | null = null; page?.more !== false;) {
      page = await session.pull('work_order', { cursor, pageSize: PAGE_SIZE });
      ({ cursor } = page);
      for (const { externalId, raw } of page.records) shown[externalId] = raw['_lifeCycle'];
    }
    return shown;
  };
  expect(Object.keys(await pass())).toEqual(keys);
  control.setDial('statusTouchesOrder', false);
  return { keys, control, later, pass };
}

describe('an order whose status moved without its change date', () => {
  it.each([0, 2])('is seen when the time for it has come (number %i)', async (index) => {
    const { keys, control, later, pass } = await loaded();
    const [key = ''] = keys.slice(index);
    control.change('MaintenanceOrder', key, { SystemStatusText: 'REL' });
    later(AGAIN_EVERY_MS);
    // Two orders fit a page, and a pass takes one page.
    const seen = [await pass(), await pass()];
    expect(Object.assign({}, ...seen)).toMatchObject({ [key]: 'REL' });
  });

  it('is completed, and taken back, the same way; between rounds nothing more is read', async () => {
    const { keys, control, later, pass } = await loaded();
    const [key = ''] = keys;
    for (const status of ['REL', 'TECO', 'REL']) {
      control.change('MaintenanceOrder', key, { SystemStatusText: status });
      later(AGAIN_EVERY_MS);
      expect(await pass()).toMatchObject({ [key]: status });
      await pass();
      expect(await pass()).not.toHaveProperty(key);
    }
  });
});

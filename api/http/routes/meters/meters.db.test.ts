import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../api.fixture.ts';
import type { AnswerBody } from '../plain-records/answers.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await post('/assets', { asset_id: 'EX-1', name: 'Excavator 1', asset_type: 'machinery' });
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

async function post(path: string, body: unknown) {
  const answer = await api.call('POST', path, { body });
  return { status: answer.statusCode, body: answer.json<AnswerBody>() };
}
async function get(path: string) {
  const answer = await api.call('GET', path);
  return { status: answer.statusCode, body: answer.json<AnswerBody>() };
}

let n = 0;
async function meter(more: Record<string, unknown> = {}): Promise<{ id: string; number: string }> {
  n += 1;
  const made = await post('/meters', {
    name: `Meter ${String(n)}`,
    kind: 'counter',
    asset_id: 'EX-1',
    ...more,
  });
  expect(made.status).toBe(201);
  return made.body.meter;
}

describe('readings of many meters', () => {
  it('are stored once; the newest becomes the last reading and goes out as a change', async () => {
    const [a, b] = [await meter({ code: 'SMU' }), await meter({ kind: 'gauge' })];
    const readings = [
      { meter_id: a.id, value: 12, at: '2026-03-01T08:00:00Z', source: 'telematics' },
      { meter_id: b.number, value: 7.5, at: '2026-03-01T08:00:00Z', source: 'telematics' },
      { meter_id: 'SMU', value: 11, at: '2026-03-01T07:00:00+01:00', source: 'telematics' },
      { meter_id: a.id, value: 99, at: '2026-03-01T08:00:00Z', source: 'telematics' },
    ];
    expect((await post('/meters/readings', { readings })).body).toEqual({
      success: true,
      accepted: 3,
      duplicates: 1,
    });
    const shown = await api.call('GET', `/meters/${a.id}`);
    expect(shown.json<AnswerBody>().meter.last_reading).toEqual({
      value: 12,
      at: '2026-03-01T08:00:00.000Z',
    });
    expect(shown.headers['etag']).toBe('"2"');
    expect((await post('/meters/readings', { readings })).body).toMatchObject({ accepted: 0, duplicates: 4 });
    expect((await api.call('GET', `/meters/${a.id}`)).headers['etag']).toBe('"2"');
    const fed = await api.plant.store.inTenant(api.plant.tenantId, async (tx) => {
      const { sql } = await import('kysely');
      return sql`select version from changed_record where entity = 'meter' and hub_id = ${a.id} order by seq`.execute(
        tx,
      );
    });
    expect(fed.rows).toEqual([{ version: 1 }, { version: 2 }]);
  });

  it('that are older than the last one do not replace it', async () => {
    const { id } = await meter();
    await post(`/meters/${id}/readings`, { value: 50, at: '2026-03-02T00:00:00Z' });
    await post(`/meters/${id}/readings`, { value: 40, at: '2026-03-01T00:00:00Z' });
    expect((await get(`/meters/${id}`)).body.meter.last_reading?.value).toBe(50);
    expect((await get(`/meters/${id}/readings`)).body.count).toBe(2);
  });

  it('sent twice at the same time, and in opposite order, are stored once without a deadlock', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => meter()));
    const readings = made.map(({ id }, i) => ({
      meter_id: id,
      value: i,
      at: '2026-03-01T00:00:00Z',
      source: 's',
    }));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        post('/meters/readings', { readings: i % 2 === 0 ? readings : readings.toReversed() }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(20);
  });

  it('are refused whole when one does not fit, with its place', async () => {
    const [counter, words] = [await meter(), await meter({ kind: 'observation' })];
    const good = { meter_id: counter.id, value: 1, at: '2026-03-01T00:00:00Z' };
    const refused = async (bad: object): Promise<[number, string | undefined]> => {
      const answer = await post('/meters/readings', { readings: [good, bad] });
      return [answer.status, answer.body.errors?.[0]?.field];
    };
    expect(await refused({ ...good, meter_id: 'NOBODY' })).toEqual([422, 'readings[1].meter_id']);
    expect(await refused({ ...good, value: 'high' })).toEqual([422, 'readings[1].value']);
    expect(await refused({ ...good, at: '2999-01-01T00:00:00Z' })).toEqual([422, 'readings[1].at']);
    expect(await refused({ ...good, at: 'now' })).toEqual([422, 'readings[1].at']);
    expect(await refused({ ...good, at: undefined })).toEqual([422, 'readings[1].at']);
    expect((await get(`/meters/${counter.id}/readings`)).body.count).toBe(0);
    const word = { meter_id: words.id, value: 'rusty', at: '2026-03-01T00:00:00Z' };
    expect((await post('/meters/readings', { readings: [word] })).body.accepted).toBe(1);
    expect((await post('/meters/readings', { readings: [] })).status).toBe(422);
    expect(
      (await post('/meters/readings', { readings: Array.from({ length: 1_001 }, () => good) })).status,
    ).toBe(422);
  });

  it('name a meter by a code that only one has', async () => {
    await meter({ code: 'TWICE' });
    await meter({ code: 'TWICE' });
    const answer = await post('/meters/readings', {
      readings: [{ meter_id: 'TWICE', value: 1, at: '2026-03-01' }],
    });
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, 'readings[0].meter_id']);
  });
});

describe('the readings of a meter', () => {
  it('are listed in both orders, within dates, in pages', async () => {
    const { id } = await meter();
    const readings = [1, 2, 3, 4, 5].map((day) => ({
      meter_id: id,
      value: day,
      at: `2026-03-0${String(day)}T00:00:00Z`,
    }));
    await post('/meters/readings', { readings });
    const values = async (query: string): Promise<(number | string)[]> => {
      const seen: (number | string)[] = [];
      let cursor = '';
      do {
        const page = (await get(`/meters/${id}/readings?limit=2${query}${cursor}`)).body;
        seen.push(...page.readings.map(({ value }) => value));
        cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
      } while (cursor !== '');
      return seen;
    };
    expect(await values('')).toEqual([5, 4, 3, 2, 1]);
    expect(await values('&sort=at')).toEqual([1, 2, 3, 4, 5]);
    expect(await values('&start_date=2026-03-02&end_date=2026-03-04')).toEqual([4, 3, 2]);
    expect((await get(`/meters/${id}/readings?start_date=2026-03-02&end_date=2026-03-01`)).status).toBe(422);
    expect((await get('/meters/NOBODY/readings')).status).toBe(404);
    expect((await post('/meters/NOBODY/readings', { value: 1 })).status).toBe(422);
  });
});

describe('meters', () => {
  it('are found by their asset, and refuse an asset that is not there', async () => {
    await post('/assets', { asset_id: 'EX-2', name: 'Excavator 2', asset_type: 'machinery' });
    const { id } = await meter({ asset_id: 'EX-2' });
    expect((await get('/meters?asset_id=EX-2')).body.meters).toEqual([
      expect.objectContaining({ id, asset_id: 'EX-2' }),
    ]);
    expect((await get('/meters?asset_id=NOBODY')).body.count).toBe(0);
    const wrong = await post('/meters', { name: 'x', asset_id: 'NOBODY' });
    expect([wrong.status, wrong.body.errors?.[0]?.field]).toEqual([422, 'asset_id']);
  });
});

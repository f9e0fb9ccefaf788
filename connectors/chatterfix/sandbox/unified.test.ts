import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunningSandbox } from '../../kit/sandbox/index.ts';
import { startChatterfixSandbox } from './index.ts';
import { call, fields, rows } from './test-client.ts';

let sandbox: RunningSandbox;

async function start(seed: string): Promise<RunningSandbox> {
  sandbox = await startChatterfixSandbox({ seed });
  return sandbox;
}
afterEach(() => sandbox.close());

const PART = { name: 'Seal', part_number: 'S-1', description: '', category: '', location: '' };
const COUNTS = { quantity: 1, min_stock: 0, unit_cost: 2 };

describe('work orders of unified', () => {
  it('are listed newest first with the names joined in, and no filter is looked at', async () => {
    await start('site:A');
    const all = await rows(sandbox, '/api/work-orders?limit=1000&status=nonsense&updated_since=2030-01-01');
    expect(all).toHaveLength(151);
    const times = all.map((row) => String(row['created_at']));
    expect(times).toEqual(times.toSorted().reverse());
    expect(all[0]).toMatchObject({ asset_name: 'Digger A (RH120)', due_date: null });
    expect(all[0]?.['created_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(await rows(sandbox, '/api/work-orders')).toHaveLength(100);
    expect(await rows(sandbox, '/api/work-orders?limit=-1')).toHaveLength(151);
  });

  it('drop the due date, leave completion empty, take dangling ids, and cannot be read, changed or deleted', async () => {
    await start('empty');
    const made = await call(sandbox, '/api/work-orders', {
      body: { title: 'T', description: 'D', due_date: '2026-03-01', status: 'completed', asset_id: 77 },
    });
    expect([made.status, made.body]).toEqual([200, { id: 1, message: 'Work order created successfully' }]);
    const [row] = await rows(sandbox, '/api/work-orders');
    expect(row).toMatchObject({ due_date: null, completed_at: null, asset_id: 77, asset_name: null });
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const wanted = method === 'GET' ? {} : { method, body: {} };
      expect((await call(sandbox, '/api/work-orders/1', wanted)).status).toBe(404);
    }
    expect(sandbox.control.stats().writes.created).toEqual({ 'work-orders': 1 });
  });

  it('are refused as FastAPI does, in the words of either Pydantic', async () => {
    await start('empty');
    const body = { title: '', priority: 'urgent', assigned_to: 'lbauer', due_date: 'soon' };
    const { status, body: answer } = await call(sandbox, '/api/work-orders', { body });
    expect(status).toBe(422);
    expect(answer).toMatchObject({
      detail: [
        { type: 'string_too_short', loc: ['body', 'title'], input: '', ctx: { min_length: 1 } },
        { type: 'missing', loc: ['body', 'description'], msg: 'Field required' },
        { type: 'string_pattern_mismatch', loc: ['body', 'priority'] },
        { type: 'int_parsing', loc: ['body', 'assigned_to'], input: 'lbauer' },
        { type: 'datetime_from_date_parsing', loc: ['body', 'due_date'] },
      ],
    });
    sandbox.control.setDial('pydantic', 1);
    const old = await fields(sandbox, '/api/work-orders', { body });
    expect(old['detail']).toContainEqual({
      loc: ['body', 'description'],
      msg: 'field required',
      type: 'value_error.missing',
    });
    expect(
      (
        await call(sandbox, '/api/work-orders', {
          body: '{',
          headers: { 'content-type': 'application/json' },
        })
      ).body,
    ).toMatchObject({ detail: [{ type: 'value_error.jsondecode', loc: ['body', 0] }] });
  });
});

describe('assets and parts of unified', () => {
  it('answers an unknown id with a 500 on read and with success on write', async () => {
    await start('empty');
    const gone = await call(sandbox, '/api/assets/9');
    expect([gone.status, gone.body]).toEqual([500, { detail: '404: Asset not found' }]);
    const body = { name: 'A', description: '', location: '', asset_type: '' };
    const put = await call(sandbox, '/api/assets/9', { method: 'PUT', body });
    expect([put.status, put.body]).toEqual([200, { message: 'Asset updated successfully' }]);
    expect(sandbox.control.stats().writes.updated).toEqual({});
    expect((await call(sandbox, '/api/assets/9', { method: 'DELETE' })).status).toBe(405);
  });

  it('replaces the whole asset: a status left out goes back to active', async () => {
    await start('empty');
    const body = { name: 'A', description: '', location: 'L', asset_type: 'T' };
    await call(sandbox, '/api/assets', { body: { ...body, status: 'Retired' } });
    sandbox.control.setClock(60_000);
    await call(sandbox, '/api/assets/1', { method: 'PUT', body });
    const row = await fields(sandbox, '/api/assets/1');
    expect(row).toMatchObject({ status: 'active', location: 'L' });
    expect(row['updated_at']).not.toBe(row['created_at']);
    const missing = await call(sandbox, '/api/assets/1', { method: 'PUT', body: { name: null } });
    expect(missing.body).toMatchObject({
      detail: [{ type: 'string_type', loc: ['body', 'name'] }, {}, {}, {}],
    });
  });

  it('holds part numbers unique, coerces numbers, refuses fractions of a piece', async () => {
    await start('empty');
    const made = await call(sandbox, '/api/parts', {
      body: { ...PART, ...COUNTS, unit_cost: '2.50', quantity: -3 },
    });
    expect(made.status).toBe(200);
    expect(await fields(sandbox, '/api/parts/1')).toMatchObject({
      unit_cost: 2.5,
      quantity: -3,
      supplier: null,
    });
    const again = await call(sandbox, '/api/parts', { body: { ...PART, ...COUNTS } });
    expect([again.status, again.body]).toEqual([
      500,
      { detail: 'UNIQUE constraint failed: parts.part_number' },
    ]);
    const half = await call(sandbox, '/api/parts', {
      body: { ...PART, ...COUNTS, part_number: 'S-2', quantity: 1.5 },
    });
    expect(half.body).toMatchObject({ detail: [{ type: 'int_from_float' }] });
    sandbox.control.setDial('database', 'postgresql');
    await call(sandbox, '/api/parts', { body: { ...PART, ...COUNTS } });
    const third = await fields(sandbox, '/api/parts', { body: { ...PART, ...COUNTS } });
    expect(third['detail']).toContain(
      'duplicate key value violates unique constraint "parts_part_number_key"',
    );
  });

  it('sends the trailing slash elsewhere and hides the bulk routes of parts behind the id', async () => {
    await start('empty');
    const slash = await call(sandbox, '/api/assets/?limit=5');
    expect(slash.status).toBe(307);
    expect(slash.headers.get('location')).toBe(`${sandbox.url}/api/assets?limit=5`);
    expect((await call(sandbox, '/api/parts/template')).status).toBe(422);
    expect((await call(sandbox, '/api/assets/template')).text).toBe('name,asset_type,location,status\n');
  });
});

describe('the side doors of unified', () => {
  it('generates PM work orders that nobody did, again and again', async () => {
    await start('site:C');
    sandbox.control.setClock(0);
    const before = await rows(sandbox, '/api/pm-schedules/due');
    expect(before).toHaveLength(2);
    const answer = await fields(sandbox, '/api/pm-schedules/generate-work-orders', { body: {} });
    expect(answer).toEqual({ message: 'Generated 2 work orders from PM schedules' });
    const [order] = await rows(sandbox, '/api/work-orders?limit=1');
    expect(order).toMatchObject({
      status: 'scheduled',
      title: 'PM: Lube system check, digger C',
      due_date: '2012-12-24 06:00:00',
    });
    const lube = (await rows(sandbox, '/api/pm-schedules')).find((row) =>
      String(row['title']).startsWith('Lube'),
    );
    expect(lube).toMatchObject({ updated_at: before[0]?.['updated_at'] });
    expect(lube?.['last_completed']).not.toBe(before[0]?.['last_completed']);
    expect((await call(sandbox, '/api/pm-schedules', { body: {} })).status).toBe(405);
  });

  it('changes a work order through raw SQL only, says nothing about it, and can be shut', async () => {
    await start('site:A');
    const update = {
      query: 'UPDATE work_orders SET status = %s, completion_notes = %s WHERE id = %s',
      params: ['completed', 'by SQL', 7],
      fetch: null,
    };
    expect(await fields(sandbox, '/api/query', { body: update })).toMatchObject({
      success: true,
      affected_rows: 0,
    });
    const changed = (await rows(sandbox, '/api/work-orders?limit=1000')).find((row) => row['id'] === 7);
    expect(changed).toMatchObject({ status: 'completed', completion_notes: 'by SQL' });
    const select = await call(sandbox, '/api/query', {
      body: { query: 'SELECT * FROM parts', fetch: 'all' },
    });
    expect([select.status, select.text]).toEqual([500, 'Internal Server Error']);
    const wrong = await fields(sandbox, '/api/query', { body: { query: 'DROP TABLE parts', fetch: null } });
    expect(wrong['detail']).toBe('Query execution failed: near "DROP": syntax error');
    sandbox.control.setDial('rawSql', false);
    expect((await call(sandbox, '/api/query', { body: update })).status).toBe(404);
  });

  it('keeps attachments one can list and delete but not fetch', async () => {
    await start('site:A');
    const form = new FormData();
    form.set('file', new File(['hello'], 'note.txt', { type: 'text/plain' }));
    form.set('description', 'Shift note');
    const made = await fields(sandbox, '/api/assets/1/attachments', { body: form });
    expect(made).toMatchObject({ id: 1, filename: 'note.txt', attachment_type: 'document' });
    expect(await rows(sandbox, '/api/assets/1/attachments')).toMatchObject([
      { file_size: 5, mime_type: 'text/plain', description: 'Shift note' },
    ]);
    expect(await rows(sandbox, '/api/parts/1/attachments')).toEqual([]);
    expect((await call(sandbox, '/api/attachments/1', { method: 'DELETE' })).status).toBe(200);
    expect((await call(sandbox, '/api/attachments/1', { method: 'DELETE' })).body).toEqual({
      detail: '404: Attachment not found',
    });
  });

  it('takes CSV with the other spelling, and fails every row of plans while it says success', async () => {
    await start('empty');
    const upload = (text: string): FormData => {
      const form = new FormData();
      form.set('file', new File([text], 'rows.csv', { type: 'text/csv' }));
      return form;
    };
    const assets = upload('name,asset_type,location,status\nPump,Pump,Hall,Active\nFan,Fan,Hall,active\n');
    expect(await fields(sandbox, '/api/assets/bulk-upload', { body: assets })).toMatchObject({
      success: true,
      success_count: 1,
      error_count: 1,
    });
    expect(await rows(sandbox, '/api/assets')).toMatchObject([{ name: 'Pump', status: 'Active' }]);
    const plans = upload('title,asset_id,frequency_value,frequency_unit,priority\nA,1,1,months,Medium\n');
    expect(await fields(sandbox, '/api/pm-schedules/bulk-upload', { body: plans })).toMatchObject({
      success: true,
      success_count: 0,
      error_count: 1,
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { createClassify } from './failures.ts';

const classify = createClassify('cf.example.com');
const answer = (status: number, body: unknown): ReturnType<typeof classify> =>
  classify({ status, headers: {}, body });

describe('what ChatterFix says no with', () => {
  it.each([
    ['an unknown id', 500, { detail: '404: Asset not found' }, 'not_found', 'no'],
    ['an unknown id, said properly', 404, { detail: 'Work order not found' }, 'not_found', 'no'],
    ['an unknown route', 404, { detail: 'Not Found' }, 'not_found', 'no'],
    [
      'a second part number',
      500,
      { detail: 'UNIQUE constraint failed: parts.part_number' },
      'conflict',
      'no',
    ],
    [
      'the same on PostgreSQL',
      500,
      { detail: 'duplicate key value violates unique constraint "parts_part_number_key"' },
      'conflict',
      'no',
    ],
    [
      'an asset that is not there',
      500,
      {
        detail:
          'insert or update on table "work_orders" violates foreign key constraint "work_orders_asset_id_fkey"\nDETAIL:  Key (asset_id)=(999) is not present in table "assets".',
      },
      'rejected',
      'no',
    ],
    [
      'too many hours',
      500,
      {
        detail:
          'numeric field overflow\nDETAIL:  A field with precision 5, scale 2 must round to an absolute value less than 10^3.',
      },
      'rejected',
      'no',
    ],
    ['a long text', 500, { detail: 'value too long for type character varying(255)' }, 'rejected', 'no'],
    [
      'nothing where something must be',
      500,
      { detail: 'null value in column "title" of relation "work_orders" violates not-null constraint' },
      'rejected',
      'no',
    ],
    [
      'a value outside a list',
      500,
      { detail: 'new row for relation "parts" violates check constraint "parts_quantity_check"' },
      'rejected',
      'no',
    ],
    ['nothing on SQLite', 500, { detail: 'NOT NULL constraint failed: work_orders.title' }, 'rejected', 'no'],
    ['no number', 500, { detail: 'invalid input syntax for type integer: "Al"' }, 'rejected', 'no'],
    [
      'a large number',
      500,
      { detail: 'Python int too large to convert to SQLite INTEGER' },
      'rejected',
      'no',
    ],
    [
      'a text with NUL',
      500,
      { detail: 'A string literal cannot contain NUL (0x00) characters.' },
      'rejected',
      'no',
    ],
    [
      'a refusal inside an envelope of success',
      200,
      { success: false, error: 'CHECK constraint failed: quantity >= 0' },
      'rejected',
      'no',
    ],
    ['any other 500', 500, { detail: 'database is locked' }, 'unavailable', 'unknown'],
    ['a 500 without JSON', 500, 'Internal Server Error', 'unavailable', 'unknown'],
    [
      'a missing API key',
      422,
      { detail: [{ loc: ['header', 'x-api-key'], msg: 'Field required' }] },
      'unauthorized',
      'no',
    ],
    [
      'a bad value',
      422,
      { detail: [{ loc: ['body', 'quantity'], msg: 'not an integer' }] },
      'rejected',
      'no',
    ],
    [
      'a refusal relayed as success',
      200,
      { detail: [{ loc: ['body', 'title'], msg: 'too long' }] },
      'rejected',
      'no',
    ],
    ['an outage relayed as success', 200, { detail: 'database is locked' }, 'unavailable', 'unknown'],
    [
      'an outage of the first release',
      200,
      { success: false, error: 'unable to open database file' },
      'unavailable',
      'unknown',
    ],
    [
      'a list that could not be read',
      200,
      { work_orders: [], error: 'database disk image is malformed' },
      'unavailable',
      'unknown',
    ],
    ['a refusal of the first release', 200, { success: false, error: 'no such table' }, 'rejected', 'no'],
    ['a wrong key', 401, { detail: 'Invalid API key' }, 'unauthorized', 'no'],
    ['no such method', 405, { detail: 'Method Not Allowed' }, 'rejected', 'no'],
    ['a rate limit', 429, { error: 'Rate limit exceeded: 20 per 1 minute' }, 'rate_limited', 'no'],
  ])('%s', (_, status, body, kind, applied) => {
    const failure = answer(status, body);
    expect({ kind: failure?.kind, applied: failure?.applied }).toEqual({ kind, applied });
    expect(failure?.message).toMatch(/^cf\.example\.com .*\.$/);
  });

  it('names the field at fault', () => {
    expect(answer(422, { detail: [{ loc: ['body', 'unit_cost'], msg: 'not a number' }] })?.path).toBe(
      'unit_cost',
    );
    expect(answer(500, { detail: 'NOT NULL constraint failed: work_orders.title' })?.path).toBe('title');
    expect(
      answer(500, {
        detail: 'violates foreign key constraint "x"\nDETAIL:  Key (asset_id)=(9) is not present',
      })?.path,
    ).toBe('asset_id');
  });

  it.each([
    ['a bare list', []],
    ['a created id', { id: 42, message: 'Work order created' }],
    ['an update', { message: 'Asset updated successfully' }],
    ['a health check of a broken database', { status: 'error', errors: ['no file'] }],
    ['a query', { success: true, data: null, error: null, affected_rows: 1 }],
    ['records with a field called detail', { work_orders: [], detail: 'page 1' }],
  ])('%s is a yes', (_, body) => {
    expect(answer(200, body)).toBeNull();
  });
});

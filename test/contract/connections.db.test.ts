/** Connections and field mappings (endpoints 1 and 2): sections 2.1, 4.1, 4.2, 5.3 to 5.5, 10 and 13.2. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CMMS_TYPES,
  connectionBody,
  many,
  one,
  openContractApi,
  refusal,
  textOf,
  type ContractApi,
  type OldClient,
  type Shown,
} from './old-client.fixture.ts';

let contract: ContractApi;
let client: OldClient;
beforeAll(async () => {
  contract = await openContractApi();
  ({ client } = contract);
});
afterAll(async () => {
  await contract.close();
  expect(contract.api.bugs).toEqual([]);
});

const UNKNOWN = '3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d';

async function connect(changes: Shown = {}): Promise<string> {
  const made = await client.post('/cmms/connections', connectionBody(changes));
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return textOf(made.body['connection_id']);
}

describe('1: a connection is made', () => {
  it.each(CMMS_TYPES)('takes the type %s and never shows a secret (W24)', async (cmms_type) => {
    const body = connectionBody({ cmms_type, username: 'integration-user', password: 'secret-password' });
    const made = await client.post('/cmms/connections', body);
    expect([made.status, made.body['success'], typeof made.body['message']]).toEqual([201, true, 'string']);
    const id = textOf(made.body['connection_id']);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.headers.get('location')).toBe(`/api/v1/cmms/connections/${id}`);
    expect(one(made, 'connection')).toMatchObject({
      id,
      cmms_type,
      // Some connectors append the root of the vendor's API.
      api_url: expect.stringContaining(textOf(body['api_url'])),
      connection_name: body['connection_name'],
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    const read = await client.get(`/cmms/connections/${id}`);
    const list = await client.get('/cmms/connections');
    expect(many(list, 'connections').map((row) => row['id'])).toContain(id);
    for (const answer of [made, read, list, await client.get('/audit')]) {
      expect(JSON.stringify(answer.body)).not.toMatch(/secret-of-the-plant|secret-password/);
    }
  });

  it.each<[string, Shown, string]>([
    ['no type', { cmms_type: undefined }, 'cmms_type'],
    ['an unknown type', { cmms_type: 'test_cmms' }, 'cmms_type'],
    ['no name', { connection_name: undefined }, 'connection_name'],
    ['an empty name', { connection_name: '' }, 'connection_name'],
    ['no address', { api_url: undefined }, 'api_url'],
    ['an address that is none', { api_url: 'cmms' }, 'api_url'],
    ['an address of another kind', { api_url: 'ftp://cmms.example.com' }, 'api_url'],
    ['a script as address', { api_url: 'javascript:alert(1)' }, 'api_url'],
    ['no credential at all', { api_key: undefined }, 'api_key'],
    ['empty credentials', { api_key: '' }, 'api_key'],
  ])('refuses %s', async (_what, changes, field) => {
    const answer = await client.post('/cmms/connections', connectionBody(changes));
    expect(refusal(answer)).toEqual([422, field]);
  });

  it('takes a user and a password instead of a key', async () => {
    const made = await client.post(
      '/cmms/connections',
      connectionBody({ api_key: undefined, username: 'u', password: 'p' }),
    );
    expect(made.status).toBe(201);
  });
});

describe('2: a field is mapped', () => {
  let id: string;
  const mapping = (changes: Shown = {}): Shown => ({
    cmms_connection_id: id,
    source_field: 'wo_title',
    target_field: 'title',
    transformation_rule: 'uppercase',
    is_required: true,
    ...changes,
  });
  beforeAll(async () => {
    id = await connect();
  });

  it('answers with source, target, rule and flag', async () => {
    const made = await client.post('/cmms/mappings', mapping());
    expect([made.status, made.body['success'], typeof made.body['message']]).toEqual([201, true, 'string']);
    const shown = one(made, 'mapping');
    expect(made.body['mapping_id']).toBe(shown['id']);
    expect(shown).toMatchObject({
      cmms_connection_id: id,
      source_field: 'wo_title',
      target_field: 'title',
      transformation_rule: 'uppercase',
      is_required: true,
      created_at: expect.stringMatching(/Z$/),
    });
    const list = many(await client.get('/cmms/mappings', { cmms_connection_id: id }), 'mappings');
    expect(list).toContainEqual(shown);
  });

  it('refuses the same target twice for a connection and entity, also when two race', async () => {
    const wanted = mapping({ target_field: 'category', entity: 'work_order' });
    const both = await Promise.all([1, 2, 3].map(() => client.post('/cmms/mappings', wanted)));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const other = await client.post('/cmms/mappings', { ...wanted, entity: 'asset' });
    expect(other.status).toBe(201);
    const elsewhere = await client.post('/cmms/mappings', { ...wanted, cmms_connection_id: await connect() });
    expect(elsewhere.status).toBe(201);
  });

  it('stores all or nothing when no entity is named and one of them has the target already', async () => {
    const connection = await connect();
    const wanted = mapping({ cmms_connection_id: connection, target_field: 'description' });
    expect((await client.post('/cmms/mappings', { ...wanted, entity: 'asset' })).status).toBe(201);
    expect(refusal(await client.post('/cmms/mappings', wanted))[0]).toBe(409);
    const list = many(await client.get('/cmms/mappings', { cmms_connection_id: connection }), 'mappings');
    expect(list.map((row) => row['entity'])).toEqual(['asset']);
  });

  it('is a 404 for an unknown connection', async () => {
    const answer = await client.post('/cmms/mappings', mapping({ cmms_connection_id: UNKNOWN }));
    expect(refusal(answer)[0]).toBe(404);
  });

  it.each<[string, Shown, string]>([
    ['a connection id that is none', { cmms_connection_id: 'north' }, 'cmms_connection_id'],
    ['no connection', { cmms_connection_id: undefined }, 'cmms_connection_id'],
    ['no source', { source_field: undefined }, 'source_field'],
    ['an empty source', { source_field: '' }, 'source_field'],
    ['no target', { target_field: undefined }, 'target_field'],
    ['an empty target', { target_field: '' }, 'target_field'],
    ['a target that we do not have', { target_field: 'colour_of_the_sky' }, 'target_field'],
    ['an unknown entity', { entity: 'invoice' }, 'entity'],
  ])('refuses %s', async (_what, changes, field) => {
    expect(refusal(await client.post('/cmms/mappings', mapping(changes)))).toEqual([422, field]);
  });

  it.each<[string, unknown]>([
    ['an unknown word', 'shout'],
    ['text that is no JSON', '{"type":'],
    ['a number', 7],
    ['an object without type', { operation: 'trim' }],
    ['an unknown type', { type: 'magic' }],
    ['an unknown operation', { type: 'string_manipulation', operation: 'reverse' }],
    ['an unknown conversion', { type: 'type_conversion', target_type: 'colour' }],
    ['no conversion target', { type: 'type_conversion' }],
    ['an unknown operator', { type: 'conditional', condition: { operator: 'like', value: 1 } }],
    ['no condition', { type: 'conditional', true_value: 1 }],
    ['a replacement of nothing', { type: 'string_manipulation', operation: 'replace', new: 'x' }],
    ['an unknown pattern', { type: 'date_format', input_format: '%Q' }],
    ['a bad one in a list', ['trim', 'shout']],
    ['a default of nothing', { type: 'default' }],
  ])('refuses a rule that is %s', async (_what, transformation_rule) => {
    const body = mapping({ transformation_rule, target_field: 'notes', entity: 'work_order' });
    expect(refusal(await client.post('/cmms/mappings', body))).toEqual([422, 'transformation_rule']);
  });
});

describe('rules (5.3 to 5.5), applied to a record of the external system', () => {
  let id: string;
  beforeAll(async () => {
    id = await connect();
  });

  /** What one mapping makes of `x`; null when the field is left out, and the errors when the record is refused. */
  async function applied(
    rule: unknown,
    x: unknown,
    target: { entity: string; field: string; canonical: string },
    changes: Shown = {},
  ): Promise<unknown> {
    const made = await client.post('/cmms/mappings', {
      cmms_connection_id: id,
      source_field: 'x',
      target_field: target.field,
      transformation_rule: rule,
      entity: target.entity,
      ...changes,
    });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    const sample = { id: '1', name: 'N', title: 'T', ...(x === undefined ? {} : { x }) };
    const shown = one(
      await client.post(`/cmms/connections/${id}/mappings/${target.entity}/preview`, {
        direction: 'pull',
        sample,
      }),
      'preview',
    );
    await client.raw('DELETE', `/cmms/mappings/${textOf(made.body['mapping_id'])}`, null, {});
    const rows = shown['fields'] as { field: string; output: unknown; errors: string[] }[];
    const row = rows.find(({ field }) => field === target.canonical);
    if (row !== undefined && row.errors.length > 0) return { refused: true };
    return ((shown['result'] ?? {}) as Shown)[target.canonical] ?? null;
  }
  const TEXT = { entity: 'asset', field: 'description', canonical: 'description' };
  const WHOLE = { entity: 'asset', field: 'expected_lifespan', canonical: 'expectedLifeMonths' };
  const NUMBER = { entity: 'asset', field: 'purchase_cost', canonical: 'purchaseCost' };
  const WHEN = { entity: 'work_order', field: 'due_date', canonical: 'dueAt' };
  const REFUSED = { refused: true };
  const text = (operation: string, more: Shown = {}): Shown => ({
    type: 'string_manipulation',
    operation,
    ...more,
  });
  const convert = (target_type: string): Shown => ({ type: 'type_conversion', target_type });
  const when = (operator: string, value: unknown, more: Shown = {}): Shown => ({
    type: 'conditional',
    condition: { operator, value },
    true_value: 'yes',
    false_value: 'no',
    ...more,
  });

  it.each<[string, unknown, unknown, typeof TEXT, unknown]>([
    ['the bare word uppercase', 'uppercase', 'aBc', TEXT, 'ABC'],
    ['the bare word lowercase', 'lowercase', 'aBc', TEXT, 'abc'],
    ['the bare word trim: both ends only', 'trim', '  a  b ', TEXT, 'a  b'],
    ['no rule', null, 'aBc', TEXT, 'aBc'],
    ['an object', text('uppercase'), 'a', TEXT, 'A'],
    ['the object as text', JSON.stringify(text('uppercase')), 'a', TEXT, 'A'],
    ['a list in order', ['trim', text('replace', { old: 'a', new: 'b' }), 'uppercase'], ' aca ', TEXT, 'BCB'],
    [
      'replace: all occurrences, literally',
      text('replace', { old: '.', new: '$1' }),
      'a.b.c',
      TEXT,
      'a$1b$1c',
    ],
    ['replace by nothing', text('replace', { old: 'a' }), 'abca', TEXT, 'bc'],
    ['substring', text('substring', { start: 1, end: 3 }), 'abcd', TEXT, 'bc'],
    ['a number as text', convert('string'), 12.5, TEXT, '12.5'],
    ['a flag as text', convert('string'), true, TEXT, 'true'],
    ['int of text', convert('int'), '12', WHOLE, 12],
    ['int of padded text', convert('int'), ' 7 ', WHOLE, 7],
    ['int of an exponent', convert('int'), '1e3', WHOLE, 1000],
    ['float of text', convert('float'), '12.5', NUMBER, 12.5],
    ['float64, the word of the Go engine', convert('float64'), '12.5', NUMBER, 12.5],
    ['number, the word of its documentation', convert('number'), '12.5', NUMBER, 12.5],
    ['no number: refused, never 0 (W23)', convert('float'), '1,5', NUMBER, REFUSED],
    ['no whole number: refused', convert('int'), 'many', WHOLE, REFUSED],
    ['float in a list', ['trim', convert('float')], ' 12.5 ', NUMBER, 12.5],
    ['no number in a list: refused', ['trim', convert('float')], 'x', NUMBER, REFUSED],
    ['equals', when('equals', 'open'), 'open', TEXT, 'yes'],
    ['equals, not so', when('equals', 'open'), 'shut', TEXT, 'no'],
    ['equals compares texts', when('equals', 1), '1', TEXT, 'yes'],
    ['not_equals', when('not_equals', 'open'), 'shut', TEXT, 'yes'],
    ['contains', when('contains', 'pump'), 'main pump 3', TEXT, 'yes'],
    ['contains, not so', when('contains', 'pump'), 'fan', TEXT, 'no'],
    ['greater_than with a numeric text', when('greater_than', 5), '6', TEXT, 'yes'],
    ['less_than', when('less_than', 5), 6, TEXT, 'no'],
    ['an absent branch keeps the value', when('equals', 'a', { true_value: undefined }), 'a', TEXT, 'a'],
    ['a condition on a field that is not there', when('equals', 'a'), undefined, TEXT, null],
    ['a rule on a field that is not there', text('replace', { old: 'a', new: 'b' }), undefined, TEXT, null],
    ['default of an absent field', { type: 'default', default_value: 'none' }, undefined, TEXT, 'none'],
    ['default of null', { type: 'default', default_value: 'none' }, null, TEXT, 'none'],
    ['default of an empty text', { type: 'default', default_value: 'none' }, '', TEXT, 'none'],
    ['default of something', { type: 'default', default_value: 'none' }, 'x', TEXT, 'x'],
    ['default in a list', ['trim', { type: 'default', default_value: 'none' }], '  ', TEXT, 'none'],
    [
      'default in a list, absent',
      ['trim', { type: 'default', default_value: 'none' }],
      undefined,
      TEXT,
      'none',
    ],
    [
      'a date in a pattern',
      { type: 'date_format', input_format: '%d/%m/%Y' },
      '05/03/2031',
      WHEN,
      '2031-03-05T00:00:00.000Z',
    ],
    [
      'a date and time in a pattern',
      { type: 'date_format', input_format: '%Y-%m-%d %H:%M:%S' },
      '2031-03-05 14:30:15',
      WHEN,
      '2031-03-05T14:30:15.000Z',
    ],
    [
      'a date with the default pattern',
      { type: 'date_format' },
      '2031-03-05T14:30:15Z',
      WHEN,
      '2031-03-05T14:30:15.000Z',
    ],
    [
      'a date that does not fit: refused',
      { type: 'date_format', input_format: '%d/%m/%Y' },
      'soon',
      WHEN,
      REFUSED,
    ],
    [
      'a date printed by another pattern',
      { type: 'date_format', input_format: '%Y-%m-%d', output_format: '%d.%m.%Y' },
      '2031-03-05',
      TEXT,
      '05.03.2031',
    ],
  ])('%s', async (_what, rule, x, target, wanted) => {
    expect(await applied(rule, x, target)).toEqual(wanted);
  });

  it.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['yes', true],
    ['on', true],
    ['false', false],
    ['no', false],
    ['off', false],
    ['0', false],
  ])('bool of %s', async (word, wanted) => {
    const target = { entity: 'schedule', field: 'is_active', canonical: 'active' };
    const made = await client.post('/cmms/mappings', {
      cmms_connection_id: id,
      source_field: 'x',
      target_field: target.field,
      transformation_rule: convert('bool'),
      entity: target.entity,
    });
    expect(made.status).toBe(201);
    const preview = await client.post(`/cmms/connections/${id}/mappings/plan/preview`, {
      direction: 'pull',
      sample: { id: '1', name: 'N', x: word },
    });
    await client.raw('DELETE', `/cmms/mappings/${textOf(made.body['mapping_id'])}`, null, {});
    expect((one(preview, 'preview')['result'] as Shown)['active']).toBe(wanted);
  });

  it('refuses a record without a required field, and takes its default where one is given (5.1)', async () => {
    expect(await applied(null, undefined, TEXT, { is_required: true })).toEqual(REFUSED);
    const given = { is_required: true, default_value: 'none' };
    expect(await applied(null, undefined, TEXT, given)).toBe('none');
  });

  it('passes the words of 3.2 over the bridge also from a field of another name', async () => {
    const target = { entity: 'work_order', field: 'status', canonical: 'status' };
    const bridge = { open: 'scheduled', assigned: 'scheduled', closed: 'completed', on_hold: 'on_hold' };
    for (const [word, status] of Object.entries(bridge)) {
      expect(await applied(null, word, target)).toBe(status);
    }
    expect(await applied('lowercase', 'OPEN', target)).toBe('scheduled');
    expect(await applied(null, 'asleep', target)).toEqual(REFUSED);
  });
});

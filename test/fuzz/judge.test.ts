/** The judge itself: what the lane exists to find, it does find. */
import { describe, expect, it } from '@jest/globals';
import { listKeys } from '../../api/http/routes/keys/list-keys.ts';
import { SECRET_MARK } from './hostile.ts';
import { faultsOf } from './judge.ts';
import { NEIGHBOUR_MARK } from './world.ts';

const request = { method: 'GET', target: '/api/v1/keys', headers: {}, body: null };
const stranger = 'b1920000-0000-7000-8000-000000000099';

function judged(status: number, body: unknown, type = 'application/json'): string[] {
  const answer = { status, headers: { 'content-type': type }, body: JSON.stringify(body) };
  return faultsOf(listKeys, request, answer, { neighbourIds: [stranger] });
}
const page = { success: true, keys: [], count: 0, next_cursor: null };
const problem = { type: 'about:blank', title: 'not_found', status: 404, detail: 'There is no such key.' };
const refused = (change: Record<string, unknown>): string[] =>
  judged(404, { ...problem, ...change }, 'application/problem+json');

describe('the judge', () => {
  it('has nothing against a right answer and a right problem', () => {
    expect([judged(200, page), refused({})]).toEqual([[], []]);
  });

  it.each<[string, string[]]>([
    ['a fault of ours', judged(500, problem, 'application/problem+json')],
    ['an answer that is not as documented', judged(200, { ...page, count: 'none' })],
    ['a status that is not documented', judged(201, page)],
    ["a neighbour's name", judged(200, { ...page, message: `Excavator ${NEIGHBOUR_MARK}` })],
    ["a neighbour's id", judged(200, { ...page, message: stranger })],
    ['a credential', refused({ detail: `${SECRET_MARK}-1 is too short.` })],
    ['a refusal of another shape', judged(404, { error: 'Not Found' })],
    ['another status inside', refused({ status: 400 })],
    ['an unknown kind', refused({ title: 'Oops' })],
    ['a stack', refused({ stack: 'Error' })],
    ['text of the database', refused({ detail: 'relation "api_key" does not exist' })],
    ['text of a library', refused({ detail: "Cannot read properties of undefined (reading 'id')" })],
    ['a copy of the request', refused({ detail: 'x'.repeat(100_000) })],
  ])('finds %s', (_what, faults) => {
    expect(faults).not.toEqual([]);
  });
});

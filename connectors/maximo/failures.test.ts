import { describe, expect, it } from '@jest/globals';
import { classifier, failureOf, LOGIN_PAGE } from './failures.ts';

const answer = (status: number, body: unknown, type = 'application/json') => ({
  status,
  headers: { 'content-type': type },
  body,
});
const error = (reasonCode: string, more: object = {}) => ({
  Error: { reasonCode, message: `${reasonCode} - says no.`, statusCode: '400', ...more },
});

describe('failureOf', () => {
  it.each([
    [400, 'BMXAA9549E', 'unauthorized'],
    [401, 'BMXAA0021E', 'unauthorized'],
    [400, 'BMXAA9301E', 'forbidden'],
    [400, 'BMXAA4190E', 'rejected'],
    [404, 'BMXAA8727E', 'not_found'],
    [412, 'BMXAA8229W', 'conflict'],
    [500, 'BMXAA4160E', 'unavailable'],
  ])('reads %i %s as %s', (status, code, kind) => {
    expect(failureOf('plant', status, error(code))).toMatchObject({ kind, code });
  });

  it('names the attribute at fault', () => {
    expect(failureOf('plant', 400, error('BMXAA4190E', { errorattrname: 'worktype' })).path).toBe('worktype');
  });

  it('finds the code in the text and in the namespaced form', () => {
    const inText = { Error: { message: 'BMXAA4153E - The site is not valid.', statusCode: '400' } };
    expect(failureOf('plant', 400, inText).code).toBe('BMXAA4153E');
    const namespaced = { 'oslc:Error': { 'spi:reasonCode': 'BMXAA9301E', 'oslc:message': 'no' } };
    expect(failureOf('plant', 400, namespaced).kind).toBe('forbidden');
  });

  it('says that a write answered with a server error may have happened', () => {
    expect(failureOf('plant', 500, error('BMXAA6395E')).applied).toBe('unknown');
    expect(failureOf('plant', 400, error('BMXAA4190E')).applied).toBe('no');
  });
});

describe('classifier', () => {
  it('recognises a login page of an ended session, but not with an API key', () => {
    const page = answer(200, '<html>', 'text/html');
    expect(classifier('plant', true)(page)?.code).toBe(LOGIN_PAGE);
    expect(classifier('plant', false)(page)).toBeNull();
  });

  it('leaves success and gateway errors to the table of statuses', () => {
    expect(classifier('plant', true)(answer(200, { member: [] }))).toBeNull();
    expect(classifier('plant', true)(answer(502, '<html>', 'text/html'))).toBeNull();
  });
});

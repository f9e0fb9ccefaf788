import { describe, expect, it } from '@jest/globals';
import { errorIn, failureOfAnswer } from './failures.ts';

const facts = { host: 'sap.example.com', client: 'client 100', oauth: false };
const json = { 'content-type': 'application/json' };
const error = (message: string, more: object = {}) => ({
  error: { code: 'IW/123', message: { lang: 'en', value: message }, ...more },
});

describe('answers of SAP as failures', () => {
  it.each([
    [
      'an expired CSRF token',
      { status: 403, headers: { 'x-csrf-token': 'Required' }, body: 'CSRF token validation failed' },
      'forbidden',
      'CSRF_REQUIRED',
      'refuses the CSRF token',
    ],
    [
      'a missing right',
      { status: 403, headers: json, body: error('No authorization for order type PM01') },
      'forbidden',
      'IW/123',
      'No authorization for order type PM01',
    ],
    [
      'a service that is not activated',
      { status: 403, headers: json, body: error('No service found for namespace , name API_EQUIPMENT') },
      'invalid_config',
      null,
      'has not activated this service',
    ],
    [
      'a property that is gone',
      { status: 400, headers: json, body: error("Property LastChangeDateTime not found in type 'X'") },
      'unexpected_response',
      'IW/123',
      'does not know the property LastChangeDateTime',
    ],
    [
      'a stale version',
      { status: 412, headers: json, body: error('stale If-Match') },
      'conflict',
      'STALE',
      'read again',
    ],
    [
      'a missing version',
      { status: 428, headers: json, body: error('Precondition required') },
      'conflict',
      'IF_MATCH_MISSING',
      'If-Match',
    ],
    [
      'a wrong client',
      {
        status: 401,
        headers: { 'content-type': 'text/html' },
        body: '<html><body>Client 999 does not exist</body></html>',
      },
      'invalid_config',
      'SAP_CLIENT',
      'correct sapClient',
    ],
    [
      'a wrong password',
      {
        status: 401,
        headers: { 'content-type': 'text/html' },
        body: '<html><body>Anmeldung fehlgeschlagen</body></html>',
      },
      'unauthorized',
      null,
      'refuses the user of this connection in client 100',
    ],
    [
      'a lock',
      { status: 400, headers: json, body: error('Order 4711001 is already being processed by JDOE') },
      'conflict',
      'LOCKED',
      'has the record locked',
    ],
    ['a lock of V4', { status: 423, headers: json, body: error('x') }, 'conflict', 'LOCKED', 'locked'],
    [
      'a business error',
      { status: 400, headers: json, body: error('Order type ZZ99 is not defined') },
      'rejected',
      'IW/123',
      'Order type ZZ99 is not defined',
    ],
    [
      'a web page',
      { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>x</html>' },
      'unexpected_response',
      'HTML',
      'web page',
    ],
    [
      'an outage',
      { status: 503, headers: {}, body: '<html>Maintenance</html>' },
      'unavailable',
      null,
      'answered 503',
    ],
  ] as const)('%s', (_name, answer, kind, code, words) => {
    const failure = failureOfAnswer(facts, answer);
    expect([failure.kind, failure.code]).toEqual([kind, code]);
    expect(failure.message).toContain(words);
    expect(failure.message).not.toMatch(/[.]\s+\S.*[.]\s+\S/);
  });

  it('a refused access token speaks of the OAuth client', () => {
    expect(
      failureOfAnswer({ ...facts, oauth: true }, { status: 401, headers: {}, body: '' }).message,
    ).toContain('OAuth client');
  });

  it('details are told once, without the framework and without warnings; the field is named', () => {
    const found = errorIn(
      error('Refused', {
        innererror: {
          transactionid: 'ABC',
          errordetails: [
            { code: 'IW/1', message: 'Refused', severity: 'error', target: 'MaintPriority' },
            { code: 'IW/2', message: { lang: 'en', value: 'Priority 9 unknown' }, severity: 'error' },
            { code: 'IW/3', message: 'By the way', severity: 'warning' },
            { code: '/IWBEP/CX_MGW_BUSI_EXCEPTION', message: 'dump', severity: 'error' },
          ],
        },
      }),
    );
    expect(found).toEqual({
      code: 'IW/123',
      message: 'Refused Priority 9 unknown',
      target: 'MaintPriority',
      transaction: 'ABC',
    });
  });

  it('V4 and XML envelopes are read', () => {
    expect(errorIn({ error: { code: 'A/1', message: 'Plain', details: [] } })?.message).toBe('Plain');
    expect(
      errorIn(
        '<?xml version="1.0"?><error xmlns="x"><code>005056</code><message xml:lang="en">Not found</message></error>',
      ),
    ).toMatchObject({ code: '005056', message: 'Not found' });
    expect(errorIn('<html>')).toBeNull();
  });
});

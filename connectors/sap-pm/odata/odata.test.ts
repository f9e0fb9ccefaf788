/** The wire of OData: literals, rows, batches and EDMX, in the shapes of the contract. */
import { describe, expect, it } from '@jest/globals';
import { decodeBatch, encodeChangeSet } from './batch.ts';
import { entityOf, pageOf } from './decode.ts';
import { discoveredField, readEdmx } from './edmx.ts';
import { encodeBody, filterOf, keyPredicate, literal } from './literals.ts';
import type { ServiceInfo } from './services.ts';

const v2: ServiceInfo = { name: 'orders', protocol: 'v2', path: '/orders' };
const v4: ServiceInfo = { name: 'points', protocol: 'v4', path: '/points' };

describe('literals', () => {
  it.each([
    ['v2', 'text', "O'Neil", "'O''Neil'"],
    ['v2', 'date', '2031-05-04', "datetime'2031-05-04T00:00:00'"],
    ['v2', 'instant', '2031-05-04T10:20:30.900Z', "datetimeoffset'2031-05-04T10:20:30Z'"],
    ['v2', 'time', '10:20:30', "time'PT10H20M30S'"],
    ['v2', 'boolean', true, 'true'],
    ['v4', 'date', '2031-05-04', '2031-05-04'],
    ['v4', 'instant', '2031-05-04T10:20:30.000Z', '2031-05-04T10:20:30Z'],
    ['v4', 'time', '10:20:30', '10:20:30'],
  ] as const)('%s %s %s', (protocol, kind, value, expected) => {
    expect(literal(protocol, kind, value)).toBe(expected);
  });

  it('a key is named, percent-encoded, and keeps an empty part', () => {
    expect(keyPredicate('v2', {}, { MaintenanceOrder: '4711001', MaintenanceOrderSubOperation: '' })).toBe(
      "(MaintenanceOrder='4711001',MaintenanceOrderSubOperation='')",
    );
    expect(keyPredicate('v2', {}, { FunctionalLocation: 'A&B/ 7' })).toBe(
      "(FunctionalLocation='A%26B%2F%207')",
    );
    expect(
      keyPredicate('v2', { ValidityEndDate: 'date' }, { Equipment: '1', ValidityEndDate: '9999-12-31' }),
    ).toBe("(Equipment='1',ValidityEndDate=datetime'9999-12-31T00%3A00%3A00')");
  });

  it('a filter joins conditions and choices', () => {
    const is = (field: string, value: string) => ({ field, op: 'eq', value, kind: 'text' }) as const;
    expect(filterOf('v2', [is('A', 'x'), [[is('B', '1')], [is('B', '2'), is('C', '3')]]])).toBe(
      "A eq 'x' and (B eq '1' or (B eq '2' and C eq '3'))",
    );
    expect(filterOf('v2', [[[is('B', '1')]]])).toBe("B eq '1'");
  });

  it('dates are written by name and shape, texts never', () => {
    const fields = {
      LatestAcceptableCompletionDate: '2031-05-04',
      MaintOrdBasicStartDateTime: '2031-05-04T07:00:00.000Z',
      MsmtRdngTime: '10:20:30',
      MaintenanceOrderDesc: '2031-05-04',
      to_Child: [{ SomeDate: '1970-01-01' }],
    };
    expect(encodeBody('v2', fields)).toEqual({
      LatestAcceptableCompletionDate: '/Date(1935619200000)/',
      MaintOrdBasicStartDateTime: '/Date(1935644400000+0000)/',
      MsmtRdngTime: 'PT10H20M30S',
      MaintenanceOrderDesc: '2031-05-04',
      to_Child: [{ SomeDate: '/Date(0)/' }],
    });
    expect(encodeBody('v4', fields)).toEqual(fields);
  });
});

describe('rows', () => {
  it('are plain: dates, times, children, versions', () => {
    const row = entityOf(
      v2,
      {
        d: {
          __metadata: { etag: 'W/"x"', type: 'ns.T' },
          MaintOrdBasicStartDateTime: '/Date(1935644400000+0000)/',
          MaintOrdBasicStartDate: '/Date(1935619200000)/',
          MaintOrdBasicStartTime: 'PT07H00M00S',
          MaintenanceOrderDesc: '/Date(0)/',
          LatestAcceptableCompletionDate: null,
          MaintPriority: '',
          OrderHasLongText: false,
          to_A: { __deferred: { uri: 'https://x' } },
          to_B: { results: [{ __metadata: { etag: 'W/"b"' }, N: '1', to_C: { results: [{ M: '2' }] } }] },
          to_D: { __metadata: { etag: 'W/"d"' }, T: 'x' },
        },
      },
      'sap',
      'no',
    );
    expect(row.doc).toEqual({
      MaintOrdBasicStartDateTime: '2031-05-04T07:00:00.000Z',
      MaintOrdBasicStartDate: '2031-05-04',
      MaintOrdBasicStartTime: '07:00:00',
      MaintenanceOrderDesc: '/Date(0)/',
      OrderHasLongText: false,
      to_B: [{ N: '1', to_C: [{ M: '2' }] }],
      to_D: { T: 'x' },
    });
    expect(row.version).toBe('W/"x"');
    expect(Object.fromEntries(row.childVersions)).toEqual({ 'to_B.0': 'W/"b"', to_D: 'W/"d"' });
  });

  it('pages of both versions tell where they go on', () => {
    expect(
      pageOf(v2, { d: { results: [{ A: '1' }], __next: 'https://x?$skiptoken=1' } }, 'sap').next,
    ).toContain('skip');
    expect(
      pageOf(v4, { '@odata.context': 'c', value: [{ A: '1', '@odata.etag': 'W/"1"' }] }, 'sap').rows,
    ).toMatchObject([{ doc: { A: '1' }, version: 'W/"1"' }]);
  });

  it('an answer of the other version names the setting', () => {
    expect(() => pageOf(v2, { '@odata.context': 'c', value: [] }, 'sap')).toThrow(
      'sap answered in OData V4 where OData V2 was expected; correct services.orders (now /orders).',
    );
    expect(() => pageOf(v4, { d: { results: [] } }, 'sap')).toThrow('OData V2 where OData V4');
    expect(() => pageOf(v2, { d: 7 }, 'sap')).toThrow('has no "d.results"');
    expect(() => pageOf(v2, 'x', 'sap')).toThrow('check that /orders is the service');
  });
});

describe('batches', () => {
  it('a change set has CRLF lines, content ids and lengths in bytes', () => {
    const text = encodeChangeSet(
      [{ method: 'PATCH', url: "A('1')", headers: { 'If-Match': '*' }, body: { T: 'ü' } }],
      'b',
    );
    expect(text.split('\r\n')).toEqual([
      '--b',
      'Content-Type: multipart/mixed; boundary=set_b',
      '',
      '--set_b',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 1',
      '',
      "PATCH A('1') HTTP/1.1",
      'Accept: application/json',
      'Content-Type: application/json',
      'Content-Length: 10',
      'If-Match: *',
      '',
      '{"T":"ü"}',
      '--set_b--',
      '',
      '--b--',
      '',
    ]);
  });

  const part = (status: string, body: string): string[] => [
    'Content-Type: application/http',
    'content-transfer-encoding: binary',
    '',
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    '',
    body,
  ];

  it('an answer keeps every digit of a number', () => {
    const text = ['--a', ...part('200 OK', '{"id":9007199254740993,"n":12}'), '--a--', ''].join('\r\n');
    expect(decodeBatch('multipart/mixed; boundary=a', text)).toMatchObject([
      { body: { id: '9007199254740993', n: 12 } },
    ]);
  });

  it('an answer gives its parts in order, a failed change set as one', () => {
    const text = [
      '--outer',
      ...part('200 OK', '{"d":{"results":[]}}'),
      '--outer',
      'Content-Type: multipart/mixed; boundary=inner',
      '',
      '--inner',
      ...part('204 No Content', ''),
      '--inner--',
      '',
      '--outer',
      ...part('412 Precondition Failed', '{"error":{"code":"X"}}'),
      '--outer--',
      '',
    ].join('\r\n');
    expect(
      decodeBatch('multipart/mixed; boundary=outer', text).map(({ status, body }) => [status, body]),
    ).toEqual([
      [200, { d: { results: [] } }],
      [204, null],
      [412, { error: { code: 'X' } }],
    ]);
  });

  it('a cut answer is no answer', () => {
    expect(() =>
      decodeBatch('multipart/mixed; boundary=o', ['--o', ...part('200 OK', '{}')].join('\r\n')),
    ).toThrow('breaks off');
    expect(() => decodeBatch('text/html', '<html>')).toThrow('no multipart message');
  });
});

describe('EDMX', () => {
  const xml = `<?xml version="1.0"?><edmx:Edmx Version="1.0" xmlns:edmx="e"><edmx:DataServices><Schema Namespace="ns">
    <EntityType Name="T"><Key><PropertyRef Name="K"/></Key>
      <Property Name="K" Type="Edm.String" Nullable="false" MaxLength="12" sap:label="A &amp; B > C"/>
      <Property Name="At" Type="Edm.DateTimeOffset" sap:creatable="false" sap:updatable="false"/>
      <!-- <Property Name="No" Type="Edm.String"/> -->
    </EntityType>
    <ComplexType Name="D"><Property Name="IsInvalid" Type="Edm.Boolean"/></ComplexType>
    <EntityContainer Name="C"><EntitySet Name="S" EntityType="ns.T"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;

  it('gives the properties of each set', () => {
    const properties = readEdmx(xml, 'sap').sets.get('S') ?? [];
    expect(properties.map((property) => [property.name, discoveredField(property)])).toEqual([
      ['K', { type: 'text', nullable: false, maxLength: 12 }],
      ['At', { type: 'instant', nullable: true, readOnly: true }],
    ]);
  });

  it.each(['', 'not xml', '<html><body>Logon</body></html>', '<!DOCTYPE x [<!ENTITY a "b">]><edmx:Edmx/>'])(
    'refuses %s',
    (text) => {
      expect(() => readEdmx(text, 'sap')).toThrow('is no EDMX document');
    },
  );

  it('is done with a hostile document quickly', () => {
    const text = `<edmx:Edmx>${'<a '.repeat(200_000)}`;
    expect(readEdmx(text, 'sap').sets.size).toBe(0);
  });
});

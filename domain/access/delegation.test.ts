import { describe, expect, it } from '@jest/globals';
import { findExcess, OPERATOR, type Delegator } from './delegation.ts';
import { mayDo, PERMISSIONS, ROLES, type Role } from './permissions.ts';

const rights = (role: Role, scopes: string[] | null = null, expiresAt: string | null = null): Delegator => ({
  role,
  scopes,
  expiresAt,
});

describe('findExcess', () => {
  it.each<[string, Delegator, Delegator, object | null]>([
    ['an administrator hands on everything', rights('admin'), rights('admin'), null],
    [
      'a narrowed key hands on its scopes',
      rights('admin', ['keys:create']),
      rights('viewer', ['keys:create']),
      null,
    ],
    [
      'a scope of the same resource',
      rights('admin', ['keys:*']),
      rights('admin', ['keys:read', 'keys:create']),
      null,
    ],
    ['no scopes', rights('admin', ['keys:create']), rights('admin'), { what: 'unscoped' }],
    ['no scopes, though the role is small', rights('admin', ['*']), rights('viewer'), { what: 'unscoped' }],
    [
      'another scope',
      rights('admin', ['keys:create']),
      rights('admin', ['keys:create', 'audit:read']),
      { what: 'scope', scope: 'audit:read' },
    ],
    [
      'a whole resource for one action',
      rights('admin', ['keys:create']),
      rights('admin', ['keys:*']),
      { what: 'scope', scope: 'keys:*' },
    ],
    [
      'every resource for one',
      rights('admin', ['keys:*']),
      rights('admin', ['*']),
      { what: 'scope', scope: '*' },
    ],
    ['a larger role', rights('manager'), rights('admin', ['work_orders:read']), { what: 'role' }],
    [
      'a larger role under the same scopes',
      rights('manager', ['*']),
      rights('admin', ['*']),
      { what: 'role' },
    ],
    ['a role beside it', rights('technician'), rights('supervisor'), { what: 'role' }],
    [
      'no end',
      rights('admin', null, '2027-01-01T00:00:00Z'),
      rights('admin'),
      { what: 'lifetime', endsAt: '2027-01-01T00:00:00Z' },
    ],
    [
      'a later end',
      rights('admin', null, '2027-01-01T00:00:00Z'),
      rights('admin', null, '2027-01-01T00:00:01Z'),
      { what: 'lifetime', endsAt: '2027-01-01T00:00:00Z' },
    ],
    [
      'the same instant in another zone',
      rights('admin', null, '2027-01-01T00:00:00Z'),
      rights('admin', null, '2027-01-01T01:00:00+01:00'),
      null,
    ],
  ])('%s', (_what, maker, wanted, excess) => {
    expect(findExcess(maker, wanted)).toEqual(excess);
  });

  it('lets nothing pass that may do what its maker may not, whatever roles and scopes are combined', () => {
    const narrowings = [
      null,
      ['*'],
      ['keys:*'],
      ['keys:create'],
      ['work_orders:read', 'keys:create'],
      ['connections:*'],
    ];
    const all = ROLES.flatMap((role) => narrowings.map((scopes) => rights(role, scopes)));
    let passed = 0;
    for (const maker of all) {
      for (const wanted of all) {
        if (findExcess(maker, wanted) !== null) continue;
        passed += 1;
        expect(PERMISSIONS.filter((one) => mayDo(wanted, one) && !mayDo(maker, one))).toEqual([]);
      }
    }
    expect(passed).toBeGreaterThan(all.length);
  });

  it('bounds the operator by nothing', () => {
    for (const role of ROLES) expect(findExcess(OPERATOR, rights(role))).toBeNull();
  });
});

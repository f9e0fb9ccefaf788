import { describe, expect, it } from '@jest/globals';
import { isScope, mayDo, PERMISSIONS, ROLES } from './permissions.ts';

describe('permissions', () => {
  it('lets the administrator do everything and the viewer change nothing', () => {
    for (const permission of PERMISSIONS) {
      expect(mayDo({ role: 'admin', scopes: null }, permission)).toBe(true);
      const changes = !permission.endsWith(':read');
      if (changes) expect(mayDo({ role: 'viewer', scopes: null }, permission)).toBe(false);
    }
  });

  it('keeps keys to the administrator', () => {
    for (const role of ROLES.filter((one) => one !== 'admin'))
      expect(mayDo({ role, scopes: null }, 'keys:create')).toBe(false);
  });

  it('narrows a role by scopes and never widens it', () => {
    expect(mayDo({ role: 'admin', scopes: ['assets:read'] }, 'assets:read')).toBe(true);
    expect(mayDo({ role: 'admin', scopes: ['assets:*'] }, 'assets:delete')).toBe(true);
    expect(mayDo({ role: 'admin', scopes: ['assets:read'] }, 'work_orders:read')).toBe(false);
    expect(mayDo({ role: 'viewer', scopes: ['*'] }, 'assets:create')).toBe(false);
  });

  it('knows a scope from a slip of the pen', () => {
    expect(['*', 'assets:*', 'assets:read'].every(isScope)).toBe(true);
    expect(['asset:read', 'assets:write', 'assets', ''].some(isScope)).toBe(false);
  });
});

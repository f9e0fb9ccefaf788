import { describe, expect, it } from '@jest/globals';
import { statusPath } from './status-path.ts';

const rules = { allowClose: true, allowCancel: true };
const shut = { allowClose: false, allowCancel: false };

/** Maximo's own table (contract 4.7), written out apart from the connector's. */
const LEGAL: Record<string, string[]> = {
  WAPPR: ['APPR', 'WSCH', 'WMATL', 'INPRG', 'COMP', 'CLOSE', 'CAN'],
  APPR: ['WAPPR', 'WSCH', 'WMATL', 'INPRG', 'COMP', 'CLOSE', 'CAN'],
  WSCH: ['WAPPR', 'APPR', 'WMATL', 'INPRG', 'COMP', 'CLOSE', 'CAN'],
  WMATL: ['WAPPR', 'APPR', 'WSCH', 'INPRG', 'COMP', 'CLOSE', 'CAN'],
  INPRG: ['WAPPR', 'WMATL', 'COMP', 'CLOSE'],
  COMP: ['CLOSE'],
  CLOSE: [],
  CAN: [],
};

describe('statusPath', () => {
  it('takes approval and start on the way to completion', () => {
    expect(statusPath('WAPPR', 'COMP', rules)).toEqual({ open: ['APPR', 'INPRG'], final: ['COMP'] });
    expect(statusPath('WAPPR', 'CLOSE', rules)).toEqual({
      open: ['APPR', 'INPRG'],
      final: ['COMP', 'CLOSE'],
    });
    expect(statusPath('APPR', 'INPRG', rules)).toEqual({ open: ['INPRG'], final: [] });
  });

  it('puts work in progress back to approved without undoing the approval', () => {
    expect(statusPath('INPRG', 'APPR', rules)).toEqual({ open: ['WMATL', 'APPR'], final: [] });
  });

  it('does nothing when the status is reached', () => {
    expect(statusPath('CLOSE', 'CLOSE', shut)).toEqual({ open: [], final: [] });
  });

  it.each(Object.keys(LEGAL).flatMap((from) => Object.keys(LEGAL).map((to) => [from, to] as const)))(
    'from %s to %s makes only moves Maximo allows, or refuses',
    (from, to) => {
      let path: string[];
      try {
        const { open, final } = statusPath(from, to, rules);
        path = [...open, ...final];
      } catch (error) {
        expect(error).toMatchObject({ kind: 'rejected', path: 'status' });
        return;
      }
      let at = from;
      for (const next of path) {
        expect(LEGAL[at]).toContain(next);
        at = next;
      }
      expect(at).toBe(to);
    },
  );

  it.each([
    ['COMP', 'INPRG', 'reopen'],
    ['CLOSE', 'INPRG', 'history'],
    ['CAN', 'WAPPR', 'history'],
    ['INPRG', 'CAN', 'does not cancel'],
    ['WAPPR', 'OPEN', 'not an internal'],
  ])('refuses %s to %s with the reason', (from, to, reason) => {
    expect(() => statusPath(from, to, rules)).toThrow(reason);
  });

  it('names the setting that allows what cannot be undone', () => {
    expect(() => statusPath('COMP', 'CLOSE', shut)).toThrow('allowClose');
    expect(() => statusPath('APPR', 'CAN', shut)).toThrow('allowCancel');
  });
});

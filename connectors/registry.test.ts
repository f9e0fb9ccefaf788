import { describe, expect, it } from '@jest/globals';
import { connectorFor, connectors } from './registry.ts';

describe('connectorFor', () => {
  it('finds each connector under its own name', () => {
    for (const [system, connector] of Object.entries(connectors)) {
      expect(connector.manifest.system).toBe(system);
      expect(connectorFor(system)).toBe(connector);
    }
  });

  it.each(['fiix?', 'toString', ''])('names the known systems when asked for "%s"', (system) => {
    expect(() => connectorFor(system)).toThrow(
      'use one of: chatterfix, custom, fiix, maximo, sap_pm, sql, upkeep',
    );
  });
});

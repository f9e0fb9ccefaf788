/** Every system this product can connect, as a table of contents. */
import { Failure } from '../domain/kernel/failure.ts';
import { chatterfix } from './chatterfix/index.ts';
import type { Connector } from './kit/contract.ts';
import { custom } from './custom/index.ts';
import { fiix } from './fiix/index.ts';
import { maximo } from './maximo/index.ts';
import { sapPm } from './sap-pm/index.ts';
import { sql } from './sql/index.ts';
import { upkeep } from './upkeep/index.ts';

export const connectors: Readonly<Record<string, Connector>> = {
  chatterfix,
  custom,
  fiix,
  maximo,
  sap_pm: sapPm,
  sql,
  upkeep,
};

export function connectorFor(system: string): Connector {
  const connector = Object.hasOwn(connectors, system) ? connectors[system] : undefined;
  if (connector) return connector;
  const known = Object.keys(connectors).sort().join(', ');
  throw new Failure(
    'invalid_config',
    `There is no connector for the system "${system}"; use one of: ${known}.`,
    {
      path: 'system',
    },
  );
}

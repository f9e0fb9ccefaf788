/** Properties that are no column: they are made from the row and the logon language when it is shown. */
import type { EntitySet, Field, Value } from './schema.ts';
import { statusLine, tokensOf } from './status-line.ts';
import { statusToken } from './language.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

type Compute = (row: Row, call: Call) => Value;

const PRIORITY: Readonly<Record<string, readonly [string, string]>> = {
  1: ['Very high', 'Sehr hoch'],
  2: ['High', 'Hoch'],
  3: ['Medium', 'Mittel'],
  4: ['Low', 'Niedrig'],
};
const PHASE: Readonly<Record<string, readonly [string, string]>> = {
  1: ['Outstanding', 'Offen'],
  2: ['Postponed', 'Zurückgestellt'],
  3: ['In process', 'In Arbeit'],
  4: ['Completed', 'Abgeschlossen'],
  5: ['Deletion Flag', 'Löschvormerkung'],
};

function described(words: Readonly<Record<string, readonly [string, string]>>, field: string): Compute {
  return (row, { language }) => words[String(row.values[field] ?? '')]?.[language === 'DE' ? 1 : 0] ?? '';
}

const COMPUTED: Readonly<Record<string, Compute>> = {
  'MaintenanceOrder.SystemStatusText': (row, { language }) => statusLine(row.values, language, true),
  'MaintenanceOrderOperation.SystemStatusText': (row, { language }) =>
    statusLine(row.values, language, false),
  'MaintenanceNotification.ConcatenatedActiveSystStsName': (row, { language }) =>
    tokensOf(row.values)
      .map((token) => statusToken(token, language))
      .join(' '),
  'MaintenanceNotification.MaintPriorityDesc': described(PRIORITY, 'MaintPriority'),
  'MaintenanceNotification.NotifProcessingPhaseDesc': described(PHASE, 'NotifProcessingPhase'),
};

export function computed(set: EntitySet, field: Field): Compute | null {
  return COMPUTED[`${set.table}.${field.name}`] ?? null;
}

/** Every endpoint, as a table of contents. Static segments win over parameters, whatever the order. */
import type { Route } from './frame/route.ts';
import { listAudit } from './routes/audit/list-audit.ts';
import { getConflict } from './routes/conflicts/get-conflict.ts';
import { listConflicts } from './routes/conflicts/list-conflicts.ts';
import { resolveConflict } from './routes/conflicts/resolve-conflict.ts';
import { resolveConflicts } from './routes/conflicts/resolve-conflicts.ts';
import { changeConnection } from './routes/connections/change-connection.ts';
import { createConnection } from './routes/connections/create-connection.ts';
import { deleteConnection } from './routes/connections/delete-connection.ts';
import { getConnection } from './routes/connections/get-connection.ts';
import { listConnections } from './routes/connections/list-connections.ts';
import { pauseConnection } from './routes/connections/pause-connection.ts';
import { previewConnectionDeletion } from './routes/connections/preview-connection-deletion.ts';
import { resumeConnection } from './routes/connections/resume-connection.ts';
import { rotateConnectionSecret } from './routes/connections/rotate-connection-secret.ts';
import { testConnection } from './routes/connections/test-connection.ts';
import { getConnector } from './routes/connectors/get-connector.ts';
import { listConnectors } from './routes/connectors/list-connectors.ts';
import { createKey } from './routes/keys/create-key.ts';
import { listKeys } from './routes/keys/list-keys.ts';
import { revokeKey } from './routes/keys/revoke-key.ts';
import { explainRecord } from './routes/links/explain-record.ts';
import { listLinks } from './routes/links/list-links.ts';
import { listRecordLinks } from './routes/links/list-record-links.ts';
import { mergeRecords } from './routes/links/merge-records.ts';
import { relink } from './routes/links/relink.ts';
import { unlink } from './routes/links/unlink.ts';
import { changeMapping } from './routes/mappings/change-mapping.ts';
import { createMapping } from './routes/mappings/create-mapping.ts';
import { deleteFieldMapping } from './routes/mappings/delete-field-mapping.ts';
import { getMapping } from './routes/mappings/get-mapping.ts';
import { getShippedMapping } from './routes/mappings/get-shipped-mapping.ts';
import { listFieldMappings } from './routes/mappings/list-field-mappings.ts';
import { listMappingVersions } from './routes/mappings/list-mapping-versions.ts';
import { listMappings } from './routes/mappings/list-mappings.ts';
import { previewMapping } from './routes/mappings/preview-mapping.ts';
import { rollBackMapping } from './routes/mappings/roll-back-mapping.ts';
import { validateMapping } from './routes/mappings/validate-mapping.ts';
import { acceptMatch } from './routes/matches/accept-match.ts';
import { listMatches } from './routes/matches/list-matches.ts';
import { rejectMatch } from './routes/matches/reject-match.ts';
import { discardQuarantined } from './routes/quarantine/discard-quarantined.ts';
import { getQuarantined } from './routes/quarantine/get-quarantined.ts';
import { listQuarantine } from './routes/quarantine/list-quarantine.ts';
import { replayQuarantined } from './routes/quarantine/replay-quarantined.ts';
import { cancelRun } from './routes/sync/cancel-run.ts';
import { getRun, getSync } from './routes/sync/get-run.ts';
import { listRunRecords } from './routes/sync/list-run-records.ts';
import { listRuns } from './routes/sync/list-runs.ts';
import { syncAll, syncAssets, syncMaintenanceSchedules, syncWorkOrders } from './routes/sync/start-sync.ts';
import { watchRunEvents } from './routes/sync/watch-run.ts';

const CONNECTIONS: readonly Route[] = [
  createConnection,
  listConnections,
  getConnection,
  changeConnection,
  rotateConnectionSecret,
  testConnection,
  pauseConnection,
  resumeConnection,
  previewConnectionDeletion,
  deleteConnection,
  listConnectors,
  getConnector,
];

const MAPPINGS: readonly Route[] = [
  createMapping,
  listFieldMappings,
  deleteFieldMapping,
  listMappings,
  getShippedMapping,
  getMapping,
  changeMapping,
  validateMapping,
  previewMapping,
  listMappingVersions,
  rollBackMapping,
];

const SYNC: readonly Route[] = [
  syncWorkOrders,
  syncMaintenanceSchedules,
  syncAssets,
  syncAll,
  getSync,
  listRuns,
  getRun,
  listRunRecords,
  watchRunEvents,
  cancelRun,
];

/** What waits for a person, and mending what was linked wrongly. */
const EXCEPTIONS: readonly Route[] = [
  listConflicts,
  resolveConflicts,
  getConflict,
  resolveConflict,
  listQuarantine,
  getQuarantined,
  replayQuarantined,
  discardQuarantined,
  listMatches,
  acceptMatch,
  rejectMatch,
  listLinks,
  unlink,
  relink,
  mergeRecords,
  listRecordLinks,
  explainRecord,
];

const ADMINISTRATION: readonly Route[] = [createKey, listKeys, revokeKey, listAudit];

export const ROUTES: readonly Route[] = [
  ...CONNECTIONS,
  ...MAPPINGS,
  ...SYNC,
  ...EXCEPTIONS,
  ...ADMINISTRATION,
];

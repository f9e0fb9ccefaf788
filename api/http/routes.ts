/** Every endpoint, as a table of contents. Static segments win over parameters, whatever the order. */
import type { Route } from './frame/route.ts';
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

const KEYS: readonly Route[] = [createKey, listKeys, revokeKey];

export const ROUTES: readonly Route[] = [...CONNECTIONS, ...SYNC, ...KEYS];

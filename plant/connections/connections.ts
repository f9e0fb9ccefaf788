/** Connections in the hands of people and programs. What other folders use of it is named here. */
export type { ConnectionDetails, ConnectionOverview } from '../../store/connections/connection-admin.ts';
export type {
  Basics,
  CheckedSettings,
  ConnectionActions,
  ConnectionDeps,
  ProbeResult,
  SystemView,
} from './actions.ts';
export { changeConnection, rotateSecret, type ConnectionChange } from './change-connection.ts';
export { createConnection, MADE_PAUSED, storeConnection, type NewConnection } from './create-connection.ts';
export { deleteConnection, previewDeletion, type DeletionPreview } from './delete-connection.ts';
export type { EntityLook } from './entity-look.ts';
export { firstLook, type FirstLook } from './first-look.ts';
export { listAllConnections, overviewConnections, readConnection } from './list-connections.ts';
export { pauseConnection, resumeConnection, retryConnection } from './switch-connection.ts';
export { tryConnection, type TestResult } from './try-connection.ts';

/** Every endpoint, as a table of contents. Static segments win over parameters, whatever the order. */
import type { Route } from './frame/route.ts';
import { acknowledgeAlert } from './routes/assets/acknowledge-alert.ts';
import { assessAssetCondition } from './routes/assets/assess-condition.ts';
import { getAssetStatistics } from './routes/assets/asset-statistics.ts';
import { changeAsset } from './routes/assets/change-asset.ts';
import { deleteAsset } from './routes/assets/delete-asset.ts';
import { getAsset } from './routes/assets/get-asset.ts';
import { listAssetAlerts } from './routes/assets/list-alerts.ts';
import { listAlerts } from './routes/assets/list-all-alerts.ts';
import { listAssets } from './routes/assets/list-assets.ts';
import { listAssetConditions } from './routes/assets/list-conditions.ts';
import { listAssetLocations } from './routes/assets/list-locations.ts';
import { listAssetPerformance } from './routes/assets/list-performance.ts';
import { recordAssetLocation } from './routes/assets/record-location.ts';
import { recordAssetPerformance } from './routes/assets/record-performance.ts';
import { registerAsset } from './routes/assets/register-asset.ts';
import { resolveAlert } from './routes/assets/resolve-alert.ts';
import { listAudit } from './routes/audit/list-audit.ts';
import { changeCalendar } from './routes/calendars/change-calendar.ts';
import { createCalendar } from './routes/calendars/create-calendar.ts';
import { deleteCalendar } from './routes/calendars/delete-calendar.ts';
import { getCalendar } from './routes/calendars/get-calendar.ts';
import { listCalendars } from './routes/calendars/list-calendars.ts';
import { watchChangeEvents } from './routes/changes/watch-changes.ts';
import { getConflict } from './routes/conflicts/get-conflict.ts';
import { listConflicts } from './routes/conflicts/list-conflicts.ts';
import { resolveConflict } from './routes/conflicts/resolve-conflict.ts';
import { resolveConflicts } from './routes/conflicts/resolve-conflicts.ts';
import { changeConnection } from './routes/connections/change-connection.ts';
import { createConnection } from './routes/connections/create-connection.ts';
import { deleteConnection } from './routes/connections/delete-connection.ts';
import { lookFirst } from './routes/connections/first-look.ts';
import { getConnection } from './routes/connections/get-connection.ts';
import { listConnections } from './routes/connections/list-connections.ts';
import { pauseConnection } from './routes/connections/pause-connection.ts';
import { previewConnectionDeletion } from './routes/connections/preview-connection-deletion.ts';
import { resumeConnection } from './routes/connections/resume-connection.ts';
import { retryConnection } from './routes/connections/retry-connection.ts';
import { rotateConnectionSecret } from './routes/connections/rotate-connection-secret.ts';
import { testConnection } from './routes/connections/test-connection.ts';
import { getConnector } from './routes/connectors/get-connector.ts';
import { listConnectors } from './routes/connectors/list-connectors.ts';
import { getAttachmentContent } from './routes/files/get-content.ts';
import {
  addAssetAttachment,
  addWorkOrderAttachment,
  listAssetAttachments,
  listWorkOrderAttachments,
} from './routes/files/record-attachments.ts';
import { createKey } from './routes/keys/create-key.ts';
import { listKeys } from './routes/keys/list-keys.ts';
import { revokeKey } from './routes/keys/revoke-key.ts';
import { explainRecord } from './routes/links/explain-record.ts';
import { listLinks } from './routes/links/list-links.ts';
import { listRecordLinks } from './routes/links/list-record-links.ts';
import { mergeRecords } from './routes/links/merge-records.ts';
import { relink } from './routes/links/relink.ts';
import { unlink } from './routes/links/unlink.ts';
import { locations } from './routes/locations/locations.ts';
import { getLocationTree } from './routes/locations/location-tree.ts';
import { addMeterReading } from './routes/meters/add-reading.ts';
import { addMeterReadings } from './routes/meters/add-readings.ts';
import { listMeterReadings } from './routes/meters/list-readings.ts';
import { meters } from './routes/meters/meters.ts';
import { movePartStock } from './routes/parts/move-stock.ts';
import { parts } from './routes/parts/parts.ts';
import { people } from './routes/people/people.ts';
import {
  approveRequest,
  cancelRequest,
  rejectRequest,
  resolveRequest,
} from './routes/requests/move-request.ts';
import { requests } from './routes/requests/requests.ts';
import { changeScheduleRules } from './routes/maintenance/change-rules.ts';
import { changeSchedule } from './routes/maintenance/change-schedule.ts';
import { completeTask } from './routes/maintenance/complete-task.ts';
import { createSchedule } from './routes/maintenance/create-schedule.ts';
import { createTask } from './routes/maintenance/create-task.ts';
import { deleteSchedule } from './routes/maintenance/delete-schedule.ts';
import { explainScheduleDate } from './routes/maintenance/explain-date.ts';
import { getScheduleRules } from './routes/maintenance/get-rules.ts';
import { getSchedule } from './routes/maintenance/get-schedule.ts';
import { getTask } from './routes/maintenance/get-task.ts';
import { listAssetMaintenanceHistory, listMaintenanceHistory } from './routes/maintenance/list-history.ts';
import { listOccurrences } from './routes/maintenance/list-occurrences.ts';
import { listSchedules } from './routes/maintenance/list-schedules.ts';
import { listTasks } from './routes/maintenance/list-tasks.ts';
import { getMaintenanceStatistics } from './routes/maintenance/maintenance-statistics.ts';
import { previewScheduleRules } from './routes/maintenance/preview-rules.ts';
import { scheduleRecurring } from './routes/maintenance/schedule-recurring.ts';
import { startTask } from './routes/maintenance/start-task.ts';
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
import { acknowledgeConnectionDrift } from './routes/schemas/acknowledge-drift.ts';
import { discoverSchema } from './routes/schemas/discover-schema.ts';
import { getSchema } from './routes/schemas/get-schema.ts';
import { listConnectionDrift } from './routes/schemas/list-drift.ts';
import { releaseConnectionDrift } from './routes/schemas/release-drift.ts';
import { cancelRun } from './routes/sync/cancel-run.ts';
import { getRun, getSync } from './routes/sync/get-run.ts';
import { listRunRecords } from './routes/sync/list-run-records.ts';
import { listRuns } from './routes/sync/list-runs.ts';
import { syncAll, syncAssets, syncMaintenanceSchedules, syncWorkOrders } from './routes/sync/start-sync.ts';
import { watchRunEvents } from './routes/sync/watch-run.ts';
import { changeTemplate } from './routes/templates/change-template.ts';
import { createTemplate } from './routes/templates/create-template.ts';
import { deleteTemplate } from './routes/templates/delete-template.ts';
import { getTemplate } from './routes/templates/get-template.ts';
import { listTemplates } from './routes/templates/list-templates.ts';
import { addComment } from './routes/work-orders/add-comment.ts';
import { addLabour } from './routes/work-orders/add-labour.ts';
import { addPart } from './routes/work-orders/add-part.ts';
import { addStep } from './routes/work-orders/add-step.ts';
import { changeWorkOrder } from './routes/work-orders/change-work-order.ts';
import { completeStep } from './routes/work-orders/complete-step.ts';
import { createWorkOrder } from './routes/work-orders/create-work-order.ts';
import { deleteWorkOrder } from './routes/work-orders/delete-work-order.ts';
import { getWorkOrder } from './routes/work-orders/get-work-order.ts';
import { listComments } from './routes/work-orders/list-comments.ts';
import { listWorkOrders } from './routes/work-orders/list-work-orders.ts';
import { issuePart, returnPart, usePart } from './routes/work-orders/move-part.ts';
import { setWorkOrderStatus } from './routes/work-orders/set-work-order-status.ts';

const CONNECTIONS: readonly Route[] = [
  createConnection,
  listConnections,
  getConnection,
  changeConnection,
  rotateConnectionSecret,
  testConnection,
  lookFirst,
  pauseConnection,
  resumeConnection,
  retryConnection,
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
  getSchema,
  discoverSchema,
  listConnectionDrift,
  acknowledgeConnectionDrift,
  releaseConnectionDrift,
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
  watchChangeEvents,
  cancelRun,
];

const WORK_ORDERS: readonly Route[] = [
  createWorkOrder,
  listWorkOrders,
  getWorkOrder,
  changeWorkOrder,
  deleteWorkOrder,
  setWorkOrderStatus,
  addStep,
  completeStep,
  addPart,
  issuePart,
  usePart,
  returnPart,
  addLabour,
  listComments,
  addComment,
  createTemplate,
  listTemplates,
  getTemplate,
  changeTemplate,
  deleteTemplate,
];

const MAINTENANCE: readonly Route[] = [
  createSchedule,
  listSchedules,
  getSchedule,
  changeSchedule,
  deleteSchedule,
  createTask,
  listTasks,
  getTask,
  startTask,
  completeTask,
  scheduleRecurring,
  getScheduleRules,
  changeScheduleRules,
  previewScheduleRules,
  listOccurrences,
  explainScheduleDate,
  getMaintenanceStatistics,
  listMaintenanceHistory,
  listAssetMaintenanceHistory,
  createCalendar,
  listCalendars,
  getCalendar,
  changeCalendar,
  deleteCalendar,
];

const ASSETS: readonly Route[] = [
  registerAsset,
  listAssets,
  getAssetStatistics,
  getAsset,
  changeAsset,
  deleteAsset,
  recordAssetLocation,
  listAssetLocations,
  assessAssetCondition,
  listAssetConditions,
  recordAssetPerformance,
  listAssetPerformance,
  listAssetAlerts,
  acknowledgeAlert,
  resolveAlert,
  listAlerts,
];

const RECORDS: readonly Route[] = [
  getLocationTree,
  ...Object.values(locations),
  ...Object.values(parts),
  movePartStock,
  ...Object.values(meters),
  addMeterReadings,
  addMeterReading,
  listMeterReadings,
  ...Object.values(people),
  ...Object.values(requests),
  approveRequest,
  rejectRequest,
  cancelRequest,
  resolveRequest,
];

const FILES: readonly Route[] = [
  listWorkOrderAttachments,
  addWorkOrderAttachment,
  listAssetAttachments,
  addAssetAttachment,
  getAttachmentContent,
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
  ...WORK_ORDERS,
  ...MAINTENANCE,
  ...ASSETS,
  ...RECORDS,
  ...FILES,
  ...CONNECTIONS,
  ...MAPPINGS,
  ...SYNC,
  ...EXCEPTIONS,
  ...ADMINISTRATION,
];

/** Every call of the API and the operation of the HTTP API that carries it out; `request.ts` says how the one becomes the other. */

export interface Binding {
  /** `Service.Method` in the package `cmms.v1`. */
  rpc: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's base path; the names after colons are fields of the request. */
  path: string;
  /** The field of the request whose members are the body. */
  draft?: string;
  /** One request a batch, each answered by an acknowledgement. */
  stream?: boolean;
  /** A stream of answers: each event of the operation is a message, or that one field of it. */
  watch?: 'message' | { field: string };
}

export const METHODS: readonly Binding[] = [
  { rpc: 'WorkOrderService.GetWorkOrder', method: 'GET', path: '/work-orders/:id' },
  { rpc: 'WorkOrderService.ListWorkOrders', method: 'GET', path: '/work-orders' },
  { rpc: 'WorkOrderService.CreateWorkOrder', method: 'POST', path: '/work-orders', draft: 'work_order' },
  { rpc: 'WorkOrderService.UpdateWorkOrder', method: 'PATCH', path: '/work-orders/:id', draft: 'work_order' },
  { rpc: 'WorkOrderService.SetWorkOrderStatus', method: 'PUT', path: '/work-orders/:id/status' },
  { rpc: 'AssetService.GetAsset', method: 'GET', path: '/assets/:asset_id' },
  { rpc: 'AssetService.ListAssets', method: 'GET', path: '/assets' },
  { rpc: 'AssetService.CreateAsset', method: 'POST', path: '/assets', draft: 'asset' },
  { rpc: 'AssetService.UpdateAsset', method: 'PATCH', path: '/assets/:asset_id', draft: 'asset' },
  { rpc: 'AssetService.MoveAsset', method: 'POST', path: '/assets/:asset_id/location' },
  { rpc: 'AssetService.AssessAsset', method: 'POST', path: '/assets/:asset_id/condition' },
  { rpc: 'AssetService.RecordPerformance', method: 'POST', path: '/assets/:asset_id/performance' },
  { rpc: 'AssetService.ListPerformance', method: 'GET', path: '/assets/:asset_id/performance' },
  { rpc: 'AssetService.ListAssetAlerts', method: 'GET', path: '/assets/:asset_id/alerts' },
  { rpc: 'AssetService.GetAssetStatistics', method: 'GET', path: '/assets/statistics' },
  { rpc: 'AlertService.ListAlerts', method: 'GET', path: '/alerts' },
  {
    rpc: 'AlertService.AcknowledgeAlert',
    method: 'POST',
    path: '/assets/:asset_id/alerts/:alert_id/acknowledge',
  },
  { rpc: 'AlertService.ResolveAlert', method: 'POST', path: '/assets/:asset_id/alerts/:alert_id/resolve' },
  { rpc: 'MeterService.ListReadings', method: 'GET', path: '/meters/:id/readings' },
  { rpc: 'MeterService.AddReadings', method: 'POST', path: '/meters/readings' },
  { rpc: 'MeterService.IngestReadings', method: 'POST', path: '/meters/readings', stream: true },
  { rpc: 'ConnectionService.GetConnection', method: 'GET', path: '/cmms/connections/:id' },
  { rpc: 'ConnectionService.ListConnections', method: 'GET', path: '/cmms/connections' },
  {
    rpc: 'ConnectionService.CreateConnection',
    method: 'POST',
    path: '/cmms/connections',
    draft: 'connection',
  },
  {
    rpc: 'ConnectionService.UpdateConnection',
    method: 'PATCH',
    path: '/cmms/connections/:id',
    draft: 'connection',
  },
  { rpc: 'ConnectionService.DeleteConnection', method: 'DELETE', path: '/cmms/connections/:id' },
  { rpc: 'ConnectionService.TestConnection', method: 'POST', path: '/cmms/connections/:id/test' },
  { rpc: 'ConnectionService.PauseConnection', method: 'POST', path: '/cmms/connections/:id/pause' },
  { rpc: 'ConnectionService.ResumeConnection', method: 'POST', path: '/cmms/connections/:id/resume' },
  { rpc: 'ConnectionService.RetryConnection', method: 'POST', path: '/cmms/connections/:id/retry' },
  { rpc: 'MappingService.CreateFieldMapping', method: 'POST', path: '/cmms/mappings' },
  { rpc: 'MappingService.ListFieldMappings', method: 'GET', path: '/cmms/mappings' },
  { rpc: 'MappingService.DeleteFieldMapping', method: 'DELETE', path: '/cmms/mappings/:id' },
  { rpc: 'SyncService.SyncWorkOrders', method: 'POST', path: '/cmms/sync/work-orders' },
  { rpc: 'SyncService.SyncMaintenanceSchedules', method: 'POST', path: '/cmms/sync/maintenance-schedules' },
  { rpc: 'SyncService.SyncAssets', method: 'POST', path: '/cmms/sync/assets' },
  { rpc: 'SyncService.SyncAll', method: 'POST', path: '/cmms/sync/all' },
  { rpc: 'RunService.GetRun', method: 'GET', path: '/runs/:id' },
  { rpc: 'RunService.WatchRun', method: 'GET', path: '/runs/:id/events', watch: { field: 'run' } },
  { rpc: 'RunService.ListRuns', method: 'GET', path: '/runs' },
  { rpc: 'RunService.ListRunRecords', method: 'GET', path: '/runs/:id/records' },
  { rpc: 'RunService.CancelRun', method: 'POST', path: '/runs/:id/cancel' },
  {
    rpc: 'MaintenanceService.CreateSchedule',
    method: 'POST',
    path: '/maintenance/schedules',
    draft: 'schedule',
  },
  { rpc: 'MaintenanceService.GetSchedule', method: 'GET', path: '/maintenance/schedules/:id' },
  { rpc: 'MaintenanceService.ListSchedules', method: 'GET', path: '/maintenance/schedules' },
  {
    rpc: 'MaintenanceService.UpdateSchedule',
    method: 'PATCH',
    path: '/maintenance/schedules/:id',
    draft: 'schedule',
  },
  { rpc: 'MaintenanceService.DeleteSchedule', method: 'DELETE', path: '/maintenance/schedules/:id' },
  { rpc: 'MaintenanceService.CreateTask', method: 'POST', path: '/maintenance/tasks' },
  { rpc: 'MaintenanceService.GetTask', method: 'GET', path: '/maintenance/tasks/:id' },
  { rpc: 'MaintenanceService.ListTasks', method: 'GET', path: '/maintenance/tasks' },
  { rpc: 'MaintenanceService.StartTask', method: 'POST', path: '/maintenance/tasks/:id/start' },
  { rpc: 'MaintenanceService.CompleteTask', method: 'POST', path: '/maintenance/tasks/:id/complete' },
  { rpc: 'MaintenanceService.ScheduleRecurring', method: 'POST', path: '/maintenance/schedule-recurring' },
  { rpc: 'MaintenanceService.GetMaintenanceStatistics', method: 'GET', path: '/maintenance/statistics' },
  { rpc: 'ConflictService.ListConflicts', method: 'GET', path: '/conflicts' },
  { rpc: 'ConflictService.GetConflict', method: 'GET', path: '/conflicts/:id' },
  { rpc: 'ConflictService.ResolveConflict', method: 'POST', path: '/conflicts/:id/resolve' },
  { rpc: 'ConflictService.ResolveConflicts', method: 'POST', path: '/conflicts/resolve' },
  { rpc: 'QuarantineService.ListQuarantine', method: 'GET', path: '/quarantine' },
  { rpc: 'QuarantineService.GetQuarantined', method: 'GET', path: '/quarantine/:id' },
  { rpc: 'QuarantineService.ReplayQuarantined', method: 'POST', path: '/quarantine/:id/replay' },
  { rpc: 'QuarantineService.DiscardQuarantined', method: 'POST', path: '/quarantine/:id/discard' },
  { rpc: 'LinkService.ListLinks', method: 'GET', path: '/links' },
  { rpc: 'LinkService.ListRecordLinks', method: 'GET', path: '/records/:record/links' },
  { rpc: 'LinkService.Unlink', method: 'POST', path: '/links/unlink' },
  { rpc: 'LinkService.Relink', method: 'POST', path: '/links/relink' },
  { rpc: 'LinkService.MergeRecords', method: 'POST', path: '/records/merge' },
  { rpc: 'LinkService.ExplainRecord', method: 'GET', path: '/records/:record/explain' },
  { rpc: 'ChangeService.WatchChanges', method: 'GET', path: '/changes/events', watch: 'message' },
];

/** Every call of the API and the operation of the HTTP API that carries it out; `request.ts` says how the one becomes the other. */

export interface Binding {
  /** `Service.Method` in the package `cmms.v1`. */
  rpc: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the API's base path; the names after colons are fields of the request. */
  path: string;
  /** The field of the request whose members are the body. */
  draft?: string;
  /** One request a batch, each answered by an acknowledgement. */
  stream?: boolean;
}

export const METHODS: readonly Binding[] = [
  { rpc: 'WorkOrderService.GetWorkOrder', method: 'GET', path: '/work-orders/:id' },
  { rpc: 'WorkOrderService.ListWorkOrders', method: 'GET', path: '/work-orders' },
  { rpc: 'WorkOrderService.CreateWorkOrder', method: 'POST', path: '/work-orders', draft: 'work_order' },
  { rpc: 'WorkOrderService.UpdateWorkOrder', method: 'PATCH', path: '/work-orders/:id', draft: 'work_order' },
  { rpc: 'WorkOrderService.SetWorkOrderStatus', method: 'PUT', path: '/work-orders/:id/status' },
  { rpc: 'AssetService.GetAsset', method: 'GET', path: '/assets/:asset_id' },
  { rpc: 'AssetService.ListAssets', method: 'GET', path: '/assets' },
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
  { rpc: 'RunService.GetRun', method: 'GET', path: '/runs/:id' },
  { rpc: 'RunService.ListRuns', method: 'GET', path: '/runs' },
];

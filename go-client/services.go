package cmms

import (
	"context"
	"iter"

	"github.com/chatterfix/chatterfix-sync/go-client/cmmspb"
)

// WorkOrders are the work orders of the plant.
type WorkOrders struct{ cmmspb.WorkOrderServiceClient }

// All walks the work orders that match the request, through every page.
func (s WorkOrders) All(ctx context.Context, request *cmmspb.ListWorkOrdersRequest) iter.Seq2[*cmmspb.WorkOrder, error] {
	return pages(ctx, request, s.ListWorkOrders,
		func(r *cmmspb.ListWorkOrdersRequest, token string) { r.PageToken = token },
		(*cmmspb.ListWorkOrdersResponse).GetWorkOrders)
}

// Assets are the assets of the plant.
type Assets struct{ cmmspb.AssetServiceClient }

// All walks the assets that match the request, through every page.
func (s Assets) All(ctx context.Context, request *cmmspb.ListAssetsRequest) iter.Seq2[*cmmspb.Asset, error] {
	return pages(ctx, request, s.ListAssets,
		func(r *cmmspb.ListAssetsRequest, token string) { r.PageToken = token },
		(*cmmspb.ListAssetsResponse).GetAssets)
}

// Alerts are the alerts of the plant's assets.
type Alerts struct{ cmmspb.AlertServiceClient }

// All walks the alerts that match the request, the newest first, through every page.
func (s Alerts) All(ctx context.Context, request *cmmspb.ListAlertsRequest) iter.Seq2[*cmmspb.Alert, error] {
	return pages(ctx, request, s.ListAlerts,
		func(r *cmmspb.ListAlertsRequest, token string) { r.PageToken = token },
		(*cmmspb.ListAlertsResponse).GetAlerts)
}

// Meters are the readings of the plant's meters.
type Meters struct{ cmmspb.MeterServiceClient }

// AllReadings walks the readings of one meter, through every page.
func (s Meters) AllReadings(ctx context.Context, request *cmmspb.ListReadingsRequest) iter.Seq2[*cmmspb.Reading, error] {
	return pages(ctx, request, s.ListReadings,
		func(r *cmmspb.ListReadingsRequest, token string) { r.PageToken = token },
		(*cmmspb.ListReadingsResponse).GetReadings)
}

// Connections are the links to maintenance systems.
type Connections struct{ cmmspb.ConnectionServiceClient }

// All walks the connections, through every page.
func (s Connections) All(ctx context.Context, request *cmmspb.ListConnectionsRequest) iter.Seq2[*cmmspb.Connection, error] {
	return pages(ctx, request, s.ListConnections,
		func(r *cmmspb.ListConnectionsRequest, token string) { r.PageToken = token },
		(*cmmspb.ListConnectionsResponse).GetConnections)
}

// Runs are the passes of the connections.
type Runs struct{ cmmspb.RunServiceClient }

// All walks the runs that match the request, the newest first, through every page.
func (s Runs) All(ctx context.Context, request *cmmspb.ListRunsRequest) iter.Seq2[*cmmspb.Run, error] {
	return pages(ctx, request, s.ListRuns,
		func(r *cmmspb.ListRunsRequest, token string) { r.PageToken = token },
		(*cmmspb.ListRunsResponse).GetRuns)
}

// AllRecords walks what a run did with each record, through every page.
func (s Runs) AllRecords(ctx context.Context, request *cmmspb.ListRunRecordsRequest) iter.Seq2[*cmmspb.RunRecord, error] {
	return pages(ctx, request, s.ListRunRecords,
		func(r *cmmspb.ListRunRecordsRequest, token string) { r.PageToken = token },
		(*cmmspb.ListRunRecordsResponse).GetRecords)
}

// AllPerformance walks the performance records of one asset, the oldest first, through every page.
func (s Assets) AllPerformance(ctx context.Context, request *cmmspb.ListPerformanceRequest) iter.Seq2[*cmmspb.AssetPerformance, error] {
	return pages(ctx, request, s.ListPerformance,
		func(r *cmmspb.ListPerformanceRequest, token string) { r.PageToken = token },
		(*cmmspb.ListPerformanceResponse).GetPerformanceData)
}

// AllAlerts walks the alerts of one asset, the newest first, through every page.
func (s Assets) AllAlerts(ctx context.Context, request *cmmspb.ListAssetAlertsRequest) iter.Seq2[*cmmspb.Alert, error] {
	return pages(ctx, request, s.ListAssetAlerts,
		func(r *cmmspb.ListAssetAlertsRequest, token string) { r.PageToken = token },
		(*cmmspb.ListAssetAlertsResponse).GetAlerts)
}

// Mappings are the field mappings of connections.
type Mappings struct{ cmmspb.MappingServiceClient }

// All walks the field mappings that match the request, through every page.
func (s Mappings) All(ctx context.Context, request *cmmspb.ListFieldMappingsRequest) iter.Seq2[*cmmspb.FieldMapping, error] {
	return pages(ctx, request, s.ListFieldMappings,
		func(r *cmmspb.ListFieldMappingsRequest, token string) { r.PageToken = token },
		(*cmmspb.ListFieldMappingsResponse).GetMappings)
}

// Sync asks connections to synchronise now.
type Sync struct{ cmmspb.SyncServiceClient }

// Maintenance holds the maintenance schedules and their tasks.
type Maintenance struct {
	cmmspb.MaintenanceServiceClient
}

// AllSchedules walks the schedules that match the request, through every page.
func (s Maintenance) AllSchedules(ctx context.Context, request *cmmspb.ListSchedulesRequest) iter.Seq2[*cmmspb.MaintenanceSchedule, error] {
	return pages(ctx, request, s.ListSchedules,
		func(r *cmmspb.ListSchedulesRequest, token string) { r.PageToken = token },
		(*cmmspb.ListSchedulesResponse).GetSchedules)
}

// AllTasks walks the tasks that match the request, through every page.
func (s Maintenance) AllTasks(ctx context.Context, request *cmmspb.ListTasksRequest) iter.Seq2[*cmmspb.MaintenanceTask, error] {
	return pages(ctx, request, s.ListTasks,
		func(r *cmmspb.ListTasksRequest, token string) { r.PageToken = token },
		(*cmmspb.ListTasksResponse).GetTasks)
}

// Conflicts are the fields that two sides changed.
type Conflicts struct{ cmmspb.ConflictServiceClient }

// All walks the open conflicts that match the request, through every page.
func (s Conflicts) All(ctx context.Context, request *cmmspb.ListConflictsRequest) iter.Seq2[*cmmspb.Conflict, error] {
	return pages(ctx, request, s.ListConflicts,
		func(r *cmmspb.ListConflictsRequest, token string) { r.PageToken = token },
		(*cmmspb.ListConflictsResponse).GetConflicts)
}

// Quarantine holds the records that could not be taken over.
type Quarantine struct{ cmmspb.QuarantineServiceClient }

// All walks the quarantined records that match the request, through every page.
func (s Quarantine) All(ctx context.Context, request *cmmspb.ListQuarantineRequest) iter.Seq2[*cmmspb.Quarantined, error] {
	return pages(ctx, request, s.ListQuarantine,
		func(r *cmmspb.ListQuarantineRequest, token string) { r.PageToken = token },
		(*cmmspb.ListQuarantineResponse).GetQuarantine)
}

// Links tie hub records to the records of other systems.
type Links struct{ cmmspb.LinkServiceClient }

// All walks the links that match the request, through every page.
func (s Links) All(ctx context.Context, request *cmmspb.ListLinksRequest) iter.Seq2[*cmmspb.Link, error] {
	return pages(ctx, request, s.ListLinks,
		func(r *cmmspb.ListLinksRequest, token string) { r.PageToken = token },
		(*cmmspb.ListLinksResponse).GetLinks)
}

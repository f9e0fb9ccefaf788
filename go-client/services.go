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

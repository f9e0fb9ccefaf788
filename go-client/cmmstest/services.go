package cmmstest

import (
	"context"
	"fmt"
	"io"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	cmms "github.com/chatterfix/chatterfix-sync/go-client"
	"github.com/chatterfix/chatterfix-sync/go-client/cmmspb"
)

func (s *Server) register() {
	cmmspb.RegisterWorkOrderServiceServer(s.grpc, workOrders{s: s})
	cmmspb.RegisterAssetServiceServer(s.grpc, assets{s: s})
	cmmspb.RegisterAlertServiceServer(s.grpc, alerts{s: s})
	cmmspb.RegisterMeterServiceServer(s.grpc, meters{s: s})
	cmmspb.RegisterChangeServiceServer(s.grpc, changes{s: s})
}

// AddAsset puts an asset in; its AssetId is the one that calls use.
func (s *Server) AddAsset(asset *cmmspb.Asset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assets.put(asset.GetAssetId(), asset)
}

// AddAlert puts an alert in.
func (s *Server) AddAlert(alert *cmmspb.Alert) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alerts.put(alert.GetId(), alert)
}

// AddWorkOrder puts a work order in as it is.
func (s *Server) AddWorkOrder(order *cmmspb.WorkOrder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders.put(order.GetId(), order)
}

func shortName(fullMethod string) string {
	name := strings.TrimPrefix(fullMethod, "/cmms.v1.")
	return strings.ReplaceAll(name, "/", ".")
}

func matches[T comparable](wanted, have T) bool {
	var any T
	return wanted == any || wanted == have
}

// The methods below run while the server's lock is held (intercept).

type workOrders struct {
	cmmspb.UnimplementedWorkOrderServiceServer
	s *Server
}

func (w workOrders) GetWorkOrder(
	_ context.Context, r *cmmspb.GetWorkOrderRequest,
) (*cmmspb.GetWorkOrderResponse, error) {
	order, found := w.s.orders.get(r.GetId())
	if !found {
		return nil, notFound("work order", r.GetId())
	}
	return &cmmspb.GetWorkOrderResponse{WorkOrder: order}, nil
}

func (w workOrders) ListWorkOrders(
	_ context.Context, r *cmmspb.ListWorkOrdersRequest,
) (*cmmspb.ListWorkOrdersResponse, error) {
	orders, next, err := w.s.orders.page(r.PageSize, r.GetPageToken(), func(o *cmmspb.WorkOrder) bool {
		return matches(r.GetStatus(), o.GetStatus()) && matches(r.GetAssetId(), o.GetAssetId()) &&
			matches(r.GetAssignedTo(), o.GetAssignedTo()) && matches(r.GetPriority(), o.GetPriority())
	})
	return &cmmspb.ListWorkOrdersResponse{WorkOrders: orders, NextPageToken: next}, err
}

func (w workOrders) CreateWorkOrder(
	_ context.Context, r *cmmspb.CreateWorkOrderRequest,
) (*cmmspb.CreateWorkOrderResponse, error) {
	draft := r.GetWorkOrder()
	switch {
	case draft.GetAssetId() == "":
		return nil, invalid("asset_id", "is required.")
	case draft.GetTitle() == "" && draft.TemplateId == nil:
		return nil, invalid("title", "is required without a template.")
	}
	w.s.seq++
	order := &cmmspb.WorkOrder{
		Id:              fmt.Sprintf("00000000-0000-7000-8000-%012d", w.s.seq),
		WorkOrderNumber: fmt.Sprintf("WO-%06d", w.s.seq),
		Etag:            `"1"`,
		Status:          cmmspb.WorkOrderStatus_WORK_ORDER_STATUS_SCHEDULED,
		HubStatus:       cmmspb.HubStatus_HUB_STATUS_SCHEDULED,
		CreatedAt:       timestamppb.Now(),
		UpdatedAt:       timestamppb.Now(),
	}
	copyFields(draft, order, nil)
	w.s.orders.put(order.GetId(), order)
	return &cmmspb.CreateWorkOrderResponse{WorkOrder: order}, nil
}

func (w workOrders) UpdateWorkOrder(
	_ context.Context, r *cmmspb.UpdateWorkOrderRequest,
) (*cmmspb.UpdateWorkOrderResponse, error) {
	order, err := w.forChange(r.GetId(), r.GetEtag())
	if err != nil {
		return nil, err
	}
	copyFields(r.GetWorkOrder(), order, r.GetUpdateMask().GetPaths())
	w.keep(order)
	return &cmmspb.UpdateWorkOrderResponse{WorkOrder: order}, nil
}

func (w workOrders) SetWorkOrderStatus(
	_ context.Context, r *cmmspb.SetWorkOrderStatusRequest,
) (*cmmspb.SetWorkOrderStatusResponse, error) {
	order, err := w.forChange(r.GetId(), r.GetEtag())
	if err != nil {
		return nil, err
	}
	if r.GetStatus() == cmmspb.WorkOrderStatus_WORK_ORDER_STATUS_UNSPECIFIED {
		return nil, invalid("status", "is required.")
	}
	order.Status = r.GetStatus()
	w.keep(order)
	return &cmmspb.SetWorkOrderStatusResponse{WorkOrder: order}, nil
}

func (w workOrders) forChange(id, etag string) (*cmmspb.WorkOrder, error) {
	order, found := w.s.orders.get(id)
	if !found {
		return nil, notFound("work order", id)
	}
	if etag != "" && etag != order.GetEtag() {
		return nil, Failure(cmms.Error{
			Kind: cmms.KindConflict, Code: codes.Aborted, Message: "The work order was changed meanwhile; read it again.",
		})
	}
	return order, nil
}

func (w workOrders) keep(order *cmmspb.WorkOrder) {
	w.s.seq++
	order.Etag = fmt.Sprintf(`"%d"`, w.s.seq)
	order.UpdatedAt = timestamppb.Now()
	w.s.orders.put(order.GetId(), order)
}

// copyFields writes fields of the same name and kind; with a mask those it names, cleared where the draft has no value.
func copyFields(from, to proto.Message, mask []string) {
	source, target := from.ProtoReflect(), to.ProtoReflect()
	write := func(name protoreflect.Name) {
		have, want := source.Descriptor().Fields().ByName(name), target.Descriptor().Fields().ByName(name)
		if have == nil || want == nil || have.Kind() != want.Kind() || have.IsList() != want.IsList() {
			return
		}
		if have.Message() != nil && have.Message().FullName() != want.Message().FullName() {
			return
		}
		if source.Has(have) {
			target.Set(want, source.Get(have))
		} else {
			target.Clear(want)
		}
	}
	if mask == nil {
		source.Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
			write(field.Name())
			return true
		})
		return
	}
	for _, name := range mask {
		write(protoreflect.Name(name))
	}
}

type assets struct {
	cmmspb.UnimplementedAssetServiceServer
	s *Server
}

func (a assets) GetAsset(_ context.Context, r *cmmspb.GetAssetRequest) (*cmmspb.GetAssetResponse, error) {
	asset, found := a.s.assets.get(r.GetAssetId())
	if !found {
		return nil, notFound("asset", r.GetAssetId())
	}
	return &cmmspb.GetAssetResponse{Asset: asset}, nil
}

func (a assets) ListAssets(_ context.Context, r *cmmspb.ListAssetsRequest) (*cmmspb.ListAssetsResponse, error) {
	found, next, err := a.s.assets.page(r.PageSize, r.GetPageToken(), func(one *cmmspb.Asset) bool {
		return matches(r.GetAssetType(), one.GetAssetType()) && matches(r.GetStatus(), one.GetStatus())
	})
	return &cmmspb.ListAssetsResponse{Assets: found, NextPageToken: next}, err
}

type alerts struct {
	cmmspb.UnimplementedAlertServiceServer
	s *Server
}

func (a alerts) ListAlerts(_ context.Context, r *cmmspb.ListAlertsRequest) (*cmmspb.ListAlertsResponse, error) {
	found, next, err := a.s.alerts.page(r.PageSize, r.GetPageToken(), func(one *cmmspb.Alert) bool {
		return matches(r.GetSeverity(), one.GetSeverity()) && matches(r.GetAlertType(), one.GetAlertType()) &&
			(r.IsAcknowledged == nil || r.GetIsAcknowledged() == one.GetIsAcknowledged()) &&
			(r.IsResolved == nil || r.GetIsResolved() == one.GetIsResolved())
	})
	return &cmmspb.ListAlertsResponse{Alerts: found, NextPageToken: next}, err
}

func (a alerts) AcknowledgeAlert(
	_ context.Context, r *cmmspb.AcknowledgeAlertRequest,
) (*cmmspb.AcknowledgeAlertResponse, error) {
	alert, err := a.of(r.GetAssetId(), r.GetAlertId())
	if err != nil {
		return nil, err
	}
	if !alert.GetIsAcknowledged() {
		alert.IsAcknowledged, alert.AcknowledgedBy, alert.AcknowledgedAt = true, r.AcknowledgedBy, timestamppb.Now()
		a.s.alerts.put(alert.GetId(), alert)
	}
	return &cmmspb.AcknowledgeAlertResponse{Alert: alert}, nil
}

func (a alerts) ResolveAlert(_ context.Context, r *cmmspb.ResolveAlertRequest) (*cmmspb.ResolveAlertResponse, error) {
	alert, err := a.of(r.GetAssetId(), r.GetAlertId())
	if err != nil {
		return nil, err
	}
	if !alert.GetIsResolved() {
		alert.IsResolved, alert.ResolvedBy, alert.ResolvedAt = true, r.ResolvedBy, timestamppb.Now()
		alert.ResolutionNotes = r.ResolutionNotes
		a.s.alerts.put(alert.GetId(), alert)
	}
	return &cmmspb.ResolveAlertResponse{Alert: alert}, nil
}

func (a alerts) of(assetID, alertID string) (*cmmspb.Alert, error) {
	alert, found := a.s.alerts.get(alertID)
	if !found || alert.GetAssetId() != assetID {
		return nil, notFound("alert", alertID)
	}
	return alert, nil
}

type meters struct {
	cmmspb.UnimplementedMeterServiceServer
	s *Server
}

func (m meters) AddReadings(_ context.Context, r *cmmspb.AddReadingsRequest) (*cmmspb.AddReadingsResponse, error) {
	accepted, duplicates := m.add(r.GetReadings())
	return &cmmspb.AddReadingsResponse{Accepted: accepted, Duplicates: duplicates}, nil
}

func (m meters) IngestReadings(
	stream grpc.BidiStreamingServer[cmmspb.IngestReadingsRequest, cmmspb.IngestReadingsResponse],
) error {
	for {
		batch, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		m.s.mu.Lock()
		accepted, duplicates := m.add(batch.GetReadings())
		m.s.mu.Unlock()
		if err := stream.Send(&cmmspb.IngestReadingsResponse{Accepted: accepted, Duplicates: duplicates}); err != nil {
			return err
		}
	}
}

func (m meters) ListReadings(_ context.Context, r *cmmspb.ListReadingsRequest) (*cmmspb.ListReadingsResponse, error) {
	found, next, err := m.s.readings.page(r.PageSize, r.GetPageToken(), func(one *cmmspb.Reading) bool {
		return one.GetMeterId() == r.GetId()
	})
	return &cmmspb.ListReadingsResponse{Readings: found, NextPageToken: next}, err
}

func (m meters) add(drafts []*cmmspb.ReadingDraft) (accepted, duplicates int32) {
	for _, draft := range drafts {
		id := draft.GetMeterId() + " " + draft.GetAt().AsTime().String()
		if _, known := m.s.readings.get(id); known {
			duplicates++
			continue
		}
		reading := &cmmspb.Reading{ReceivedAt: timestamppb.Now()}
		copyFields(draft, reading, nil)
		m.s.readings.put(id, reading)
		accepted++
	}
	return accepted, duplicates
}

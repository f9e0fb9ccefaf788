package cmms_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	cmms "github.com/chatterfix/chatterfix-sync/go-client"
	"github.com/chatterfix/chatterfix-sync/go-client/cmmspb"
	"github.com/chatterfix/chatterfix-sync/go-client/cmmstest"
)

// quick repeats without waiting long.
var quick = cmms.WithRetry(cmms.RetryPolicy{Attempts: 3, Base: time.Microsecond, Max: time.Millisecond})

func open(t *testing.T, options ...cmms.Option) (*cmms.Client, *cmmstest.Server) {
	t.Helper()
	server := cmmstest.NewServer()
	client, err := server.Client(append([]cmms.Option{quick}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = client.Close()
		server.Close()
	})
	server.AddAsset(&cmmspb.Asset{AssetId: "P-7", Name: "Pump 7"})
	return client, server
}

func draft(title string) *cmmspb.CreateWorkOrderRequest {
	return &cmmspb.CreateWorkOrderRequest{WorkOrder: &cmmspb.WorkOrderDraft{
		AssetId: "P-7", Title: proto.String(title), EstimatedHours: proto.String("4.5"),
	}}
}

var unavailable = cmmstest.Failure(cmms.Error{Kind: cmms.KindUnavailable, Message: "Away."})

func TestAWorkOrderIsMadeReadAndChanged(t *testing.T) {
	client, _ := open(t)
	made, err := client.WorkOrders.CreateWorkOrder(t.Context(), draft("Replace the seal"))
	if err != nil {
		t.Fatal(err)
	}
	order := made.GetWorkOrder()
	if order.GetTitle() != "Replace the seal" || order.GetEstimatedHours() != "4.5" {
		t.Fatalf("made %v", order)
	}
	_, err = client.WorkOrders.UpdateWorkOrder(t.Context(), &cmmspb.UpdateWorkOrderRequest{
		Id: order.GetId(), Etag: order.GetEtag(), WorkOrder: &cmmspb.WorkOrderDraft{Title: proto.String("Both seals")},
	})
	if err != nil {
		t.Fatal(err)
	}
	read, err := client.WorkOrders.GetWorkOrder(t.Context(), &cmmspb.GetWorkOrderRequest{Id: order.GetId()})
	if err != nil || read.GetWorkOrder().GetTitle() != "Both seals" {
		t.Fatalf("read %v, %v", read, err)
	}
	_, err = client.WorkOrders.UpdateWorkOrder(t.Context(), &cmmspb.UpdateWorkOrderRequest{
		Id: order.GetId(), Etag: order.GetEtag(), WorkOrder: &cmmspb.WorkOrderDraft{Title: proto.String("Late")},
	})
	if cmms.KindOf(err) != cmms.KindConflict || status.Code(err) != codes.Aborted {
		t.Fatalf("an old etag: %v", err)
	}
}

func TestAReadIsRepeatedWhileTheServerIsAway(t *testing.T) {
	client, server := open(t)
	server.FailNext("AssetService.GetAsset", unavailable, unavailable)
	asset, err := client.Assets.GetAsset(t.Context(), &cmmspb.GetAssetRequest{AssetId: "P-7"})
	if err != nil || asset.GetAsset().GetName() != "Pump 7" {
		t.Fatalf("%v, %v", asset, err)
	}
	if n := server.Calls("AssetService.GetAsset"); n != 3 {
		t.Fatalf("%d calls, not 3", n)
	}
	server.FailNext("AssetService.GetAsset", unavailable, unavailable, unavailable)
	if _, err := client.Assets.GetAsset(t.Context(), &cmmspb.GetAssetRequest{AssetId: "P-7"}); cmms.KindOf(err) != cmms.KindUnavailable {
		t.Fatalf("after the last attempt: %v", err)
	}
}

func TestAMutationIsRepeatedUnderOneRequestID(t *testing.T) {
	client, server := open(t)
	var seen []string
	server.FailNext("WorkOrderService.CreateWorkOrder", unavailable)
	request := draft("Once")
	if _, err := client.WorkOrders.CreateWorkOrder(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if request.GetRequestId() != "" {
		t.Fatal("the caller's message was changed")
	}
	for order, err := range client.WorkOrders.All(t.Context(), &cmmspb.ListWorkOrdersRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, order.GetTitle())
	}
	if len(seen) != 1 || server.Calls("WorkOrderService.CreateWorkOrder") != 2 {
		t.Fatalf("made %v in %d calls", seen, server.Calls("WorkOrderService.CreateWorkOrder"))
	}
}

func TestWhatMayNotBeRepeatedIsNot(t *testing.T) {
	client, server := open(t)
	server.FailNext("WorkOrderService.UpdateWorkOrder", unavailable)
	_, err := client.WorkOrders.UpdateWorkOrder(t.Context(), &cmmspb.UpdateWorkOrderRequest{Id: "a", WorkOrder: &cmmspb.WorkOrderDraft{}})
	if cmms.KindOf(err) != cmms.KindUnavailable || server.Calls("WorkOrderService.UpdateWorkOrder") != 1 {
		t.Fatalf("%v after %d calls", err, server.Calls("WorkOrderService.UpdateWorkOrder"))
	}
	for _, kind := range []cmms.Kind{cmms.KindForbidden, cmms.KindBug, cmms.KindConflict} {
		before := server.Calls("AssetService.GetAsset")
		server.FailNext("AssetService.GetAsset", cmmstest.Failure(cmms.Error{Kind: kind, Message: "No."}))
		if _, err := client.Assets.GetAsset(t.Context(), &cmmspb.GetAssetRequest{AssetId: "P-7"}); cmms.KindOf(err) != kind {
			t.Fatalf("%s: %v", kind, err)
		}
		if n := server.Calls("AssetService.GetAsset") - before; n != 1 {
			t.Fatalf("%s was tried %d times", kind, n)
		}
	}
}

func TestAPauseThatTheDeadlineForbidsIsNotMade(t *testing.T) {
	client, server := open(t)
	server.FailNext("AssetService.GetAsset", cmmstest.Failure(cmms.Error{
		Kind: cmms.KindRateLimited, Message: "Slow down.", RetryAfter: time.Hour,
	}))
	_, err := client.Assets.GetAsset(t.Context(), &cmmspb.GetAssetRequest{AssetId: "P-7"})
	failure, found := errors.AsType[*cmms.Error](err)
	if !found || failure.Kind != cmms.KindRateLimited || failure.RetryAfter != time.Hour {
		t.Fatalf("%v", err)
	}
	if n := server.Calls("AssetService.GetAsset"); n != 1 {
		t.Fatalf("%d calls", n)
	}
}

func TestAnErrorTellsAllTheServerSaid(t *testing.T) {
	client, server := open(t)
	server.FailNext("WorkOrderService.CreateWorkOrder", cmmstest.Failure(cmms.Error{
		Kind: cmms.KindInvalidRequest, Message: "Two fields are wrong.", RequestID: "req-1", Resource: "/work-orders",
		Violations: []cmms.FieldViolation{{Field: "title", Description: "is required."}, {Field: "priority", Description: "is unknown."}},
	}))
	_, err := client.WorkOrders.CreateWorkOrder(t.Context(), draft(""))
	failure, found := errors.AsType[*cmms.Error](err)
	if !found {
		t.Fatalf("%T", err)
	}
	if failure.RequestID != "req-1" || failure.Resource != "/work-orders" || len(failure.Violations) != 2 ||
		failure.Violations[1].Field != "priority" || failure.Code != codes.InvalidArgument {
		t.Fatalf("%+v", failure)
	}
	if text := failure.Error(); text != "cmms: invalid_request: Two fields are wrong. [title, priority] (request req-1)" {
		t.Fatal(text)
	}
}

func TestContextErrorsAreFound(t *testing.T) {
	client, _ := open(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Assets.GetAsset(gone, &cmmspb.GetAssetRequest{AssetId: "P-7"}); !errors.Is(err, context.Canceled) || cmms.KindOf(err) != cmms.KindCancelled {
		t.Fatalf("%v", err)
	}
	late, cancel := context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	if _, err := client.Assets.GetAsset(late, &cmmspb.GetAssetRequest{AssetId: "P-7"}); !errors.Is(err, context.DeadlineExceeded) || cmms.KindOf(err) != cmms.KindTimeout {
		t.Fatalf("%v", err)
	}
}

func TestATokenThatCannotBeHadFailsTheCall(t *testing.T) {
	client, server := open(t, cmms.WithTokenSource(cmms.TokenFunc(func(context.Context) (string, error) {
		return "", errors.New("the vault is sealed")
	})))
	_, err := client.Assets.GetAsset(t.Context(), &cmmspb.GetAssetRequest{AssetId: "P-7"})
	if cmms.KindOf(err) != cmms.KindUnauthorized || !strings.Contains(err.Error(), "the vault is sealed") {
		t.Fatalf("%v", err)
	}
	if server.Calls("AssetService.GetAsset") != 0 {
		t.Fatal("the call was sent without a token")
	}
}

func TestPagesAreWalkedToTheEndOrTheError(t *testing.T) {
	client, server := open(t)
	for range 5 {
		if _, err := client.WorkOrders.CreateWorkOrder(t.Context(), draft("One of five")); err != nil {
			t.Fatal(err)
		}
	}
	request := &cmmspb.ListWorkOrdersRequest{PageSize: proto.Int32(2)}
	seen := map[string]bool{}
	for order, err := range client.WorkOrders.All(t.Context(), request) {
		if err != nil {
			t.Fatal(err)
		}
		seen[order.GetId()] = true
	}
	if len(seen) != 5 || request.GetPageToken() != "" {
		t.Fatalf("%d orders; the request is %v", len(seen), request)
	}
	n := 0
	for range client.WorkOrders.All(t.Context(), request) {
		if n++; n == 3 {
			break
		}
	}
	before := server.Calls("WorkOrderService.ListWorkOrders")
	server.FailNext("WorkOrderService.ListWorkOrders", nil, cmmstest.Failure(cmms.Error{Kind: cmms.KindForbidden, Message: "No more."}))
	n = 0
	var last error
	for _, err := range client.WorkOrders.All(t.Context(), request) {
		n++
		last = err
	}
	if n != 3 || cmms.KindOf(last) != cmms.KindForbidden || server.Calls("WorkOrderService.ListWorkOrders") != before+2 {
		t.Fatalf("%d pairs, the last with %v", n, last)
	}
}

func TestReadingsAreAcknowledgedBatchByBatch(t *testing.T) {
	client, _ := open(t)
	stream, err := client.Meters.IngestReadings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	batch := &cmmspb.IngestReadingsRequest{Readings: []*cmmspb.ReadingDraft{{MeterId: "M-1"}}}
	for _, wanted := range []int32{1, 0} {
		if err := stream.Send(batch); err != nil {
			t.Fatal(err)
		}
		if ack, err := stream.Recv(); err != nil || ack.GetAccepted() != wanted {
			t.Fatalf("%v, %v", ack, err)
		}
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
}

func TestAStreamFailsWithATypedError(t *testing.T) {
	client, server := open(t)
	server.FailNext("MeterService.IngestReadings", cmmstest.Failure(cmms.Error{Kind: cmms.KindForbidden, Message: "No."}))
	stream, err := client.Meters.IngestReadings(t.Context())
	if err == nil {
		_, err = stream.Recv()
	}
	if cmms.KindOf(err) != cmms.KindForbidden {
		t.Fatalf("%v", err)
	}
}

func TestHooksSeeCallsOnce(t *testing.T) {
	var mu sync.Mutex
	var methods []string
	var lines bytes.Buffer
	client, server := open(t,
		cmms.WithLogger(slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		cmms.WithUnaryInterceptor(func(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			err := invoke(ctx, method, request, reply, conn, options...)
			mu.Lock()
			defer mu.Unlock()
			methods = append(methods, method)
			return err
		}))
	server.FailNext("AssetService.GetAsset", unavailable)
	if _, err := client.Assets.GetAsset(t.Context(), &cmmspb.GetAssetRequest{AssetId: "P-7"}); err != nil {
		t.Fatal(err)
	}
	if len(methods) != 1 || methods[0] != "/cmms.v1.AssetService/GetAsset" {
		t.Fatalf("%v", methods)
	}
	if text := lines.String(); !strings.Contains(text, "cmms call is repeated") || strings.Contains(text, "Bearer") {
		t.Fatal(text)
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	for name, options := range map[string][]cmms.Option{
		"retry":   {cmms.WithRetry(cmms.RetryPolicy{})},
		"timeout": {cmms.WithTimeout(-1)},
		"TLS":     {cmms.WithTLS(&tls.Config{}), cmms.WithPlaintext()},
	} {
		if _, err := cmms.New("localhost:1", options...); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := cmms.New(""); err == nil {
		t.Error("no target was accepted")
	}
}

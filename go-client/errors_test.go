package cmms

import (
	"errors"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

func detailed(t testing.TB, code codes.Code, details ...proto.Message) []byte {
	t.Helper()
	from := &statuspb.Status{Code: int32(code), Message: "said"}
	for _, detail := range details {
		packed, err := anypb.New(detail)
		if err != nil {
			t.Fatal(err)
		}
		from.Details = append(from.Details, packed)
	}
	bytes, err := proto.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

// Whatever details a server sends, they are read without harm and the code is kept.
func FuzzErrorOf(f *testing.F) {
	f.Add(detailed(f, codes.NotFound, &errdetails.ErrorInfo{Reason: "NOT_FOUND", Domain: errorDomain}))
	f.Add(detailed(f, codes.ResourceExhausted, &errdetails.RetryInfo{RetryDelay: durationpb.New(-time.Hour)}))
	f.Add(detailed(f, codes.InvalidArgument, &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{nil, {}}}))
	f.Add(detailed(f, 99, &errdetails.RetryInfo{RetryDelay: &durationpb.Duration{Seconds: 1 << 62, Nanos: -1}}))
	f.Add([]byte{0x1a, 0x02, 0x0a, 0x00})
	f.Fuzz(func(t *testing.T, bytes []byte) {
		var from statuspb.Status
		if proto.Unmarshal(bytes, &from) != nil {
			return
		}
		e := errorOf(status.FromProto(&from))
		if e.Code != codes.Code(from.GetCode()) || e.Kind == "" || e.RetryAfter < 0 || e.Error() == "" {
			t.Fatalf("%+v", e)
		}
	})
}

func TestAnErrorOfOthersHasTheKindOfItsCode(t *testing.T) {
	for code, kind := range map[codes.Code]Kind{
		codes.Unavailable:       KindUnavailable,
		codes.DeadlineExceeded:  KindTimeout,
		codes.ResourceExhausted: KindUnknown,
		codes.Unimplemented:     KindUnknown,
		codes.Internal:          KindUnknown,
	} {
		if got := KindOf(toError(status.Error(code, "no"))); got != kind {
			t.Errorf("%v is %s, not %s", code, got, kind)
		}
	}
	foreign, err := status.New(codes.NotFound, "no").WithDetails(&errdetails.ErrorInfo{Reason: "BUG", Domain: "other"})
	if err != nil {
		t.Fatal(err)
	}
	if got := KindOf(toError(foreign.Err())); got != KindNotFound {
		t.Errorf("a reason of another domain was taken: %s", got)
	}
	if toError(nil) != nil || KindOf(errors.New("plain")) != "" {
		t.Error("no error became one")
	}
}

func TestAPauseIsDrawnBelowItsBound(t *testing.T) {
	policy := RetryPolicy{Attempts: 9, Base: 100 * time.Millisecond, Max: time.Second}
	for failed, bound := range map[int]time.Duration{1: 100 * time.Millisecond, 3: 400 * time.Millisecond, 5: time.Second, 90: time.Second} {
		for range 200 {
			if pause := policy.pause(failed, 0); pause < 0 || pause >= bound {
				t.Fatalf("after %d failures: %v", failed, pause)
			}
		}
	}
	if pause := policy.pause(1, time.Minute); pause < time.Minute {
		t.Fatalf("sooner than the server asked: %v", pause)
	}
}

func TestEveryReadIsKnownAsOne(t *testing.T) {
	for method, reads := range map[string]bool{
		"/cmms.v1.AssetService/GetAsset":               true,
		"/cmms.v1.RunService/ListRuns":                 true,
		"/cmms.v1.WorkOrderService/CreateWorkOrder":    false,
		"/cmms.v1.WorkOrderService/SetWorkOrderStatus": false,
		"/cmms.v1.Nothing/Get":                         false,
	} {
		if hasNoSideEffects(method) != reads {
			t.Errorf("%s", method)
		}
	}
}

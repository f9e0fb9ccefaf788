package cmms

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// RetryPolicy says how often a call is tried that may be repeated: one that reads, or one that carries a request id. Only
// an unavailable server and a rate limit are worth another try.
type RetryPolicy struct {
	// Attempts counts the first one; 1 turns retries off.
	Attempts int
	// Base and Max bound the pause, which is drawn evenly between zero and Base doubled with each attempt (full jitter).
	// When the server says how long to wait, that is added.
	Base, Max time.Duration
}

// DefaultRetryPolicy is four attempts with pauses of at most 0.1, 0.2 and 0.4 seconds.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{Attempts: 4, Base: 100 * time.Millisecond, Max: 5 * time.Second}
}

// pause is drawn anew for each attempt, so that callers that failed together do not come back together.
func (p RetryPolicy) pause(failed int, after time.Duration) time.Duration {
	limit := p.Max
	if failed < 32 && p.Base<<(failed-1) < p.Max && p.Base<<(failed-1) > 0 {
		limit = p.Base << (failed - 1)
	}
	return after + rand.N(limit)
}

func (s *settings) repeatIdempotent(
	ctx context.Context, method string, request, reply any, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	if _, bounded := ctx.Deadline(); !bounded && s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.timeout)
		defer cancel()
	}
	attempts := 1
	if mayRepeat(method, request) {
		attempts = s.retry.Attempts
	}
	for attempt := 1; ; attempt++ {
		err := invoke(ctx, method, request, reply, conn, options...)
		failure, again := worthAnotherTry(err)
		if !again || attempt >= attempts {
			return err
		}
		pause := s.retry.pause(attempt, failure.RetryAfter)
		if deadline, bounded := ctx.Deadline(); bounded && time.Until(deadline) <= pause {
			return err
		}
		s.log(ctx, slog.LevelWarn, "cmms call is repeated", "method", method, "attempt", attempt, "kind", failure.Kind, "pause", pause)
		if !sleep(ctx, pause) {
			return err
		}
	}
}

func worthAnotherTry(err error) (*Error, bool) {
	failure, ok := err.(*Error)
	return failure, ok && (failure.Kind == KindUnavailable || failure.Kind == KindRateLimited)
}

func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// mayRepeat: the schema says that the call has no side effects, or the server carries one request id out once.
func mayRepeat(method string, request any) bool {
	if id, field := requestID(request); field != nil && id != "" {
		return true
	}
	return hasNoSideEffects(method)
}

// hasNoSideEffects looks into the schema; method is "/cmms.v1.AssetService/GetAsset".
func hasNoSideEffects(method string) bool {
	name := protoreflect.FullName(dotted(method))
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
	if err != nil {
		return false
	}
	options, ok := found.Options().(*descriptorpb.MethodOptions)
	return ok && options.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
}

func dotted(method string) string {
	name := []byte(method)
	if len(name) > 0 && name[0] == '/' {
		name = name[1:]
	}
	for i, c := range name {
		if c == '/' {
			name[i] = '.'
		}
	}
	return string(name)
}

const requestIDField = "request_id"

// requestID gives the request's id and the field it stands in; no field when the request has none.
func requestID(request any) (string, protoreflect.FieldDescriptor) {
	message, ok := request.(proto.Message)
	if !ok {
		return "", nil
	}
	reflected := message.ProtoReflect()
	field := reflected.Descriptor().Fields().ByName(requestIDField)
	if field == nil || field.Kind() != protoreflect.StringKind || field.IsList() {
		return "", nil
	}
	return reflected.Get(field).String(), field
}

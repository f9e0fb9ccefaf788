package cmms

import (
	"context"
	"io"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/chatterfix/chatterfix-sync/go-client/cmmspb"
)

// watchFailuresMax bounds how often in a row a watch comes back without hearing anything: some minutes of an absent server.
const watchFailuresMax = 60

// Changes is the change feed of the hub.
type Changes struct {
	cmmspb.ChangeServiceClient
	retry RetryPolicy
}

// Watch gives each change once and in the order of commits, from the request's cursor on, until ctx ends. A dropped
// connection, a restarted server and the end of a stream are bridged: the watch goes on behind the last change that the loop
// took. To go on in another process, keep the change's cursor. The last pair holds the error; for a cancelled ctx too.
func (s Changes) Watch(ctx context.Context, request *cmmspb.WatchChangesRequest) iter.Seq2[*cmmspb.Change, error] {
	next := proto.CloneOf(request)
	receive := func(m *cmmspb.WatchChangesResponse, yield func(*cmmspb.Change, error) bool) bool {
		for _, change := range m.GetChanges() {
			next.Cursor = change.GetCursor()
			if !yield(change, nil) {
				return false
			}
		}
		next.Cursor = m.GetCursor()
		return true
	}
	return func(yield func(*cmmspb.Change, error) bool) {
		next = proto.CloneOf(request)
		watch(ctx, s.retry, func(ctx context.Context) (grpc.ServerStreamingClient[cmmspb.WatchChangesResponse], error) {
			return s.WatchChanges(ctx, next)
		}, receive, yield)
	}
}

// watch opens a stream again and again; receive hands a message's items on and says whether to go on.
func watch[M, T any](
	ctx context.Context,
	retry RetryPolicy,
	open func(context.Context) (grpc.ServerStreamingClient[M], error),
	receive func(*M, func(T, error) bool) bool,
	yield func(T, error) bool,
) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failures := 0
	for {
		err := ctx.Err()
		var stream grpc.ServerStreamingClient[M]
		if err == nil {
			stream, err = open(ctx)
		}
		for err == nil {
			var message *M
			if message, err = stream.Recv(); err == nil {
				failures = 0
				if !receive(message, yield) {
					return
				}
			}
		}
		if err == io.EOF && failures < watchFailuresMax {
			// The server ends a watch after some minutes.
			err = nil
		}
		failures++
		pause := retry.pause(failures, 0)
		if err != nil {
			failure, again := worthAnotherTry(toError(err))
			if !again || failures > watchFailuresMax {
				var none T
				yield(none, toError(err))
				return
			}
			pause += failure.RetryAfter
		}
		sleep(ctx, pause)
	}
}

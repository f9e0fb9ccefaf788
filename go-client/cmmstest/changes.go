package cmmstest

import (
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	cmms "github.com/chatterfix/chatterfix-sync/go-client"
	"github.com/chatterfix/chatterfix-sync/go-client/cmmspb"
)

// AddChange appends to the change feed; the change's cursor is set.
func (s *Server) AddChange(change *cmmspb.Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	added := proto.CloneOf(change)
	added.Cursor = strconv.Itoa(len(s.changes) + 1)
	s.changes = append(s.changes, added)
	s.signal()
}

// BreakWatches ends every watch under way as a server that goes away does.
func (s *Server) BreakWatches() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.breaks++
	s.signal()
}

// signal wakes every watch; the lock is held.
func (s *Server) signal() {
	close(s.moved)
	s.moved = make(chan struct{})
}

type changes struct {
	cmmspb.UnimplementedChangeServiceServer
	s *Server
}

// WatchChanges begins behind the cursor, at the start, or behind what is there.
func (c changes) WatchChanges(
	r *cmmspb.WatchChangesRequest, stream grpc.ServerStreamingServer[cmmspb.WatchChangesResponse],
) error {
	c.s.mu.Lock()
	at, breaks := len(c.s.changes), c.s.breaks
	c.s.mu.Unlock()
	if r.GetFrom() == cmmspb.WatchFrom_WATCH_FROM_START {
		at = 0
	}
	if r.GetCursor() != "" {
		parsed, err := strconv.Atoi(r.GetCursor())
		if err != nil || parsed < 0 {
			return invalid("cursor", "must be one that a change had.")
		}
		at = parsed
	}
	if err := stream.Send(&cmmspb.WatchChangesResponse{Cursor: strconv.Itoa(at)}); err != nil {
		return err
	}
	for {
		c.s.mu.Lock()
		unread, moved, broken := c.s.changes[min(at, len(c.s.changes)):], c.s.moved, c.s.breaks != breaks
		c.s.mu.Unlock()
		if broken {
			return Failure(cmms.Error{Kind: cmms.KindUnavailable, Message: "The stream broke."})
		}
		if len(unread) > 0 {
			at += len(unread)
			if err := stream.Send(&cmmspb.WatchChangesResponse{Changes: unread, Cursor: strconv.Itoa(at)}); err != nil {
				return err
			}
			continue
		}
		select {
		case <-stream.Context().Done():
			return stream.Context().Err()
		case <-moved:
		}
	}
}

// Package cmmstest is a ChatterFix Sync server inside the test's own process, for tests of programs that use the client. It
// keeps what it is given in memory, speaks real gRPC over an in-memory connection, and fails when it is told to.
//
// It knows the shapes of the real server and its plainest rules (ids, etags, request ids, pages, who acknowledged first). It
// does not know the rest: permissions, schedules, synchronisation.
package cmmstest

import (
	"context"
	"errors"
	"net"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"

	cmms "github.com/chatterfix/chatterfix-sync/go-client"
	"github.com/chatterfix/chatterfix-sync/go-client/cmmspb"
)

const bufferBytes = 1 << 20

// Server is one fake server with data of its own. Close it at the end.
type Server struct {
	listener *bufconn.Listener
	grpc     *grpc.Server

	mu       sync.Mutex
	orders   table[*cmmspb.WorkOrder]
	assets   table[*cmmspb.Asset]
	alerts   table[*cmmspb.Alert]
	readings table[*cmmspb.Reading]
	changes  []*cmmspb.Change
	moved    chan struct{}
	breaks   int
	answered map[string]proto.Message
	failures map[string][]error
	calls    map[string]int
	seq      int
}

// NewServer starts an empty server.
func NewServer() *Server {
	s := &Server{
		listener: bufconn.Listen(bufferBytes),
		moved:    make(chan struct{}),
		answered: map[string]proto.Message{},
		failures: map[string][]error{},
		calls:    map[string]int{},
	}
	s.grpc = grpc.NewServer(grpc.UnaryInterceptor(s.intercept), grpc.StreamInterceptor(s.interceptStream))
	s.register()
	go func() { _ = s.grpc.Serve(s.listener) }()
	return s
}

// Close ends the server and every call of it.
func (s *Server) Close() {
	s.grpc.Stop()
	_ = s.listener.Close()
}

// Client gives a client of this server; options such as [cmms.WithRetry] are taken as usual.
func (s *Server) Client(options ...cmms.Option) (*cmms.Client, error) {
	own := []cmms.Option{
		cmms.WithPlaintext(),
		cmms.WithAPIKey("test"),
		cmms.WithDialOptions(grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return s.listener.DialContext(ctx)
		})),
	}
	return cmms.New("passthrough:///cmmstest", append(own, options...)...)
}

// FailNext lets the next calls of a method, such as "WorkOrderService.GetWorkOrder", fail one after the other; nil lets a
// call through. [Failure] gives failures as the real server sends them.
func (s *Server) FailNext(method string, failures ...error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures[method] = append(s.failures[method], failures...)
}

// Calls says how many calls of a method arrived, repeated ones included.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

func (s *Server) intercept(
	ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler,
) (any, error) {
	if err := s.arrive(info.FullMethod); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.once(info.FullMethod, request, func() (any, error) { return handle(ctx, request) })
}

func (s *Server) interceptStream(
	server any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler,
) error {
	if err := s.arrive(info.FullMethod); err != nil {
		return err
	}
	return handle(server, stream)
}

// arrive counts a call and gives the failure that was ordered for it.
func (s *Server) arrive(fullMethod string) error {
	method := shortName(fullMethod)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[method]++
	ordered := s.failures[method]
	if len(ordered) == 0 {
		return nil
	}
	s.failures[method] = ordered[1:]
	return ordered[0]
}

// once answers a repeated request id as the first time.
func (s *Server) once(method string, request any, handle func() (any, error)) (any, error) {
	withID, ok := request.(interface{ GetRequestId() string })
	if !ok || withID.GetRequestId() == "" {
		return handle()
	}
	key := method + " " + withID.GetRequestId()
	if answer, known := s.answered[key]; known {
		return answer, nil
	}
	answer, err := handle()
	if err != nil {
		return nil, err
	}
	message, ok := answer.(proto.Message)
	if !ok {
		return nil, errors.New("cmmstest: an answer is no message")
	}
	s.answered[key] = proto.Clone(message)
	return answer, nil
}

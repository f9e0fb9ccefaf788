package cmms

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/chatterfix/chatterfix-sync/go-client/cmmspb"
)

// Client calls one ChatterFix Sync server. Make one with [New] and share it; close it at the end.
type Client struct {
	WorkOrders  WorkOrders
	Assets      Assets
	Alerts      Alerts
	Meters      Meters
	Connections Connections
	Mappings    Mappings
	Sync        Sync
	Runs        Runs
	Maintenance Maintenance
	Conflicts   Conflicts
	Quarantine  Quarantine
	Links       Links
	Changes     Changes

	conn *grpc.ClientConn
}

// New prepares a client for target, such as "sync.example.org:443" or any name that gRPC resolves. It connects with the
// first call, so a server that is away does not fail New.
//
// Without options the transport is TLS with the system's authorities.
func New(target string, options ...Option) (*Client, error) {
	if target == "" {
		return nil, errors.New("cmms: name the server, such as sync.example.org:443")
	}
	s := defaults()
	for _, option := range options {
		option(&s)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient(target, s.dialOptions()...)
	if err != nil {
		return nil, fmt.Errorf("cmms: %w", err)
	}
	return newClient(conn, s.retry), nil
}

func newClient(conn *grpc.ClientConn, retry RetryPolicy) *Client {
	return &Client{
		WorkOrders:  WorkOrders{cmmspb.NewWorkOrderServiceClient(conn)},
		Assets:      Assets{cmmspb.NewAssetServiceClient(conn)},
		Alerts:      Alerts{cmmspb.NewAlertServiceClient(conn)},
		Meters:      Meters{cmmspb.NewMeterServiceClient(conn)},
		Connections: Connections{cmmspb.NewConnectionServiceClient(conn)},
		Mappings:    Mappings{cmmspb.NewMappingServiceClient(conn)},
		Sync:        Sync{cmmspb.NewSyncServiceClient(conn)},
		Runs:        Runs{cmmspb.NewRunServiceClient(conn)},
		Maintenance: Maintenance{cmmspb.NewMaintenanceServiceClient(conn)},
		Conflicts:   Conflicts{cmmspb.NewConflictServiceClient(conn)},
		Quarantine:  Quarantine{cmmspb.NewQuarantineServiceClient(conn)},
		Links:       Links{cmmspb.NewLinkServiceClient(conn)},
		Changes:     Changes{cmmspb.NewChangeServiceClient(conn), retry},
		conn:        conn,
	}
}

// Close ends the connection. Calls under way fail with [KindCancelled].
func (c *Client) Close() error {
	return c.conn.Close()
}

// Conn is the connection below the services, for calls that this package does not know, such as health checks.
func (c *Client) Conn() grpc.ClientConnInterface {
	return c.conn
}

func (s *settings) dialOptions() []grpc.DialOption {
	transport := insecure.NewCredentials()
	if !s.plaintext {
		transport = credentials.NewTLS(s.tls)
	}
	unary := append([]grpc.UnaryClientInterceptor{}, s.unary...)
	unary = append(unary, s.logCalls, fillRequestID, s.repeatIdempotent, typedErrors)
	stream := append([]grpc.StreamClientInterceptor{}, s.stream...)
	stream = append(stream, typedStreamErrors)
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithUserAgent(s.userAgent),
		// What may be repeated is decided here; a record in the DNS has no say in it.
		grpc.WithDisableServiceConfig(),
		grpc.WithChainUnaryInterceptor(unary...),
		grpc.WithChainStreamInterceptor(stream...),
	}
	if s.tokens != nil {
		options = append(options, grpc.WithPerRPCCredentials(bearer{tokens: s.tokens, plaintext: s.plaintext}))
	}
	if s.stats != nil {
		options = append(options, grpc.WithStatsHandler(s.stats))
	}
	return append(options, s.dial...)
}

// bearer puts the token of the moment into each call's metadata.
type bearer struct {
	tokens    TokenSource
	plaintext bool
}

func (b bearer) GetRequestMetadata(ctx context.Context, _ ...string) (map[string]string, error) {
	token, err := b.tokens.Token(ctx)
	if err != nil {
		return nil, unauthenticated(err)
	}
	return map[string]string{"authorization": "Bearer " + token}, nil
}

func (b bearer) RequireTransportSecurity() bool { return !b.plaintext }

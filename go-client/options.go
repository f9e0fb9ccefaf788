package cmms

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"
)

// Option changes how [New] sets a client up.
type Option func(*settings)

type settings struct {
	tls       *tls.Config
	plaintext bool
	tokens    TokenSource
	timeout   time.Duration
	retry     RetryPolicy
	logger    *slog.Logger
	userAgent string
	unary     []grpc.UnaryClientInterceptor
	stream    []grpc.StreamClientInterceptor
	stats     stats.Handler
	dial      []grpc.DialOption
}

func defaults() settings {
	return settings{
		timeout:   30 * time.Second,
		retry:     DefaultRetryPolicy(),
		userAgent: "chatterfix-sync-go",
	}
}

func (s *settings) check() error {
	switch {
	case s.plaintext && s.tls != nil:
		return errors.New("cmms: choose WithTLS or WithPlaintext, not both")
	case s.timeout < 0:
		return errors.New("cmms: WithTimeout wants a duration of zero or more")
	case s.retry.Attempts < 1 || s.retry.Base <= 0 || s.retry.Max < s.retry.Base:
		return errors.New("cmms: a RetryPolicy wants at least one attempt and 0 < Base <= Max")
	}
	return nil
}

// TokenSource gives the API key or JWT for a call. It is asked for every call, from many goroutines, and should keep what it
// fetched until shortly before that expires.
type TokenSource interface {
	Token(ctx context.Context) (string, error)
}

// TokenFunc is a function as a [TokenSource].
type TokenFunc func(ctx context.Context) (string, error)

// Token calls f.
func (f TokenFunc) Token(ctx context.Context) (string, error) { return f(ctx) }

// WithAPIKey sends the same API key with each call.
func WithAPIKey(key string) Option {
	return WithTokenSource(TokenFunc(func(context.Context) (string, error) {
		if key == "" {
			return "", errors.New("the API key is empty")
		}
		return key, nil
	}))
}

// WithTokenSource asks source for the token of each call.
func WithTokenSource(source TokenSource) Option {
	return func(s *settings) { s.tokens = source }
}

// WithTLS sets authorities, a server name, or a client certificate for servers that ask for one.
func WithTLS(config *tls.Config) Option {
	return func(s *settings) { s.tls = config.Clone() }
}

// WithPlaintext uses no TLS. Keys then travel in the clear: for a server on the same machine, and for tests.
func WithPlaintext() Option {
	return func(s *settings) { s.plaintext = true }
}

// WithTimeout bounds each unary call whose context has no deadline, all its attempts together; 30 seconds without this
// option, no bound with zero.
func WithTimeout(timeout time.Duration) Option {
	return func(s *settings) { s.timeout = timeout }
}

// WithRetry replaces [DefaultRetryPolicy].
func WithRetry(policy RetryPolicy) Option {
	return func(s *settings) { s.retry = policy }
}

// WithLogger writes a line for each call: at debug level when it went well, as a warning when it failed or is repeated.
// Neither messages nor keys are written.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) { s.logger = logger }
}

// WithUserAgent names the calling program.
func WithUserAgent(name string) Option {
	return func(s *settings) { s.userAgent = name }
}

// WithUnaryInterceptor adds interceptors around the client's own: they see a call once, whatever its attempts, and its
// error as an [*Error].
func WithUnaryInterceptor(interceptors ...grpc.UnaryClientInterceptor) Option {
	return func(s *settings) { s.unary = append(s.unary, interceptors...) }
}

// WithStreamInterceptor adds interceptors around the client's own.
func WithStreamInterceptor(interceptors ...grpc.StreamClientInterceptor) Option {
	return func(s *settings) { s.stream = append(s.stream, interceptors...) }
}

// WithStatsHandler hands each attempt's events to handler. OpenTelemetry's is otelgrpc.NewClientHandler(); this package does
// not depend on it.
func WithStatsHandler(handler stats.Handler) Option {
	return func(s *settings) { s.stats = handler }
}

// WithDialOptions passes further options to gRPC, behind those of this package.
func WithDialOptions(options ...grpc.DialOption) Option {
	return func(s *settings) { s.dial = append(s.dial, options...) }
}

package cmms

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// fillRequestID gives a request that wants an id one of its own. The caller's message stays as it is.
func fillRequestID(
	ctx context.Context, method string, request, reply any, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	if id, field := requestID(request); field != nil && id == "" {
		filled := proto.Clone(request.(proto.Message))
		filled.ProtoReflect().Set(field, protoreflect.ValueOfString(rand.Text()))
		request = filled
	}
	return invoke(ctx, method, request, reply, conn, options...)
}

func typedErrors(
	ctx context.Context, method string, request, reply any, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	return toError(invoke(ctx, method, request, reply, conn, options...))
}

func typedStreamErrors(
	ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string,
	open grpc.Streamer, options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	stream, err := open(ctx, desc, conn, method, options...)
	if err != nil {
		return nil, toError(err)
	}
	return typedStream{stream}, nil
}

// typedStream leaves io.EOF alone, which is the good end of a stream.
type typedStream struct{ grpc.ClientStream }

func (s typedStream) RecvMsg(message any) error { return endOrError(s.ClientStream.RecvMsg(message)) }

func (s typedStream) SendMsg(message any) error { return endOrError(s.ClientStream.SendMsg(message)) }

func (s typedStream) CloseSend() error { return endOrError(s.ClientStream.CloseSend()) }

func endOrError(err error) error {
	if err == io.EOF {
		return err
	}
	return toError(err)
}

func (s *settings) logCalls(
	ctx context.Context, method string, request, reply any, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	if s.logger == nil {
		return invoke(ctx, method, request, reply, conn, options...)
	}
	begun := time.Now()
	err := invoke(ctx, method, request, reply, conn, options...)
	took := time.Since(begun)
	if failure, failed := err.(*Error); failed {
		s.log(ctx, slog.LevelWarn, "cmms call failed", "method", method, "kind", failure.Kind,
			"message", failure.Message, "request_id", failure.RequestID, "took", took)
	} else {
		s.log(ctx, slog.LevelDebug, "cmms call", "method", method, "took", took)
	}
	return err
}

func (s *settings) log(ctx context.Context, level slog.Level, message string, attributes ...any) {
	if s.logger != nil {
		s.logger.Log(ctx, level, message, attributes...)
	}
}

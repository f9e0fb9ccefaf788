package cmms

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Kind says what went wrong; the list is closed on the server's side, and a kind that this version does not know is kept as
// it came.
type Kind string

// The server's kinds, and two that arise on the way to it.
const (
	KindUnauthorized       Kind = "unauthorized"
	KindForbidden          Kind = "forbidden"
	KindNotFound           Kind = "not_found"
	KindInvalidRequest     Kind = "invalid_request"
	KindRejected           Kind = "rejected"
	KindConflict           Kind = "conflict"
	KindRateLimited        Kind = "rate_limited"
	KindUnavailable        Kind = "unavailable"
	KindUnexpectedResponse Kind = "unexpected_response"
	KindMappingFailed      Kind = "mapping_failed"
	KindInvalidConfig      Kind = "invalid_config"
	KindCancelled          Kind = "cancelled"
	KindBug                Kind = "bug"
	// KindTimeout: the deadline passed; whether the server carried the call out is not known.
	KindTimeout Kind = "timeout"
	// KindUnknown: the status did not come from a ChatterFix Sync server.
	KindUnknown Kind = "unknown"
)

const errorDomain = "chatterfix-sync"

// FieldViolation is one field of a request that was refused.
type FieldViolation struct {
	Field       string
	Description string
}

// Error is how every call of this package fails.
type Error struct {
	Kind Kind
	Code codes.Code
	// Message says what to change; it holds no secret.
	Message string
	// Violations names the fields at fault of an invalid request.
	Violations []FieldViolation
	// RequestID is the call's name in the server's log.
	RequestID string
	// Resource is what is not there, when that is known.
	Resource string
	// RetryAfter is how long the server asks to wait; zero when it did not say.
	RetryAfter time.Duration

	status *status.Status
	cause  error
}

func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "cmms: %s: %s", e.Kind, e.Message)
	if len(e.Violations) > 0 {
		fields := make([]string, 0, len(e.Violations))
		for _, violation := range e.Violations {
			fields = append(fields, violation.Field)
		}
		fmt.Fprintf(&text, " [%s]", strings.Join(fields, ", "))
	}
	if e.RequestID != "" {
		fmt.Fprintf(&text, " (request %s)", e.RequestID)
	}
	return text.String()
}

// GRPCStatus lets status.FromError and status.Code work as with any gRPC error.
func (e *Error) GRPCStatus() *status.Status { return e.status }

// Unwrap gives what caused the failure on this side, such as the error of a [TokenSource].
func (e *Error) Unwrap() error { return e.cause }

// Is makes errors.Is find context.Canceled and context.DeadlineExceeded.
func (e *Error) Is(target error) bool {
	return target == context.Canceled && e.Code == codes.Canceled ||
		target == context.DeadlineExceeded && e.Code == codes.DeadlineExceeded
}

// KindOf gives the kind of err, or "" when no [*Error] is in it.
func KindOf(err error) Kind {
	if failure, found := errors.AsType[*Error](err); found {
		return failure.Kind
	}
	return ""
}

// toError reads a gRPC error; nil stays nil and an [*Error] stays what it is.
func toError(err error) error {
	if err == nil {
		return nil
	}
	if _, found := errors.AsType[*Error](err); found {
		return err
	}
	return errorOf(status.Convert(err))
}

func errorOf(from *status.Status) *Error {
	e := &Error{Kind: kindOfCode(from.Code()), Code: from.Code(), Message: from.Message(), status: from}
	for _, detail := range from.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if detail.GetDomain() == errorDomain && detail.GetReason() != "" {
				e.Kind = Kind(strings.ToLower(detail.GetReason()))
			}
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				e.Violations = append(e.Violations, FieldViolation{violation.GetField(), violation.GetDescription()})
			}
		case *errdetails.RequestInfo:
			e.RequestID = detail.GetRequestId()
		case *errdetails.ResourceInfo:
			e.Resource = detail.GetResourceName()
		case *errdetails.RetryInfo:
			e.RetryAfter = max(0, detail.GetRetryDelay().AsDuration())
		}
	}
	return e
}

// kindOfCode is for statuses without our details: of gRPC itself, of a proxy, of a server that is not ours.
func kindOfCode(code codes.Code) Kind {
	switch code {
	case codes.Canceled:
		return KindCancelled
	case codes.DeadlineExceeded:
		return KindTimeout
	case codes.Unavailable:
		return KindUnavailable
	case codes.Unauthenticated:
		return KindUnauthorized
	case codes.PermissionDenied:
		return KindForbidden
	case codes.NotFound:
		return KindNotFound
	case codes.InvalidArgument, codes.OutOfRange:
		return KindInvalidRequest
	case codes.AlreadyExists, codes.FailedPrecondition, codes.Aborted:
		return KindConflict
	default:
		return KindUnknown
	}
}

func unauthenticated(cause error) *Error {
	e := errorOf(status.New(codes.Unauthenticated, "no token for the call: "+cause.Error()))
	e.cause = cause
	return e
}

package cmmstest

import (
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	cmms "github.com/chatterfix/chatterfix-sync/go-client"
)

var codeOf = map[cmms.Kind]codes.Code{
	cmms.KindUnauthorized:       codes.Unauthenticated,
	cmms.KindForbidden:          codes.PermissionDenied,
	cmms.KindNotFound:           codes.NotFound,
	cmms.KindInvalidRequest:     codes.InvalidArgument,
	cmms.KindRejected:           codes.InvalidArgument,
	cmms.KindConflict:           codes.FailedPrecondition,
	cmms.KindMappingFailed:      codes.FailedPrecondition,
	cmms.KindInvalidConfig:      codes.FailedPrecondition,
	cmms.KindCancelled:          codes.Aborted,
	cmms.KindRateLimited:        codes.ResourceExhausted,
	cmms.KindUnavailable:        codes.Unavailable,
	cmms.KindUnexpectedResponse: codes.Unknown,
	cmms.KindBug:                codes.Internal,
}

// Failure gives the gRPC error that the real server sends for failure, details included. Its Kind and Message are wanted,
// the rest may be absent; Code overrides the one of the kind, as for an etag that is out of date (codes.Aborted).
func Failure(failure cmms.Error) error {
	code := failure.Code
	if code == codes.OK {
		code = codes.Internal
		if known, found := codeOf[failure.Kind]; found {
			code = known
		}
	}
	details := []protoadapt.MessageV1{
		&errdetails.ErrorInfo{Reason: strings.ToUpper(string(failure.Kind)), Domain: "chatterfix-sync"},
	}
	if len(failure.Violations) > 0 {
		violations := make([]*errdetails.BadRequest_FieldViolation, 0, len(failure.Violations))
		for _, v := range failure.Violations {
			violations = append(violations, &errdetails.BadRequest_FieldViolation{Field: v.Field, Description: v.Description})
		}
		details = append(details, &errdetails.BadRequest{FieldViolations: violations})
	}
	if failure.RetryAfter > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(failure.RetryAfter)})
	}
	if failure.Resource != "" {
		details = append(details, &errdetails.ResourceInfo{ResourceName: failure.Resource, Description: failure.Message})
	}
	if failure.RequestID != "" {
		details = append(details, &errdetails.RequestInfo{RequestId: failure.RequestID})
	}
	plain := status.New(code, failure.Message)
	detailed, err := plain.WithDetails(details...)
	if err != nil {
		return plain.Err()
	}
	return detailed.Err()
}

func notFound(what, id string) error {
	return Failure(cmms.Error{Kind: cmms.KindNotFound, Message: "There is no " + what + " " + id + "."})
}

func invalid(field, message string) error {
	return Failure(cmms.Error{
		Kind:       cmms.KindInvalidRequest,
		Message:    field + ": " + message,
		Violations: []cmms.FieldViolation{{Field: field, Description: message}},
	})
}

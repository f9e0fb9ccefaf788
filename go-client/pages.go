package cmms

import (
	"context"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// listRequest is any request of a list; a copy is changed from page to page.
type listRequest interface {
	proto.Message
	GetPageToken() string
}

type listResponse interface {
	GetNextPageToken() string
}

// pages walks a list from the request's page on. It ends behind the first error, which is the last pair.
func pages[Q listRequest, R listResponse, T any](
	ctx context.Context,
	request Q,
	list func(context.Context, Q, ...grpc.CallOption) (R, error),
	turn func(Q, string),
	items func(R) []T,
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		page := proto.Clone(request).(Q)
		for {
			response, err := list(ctx, page)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items(response) {
				if !yield(item, nil) {
					return
				}
			}
			if response.GetNextPageToken() == "" {
				return
			}
			turn(page, response.GetNextPageToken())
		}
	}
}

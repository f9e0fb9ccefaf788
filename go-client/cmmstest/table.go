package cmmstest

import (
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"
)

// table keeps rows in the order in which they came.
type table[T proto.Message] struct {
	ids  []string
	rows map[string]T
}

func (t *table[T]) put(id string, row T) {
	if t.rows == nil {
		t.rows = map[string]T{}
	}
	if _, known := t.rows[id]; !known {
		t.ids = append(t.ids, id)
	}
	t.rows[id] = proto.CloneOf(row)
}

func (t *table[T]) get(id string) (T, bool) {
	row, known := t.rows[id]
	if !known {
		return row, false
	}
	return proto.CloneOf(row), true
}

const (
	pageSizeDefault = 50
	pageSizeMax     = 200
)

// page gives the rows that match behind the token, which is the number of rows before it, and the next page's token.
func (t *table[T]) page(size *int32, token string, match func(T) bool) ([]T, string, error) {
	limit := pageSizeDefault
	if size != nil {
		limit = int(*size)
	}
	if limit < 1 || limit > pageSizeMax {
		return nil, "", invalid("page_size", "must be 1 to 200.")
	}
	from := 0
	if token != "" {
		parsed, err := strconv.Atoi(strings.TrimPrefix(token, "after-"))
		if err != nil || parsed < 0 {
			return nil, "", invalid("page_token", "must be the next_page_token of a page before.")
		}
		from = parsed
	}
	var matching []T
	for _, id := range t.ids {
		if match(t.rows[id]) {
			matching = append(matching, proto.CloneOf(t.rows[id]))
		}
	}
	from = min(from, len(matching))
	to := min(from+limit, len(matching))
	next := ""
	if to < len(matching) {
		next = "after-" + strconv.Itoa(to)
	}
	return matching[from:to], next, nil
}

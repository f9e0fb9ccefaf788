package cmms_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	cmms "github.com/chatterfix/chatterfix-sync/go-client"
	"github.com/chatterfix/chatterfix-sync/go-client/cmmspb"
	"github.com/chatterfix/chatterfix-sync/go-client/cmmstest"
)

func TestAWatchBridgesBreaksWithoutLossOrRepeat(t *testing.T) {
	client, server := open(t)
	const all = 200
	add := func(version int) {
		server.AddChange(&cmmspb.Change{RecordId: "r", Version: int64(version)})
	}
	add(1)
	var seen []int64
	request := &cmmspb.WatchChangesRequest{From: cmmspb.WatchFrom_WATCH_FROM_START}
	for change, err := range client.Changes.Watch(t.Context(), request) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, change.GetVersion())
		if len(seen) == all {
			break
		}
		if len(seen)%20 == 0 {
			server.FailNext("ChangeService.WatchChanges", unavailable)
			server.BreakWatches()
		}
		add(len(seen) + 1)
	}
	for i, version := range seen {
		if version != int64(i+1) {
			t.Fatalf("change %d came as number %d", version, i+1)
		}
	}
	if request.GetCursor() != "" {
		t.Fatal("the caller's request was changed")
	}
}

func TestAWatchEndsWithItsContextAndWithARefusal(t *testing.T) {
	client, server := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	server.AddChange(&cmmspb.Change{RecordId: "r", Version: 1})
	var last error
	for _, err := range client.Changes.Watch(ctx, &cmmspb.WatchChangesRequest{From: cmmspb.WatchFrom_WATCH_FROM_START}) {
		last = err
		cancel()
	}
	if !errors.Is(last, context.Canceled) {
		t.Fatalf("%v", last)
	}
	server.FailNext("ChangeService.WatchChanges", cmmstest.Failure(cmms.Error{Kind: cmms.KindForbidden, Message: "No."}))
	for _, err := range client.Changes.Watch(t.Context(), &cmmspb.WatchChangesRequest{}) {
		last = err
	}
	if cmms.KindOf(last) != cmms.KindForbidden {
		t.Fatalf("%v", last)
	}
}

func ExampleChanges_Watch() {
	server := cmmstest.NewServer()
	defer server.Close()
	client, err := server.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = client.Close() }()
	server.AddChange(&cmmspb.Change{Entity: cmmspb.Entity_ENTITY_ASSET, RecordId: "P-7", Version: 2})
	request := &cmmspb.WatchChangesRequest{From: cmmspb.WatchFrom_WATCH_FROM_START}
	for change, err := range client.Changes.Watch(context.Background(), request) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(change.GetRecordId(), change.GetVersion())
		break
	}
	// Output: P-7 2
}

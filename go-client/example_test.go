package cmms_test

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	cmms "github.com/chatterfix/chatterfix-sync/go-client"
	"github.com/chatterfix/chatterfix-sync/go-client/cmmspb"
	"github.com/chatterfix/chatterfix-sync/go-client/cmmstest"
)

// plant stands for a real server; a program calls cmms.New("sync.example.org:443", cmms.WithAPIKey(key)) instead.
func plant() (*cmms.Client, func()) {
	server := cmmstest.NewServer()
	server.AddAsset(&cmmspb.Asset{AssetId: "P-7", Name: "Pump 7"})
	server.AddAlert(&cmmspb.Alert{Id: "a-1", AssetId: "P-7", AlertType: "low_uptime"})
	client, err := server.Client()
	if err != nil {
		panic(err)
	}
	return client, func() {
		_ = client.Close()
		server.Close()
	}
}

func ExampleNew() {
	client, err := cmms.New("sync.example.org:443", cmms.WithAPIKey("cfx_..."))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("connects with the first call")
	_ = client.Close()
	// Output: connects with the first call
}

func ExampleWorkOrders_All() {
	client, done := plant()
	defer done()
	ctx := context.Background()
	for _, title := range []string{"Replace the seal", "Check the bearing"} {
		_, err := client.WorkOrders.CreateWorkOrder(ctx, &cmmspb.CreateWorkOrderRequest{
			WorkOrder: &cmmspb.WorkOrderDraft{AssetId: "P-7", Title: proto.String(title)},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	for order, err := range client.WorkOrders.All(ctx, &cmmspb.ListWorkOrdersRequest{AssetId: "P-7"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(order.GetWorkOrderNumber(), order.GetTitle())
	}
	// Output:
	// WO-000001 Replace the seal
	// WO-000002 Check the bearing
}

func ExampleAssets_All() {
	client, done := plant()
	defer done()
	for asset, err := range client.Assets.All(context.Background(), &cmmspb.ListAssetsRequest{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(asset.GetAssetId(), asset.GetName())
	}
	// Output: P-7 Pump 7
}

func ExampleAlerts() {
	client, done := plant()
	defer done()
	answer, err := client.Alerts.AcknowledgeAlert(context.Background(), &cmmspb.AcknowledgeAlertRequest{
		AssetId: "P-7", AlertId: "a-1", AcknowledgedBy: proto.String("Ines"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.GetAlert().GetAcknowledgedBy())
	// Output: Ines
}

func ExampleError() {
	client, done := plant()
	defer done()
	_, err := client.WorkOrders.GetWorkOrder(context.Background(), &cmmspb.GetWorkOrderRequest{Id: "nowhere"})
	if failure, found := errors.AsType[*cmms.Error](err); found && failure.Kind == cmms.KindNotFound {
		fmt.Println(failure.Message)
	}
	// Output: There is no work order nowhere.
}

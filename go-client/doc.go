// Package cmms is the Go client of ChatterFix Sync: work orders, maintenance, assets, alerts, meters,
// connections and runs of one plant, over gRPC.
//
// [New] opens a [Client]; its fields are the services. Every call takes a context first and fails with an [*Error], which
// [errors.As] finds. Calls that change something get a request id by themselves, so that a repeated one is carried out once.
// Lists are walked with All, which gives an [iter.Seq2].
//
// A Client is safe for concurrent use and holds one connection. The package has no global state.
package cmms

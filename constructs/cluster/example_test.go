package cluster_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/network"
)

func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})})
}

// Two tasks on demand, and of the further ones nine in ten on Spot.
func ExampleSpot() {
	for _, share := range (cluster.Spot{Base: 2, Weight: 9}).Strategy() {
		fmt.Printf("%s: base %d, weight %d\n", share.Provider, share.Base, share.Weight)
	}
	// Output:
	// FARGATE: base 2, weight 1
	// FARGATE_SPOT: base 0, weight 9
}

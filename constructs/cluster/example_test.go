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

// Instances on demand, and spare ones of four types that are alike.
func ExampleNewPool() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	c := cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})})

	onDemand := cluster.NewPool(stack, "OnDemand", cluster.PoolProps{
		Cluster: c, InstanceTypes: []string{"m7g.large"}, Min: 2, Max: 6,
	})
	spot := cluster.NewPool(stack, "Spot", cluster.PoolProps{
		Cluster: c, InstanceTypes: []string{"m7g.large", "m6g.large", "r7g.large", "r6g.large"}, Max: 20, Spot: &cluster.SpotMix{},
	})

	// A service with this capacity runs two tasks on demand, and of the further ones three in four on Spot.
	_ = cluster.Mix{{Pool: onDemand, Base: 2, Weight: 1}, {Pool: spot, Weight: 3}}
}

// Instances that ECS chooses, starts, patches and ends.
func ExampleNewManagedInstances() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	c := cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})})

	cluster.NewManagedInstances(stack, "Managed", cluster.ManagedInstancesProps{Cluster: c, ARM64: true})
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

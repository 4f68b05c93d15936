package service_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
)

// A service that no load balancer reaches and that never runs twice at once.
func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	n := network.New(stack, "Network", network.Props{})

	service.New(stack, "Scheduler", service.Props{
		Cluster:   cluster.New(stack, "Cluster", cluster.Props{Network: n}),
		Task:      task.Props{Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/scheduler:42"},
		Singleton: true,
	})
}

// A service on instances that no task of the batch service is on, spread over zones and then over instances.
func ExamplePlacement() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	c := cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})})
	pool := cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: c, InstanceTypes: []string{"m7i.large"}, Max: 8})

	batch := service.New(stack, "Batch", service.Props{Cluster: c, Capacity: pool, Task: task.Props{Image: "batch:1"}})
	service.New(stack, "Quotes", service.Props{
		Cluster: c, Capacity: pool, Task: task.Props{Image: "quotes:1"},
		Placement: service.Placement{
			Strategies:  []service.Strategy{service.SpreadZones, service.SpreadInstances},
			Constraints: []service.Constraint{service.Apart(batch.Group())},
		},
	})
}

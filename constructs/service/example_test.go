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

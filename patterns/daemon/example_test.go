package daemon_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/platform"
)

// An agent that the tasks of an instance reach on one of its ports.
func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})
	cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7g.large"}, Max: 4})

	daemon.New(stack, "Agent", daemon.Props{
		Platform: p,
		Task:     task.Props{Image: "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300060.0", Port: 8125, NetworkMode: task.Host},
	})
}

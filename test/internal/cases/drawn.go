package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/worker"
)

// drawn keeps what test/property has found: a sidecar that takes longer to stop than the worker beside it, that reserves no CPU where
// tasks are packed by that, and that says of a parameter which both read that it has no key.
func drawn(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: network.Props{NATGateways: 1}, NoPublic: true, SecretsKey: true})
	worker.New(stack, "Worker", worker.Props{
		Platform: p, MessageTime: time.Second, Latency: time.Minute,
		Capacity:  cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 4}),
		Placement: service.Placement{Strategies: []service.Strategy{service.SpreadZones, service.BinpackCPU}},
		Task: task.Props{
			Image: "worker:1", StopTimeout: 30 * time.Second, StoreCommands: true, Secrets: secret.Map{"KEY": secret.ParameterStore{Name: "/shop/key"}},
			Sidecars: []task.Container{{
				Name: "agent", Image: "agent:1", Secrets: secret.Map{"KEY": secret.ParameterStore{Name: "/shop/key", NoKey: true}},
			}},
		},
	})
}

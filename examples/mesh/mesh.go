// Package mesh is a public front and three services that no load balancer reaches: they find each other by Service Connect and by names
// in DNS, on Fargate, on Spot and on EC2 instances, and only those connect that are named.
package mesh

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// New adds a stack for the platform and one for each service.
func New(app awscdk.App, id string) {
	shared := stack(app, id+"Platform")
	p := platform.New(shared, "Platform", platform.Props{PlainHTTP: true, Internal: true, Namespace: "mesh.internal"})
	pool := cluster.NewPool(shared, "Pool", cluster.PoolProps{
		Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Min: 1, Max: 4,
	})

	// The front finds others at http://orders:8080 and http://prices.mesh.internal:8080, and is found by nobody.
	front := web.New(stack(app, id+"Front"), "Front", web.Props{
		Platform: p, Task: container(512), Connect: &discovery.Connect{},
	})

	orders := backend.New(stack(app, id+"Orders"), "Orders", backend.Props{
		Platform: p, Task: container(512),
		Connect:   &discovery.Connect{Name: "orders", RequestTimeout: 30 * time.Second},
		Deploy:    deployment.Canary{Percent: 10},
		AllowFrom: []service.Caller{front},
	})

	// In network mode bridge, many tasks share an instance, and Service Connect knows their ports.
	stock := backend.New(stack(app, id+"Stock"), "Stock", backend.Props{
		Platform: p, Task: task.Props{Image: image, Port: 8080, MemoryMiB: 256}, Capacity: pool,
		Connect:   &discovery.Connect{Name: "stock", Protocol: discovery.GRPC},
		AllowFrom: []service.Caller{orders},
	})

	prices := backend.New(stack(app, id+"Prices"), "Prices", backend.Props{
		Platform: p, Task: container(256), Capacity: cluster.Spot{},
		CloudMap:  &discovery.CloudMap{Name: "prices"},
		Connect:   &discovery.Connect{}, // to find orders
		AllowFrom: []service.Caller{front, orders, stock},
	})
	// Prices tell orders when they change.
	orders.AllowFrom(prices)
}

const image = "public.ecr.aws/nginx/nginx-unprivileged:1.29"

// container is a task with room for the proxy of Service Connect beside the main container.
func container(cpu int) task.Props {
	return task.Props{Image: image, Port: 8080, CPU: cpu}
}

func stack(app awscdk.App, id string) awscdk.Stack { return awscdk.NewStack(app, &id, nil) }

// Package mesh is a public front and three backends that find each other by Service Connect and by names in DNS, on Fargate, on Spot and on
// EC2 instances, and only those connect that are named. Partners reach a service behind the internal load balancer by an HTTP API, and
// devices one behind a Network Load Balancer, over TCP and UDP.
package mesh

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
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

	backend.New(stack(app, id+"Prices"), "Prices", backend.Props{
		Platform: p, Task: container(256), Capacity: cluster.Spot{},
		CloudMap:  &discovery.CloudMap{Name: "prices"},
		AllowFrom: []service.Caller{front, orders, stock},
	})

	// Partners come by the API, with credentials of AWS, to what is otherwise inside alone.
	web.New(stack(app, id+"Partners"), "Partners", web.Props{
		Platform: p, Internal: true, Task: container(256), Route: ingress.Route{Path: "/partners/*"},
	})
	httpapi.New(stack(app, id+"API"), "API", httpapi.Props{
		LoadBalancer: p.Internal, Routes: []string{"ANY /partners/{rest+}"}, Authorizer: httpapi.IAM{},
	})

	// Devices send what they measure over UDP, and connect over TCP for what they are to do.
	streams := ingress.NewNLB(shared, "Streams", ingress.NLBProps{Network: p.Network})
	devices := container(256)
	devices.UDPPorts = []int{8125}
	service.New(stack(app, id+"Devices"), "Devices", service.Props{
		Cluster: p.Cluster, Task: devices, Deploy: deployment.BlueGreen{},
		Streams: []ingress.StreamProps{
			{LoadBalancer: streams, ListenerPort: 8080, AllowFrom: []string{"203.0.113.0/24"}},
			{
				LoadBalancer: streams, ListenerPort: 8125, Protocol: ingress.UDP, AllowFrom: []string{"203.0.113.0/24"},
				Group: ingress.StreamGroup{HealthCheck: ingress.HealthCheck{Port: 8080}},
			},
		},
	})
}

const image = "public.ecr.aws/nginx/nginx-unprivileged:1.29"

// container is a task with room for the proxy of Service Connect beside the main container.
func container(cpu int) task.Props {
	return task.Props{Image: image, Port: 8080, CPU: cpu}
}

func stack(app awscdk.App, id string) awscdk.Stack { return awscdk.NewStack(app, &id, nil) }

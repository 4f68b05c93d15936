package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// streams are services behind a public Network Load Balancer and an internal one: every protocol, on Fargate and in each
// network mode of a pool, and a canary that an Application Load Balancer reaches too.
func streams(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})
	public := ingress.NewNLB(stack, "Streams", ingress.NLBProps{Network: p.Network})
	internal := ingress.NewNLB(stack, "Inside", ingress.NLBProps{
		Network: p.Network, Internal: true, NoCrossZone: true, NoDeletionProtection: true, NoAccessLogs: true, AnyPrivateLink: true,
	})
	pool := cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 8})
	newService := func(id string, props service.Props) {
		props.Cluster, props.Task.Image = p.Cluster, "server:1"
		service.New(stack, id, props)
	}
	newService("Broker", service.Props{
		Task: task.Props{Port: 1883, ExtraPorts: []int{8080}},
		Streams: []ingress.StreamProps{
			{LoadBalancer: public, ListenerPort: 8883, Protocol: ingress.TLS, CertificateARN: CertificateARN},
			{
				LoadBalancer: internal, ListenerPort: 1883, AllowFrom: []string{"10.0.0.0/17", "10.0.192.0/18"}, IdleTimeout: time.Hour,
				Group: ingress.StreamGroup{
					HealthCheck:         ingress.HealthCheck{Path: "/health", Port: 8080, Codes: "200", Interval: 10 * time.Second},
					DeregistrationDelay: 45 * time.Second, KeepConnections: true, ClientIP: true, ProxyProtocol: true,
				},
			},
		},
	})
	newService("Names", service.Props{
		Task: task.Props{Port: 1053, UDPPorts: []int{1053, 5353}},
		Streams: []ingress.StreamProps{
			{LoadBalancer: public, ListenerPort: 53, Protocol: ingress.TCPUDP},
			{
				LoadBalancer: internal, ListenerPort: 5353, Protocol: ingress.UDP, Port: 5353,
				Group: ingress.StreamGroup{HealthCheck: ingress.HealthCheck{Port: 1053}},
			},
		},
	})
	for _, id := range []string{"Cache", "Queue"} { // on a pool, whose dynamic ports are opened once
		newService(id, service.Props{
			Task: task.Props{Port: 6379, MemoryMiB: 256}, Capacity: pool,
			Streams: []ingress.StreamProps{{LoadBalancer: internal, ListenerPort: map[string]int{"Cache": 6379, "Queue": 6380}[id]}},
		})
	}
	newService("Metrics", service.Props{
		Task: task.Props{Port: 8125, UDPPorts: []int{8125}, MemoryMiB: 256, NetworkMode: task.Host}, Capacity: pool,
		Streams: []ingress.StreamProps{{LoadBalancer: internal, ListenerPort: 8125, Protocol: ingress.UDP}},
	})
	web.New(stack, "Web", web.Props{
		Platform: p, Task: task.Props{Image: "web:1", Port: 8080, ExtraPorts: []int{9000}},
		Streams: []ingress.StreamProps{{
			LoadBalancer: public, ListenerPort: 9000, Port: 9000, Test: &ingress.TestListener{Port: 9001, AllowFrom: []string{"192.0.2.0/24"}},
		}},
		Deploy: deployment.Canary{Percent: 10},
	})
}

package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/platform"
)

// Discoverable is what examples/mesh leaves out: records with ports, TLS, TCP, timeouts, a key, other ports, several pools.
func Discoverable(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), PlainHTTP: true, Namespace: "shop.internal"})
	pool := func(id string) *cluster.Pool {
		return cluster.NewPool(stack, id, cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 8})
	}
	one, two := pool("One"), pool("Two")
	both := cluster.Mix{{Pool: one}, {Pool: two}}
	other := discovery.NewNamespace(stack, "Other", discovery.NamespaceProps{Name: "other.internal", Network: p.Network})

	agent := daemon.New(stack, "Agent", daemon.Props{
		Platform: p, Pools: []*cluster.Pool{one}, Task: task.Props{Image: "agent:1", MemoryMiB: 128},
	})
	records := backend.New(stack, "Records", backend.Props{
		Platform: p, Capacity: both, Task: task.Props{Image: "records:1", Port: 8080, MemoryMiB: 256},
		CloudMap: &discovery.CloudMap{Name: "records", TTL: time.Minute}, AllowFrom: []service.Caller{agent},
	})
	backend.New(stack, "Metrics", backend.Props{
		Platform: p, Capacity: two, Task: task.Props{Image: "metrics:1", Port: 9125, MemoryMiB: 256, NetworkMode: task.Host},
		CloudMap: &discovery.CloudMap{Namespace: other, Name: "metrics"}, AllowFrom: []service.Caller{agent, records},
	})
	secure := backend.New(stack, "Secure", backend.Props{
		Platform: p, Task: task.Props{
			Image: "secure:1", Port: 8080, Sidecars: []task.Container{{Name: "db", Image: "db:1", Port: 5432, Essential: true}},
		},
		Connect: &discovery.Connect{
			Name: "db", Container: "db", CallPort: 15432, Protocol: discovery.TCP, IdleTimeout: 2 * time.Hour, NoAccessLogs: true,
			TLS: &discovery.TLS{
				AuthorityARN: "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/12345678-90ab-cdef-1234-567890abcdef",
				KeyARN:       "arn:aws:kms:us-east-1:123456789012:key/12345678-90ab-cdef-1234-567890abcdef",
			},
		},
		CloudMap: &discovery.CloudMap{Name: "secure"}, AllowFrom: []service.Caller{records},
	})
	streams := backend.New(stack, "Streams", backend.Props{
		Platform: p, Capacity: one, Task: task.Props{Image: "streams:1", Port: 8080, MemoryMiB: 256, NetworkMode: task.AWSVPC},
		Connect:   &discovery.Connect{Name: "streams", Protocol: discovery.HTTP2, NoRequestTimeout: true},
		Deploy:    deployment.BlueGreen{},
		AllowFrom: []service.Caller{secure},
	})
	secure.AllowFrom(streams)
}

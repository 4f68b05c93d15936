package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// modes is a pool with a service in each network mode, placed in each way.
func modes(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), PlainHTTP: true})
	pool := cluster.NewPool(stack, "Pool", cluster.PoolProps{
		Cluster: p.Cluster, InstanceTypes: []string{"m7i.large", "m6i.large"}, Min: 2, Max: 5, OS: cluster.Bottlerocket,
		DiskGiB: 50, TargetPercent: 80, Warmup: 2 * time.Minute,
	})
	bridge := web.New(stack, "Bridge", web.Props{
		Platform: p, Capacity: pool,
		Task: task.Props{
			Image: "bridge:1", Port: 8080, CPU: 512, MemoryMiB: 1024, Sidecars: []task.Container{{Name: "agent", Image: "agent:1", Port: 8080}},
		},
		Route: ingress.Route{Path: "/bridge/*"},
	})
	web.New(stack, "AWSVPC", web.Props{
		Platform: p, Capacity: pool,
		Task:  task.Props{Image: "vpc:1", Port: 8080, NetworkMode: task.AWSVPC, MemoryLimitMiB: 300},
		Route: ingress.Route{Path: "/vpc/*"},
		Placement: service.Placement{
			Strategies:  []service.Strategy{service.SpreadZones, service.SpreadBy("ecs.instance-type"), service.BinpackCPU},
			Constraints: []service.Constraint{service.MemberOf("attribute:ecs.instance-type =~ m7i.*"), service.Near(bridge.Service.Group())},
		},
	})
	web.New(stack, "Host", web.Props{
		Platform: p, Capacity: pool,
		Task:        task.Props{Image: "host:1", Port: 8080, NetworkMode: task.Host},
		Route:       ingress.Route{Path: "/host/*"},
		TargetGroup: ingress.TargetGroup{HealthCheck: ingress.HealthCheck{Port: 9000}},
		Placement:   service.Placement{Constraints: []service.Constraint{service.DistinctInstances}},
		Count:       4,
	})
	service.New(stack, "None", service.Props{
		Cluster: p.Cluster, Capacity: cluster.Mix{{Pool: pool}},
		Task: task.Props{Image: "none:1", NetworkMode: task.None},
		Placement: service.Placement{
			Strategies:    []service.Strategy{service.BinpackMemory, service.Random},
			Constraints:   []service.Constraint{service.Apart("batch"), service.MemberOf("attribute:ecs.availability-zone != us-east-1a")},
			NoRebalancing: true,
		},
		Singleton: true,
	})
}

// development is a pool that gives way to everything, whose image is pinned, with a daemon on it.
func development(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), PlainHTTP: true, NoDeletionProtection: true})
	pool := cluster.NewPool(stack, "Pool", cluster.PoolProps{
		Cluster: p.Cluster, InstanceTypes: []string{"t3.medium", "t3a.medium"}, Max: 2, AMI: "ami-0123456789abcdef0",
		Spot:                &cluster.SpotMix{OnDemandBase: 1, OnDemandPercent: 25, Allocation: cluster.CapacityOptimizedPrioritized},
		NoScaleInProtection: true, NoRefresh: true, InstanceMetadata: true, SessionManager: true,
	})
	daemon.New(stack, "Agent", daemon.Props{
		Platform: p, Pools: []*cluster.Pool{pool}, ForceNewDeployment: "1",
		Task: task.Props{
			Image: "agent:1", NetworkMode: task.Host, Port: 8126, MemoryLimitMiB: 64,
			HostMounts: []task.HostMount{{HostPath: "/var/log"}, {HostPath: "/run/agent", Path: "/run/shared", Writable: true}},
		},
		Constraints: []service.Constraint{service.MemberOf("attribute:ecs.os-type == linux")},
	})
	web.New(stack, "Web", web.Props{
		Platform: p, Capacity: pool, Task: task.Props{Image: "web:1", Port: 8080},
		Deploy: deployment.Rolling{MinHealthyPercent: 50, MaxPercent: 100},
	})
}

// graphics is a pool with GPUs, and instances that ECS manages, beside Fargate.
func graphics(stack awscdk.Stack) {
	n := network.New(stack, "Network", network.Props{})
	c := cluster.New(stack, "Cluster", cluster.Props{Network: n})
	service.New(stack, "Render", service.Props{
		Cluster: c,
		Capacity: cluster.NewPool(stack, "GPUs", cluster.PoolProps{
			Cluster: c, InstanceTypes: []string{"g5.xlarge"}, Max: 4, DiskGiB: 200,
		}),
		Task: task.Props{Image: "render:1", GPUs: 1, CPUReservation: 2048, MemoryReservationMiB: 8192, MemoryLimitMiB: 12288},
	})
	service.New(stack, "Index", service.Props{
		Cluster: c,
		Capacity: cluster.NewManagedInstances(stack, "Managed", cluster.ManagedInstancesProps{
			Cluster: c, VCPUs: cluster.Range{Min: 2, Max: 16}, MemoryMiB: cluster.Range{Min: 4096}, ARM64: true,
			InstanceTypes: []string{"m7g.*", "m8g.large"}, DiskGiB: 100, Spot: true, IdleAfter: 10 * time.Minute,
		}),
		Task:      task.Props{Image: "index:1", Architecture: task.ARM64, CPU: 1024, MemoryMiB: 3000},
		Placement: service.Placement{Constraints: []service.Constraint{service.MemberOf("attribute:ecs.instance-type =~ m8g.*")}},
	})
	service.New(stack, "Tail", service.Props{
		Cluster:  c,
		Capacity: cluster.NewManagedInstances(stack, "Any", cluster.ManagedInstancesProps{Cluster: c, GPUs: 1}),
		Task:     task.Props{Image: "tail:1", NetworkMode: task.Host, Port: 9000},
	})
	service.New(stack, "Small", service.Props{Cluster: c, Task: task.Props{Image: "small:1"}})
}

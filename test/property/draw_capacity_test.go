package property

import (
	"time"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
)

// most is how many instances a pool has at least at most: room for two sets of the tasks that a service is drawn with, and
// one more.
const most = 12

func drawPool(t *rapid.T) cluster.PoolProps {
	p := cluster.PoolProps{
		InstanceTypes: pick(t, []string{"m7i.large"}, []string{"m7g.large"}, []string{"m7i.large", "m6i.xlarge", "c7i.large"}, []string{"g5.xlarge"},
			[]string{"c7g.large", "m7g.xlarge"}, []string{"x99z.large"}),
		Min: maybe(t, 1, 3), Max: pick(t, most, 20, 1000), OS: maybe(t, cluster.AL2023, cluster.Bottlerocket),
		AMI: seldom(t, "ami-0123456789abcdef0", "/shop/image"), DiskGiB: maybe(t, 30, 16384), TargetPercent: maybe(t, 1, 80, 100),
		Warmup: maybe(t, time.Second, 10000*time.Second), NoScaleInProtection: chance(t, 2), NoRefresh: chance(t, 2),
		InstanceMetadata: chance(t, 3),
	}
	if chance(t, 2) {
		p.Spot = &cluster.SpotMix{
			OnDemandBase: maybe(t, 1), OnDemandPercent: maybe(t, 25, 100),
			Allocation: maybe(t, cluster.CapacityOptimized, cluster.CapacityOptimizedPrioritized, cluster.LowestPrice, cluster.PriceCapacityOptimized),
		}
	}
	return p
}

func drawManaged(t *rapid.T) cluster.ManagedInstancesProps {
	p := cluster.ManagedInstancesProps{
		ARM64: chance(t, 1), DiskGiB: maybe(t, 30, 100), Spot: chance(t, 1), IdleAfter: maybe(t, time.Second, time.Hour),
	}
	if chance(t, 1) {
		p.VCPUs, p.MemoryMiB = cluster.Range{Min: 2, Max: maybe(t, 8)}, cluster.Range{Min: maybe(t, 4096), Max: maybe(t, 32768)}
	}
	if chance(t, 1) {
		p.InstanceTypes = pick(t, []string{"m7i.large", "c7i.*"}, []string{"m6i.*"})
		if p.ARM64 {
			p.InstanceTypes = pick(t, []string{"m7g.large", "c7g.*"}, []string{"m8g.*"})
		}
	}
	return p
}

// ground is what a task is drawn to stand on.
type ground struct {
	capacity cluster.Capacity // what the props say
	launch   task.LaunchType
	spot     bool
	arm      bool
	gpus     bool
	pools    []int
}

func (w *world) fargate() ground { return ground{launch: task.Fargate} }

// drawGround draws a capacity of the app.
func (w *world) drawGround(t *rapid.T) ground {
	if n := len(w.plan.Managed); n > 0 && chance(t, 2) {
		i := between(t, 0, n-1)
		m := w.plan.Managed[i]
		return ground{capacity: onManaged{Managed: i}, launch: task.ManagedInstances, spot: m.Spot, arm: m.ARM64}
	}
	if n := len(w.plan.Pools); n > 0 && chance(t, 1) {
		if n > 1 && w.pool(0).arm == w.pool(1).arm && chance(t, 1) {
			return w.drawMix(t)
		}
		return w.pool(between(t, 0, n-1))
	}
	g := w.fargate()
	g.capacity = pick[cluster.Capacity](t, nil, cluster.Fargate{}, cluster.Spot{}, cluster.Spot{Base: 2, Weight: 1}, cluster.Spot{OnlySpot: true}, cluster.Spot{
		OnlySpot: true, Base: 1,
	}, cluster.Spot{Base: 100000, Weight: 1000})
	if g.capacity != nil {
		g.spot = g.capacity.Spot()
	}
	return g
}

func (w *world) pool(i int) ground {
	p := w.plan.Pools[i]
	kind := p.InstanceTypes[0]
	return ground{
		capacity: onPool{Pool: i}, launch: task.EC2, spot: p.Spot != nil, pools: []int{i},
		arm: kind == "m7g.large" || kind == "c7g.large", gpus: kind == "g5.xlarge",
	}
}

// drawMix draws shares of both pools.
func (w *world) drawMix(t *rapid.T) ground {
	a, b := w.pool(0), w.pool(1)
	first, second := cluster.PoolShare{Base: maybe(t, 1, 100000), Weight: maybe(t, 1, 1000)}, cluster.PoolShare{Weight: maybe(t, 3)}
	if first.Base > 0 && first.Weight == 0 {
		first.OnlyBase = chance(t, 1)
	}
	return ground{
		capacity: onPools{Shares: []poolShare{{0, first}, {1, second}}}, launch: task.EC2, spot: a.spot || b.spot, arm: a.arm, gpus: a.gpus && b.gpus,
		pools: []int{0, 1},
	}
}

// drawPlacement draws where tasks come to.
func drawPlacement(t *rapid.T, g ground) service.Placement {
	var p service.Placement
	switch g.launch {
	case task.ManagedInstances:
		p.Constraints = maybe(t, []service.Constraint{service.MemberOf("attribute:ecs.instance-type =~ m7.*")})
	case task.EC2:
		p.NoRebalancing = chance(t, 2)
		if chance(t, 2) {
			p.Constraints = append(p.Constraints, service.DistinctInstances)
		}
		p.Constraints = append(p.Constraints, some(t, service.MemberOf("attribute:ecs.instance-type =~ m7*"), service.Apart("batch"))...)
		p.Strategies = drawStrategies(t, len(p.Constraints) > 0 && p.Constraints[0] == service.DistinctInstances, p.NoRebalancing)
	}
	return p
}

func drawStrategies(t *rapid.T, distinct, anyhow bool) []service.Strategy {
	if !chance(t, 1) {
		return nil
	}
	var all []service.Strategy
	if !anyhow {
		all = append(all, service.SpreadZones)
	}
	all = append(all, seldom(t, []service.Strategy{service.SpreadInstances}, []service.Strategy{service.SpreadBy("ecs.instance-type")})...)
	if distinct {
		return append(all, maybe(t, []service.Strategy{service.Random})...)
	}
	return append(all, some(t, service.BinpackCPU, service.BinpackMemory, service.Random)...)
}

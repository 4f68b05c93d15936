package cluster

import (
	"cmp"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"

	"github.com/ecskit/ecskit/constructs/check"
)

// Capacity is what the tasks of a service run on: one of the types of this package. A service cannot move between
// Fargate, pools and managed instances, which ECS refuses: make a second one beside it, then remove the first.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/capacity-launch-type-comparison.html
type Capacity interface {
	// Problems returns what is wrong with the capacity itself.
	Problems() check.Problems
	// Strategy returns how the tasks of a service are spread over the cluster's capacity providers.
	Strategy() []Share
	// Spot reports whether tasks can be reclaimed at two minutes' notice.
	Spot() bool
	// LaunchType returns what task definitions have to be compatible with: [OnFargate], [OnEC2] or [OnManagedInstances].
	LaunchType() string
	// Cluster returns the cluster that the capacity belongs to; nil if every cluster has it.
	Cluster() *Cluster
	// Size returns what a task can rely on, whichever instance it comes to; the zero Size on Fargate.
	Size() Size
	// SecurityGroups returns the groups of the instances; none on Fargate, and none in particular for all pools.
	SecurityGroups() []awsec2.ISecurityGroup
	// Pools returns the pools of EC2 instances that tasks can run on; none if they run on something else.
	Pools() []*Pool

	capacity() // what a capacity has to tell grows with the kinds of it
}

// The launch types of ECS that capacities have.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html#ECS-Type-TaskDefinition-requiresCompatibilities
const (
	OnFargate          = "FARGATE"
	OnEC2              = "EC2"
	OnManagedInstances = "MANAGED_INSTANCES"
)

// Share is the part that one capacity provider has in a strategy.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
type Share struct {
	// Provider is the name of the capacity provider.
	Provider string
	// Base is how many tasks it runs before any weight counts. Zero: none.
	Base int
	// Weight is its share, in the sum of all weights, of the tasks beyond every base. Zero: none of them.
	Weight int
}

const (
	fargate     = "FARGATE"
	fargateSpot = "FARGATE_SPOT"

	strategyPage = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html"
)

// What AWS takes of a strategy.
const (
	maxBase      = 100000
	maxWeight    = 1000
	maxProviders = 20
)

// Fargate runs every task on AWS Fargate, on demand.
type Fargate struct{}

// Problems finds none.
func (Fargate) Problems() check.Problems { return nil }

// Strategy gives every task to FARGATE.
func (Fargate) Strategy() []Share { return []Share{{Provider: fargate, Weight: 1}} }

// Spot reports false.
func (Fargate) Spot() bool { return false }

// LaunchType returns FARGATE.
func (Fargate) LaunchType() string { return OnFargate }

// Cluster returns nil: every cluster has it.
func (Fargate) Cluster() *Cluster { return nil }

// Size returns the zero Size: Fargate makes room for every task.
func (Fargate) Size() Size { return Size{} }

// SecurityGroups returns none.
func (Fargate) SecurityGroups() []awsec2.ISecurityGroup { return nil }

// Pools returns none.
func (Fargate) Pools() []*Pool { return nil }

func (Fargate) capacity() {}

// What Spot does unless it is told otherwise.
const (
	DefaultSpotBase   = 1
	DefaultSpotWeight = 3
)

// Spot runs some tasks on Fargate and most on Fargate Spot, which costs a fraction and takes a task back at two minutes'
// notice. The zero value keeps the first task, and of the further ones every fourth, on demand.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
type Spot struct {
	// Base is how many tasks run on demand before any runs on Spot, 0-100000. Zero: 1, or none with OnlySpot.
	Base int
	// Weight is how many of the further tasks run on Spot for each one on demand, 1-1000. Zero: 3.
	Weight int
	// OnlySpot runs no further task on demand, so all but Base can be lost at once. Zero: Weight decides.
	OnlySpot bool
}

// Problems names numbers out of AWS's range.
func (s Spot) Problems() check.Problems {
	var ps check.Problems
	ps.Range("Base", s.Base, 0, maxBase).See(strategyPage)
	ps.Range("Weight", s.Weight, 0, maxWeight).See(strategyPage)
	if s.OnlySpot && s.Weight != 0 {
		ps.Add("Weight", s.Weight, "must not be set with OnlySpot, which leaves nothing to weigh")
	}
	return ps
}

// Strategy gives the base to FARGATE and shares the rest between FARGATE and FARGATE_SPOT.
func (s Spot) Strategy() []Share {
	if s.OnlySpot {
		spot := Share{Provider: fargateSpot, Weight: 1}
		if s.Base == 0 {
			return []Share{spot}
		}
		return []Share{{Provider: fargate, Base: s.Base}, spot}
	}
	s.Base = cmp.Or(s.Base, DefaultSpotBase)
	s.Weight = cmp.Or(s.Weight, DefaultSpotWeight)
	return []Share{{Provider: fargate, Base: s.Base, Weight: 1}, {Provider: fargateSpot, Weight: s.Weight}}
}

// Spot reports true.
func (Spot) Spot() bool { return true }

// LaunchType returns FARGATE.
func (Spot) LaunchType() string { return OnFargate }

// Cluster returns nil: every cluster has it.
func (Spot) Cluster() *Cluster { return nil }

// Size returns the zero Size: Fargate makes room for every task.
func (Spot) Size() Size { return Size{} }

// SecurityGroups returns none.
func (Spot) SecurityGroups() []awsec2.ISecurityGroup { return nil }

// Pools returns none.
func (Spot) Pools() []*Pool { return nil }

func (Spot) capacity() {}

// Mix runs the tasks of a service on several pools of one cluster: for example a base on demand and the rest on Spot. (A
// pool by itself is a capacity too.) ECS mixes no pool with Fargate.
type Mix []PoolShare

// PoolShare is the part that one pool has in a [Mix].
type PoolShare struct {
	// Pool is the pool. Required.
	Pool *Pool
	// Base is how many tasks it runs before any weight counts, 0-100000, in one share only. Zero: none.
	Base int
	// Weight is its share, in the sum of all weights, of the further tasks, 1-1000. Zero: 1, or none with OnlyBase.
	Weight int
	// OnlyBase gives the pool no task beyond Base. Zero: Weight decides.
	OnlyBase bool
}

// Problems names missing pools, pools of several clusters or twice the same, and numbers that AWS does not take together.
func (m Mix) Problems() check.Problems {
	var ps check.Problems
	if len(m) == 0 || len(m) > maxProviders {
		ps.Add("", len(m), "must have 1-%d shares", maxProviders).See(strategyPage)
	}
	seen := map[*Pool]bool{}
	based, weighed := 0, false
	for i, s := range m {
		field := func(name string) string { return fmt.Sprintf("[%d].%s", i, name) }
		ps.In(fmt.Sprintf("[%d]", i), s.Problems())
		switch {
		case len(s.Pool.Problems()) > 0:
		case seen[s.Pool]:
			ps.Add(field("Pool"), nil, "must be in one share only")
		case m[0].Pool != nil && s.Pool.cluster != m[0].Pool.cluster:
			ps.Add(field("Pool"), nil, "must be a pool of the same cluster as the first")
		}
		seen[s.Pool] = true
		weighed = weighed || !s.OnlyBase
		if s.Base == 0 {
			continue
		}
		if based++; based > 1 {
			ps.Add(field("Base"), s.Base, "must be set in one share only").See(strategyPage)
		}
	}
	if len(m) > 0 && !weighed {
		ps.Add("", nil, "must have a share without OnlyBase, for the tasks beyond the base").See(strategyPage)
	}
	return ps
}

// Problems names a missing pool and numbers out of AWS's range.
func (s PoolShare) Problems() check.Problems {
	var ps check.Problems
	ps.In("Pool", s.Pool.Problems())
	ps.Range("Base", s.Base, 0, maxBase).See(strategyPage)
	ps.Range("Weight", s.Weight, 0, maxWeight).See(strategyPage)
	if s.OnlyBase && s.Weight != 0 {
		ps.Add("Weight", s.Weight, "must not be set with OnlyBase, which leaves nothing to weigh")
	}
	if s.OnlyBase && s.Base == 0 {
		ps.Add("Base", s.Base, "must be set with OnlyBase, or the pool runs nothing")
	}
	return ps
}

// Strategy gives each pool its share.
func (m Mix) Strategy() []Share {
	var shares []Share
	for _, s := range m {
		if s.Weight == 0 && !s.OnlyBase {
			s.Weight = 1
		}
		shares = append(shares, Share{Provider: *s.Pool.name, Base: s.Base, Weight: s.Weight})
	}
	return shares
}

// Spot reports whether any of the pools buys spare capacity.
func (m Mix) Spot() bool {
	for _, pool := range m.Pools() {
		if pool.spot {
			return true
		}
	}
	return false
}

// LaunchType returns EC2.
func (Mix) LaunchType() string { return OnEC2 }

// Cluster returns the cluster of the pools.
func (m Mix) Cluster() *Cluster {
	for _, pool := range m.Pools() {
		return pool.cluster
	}
	return nil
}

// Size returns the least of what the pools offer, and the sum of their instances.
func (m Mix) Size() Size {
	var least Size
	for i, pool := range m.Pools() {
		if i == 0 {
			least = pool.size
		} else {
			least = least.and(pool.size)
		}
	}
	return least
}

// SecurityGroups returns the groups of the pools' instances.
func (m Mix) SecurityGroups() []awsec2.ISecurityGroup {
	var groups []awsec2.ISecurityGroup
	for _, pool := range m.Pools() {
		groups = append(groups, pool.SecurityGroup)
	}
	return groups
}

// Pools returns the pools.
func (m Mix) Pools() []*Pool {
	var pools []*Pool
	for _, s := range m {
		if s.Pool != nil {
			pools = append(pools, s.Pool)
		}
	}
	return pools
}

func (Mix) capacity() {}

// AllPools is every instance of the cluster, of pools that are added later too: for daemons, which run on each. Their images
// have to be there for the architecture of every one.
type AllPools struct{}

// Problems finds none.
func (AllPools) Problems() check.Problems { return nil }

// Strategy returns none: ECS takes none for daemons.
func (AllPools) Strategy() []Share { return nil }

// Spot reports false.
func (AllPools) Spot() bool { return false }

// LaunchType returns EC2.
func (AllPools) LaunchType() string { return OnEC2 }

// Cluster returns nil: every cluster has it.
func (AllPools) Cluster() *Cluster { return nil }

// Size returns one without bounds.
func (AllPools) Size() Size { return Size{GPUs: -1} }

// SecurityGroups returns none.
func (AllPools) SecurityGroups() []awsec2.ISecurityGroup { return nil }

// Pools returns none in particular.
func (AllPools) Pools() []*Pool { return nil }

func (AllPools) capacity() {}

var (
	_ Capacity = Fargate{}
	_ Capacity = Spot{}
	_ Capacity = AllPools{}
	_ Capacity = Mix{}
	_ Capacity = (*Pool)(nil)
	_ Capacity = (*ManagedInstances)(nil)
)

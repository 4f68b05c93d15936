package cluster

import "github.com/ecskit/ecskit/constructs/check"

// Capacity is what the tasks of a service run on: one of the types of this package.
type Capacity interface {
	// Problems returns what is wrong with the capacity itself.
	Problems() check.Problems
	// Strategy returns how the tasks of a service are spread over the cluster's capacity providers.
	Strategy() []Share
	// Spot reports whether tasks can be reclaimed at two minutes' notice.
	Spot() bool

	capacity() // what a capacity has to tell grows with the kinds of it
}

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

// Fargate runs every task on AWS Fargate, on demand.
type Fargate struct{}

// Problems finds none.
func (Fargate) Problems() check.Problems { return nil }

// Strategy gives every task to FARGATE.
func (Fargate) Strategy() []Share { return []Share{{Provider: fargate, Weight: 1}} }

// Spot reports false.
func (Fargate) Spot() bool { return false }

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
	ps.Range("Base", s.Base, 0, 100000).See(strategyPage)
	ps.Range("Weight", s.Weight, 0, 1000).See(strategyPage)
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
	if s.Base == 0 {
		s.Base = DefaultSpotBase
	}
	if s.Weight == 0 {
		s.Weight = DefaultSpotWeight
	}
	return []Share{{Provider: fargate, Base: s.Base, Weight: 1}, {Provider: fargateSpot, Weight: s.Weight}}
}

// Spot reports true.
func (Spot) Spot() bool { return true }

func (Spot) capacity() {}

var (
	_ Capacity = Fargate{}
	_ Capacity = Spot{}
)

package cluster

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// SpotMix says how much of a pool is spare EC2 capacity. The zero value buys nothing else.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html
type SpotMix struct {
	// OnDemandBase is how many instances are on demand before any is Spot. Zero: none.
	OnDemandBase int
	// OnDemandPercent is how many of a hundred further instances are on demand, 0-100. Zero: none.
	OnDemandPercent int
	// Allocation says which of the types to buy. Zero: PriceCapacityOptimized.
	Allocation Allocation
}

// Allocation is the way in which EC2 Auto Scaling chooses among spare capacities.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/allocation-strategies.html
type Allocation string

// The allocation strategies of EC2 Auto Scaling.
const (
	PriceCapacityOptimized       Allocation = "price-capacity-optimized"       // least likely to be taken back, then cheapest
	CapacityOptimized            Allocation = "capacity-optimized"             // least likely to be taken back
	CapacityOptimizedPrioritized Allocation = "capacity-optimized-prioritized" // the same, minding the order of the types
	LowestPrice                  Allocation = "lowest-price"                   // cheapest, and most likely to be taken back
)

var allocations = []Allocation{PriceCapacityOptimized, CapacityOptimized, CapacityOptimizedPrioritized, LowestPrice}

const distributionPage = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html"

// Problems names numbers out of AWS's range and an unknown allocation.
func (s SpotMix) Problems() check.Problems {
	var ps check.Problems
	if s.OnDemandBase < 0 {
		ps.Add("OnDemandBase", s.OnDemandBase, "must not be negative").See(distributionPage)
	}
	ps.Range("OnDemandPercent", s.OnDemandPercent, 0, 100).See(distributionPage)
	if s.Allocation != "" && !slices.Contains(allocations, s.Allocation) {
		ps.Add("Allocation", string(s.Allocation), "must be one of %v", allocations).See(distributionPage)
	}
	return ps
}

// mixed reports whether the pool needs more than a launch template with one type.
func (p PoolProps) mixed() bool { return p.Spot != nil || len(p.InstanceTypes) > 1 }

// mixedInstances renders the types and how they are bought. Types have no weights, which ECS does not count with.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
func (p PoolProps) mixedInstances(
	template *awsautoscaling.CfnAutoScalingGroup_LaunchTemplateSpecificationProperty,
) *awsautoscaling.CfnAutoScalingGroup_MixedInstancesPolicyProperty {
	var overrides []*awsautoscaling.CfnAutoScalingGroup_LaunchTemplateOverridesProperty
	for _, name := range p.InstanceTypes {
		overrides = append(overrides, &awsautoscaling.CfnAutoScalingGroup_LaunchTemplateOverridesProperty{
			InstanceType: jsii.String(name),
		})
	}
	return &awsautoscaling.CfnAutoScalingGroup_MixedInstancesPolicyProperty{
		LaunchTemplate: &awsautoscaling.CfnAutoScalingGroup_LaunchTemplateProperty{
			LaunchTemplateSpecification: template, Overrides: overrides,
		},
		InstancesDistribution: p.Spot.distribution(),
	}
}

// distribution renders a mix; of nil, instances on demand alone.
func (s *SpotMix) distribution() *awsautoscaling.CfnAutoScalingGroup_InstancesDistributionProperty {
	d := &awsautoscaling.CfnAutoScalingGroup_InstancesDistributionProperty{
		OnDemandAllocationStrategy:          jsii.String("prioritized"),
		OnDemandBaseCapacity:                jsii.Number(0),
		OnDemandPercentageAboveBaseCapacity: jsii.Number(100),
	}
	if s == nil {
		return d
	}
	allocation := PriceCapacityOptimized
	if s.Allocation != "" {
		allocation = s.Allocation
	}
	d.OnDemandBaseCapacity = jsii.Number(float64(s.OnDemandBase))
	d.OnDemandPercentageAboveBaseCapacity = jsii.Number(float64(s.OnDemandPercent))
	d.SpotAllocationStrategy = jsii.String(string(allocation))
	return d
}

package cluster

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// PoolProps says what pool of EC2 instances to make.
type PoolProps struct {
	// Cluster is the one whose services can run on the pool, in the same stack. Required.
	Cluster *Cluster
	// InstanceTypes are EC2 instance types of one architecture, such as m7g.large, the preferred one first, at most 40.
	// Every task must fit into each of them. Required.
	InstanceTypes []string
	// Min is the least number of instances. Zero: none; the first task then waits for two to start.
	Min int
	// Max is the greatest number of instances, at least 1 and Min. Required.
	Max int
	// OS of the instances. Zero: AL2023.
	OS OS
	// AMI pins the image: its id, or the path of a Parameter Store parameter that holds it, such as one of AWS's for a
	// certain release. Zero: the one that AWS recommends at the time of each deployment of the stack.
	AMI string
	// DiskGiB is the size of the volume for images and what containers write, 30-16384. Zero: 30.
	DiskGiB int
	// Spot buys spare EC2 capacity, at a fraction of the price and taken back at two minutes' notice. Zero: on demand.
	Spot *SpotMix
	// TargetPercent is how full the pool is kept, 1-100: less than 100 leaves room for tasks to start at once.
	// Zero: 100. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
	TargetPercent int
	// Warmup is the time from the launch of an instance to its first task, 1-10000 s. Zero: 3 minutes.
	Warmup time.Duration
	// NoScaleInProtection lets the group end instances that run tasks, and so CloudFormation delete it, whatever runs: for
	// development, and from the start, for an instance keeps the protection that it was launched with. Zero: an instance
	// is ended when ECS has found it empty. Deleting the stack then waits for instances in vain, until
	// aws autoscaling delete-auto-scaling-group --force-delete ends them.
	NoScaleInProtection bool
	// NoRefresh leaves running instances as they are when their image or settings change. Zero: they are replaced, a tenth
	// of them but at least one at a time, each by one that is up and drained before it goes.
	NoRefresh bool
	// InstanceMetadata lets containers ask the instance for its metadata, and so for the credentials of its role.
	// Zero: blocked for all but those in network mode host, for which it cannot be.
	InstanceMetadata bool
	// SessionManager lets people with the right to do so log in to the instances by AWS Systems Manager. Zero: nobody can.
	SessionManager bool
}

// What a pool has unless it is told otherwise.
const (
	DefaultDiskGiB       = 30
	DefaultTargetPercent = 100
	DefaultWarmup        = 3 * time.Minute
)

// Pool is a group of EC2 instances that grows and shrinks with the tasks that are to run on it. It is a [Capacity].
//
// ECS lets nobody remove a pool that a service uses: to remove one, or to give it another id, deploy once with all services
// on others, and then without it.
type Pool struct {
	constructs.Construct
	// Group is the Auto Scaling group, an L1 construct of the CDK.
	Group awsautoscaling.CfnAutoScalingGroup
	// LaunchTemplate is what its instances are made after, an L1 construct of the CDK.
	LaunchTemplate awsec2.CfnLaunchTemplate
	// Provider is the capacity provider, an L1 construct of the CDK.
	Provider awsecs.CfnCapacityProvider
	// SecurityGroup is the group of the instances, and so of the tasks that share their network interface. They may
	// connect to anywhere.
	SecurityGroup awsec2.SecurityGroup
	// Role is the role of the instances. It has the rights of the ECS agent and no more: applications have task roles.
	Role awsiam.Role

	cluster   *Cluster
	name      *string
	attribute string
	spot      bool
	size      Size
	admitted  map[string]bool
}

var _ awsec2.IConnectable = (*Pool)(nil)

// NewPool makes the pool, with the children "SecurityGroup", "Role", "Profile", "LaunchTemplate", "Group" and "Provider".
// It panics with a *[check.Error] if props have problems.
func NewPool(scope constructs.Construct, id string, props PoolProps) *Pool {
	check.Must(scope, id, props.Problems(), clusterProblems(scope, props.Cluster))
	p, place := props.withDefaults(), check.Place(scope, id)
	pool := &Pool{cluster: p.Cluster, attribute: label("", place), spot: p.Spot != nil, size: p.size(), admitted: map[string]bool{}}
	check.Construct(pool, scope, id)
	pool.SecurityGroup = awsec2.NewSecurityGroup(pool, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
		Vpc:              p.Cluster.Network.VPC,
		Description:      jsii.String(names.Description("Instances of", place)),
		AllowAllOutbound: jsii.Bool(true),
	})
	pool.Role = newInstanceRole(pool, p)
	pool.LaunchTemplate = pool.newLaunchTemplate(p)
	pool.Group = pool.newGroup(p)
	pool.Provider = pool.newProvider(p)
	crossstack.Share(pool.SecurityGroup, pool.Provider)
	pool.name = pool.Provider.Ref()
	p.Cluster.add(pool)
	warnOfTypes(pool, p)
	return pool
}

func (p PoolProps) withDefaults() PoolProps {
	p.OS = cmp.Or(p.OS, AL2023)
	p.DiskGiB = cmp.Or(p.DiskGiB, DefaultDiskGiB)
	p.TargetPercent = cmp.Or(p.TargetPercent, DefaultTargetPercent)
	p.Warmup = cmp.Or(p.Warmup, DefaultWarmup)
	return p
}

// newGroup makes the group without a desired capacity, which every deployment would set back to what it was at first.
func (pool *Pool) newGroup(p PoolProps) awsautoscaling.CfnAutoScalingGroup {
	subnets := make([]any, len(p.Cluster.Network.TaskSubnetIDs))
	for i, id := range p.Cluster.Network.TaskSubnetIDs {
		subnets[i] = id
	}
	props := &awsautoscaling.CfnAutoScalingGroupProps{
		MinSize:                          jsii.String(strconv.Itoa(p.Min)),
		MaxSize:                          jsii.String(strconv.Itoa(p.Max)),
		VpcZoneIdentifier:                &subnets,
		NewInstancesProtectedFromScaleIn: jsii.Bool(!p.NoScaleInProtection),
		CapacityRebalance:                jsii.Bool(p.Spot != nil),
	}
	if template := pool.specification(); p.mixed() {
		props.MixedInstancesPolicy = p.mixedInstances(template)
	} else {
		props.LaunchTemplate = template
	}
	group := awsautoscaling.NewCfnAutoScalingGroup(pool, jsii.String("Group"), props)
	group.CfnOptions().SetUpdatePolicy(p.updatePolicy())
	// An instance that comes up without its rights or a way out never joins the cluster.
	group.Node().AddDependency(append([]constructs.IDependable{pool.Role}, p.Cluster.Network.WayOut()...)...)
	return group
}

func (pool *Pool) specification() *awsautoscaling.CfnAutoScalingGroup_LaunchTemplateSpecificationProperty {
	return &awsautoscaling.CfnAutoScalingGroup_LaunchTemplateSpecificationProperty{
		LaunchTemplateId: pool.LaunchTemplate.Ref(), Version: pool.LaunchTemplate.AttrLatestVersionNumber(),
	}
}

// updatePolicy replaces the instances when the launch template changes. Protected ones are the rule here, and waiting for
// them, as is the default, would never end.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instance-draining.html
func (p PoolProps) updatePolicy() *awscdk.CfnUpdatePolicy {
	policy := &awscdk.CfnUpdatePolicy{AutoScalingScheduledAction: &awscdk.CfnAutoScalingScheduledAction{
		IgnoreUnmodifiedGroupSizeProperties: jsii.Bool(true),
	}}
	if p.NoRefresh {
		return policy
	}
	policy.AutoScalingInstanceRefresh = &awscdk.CfnAutoScalingInstanceRefresh{
		Strategy: jsii.String("Rolling"),
		Preferences: &awscdk.CfnAutoScalingInstanceRefreshPreferences{
			MinHealthyPercentage:      jsii.Number(100),
			MaxHealthyPercentage:      jsii.Number(110),
			InstanceWarmup:            jsii.Number(p.Warmup.Seconds()),
			SkipMatching:              jsii.Bool(true),
			ScaleInProtectedInstances: jsii.String("Refresh"),
		},
	}
	return policy
}

func (pool *Pool) newProvider(p PoolProps) awsecs.CfnCapacityProvider {
	protection := "ENABLED"
	if p.NoScaleInProtection {
		protection = "DISABLED"
	}
	return awsecs.NewCfnCapacityProvider(pool, jsii.String("Provider"), &awsecs.CfnCapacityProviderProps{
		Name: providerName(pool),
		AutoScalingGroupProvider: &awsecs.CfnCapacityProvider_AutoScalingGroupProviderProperty{
			AutoScalingGroupArn: pool.Group.Ref(),
			ManagedScaling: &awsecs.CfnCapacityProvider_ManagedScalingProperty{
				Status:               jsii.String("ENABLED"),
				TargetCapacity:       jsii.Number(float64(p.TargetPercent)),
				InstanceWarmupPeriod: jsii.Number(p.Warmup.Seconds()),
			},
			ManagedTerminationProtection: &protection,
			ManagedDraining:              jsii.String("ENABLED"),
		},
	})
}

// Strategy gives every task to the pool.
func (pool *Pool) Strategy() []Share { return []Share{{Provider: *pool.name, Weight: 1}} }

// Spot reports whether the pool buys spare capacity.
func (pool *Pool) Spot() bool { return pool.spot }

// LaunchType returns EC2.
func (*Pool) LaunchType() string { return OnEC2 }

// Cluster returns the cluster that the pool belongs to.
func (pool *Pool) Cluster() *Cluster { return pool.cluster }

// SecurityGroups returns the group of the instances.
func (pool *Pool) SecurityGroups() []awsec2.ISecurityGroup {
	return []awsec2.ISecurityGroup{pool.SecurityGroup}
}

// Pools returns the pool.
func (pool *Pool) Pools() []*Pool { return []*Pool{pool} }

func (*Pool) capacity() {}

// Size returns what tasks can rely on, whichever instance they come to.
func (pool *Pool) Size() Size { return pool.size }

// Connections returns who may connect to the instances and to whom they may, for rules of your own.
func (pool *Pool) Connections() awsec2.Connections { return pool.SecurityGroup.Connections() }

// AllowFrom lets the instances of a pool, which may be this one, connect to ports of this one's, once however often it is called: for
// tasks that share the network of their instances and call each other. The rule is below the pool that it opens.
func (pool *Pool) AllowFrom(from *Pool, first, last int) {
	var ps check.Problems
	if from == nil || first < 0 || last > 65535 || first > last {
		ps.Add("AllowFrom", fmt.Sprintf("%d-%d", first, last), "must be a pool, and a range of ports")
	}
	check.Must(pool, "AllowFrom", ps)
	id := names.Key(fmt.Sprintf("From%d-%d", first, last), check.Place(from, ""))
	if pool.admitted[id] {
		return
	}
	pool.admitted[id] = true
	awsec2.NewCfnSecurityGroupIngress(pool, &id, &awsec2.CfnSecurityGroupIngressProps{
		GroupId: pool.SecurityGroup.SecurityGroupId(), SourceSecurityGroupId: from.SecurityGroup.SecurityGroupId(),
		IpProtocol: jsii.String("tcp"), FromPort: jsii.Number(float64(first)), ToPort: jsii.Number(float64(last)),
		Description: jsii.String(names.Description("From the instances of", check.Place(from, ""))),
	})
}

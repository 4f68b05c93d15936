// Package cluster makes the ECS cluster and the capacity that its services run on: Fargate, pools of EC2 instances that
// scale with their tasks, and instances that ECS manages.
package cluster

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/network"
)

// Props says what cluster to make.
type Props struct {
	// Network is where the tasks run. Required.
	Network *network.Network
	// NoInsights turns Container Insights off: task-level metrics, and their cost. Zero: on, with enhanced
	// observability. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContainerInsights.html
	NoInsights bool
}

// Cluster is an ECS cluster in which services run on Fargate, Fargate Spot, and the pools that are added to it.
type Cluster struct {
	constructs.Construct
	// Network is where the tasks run.
	Network *network.Network
	// Cluster is the cluster itself, an L2 construct of the CDK; nil if it was imported. Add capacity by [NewPool] and [NewManagedInstances]:
	// the CDK's methods for it make a second list of the cluster's capacity providers.
	Cluster awsecs.Cluster

	noInsights  bool
	name        *string
	association awsecs.CfnClusterCapacityProviderAssociations
	providers   []*string
	instances   awsec2.Connections
}

// Problems names a missing network.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	if p.Network == nil || check.IsNil(p.Network.VPC) {
		ps.Add("Network", nil, "must be set, to one that network.New made")
	}
	return ps
}

// New makes the cluster, with the child "Cluster". It panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Cluster {
	var place check.Problems
	if props.Network != nil {
		place.In("Network", check.Refer(scope, props.Network))
	}
	check.Must(scope, id, props.Problems(), place)
	c := &Cluster{Network: props.Network, noInsights: props.NoInsights, providers: *jsii.Strings(fargate, fargateSpot)}
	check.Construct(c, scope, id)
	insights := awsecs.ContainerInsights_ENHANCED
	if props.NoInsights {
		insights = awsecs.ContainerInsights_DISABLED
	}
	c.Cluster = awsecs.NewCluster(c, jsii.String("Cluster"), &awsecs.ClusterProps{
		Vpc: props.Network.VPC, ContainerInsightsV2: insights,
	})
	crossstack.Share(c.Cluster)
	c.name = c.Cluster.ClusterName()
	// Below the cluster, so that who waits for the cluster waits for its capacity: ECS deletes no provider in use.
	c.association = awsecs.NewCfnClusterCapacityProviderAssociations(c.Cluster, jsii.String("Cluster"),
		&awsecs.CfnClusterCapacityProviderAssociationsProps{
			Cluster: c.name, CapacityProviders: &[]any{fargate, fargateSpot}, DefaultCapacityProviderStrategy: []any{},
		})
	return c
}

// ClusterName returns the name of the cluster, a token.
func (c *Cluster) ClusterName() *string { return c.name }

// NoInsights reports whether Container Insights is off.
func (c *Cluster) NoInsights() bool { return c.noInsights }

// Instances returns who may connect to the instances of all pools, of those that are added later too, and to whom they
// may, for rules of your own.
func (c *Cluster) Instances() awsec2.Connections {
	if c.instances == nil {
		c.instances = awsec2.NewConnections(nil)
	}
	return c.instances
}

// add lets services of the cluster use a pool.
func (c *Cluster) add(pool *Pool) {
	c.providers = append(c.providers, pool.name)
	c.association.SetCapacityProviders(&c.providers)
	c.Instances().AddSecurityGroup(pool.SecurityGroup)
}

// clusterProblems names a cluster that a capacity provider cannot be added to: the association that lists its providers
// refers to every one of them, so they stand in one stack.
func clusterProblems(scope constructs.Construct, c *Cluster) check.Problems {
	var ps check.Problems
	switch {
	case c == nil || check.IsNil(c.Cluster): // the props' own problem
	case check.InStack(scope) && check.Stack(scope) != check.Stack(c):
		ps.Add("Cluster", nil, "must be in the same stack, which lists the cluster's capacity providers")
	case len(c.providers) >= maxProviders:
		ps.Add("Cluster", len(c.providers), "must have less than %d capacity providers, those of Fargate included", maxProviders).
			See("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html")
	}
	return ps
}

// Package cluster makes the ECS cluster and names the capacity that its services run on.
package cluster

import (
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

// Cluster is an ECS cluster in which services on Fargate and Fargate Spot can run.
type Cluster struct {
	constructs.Construct
	// Network is where the tasks run.
	Network *network.Network
	// Cluster is the cluster itself, an L2 construct of the CDK.
	Cluster awsecs.Cluster

	name *string
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
	c := &Cluster{Network: props.Network}
	check.Construct(c, scope, id)
	insights := awsecs.ContainerInsights_ENHANCED
	if props.NoInsights {
		insights = awsecs.ContainerInsights_DISABLED
	}
	c.Cluster = awsecs.NewCluster(c, jsii.String("Cluster"), &awsecs.ClusterProps{
		Vpc:                            props.Network.VPC,
		ContainerInsightsV2:            insights,
		EnableFargateCapacityProviders: jsii.Bool(true),
	})
	crossstack.Share(c.Cluster)
	c.name = c.Cluster.ClusterName()
	return c
}

// ClusterName returns the name of the cluster, a token.
func (c *Cluster) ClusterName() *string { return c.name }

package cluster

import (
	"regexp"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/network"
)

// Attributes say what cluster of another app to run services in.
type Attributes struct {
	// Name of the cluster, in the stack's own account and region. Required.
	Name string
	// Network is where it is, imported here. Required.
	Network *network.Network
}

var clusterName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)

// Problems names a name that no cluster has, and a missing network.
func (a Attributes) Problems() check.Problems {
	var ps check.Problems
	if !check.IsToken(a.Name) && !clusterName.MatchString(a.Name) {
		ps.Add("Name", a.Name, "must be 1-255 letters, digits, hyphens and underscores: the name of the cluster, not its ARN")
	}
	if a.Network == nil || check.IsNil(a.Network.VPC) {
		ps.Add("Network", nil, "must be set, to one that network.New made")
	}
	return ps
}

// Import lets services of this app run in a cluster of another app, on Fargate and Fargate Spot: those providers have to be associated
// with it, as with every cluster that New makes. Pools are added by the app that the cluster is of. Nothing is made. It panics with a
// *[check.Error] if attributes have problems.
func Import(scope constructs.Construct, id string, attributes Attributes) *Cluster {
	var here check.Problems
	if attributes.Network != nil {
		here.In("Network", check.Refer(scope, attributes.Network))
	}
	check.Must(scope, id, attributes.Problems(), here)
	c := &Cluster{Network: attributes.Network, name: &attributes.Name}
	check.Construct(c, scope, id)
	return c
}

// Problems names a cluster that neither [New] nor [Import] has made.
func (c *Cluster) Problems() check.Problems {
	var ps check.Problems
	if c == nil || c.name == nil && check.IsNil(c.Cluster) {
		ps.Add("", nil, "must be set, to one that cluster.New or cluster.Import made")
	}
	return ps
}

// Needs is what has to be there before a task runs in the cluster: its capacity providers, for ECS deletes none in use. It is nothing
// where the cluster was imported.
func (c *Cluster) Needs() []constructs.IDependable {
	if check.IsNil(c.Cluster) {
		return nil
	}
	return []constructs.IDependable{c.Cluster}
}

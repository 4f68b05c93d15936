package platform

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
)

// Attributes say what platform of another app to run services on. An app tells them by outputs or parameters, or they are agreed on.
type Attributes struct {
	// Network is that of the platform, with the VPC imported. Required.
	Network network.Props
	// ClusterName is the name of its cluster. Required.
	ClusterName string
	// Public is its public load balancer, whose Network is this one. Zero: services cannot use it.
	Public *ingress.ALBAttributes
	// Internal is its internal load balancer, whose Network is this one. Zero: services cannot use it.
	Internal *ingress.ALBAttributes
	// Namespace is its namespace, whose Network is this one. Zero: services cannot use it.
	Namespace *discovery.NamespaceAttributes
}

// Problems names a network that is not imported, and missing or wrong attributes.
func (a Attributes) Problems() check.Problems {
	var ps check.Problems
	if check.IsNil(a.Network.VPC) {
		ps.Add("Network.VPC", nil, "must be set, to that of the platform")
	} else {
		ps.In("Network", a.network().Problems())
	}
	rest := func(field string, inner check.Problems) {
		for _, problem := range inner {
			if problem.Field != "Network" { // is made here
				ps.In(field, check.Problems{problem})
			}
		}
	}
	for _, problem := range (cluster.Attributes{Name: a.ClusterName}).Problems() {
		if problem.Field == "Name" {
			problem.Field = "ClusterName"
			ps = append(ps, problem)
		}
	}
	if a.Public != nil {
		rest("Public", a.Public.Problems())
	}
	if a.Internal != nil {
		rest("Internal", a.Internal.Problems())
	}
	if a.Namespace != nil {
		rest("Namespace", a.Namespace.Problems())
	}
	return ps
}

// Import lets services of this app run on a platform of another app, with the children "Network", "Cluster", "Public", "Internal" and
// "Namespace". Nothing is made: the endpoints of a Network with NoNAT are those that the platform has. Import it once and share the result.
// It panics with a *[check.Error] if attributes have problems.
func Import(scope constructs.Construct, id string, attributes Attributes) *Platform {
	check.Must(scope, id, attributes.Problems())
	p := &Platform{}
	check.Construct(p, scope, id)
	p.Network = network.New(p, "Network", attributes.network())
	p.Cluster = cluster.Import(p, "Cluster", cluster.Attributes{Name: attributes.ClusterName, Network: p.Network})
	if alb := attributes.Public; alb != nil {
		here := *alb
		here.Network = p.Network
		p.Public = ingress.ImportALB(p, "Public", here)
	}
	if alb := attributes.Internal; alb != nil {
		here := *alb
		here.Network = p.Network
		p.Internal = ingress.ImportALB(p, "Internal", here)
	}
	if namespace := attributes.Namespace; namespace != nil {
		here := *namespace
		here.Network = p.Network
		p.Namespace = discovery.ImportNamespace(p, "Namespace", here)
	}
	return p
}

// network is the network, whose endpoints exist.
func (a Attributes) network() network.Props {
	props := a.Network
	if props.NoNAT {
		var endpoints network.Endpoints
		if props.Endpoints != nil {
			endpoints = *props.Endpoints
		}
		endpoints.Existing = true
		props.Endpoints = &endpoints
	}
	return props
}

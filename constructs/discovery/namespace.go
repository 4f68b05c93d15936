// Package discovery lets services find each other: by names in DNS that Cloud Map keeps, or by Service Connect, whose proxies
// know where the tasks are.
package discovery

import (
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsservicediscovery"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/network"
)

// NamespaceProps says what namespace to make.
type NamespaceProps struct {
	// Name is the domain below which the names are, such as shop.internal. It hides a public domain of the same name from
	// the network. Another one replaces the namespace, which cannot be deleted while services are in it. Required.
	Name string
	// Network is where the names are known. Required.
	Network *network.Network
}

// Namespace is a private DNS namespace of Cloud Map, for both kinds of discovery.
// https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-namespaces.html
type Namespace struct {
	constructs.Construct
	// Namespace is the namespace itself, an L1 construct of the CDK.
	Namespace awsservicediscovery.CfnPrivateDnsNamespace
	// Name is the domain below which the names are.
	Name string
	// Network is where the names are known.
	Network *network.Network

	id, arn *string
	taken   map[string]string // by the places that have taken them
}

const namespacePage = "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html"

var (
	label  = `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`
	domain = regexp.MustCompile(`^` + label + `(\.` + label + `)*$`)
)

// Problems names a name that is no domain, and a missing network.
func (p NamespaceProps) Problems() check.Problems {
	var ps check.Problems
	switch {
	case check.IsToken(p.Name):
		ps.Add("Name", nil, "must not be a token, for names of services are told by it")
	case !domain.MatchString(p.Name) || len(p.Name) > 200:
		ps.Add("Name", p.Name, "must be a domain name in lower case, such as shop.internal").See(namespacePage)
	}
	if p.Network == nil || check.IsNil(p.Network.VPC) {
		ps.Add("Network", nil, "must be set, to one that network.New made")
	}
	return ps
}

// NewNamespace makes the namespace, with the child "Namespace". It panics with a *[check.Error] if props have problems.
func NewNamespace(scope constructs.Construct, id string, props NamespaceProps) *Namespace {
	var place check.Problems
	if props.Network != nil {
		place.In("Network", check.Refer(scope, props.Network))
	}
	check.Must(scope, id, props.Problems(), place)
	n := &Namespace{Name: props.Name, Network: props.Network}
	check.Construct(n, scope, id)
	n.Namespace = awsservicediscovery.NewCfnPrivateDnsNamespace(n, jsii.String("Namespace"),
		&awsservicediscovery.CfnPrivateDnsNamespaceProps{Name: &props.Name, Vpc: props.Network.ID})
	crossstack.Share(n.Namespace)
	n.id, n.arn = n.Namespace.AttrId(), n.Namespace.AttrArn()
	return n
}

// Taken names a name that another service has taken. Services say their names by Take.
func (n *Namespace) Taken(name, place string) check.Problems {
	var ps check.Problems
	if other, taken := n.taken[name]; taken && other != place {
		ps.Add("Name", name, "must be another name in the namespace than that of %s", other)
	}
	return ps
}

// Take notes a name for the service at a place.
func (n *Namespace) Take(name, place string) {
	if n.taken == nil {
		n.taken = map[string]string{}
	}
	n.taken[name] = place
}

// Same reports whether two namespaces are one, which may have been imported twice.
func (n *Namespace) Same(other *Namespace) bool {
	return n == other || n != nil && other != nil && n.arn != nil && other.arn != nil && *n.arn == *other.arn
}

// ARN returns the ARN of the namespace, a token.
func (n *Namespace) ARN() *string { return n.arn }

// ID returns the id of the namespace, a token.
func (n *Namespace) ID() *string { return n.id }

// Problems names a namespace that [NewNamespace] has not made.
func (n *Namespace) Problems() check.Problems {
	var ps check.Problems
	if n == nil || n.arn == nil {
		ps.Add("", nil, "must be set, to one that discovery.NewNamespace made")
	}
	return ps
}

package discovery

import (
	"regexp"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/network"
)

// NamespaceAttributes say what namespace of another app to put services into.
type NamespaceAttributes struct {
	// Name is the domain below which the names are. Required.
	Name string
	// ID of the namespace, such as ns-0123456789abcdef. Required.
	ID string
	// ARN of the namespace. Required.
	ARN string
	// Network is where the names are known, imported here. Required.
	Network *network.Network
}

var (
	namespaceID  = regexp.MustCompile(`^ns-[a-z0-9]{1,61}$`)
	namespaceARN = regexp.MustCompile(`^arn:aws[a-z-]*:servicediscovery:[a-z0-9-]+:\d{12}:namespace/ns-[a-z0-9]+$`)
)

// Problems names attributes that are missing, or are those of something else.
func (a NamespaceAttributes) Problems() check.Problems {
	ps := NamespaceProps{Name: a.Name, Network: a.Network}.Problems()
	if !check.IsToken(a.ID) && !namespaceID.MatchString(a.ID) {
		ps.Add("ID", a.ID, "must be the id of a namespace, such as ns-0123456789abcdef")
	}
	if !check.IsToken(a.ARN) && !namespaceARN.MatchString(a.ARN) {
		ps.Add("ARN", a.ARN, "must be arn:<partition>:servicediscovery:<region>:<account>:namespace/<id>")
	} else if !check.IsToken(a.ARN) && !check.IsToken(a.ID) && !strings.HasSuffix(a.ARN, "/"+a.ID) {
		ps.Add("ARN", a.ARN, "must be that of the namespace with the ID (%s)", a.ID)
	}
	return ps
}

// ImportNamespace lets services of this app find, and be found in, a namespace of another app. Nothing is made, and Namespace in the
// result is nil. It panics with a *[check.Error] if attributes have problems.
func ImportNamespace(scope constructs.Construct, id string, attributes NamespaceAttributes) *Namespace {
	var here check.Problems
	if attributes.Network != nil {
		here.In("Network", check.Refer(scope, attributes.Network))
	}
	check.Must(scope, id, attributes.Problems(), here)
	n := &Namespace{Name: attributes.Name, Network: attributes.Network, id: &attributes.ID, arn: &attributes.ARN}
	check.Construct(n, scope, id)
	return n
}

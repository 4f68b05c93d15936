package discovery

import (
	"cmp"
	"regexp"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsservicediscovery"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// CloudMap gives the tasks of a service a name in DNS. Where tasks have addresses of their own, in network mode awsvpc, the
// name leads to these (A); in bridge and host it leads to instances and ports (SRV), which a client has to ask for. A name that
// was never resolved again leads to tasks that are gone: clients have to keep to TTL.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
type CloudMap struct {
	// Namespace is where the name is. Required; a pattern sets the platform's.
	Namespace *Namespace
	// Name of the service in the namespace, such as orders. Another one replaces the registration: no client finds the
	// service by the old one any more. To move a name to another service, or from addresses to ports with the network mode, deploy once
	// without it. Required.
	Name string
	// Container is the one that the name leads to. Zero: the main one.
	Container string
	// Port of the container that the name leads to, and that AllowFrom opens. Zero: the container's Port.
	Port int
	// TTL is how long a client may keep an answer, 1 s to 1 h, in whole seconds. Zero: 10 s.
	TTL time.Duration
}

// DefaultTTL is how long a client may keep an answer unless the user says otherwise.
const DefaultTTL = 10 * time.Second

const cloudMapPage = "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html"

var name = regexp.MustCompile(`^` + label + `$`)

// Problems names a missing namespace, a name that DNS does not have, and a time out of range.
func (c CloudMap) Problems() check.Problems {
	var ps check.Problems
	ps.In("Namespace", c.Namespace.Problems())
	if !name.MatchString(c.Name) {
		ps.Add("Name", c.Name, "must be 1-63 lower-case letters, digits and hyphens, such as orders").See(cloudMapPage)
	}
	ps.Range("Port", c.Port, 0, 65535)
	ps.Seconds("TTL", c.withDefaults().TTL, time.Second, time.Hour)
	return ps
}

func (c CloudMap) withDefaults() CloudMap {
	c.TTL = cmp.Or(c.TTL, DefaultTTL)
	return c
}

// Host returns the name in full, such as orders.shop.internal.
func (c CloudMap) Host() string { return c.Name + "." + c.Namespace.Name }

// RegistryProps says what to register, and how.
type RegistryProps struct {
	CloudMap
	// Ports registers ports beside addresses, as network modes bridge and host need it. Zero: addresses alone.
	Ports bool
}

// Registry is a service of Cloud Map, in which ECS registers tasks.
type Registry struct {
	constructs.Construct
	// Service is the service of Cloud Map, an L1 construct of the CDK.
	Service awsservicediscovery.CfnService

	props RegistryProps
}

// NewRegistry makes the service of Cloud Map, with the child "Service". It panics with a *[check.Error] if props have problems.
func NewRegistry(scope constructs.Construct, id string, props RegistryProps) *Registry {
	check.Must(scope, id, props.Problems())
	p := props.withDefaults()
	r := &Registry{props: props}
	check.Construct(r, scope, id)
	kind := "A"
	if props.Ports {
		kind = "SRV"
	}
	r.Service = awsservicediscovery.NewCfnService(r, jsii.String("Service"), &awsservicediscovery.CfnServiceProps{
		Name: &p.Name,
		DnsConfig: &awsservicediscovery.CfnService_DnsConfigProperty{
			NamespaceId: p.Namespace.ID(), RoutingPolicy: jsii.String("MULTIVALUE"),
			DnsRecords: []*awsservicediscovery.CfnService_DnsRecordProperty{{Type: &kind, Ttl: jsii.Number(p.TTL.Seconds())}},
		},
		// ECS says which tasks are healthy; the threshold is 1 whatever is set.
		HealthCheckCustomConfig: &awsservicediscovery.CfnService_HealthCheckCustomConfigProperty{FailureThreshold: jsii.Number(1)},
	})
	return r
}

// Host returns the name by which clients find the tasks.
func (r *Registry) Host() string { return r.props.Host() }

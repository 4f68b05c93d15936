// Package httpapi puts an HTTP API of Amazon API Gateway before services behind an internal load balancer: requests come
// from the internet to the API, which may ask who they are from and keeps them below a rate, and by a VPC link to the
// services' routes.
//
// Its resources are plain ones: the CDK's module for API Gateway would be compiled into every program with an API.
package httpapi

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// Props says what API to make.
type Props struct {
	// LoadBalancer is the internal Application Load Balancer whose routes receive the requests, of this app. Required.
	LoadBalancer *ingress.ALB
	// Host is the name by which the requests ask the load balancer, one that its certificates are for. Zero: its first
	// domain, or with PlainHTTP the name that the client has asked.
	Host string
	// Routes are the requests that the API takes, each a method or ANY and a path, such as "GET /orders/{id}" or
	// "ANY /cart/{rest+}". Required, unless Everything or Authorizer is set. Zero: all.
	Routes []string
	// Everything takes all requests, from anyone: what is behind the load balancer, now and later, is then open to the internet. Not
	// with Routes or Authorizer. Zero: Routes or Authorizer say what is.
	Everything bool
	// Domain is the name of the API. The one that AWS gives then answers no more. Zero: that one.
	Domain *Domain
	// KeepAWSName has the name that AWS gives answer beside Domain, while clients change over. Zero: it does not.
	KeepAWSName bool
	// Subnets are where the VPC link is, one at least. Zero: all private ones, of which some may be in zones that have no VPC links.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html
	Subnets []awsec2.ISubnet
	// Authorizer asks who a request is from: JWT{...} or IAM{}. Zero: requests come from anyone.
	Authorizer Authorizer
	// CORS lets pages of other origins call the API from browsers. Zero: they cannot.
	CORS *CORS
	// Throttle is how many requests the API takes. Zero: see [Throttle].
	Throttle Throttle
	// Timeout is how long a response may take, 50 ms to 30 s. Zero: 30 s.
	Timeout time.Duration
	// NoAccessLogs leaves out the log of all requests. Zero: logged.
	NoAccessLogs bool
	// LogRetentionDays is how long the log of requests is kept, a number that CloudWatch Logs offers. Zero: 90.
	LogRetentionDays int
}

// Throttle is how many requests an API takes: more are answered with 429. An account has a limit for all its APIs of a
// region together, which one of them must not use up.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
type Throttle struct {
	// Rate is how many requests a second go on and on. Zero: 1000.
	Rate int
	// Burst is how many come at once. Zero: 1000.
	Burst int
}

// What an API has unless it is told otherwise.
const (
	DefaultRate    = 1000
	DefaultBurst   = 1000
	DefaultTimeout = 30 * time.Second
)

// API is an HTTP API before a load balancer.
type API struct {
	constructs.Construct
	// API is the API itself; all resources but the security group and the log group are plain ones.
	API awscdk.CfnResource
	// VPCLink is the way into the network, and Integration what goes along it.
	VPCLink, Integration awscdk.CfnResource
	// Routes are the routes in the order of the props, followed by those for browsers that ask before they call.
	Routes []awscdk.CfnResource
	// Stage is the one stage, at the root of the API.
	Stage awscdk.CfnResource
	// Authorizer is the authorizer; nil without JWT.
	Authorizer awscdk.CfnResource
	// DomainName and Mapping are the API's own name; nil without Domain. Record is what leads there; nil without a Zone.
	DomainName, Mapping, Record awscdk.CfnResource
	// SecurityGroup is the group of the VPC link, which reaches the load balancer alone.
	SecurityGroup awsec2.SecurityGroup
	// LogGroup is where requests are logged; nil with NoAccessLogs.
	LogGroup awslogs.LogGroup

	url *string
}

var _ awsec2.IConnectable = (*API)(nil)

// New makes the API, with the children "SecurityGroup", "In" and "Out" for the way to the load balancer, "VPCLink", "API",
// "Integration", "Authorizer", "Route" followed by a key of each route, "LogGroup", "Stage", "DomainName", "Mapping" and
// "Record". It panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *API {
	check.Must(scope, id, props.Problems(), props.problemsIn(scope))
	p, place := props.withDefaults(), check.Place(scope, id)
	a := &API{}
	check.Construct(a, scope, id)
	a.reach(p, place)
	properties := map[string]any{
		"Name": nameOf(place), "ProtocolType": "HTTP",
		"DisableExecuteApiEndpoint": p.Domain != nil && !p.KeepAWSName, // or requests would go round what the name leads by
	}
	if p.CORS != nil {
		properties["CorsConfiguration"] = p.CORS.configuration(p.Authorizer)
	}
	a.API = a.resource("API", "Api", properties)
	a.Integration = a.integrate(p)
	a.route(p)
	a.Stage = a.stage(p, place)
	a.url = a.API.GetAtt(jsii.String("ApiEndpoint"), awscdk.ResolutionTypeHint_STRING).ToString()
	if p.Domain != nil {
		a.name(*p.Domain)
	}
	return a
}

// URL returns where the API is called.
func (a *API) URL() *string { return a.url }

// Connections returns to whom the VPC link may connect, for rules of your own.
func (a *API) Connections() awsec2.Connections { return a.SecurityGroup.Connections() }

func (a *API) resource(id, kind string, properties map[string]any) awscdk.CfnResource {
	return awscdk.NewCfnResource(a, &id, &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::ApiGatewayV2::" + kind), Properties: &properties,
	})
}

// reach makes the VPC link and opens the load balancer to it, on the port of its listener alone. The load balancer may admit
// its whole network as it is; where it admits less, the rule is what lets the API in.
func (a *API) reach(p Props, place string) {
	entrance := p.LoadBalancer.Entrance()
	a.SecurityGroup = awsec2.NewSecurityGroup(a, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
		Vpc:              p.LoadBalancer.Network.VPC,
		Description:      jsii.String(names.Description("VPC link of", place)),
		AllowAllOutbound: jsii.Bool(false),
	})
	group, tcp, port := a.SecurityGroup.SecurityGroupId(), jsii.String("tcp"), jsii.Number(float64(entrance.Port))
	admitted := awsec2.NewCfnSecurityGroupIngress(a, jsii.String("In"), &awsec2.CfnSecurityGroupIngressProps{
		GroupId: entrance.SecurityGroupID, SourceSecurityGroupId: group,
		IpProtocol: tcp, FromPort: port, ToPort: port, Description: jsii.String(names.Description("From", place)),
	})
	out := awsec2.NewCfnSecurityGroupEgress(a, jsii.String("Out"), &awsec2.CfnSecurityGroupEgressProps{
		GroupId: group, DestinationSecurityGroupId: entrance.SecurityGroupID,
		IpProtocol: tcp, FromPort: port, ToPort: port, Description: jsii.String("To the load balancer"),
	})
	var subnets []*string
	in := p.Subnets
	if len(in) == 0 {
		in = p.LoadBalancer.Network.PrivateSubnets
	}
	for _, subnet := range in {
		subnets = append(subnets, subnet.SubnetId())
	}
	a.VPCLink = a.resource("VPCLink", "VpcLink", map[string]any{
		"Name": nameOf(place), "SecurityGroupIds": []*string{group}, "SubnetIds": subnets,
	})
	a.VPCLink.Node().AddDependency(admitted, out)
}

// nameOf names something after its place, in 128 characters; it need not tell it from others.
func nameOf(place string) string {
	name := names.Family(place)
	return name[:min(len(name), 128)]
}

// integrate has requests go on as they are. Over HTTPS, API Gateway asks for a certificate of Host, and the load balancer is
// asked by that name too, for its routes are about its own domains.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
func (a *API) integrate(p Props) awscdk.CfnResource {
	entrance := p.LoadBalancer.Entrance()
	properties := map[string]any{
		"ApiId": a.API.Ref(), "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY", "IntegrationUri": entrance.ListenerARN,
		"ConnectionType": "VPC_LINK", "ConnectionId": a.VPCLink.Ref(), "PayloadFormatVersion": "1.0",
		"TimeoutInMillis": p.Timeout.Milliseconds(),
	}
	if p.Host != "" {
		properties["RequestParameters"] = map[string]any{"overwrite:header.Host": p.Host}
	}
	if len(entrance.Domains) > 0 {
		properties["TlsConfig"] = map[string]any{"ServerNameToVerify": p.Host}
	}
	return a.resource("Integration", "Integration", properties)
}

package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// routes is a load balancer whose routes have every kind of condition, and that answers some requests itself.
func routes(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), PlainHTTP: true})
	web.New(stack, "Web", web.Props{
		Platform: p, Task: task.Props{Image: "web:1", Port: 8080},
		Route: ingress.Route{
			Path: "/search", Methods: []string{"GET"}, Query: map[string]string{"version": "2*", "debug": "*"}, From: []string{"192.0.2.0/24"},
		},
		MoreTargets: []ingress.TargetProps{
			{LoadBalancer: p.Public, Route: ingress.Route{From: []string{"198.51.100.0/24", "2001:db8::/32"}}},
			{LoadBalancer: p.Public, Route: ingress.Route{Query: map[string]string{"version": "2"}}},
		},
	})
	respond := func(id string, props ingress.ResponseProps) {
		props.LoadBalancer = p.Public
		ingress.NewResponse(stack, id, props)
	}
	respond("Metrics", ingress.ResponseProps{Route: ingress.Route{Path: "/metrics"}, Code: 403})
	respond("Robots", ingress.ResponseProps{Route: ingress.Route{Path: "/robots.txt"}, Code: 200, Body: "User-agent: *\nDisallow: /\n"})
	respond("Closed", ingress.ResponseProps{
		Route: ingress.Route{Priority: 1}, Override: true, Code: 503, ContentType: "text/html", Body: "<p>We are back at noon.</p>",
	})
	respond("Nothing", ingress.ResponseProps{})
	ingress.NewRedirect(stack, "Moved", ingress.RedirectProps{
		LoadBalancer: p.Public, Route: ingress.Route{Path: "/old/*"}, Host: "new.example.com", Path: "/#{path}", Query: "from=old", Permanent: true,
	})
	ingress.NewRedirect(stack, "Secure", ingress.RedirectProps{
		LoadBalancer: p.Public, Route: ingress.Route{Path: "/account/*"}, HTTPS: true,
	})
}

// domains is a load balancer with four domains, their certificates and DNS records given or made, and a test listener.
func domains(stack awscdk.Stack) {
	zone := &ingress.Zone{ID: "Z0123456789ABCDEFGHIJ", Name: "example.com"}
	p := platform.New(stack, "Platform", platform.Props{
		Network: Existing(stack),
		Domain:  &ingress.Domain{Name: "shop.example.com", Zone: zone, Subdomains: true},
		MoreDomains: []ingress.Domain{
			{Name: "example.org", CertificateARN: CertificateARN},
			{Name: "www.example.com", CertificateARN: CertificateARN, Zone: zone},
			{Name: "next.example.com", Zone: zone, NoRecords: true},
		},
		Test:           &ingress.TestListener{AllowFrom: []string{"10.0.0.0/16"}},
		ConnectionLogs: true, Partition: ingress.Partition{Number: 1, Of: 3},
	})
	web.New(stack, "Web", web.Props{
		Platform: p, Task: task.Props{Image: "web:1", Port: 8080},
		Route: ingress.Route{Host: "api.shop.example.com", AltHosts: []string{"api.example.org"}},
	})
}

// guarded is a load balancer behind every rule of a firewall, with a log, and another one behind a web ACL that exists.
func guarded(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), PlainHTTP: true, Firewall: &ingress.Firewall{
		Common: ingress.Count, AllowLargeBodies: true, SQL: ingress.Block, Bots: ingress.Count, RequestsPerIP: 500, Rate: ingress.Count,
		Groups: []ingress.RuleGroup{
			{ARN: "arn:aws:wafv2:us-east-1:123456789012:regional/rulegroup/partners/12345678-90ab-cdef-1234-567890abcdef", Capacity: 50},
			{
				ARN:      "arn:aws:wafv2:us-east-1:123456789012:regional/rulegroup/trial/12345678-90ab-cdef-1234-567890abcdef",
				Capacity: 200, Mode: ingress.Count,
			},
		},
		Logs: true,
	}})
	ingress.NewALB(stack, "Standard", ingress.ALBProps{Network: p.Network, PlainHTTP: true, Firewall: &ingress.Firewall{}})
	ingress.NewALB(stack, "Own", ingress.ALBProps{Network: p.Network, PlainHTTP: true, Firewall: &ingress.Firewall{
		ACLARN: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/company/12345678-90ab-cdef-1234-567890abcdef",
	}})
}

// guest is a service behind a load balancer of another app, which has a test listener and shares its numbers out.
func guest(app awscdk.App) {
	stack := awscdk.NewStack(app, jsii.String("Guest"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("eu-central-1"),
	}})
	const elb = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:"
	vpc := awsec2.Vpc_FromVpcAttributes(stack, jsii.String("VPC"), &awsec2.VpcAttributes{
		VpcId: jsii.String("vpc-0123456789abcdef0"), VpcCidrBlock: jsii.String("10.8.0.0/16"),
		AvailabilityZones: jsii.Strings("eu-central-1a", "eu-central-1b"),
		PrivateSubnetIds:  jsii.Strings("subnet-0000000000000001a", "subnet-0000000000000001b"),

		PrivateSubnetRouteTableIds: jsii.Strings("rtb-0000000000000001a", "rtb-0000000000000001b"),
	})
	p := platform.New(stack, "Platform", platform.Props{Network: network.Props{VPC: vpc}, NoPublic: true})
	p.Public = ingress.ImportALB(stack, "Shared", ingress.ALBAttributes{
		Network: p.Network, ARN: elb + "loadbalancer/app/shop/1234567890abcdef",
		ListenerARN:     elb + "listener/app/shop/1234567890abcdef/aaaaaaaaaaaaaaaa",
		TestListenerARN: elb + "listener/app/shop/1234567890abcdef/bbbbbbbbbbbbbbbb",
		SecurityGroupID: "sg-0123456789abcdef0", Domains: []string{"shop.example.com"},
		Partition: ingress.Partition{Number: 2, Of: 3},
	})
	web.New(stack, "Web", web.Props{
		Platform: p, Task: task.Props{Image: "web:1", Port: 8080}, Route: ingress.Route{Path: "/pay/*"},
		Deploy: deployment.Canary{Percent: 10, Bake: 10 * time.Minute},
	})
	ingress.NewResponse(stack, "Admin", ingress.ResponseProps{
		LoadBalancer: p.Public, Route: ingress.Route{Path: "/pay/admin/*", Priority: 100}, Code: 403,
	})
}

// members is a service whose users sign in at a provider, at a user pool, or not at all.
func members(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{
		Network: Existing(stack),
		Domain:  &ingress.Domain{Name: "example.com", CertificateARN: CertificateARN}, SignIn: true,
	})
	pool := ingress.Cognito{
		UserPoolARN: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI", ClientID: "1example23456789", Domain: "example-members",
	}
	program := pool
	program.Session = ingress.Session{Scope: "openid email", Timeout: time.Hour, Cookie: "members-api", Deny: true}
	web.New(stack, "Web", web.Props{
		Platform: p, Task: task.Props{Image: "web:1", Port: 8080},
		Route: ingress.Route{Host: "staff.example.com"},
		SignIn: ingress.OIDC{
			Issuer: "https://id.example.com", AuthorizationEndpoint: "https://id.example.com/authorize",
			TokenEndpoint: "https://id.example.com/token", UserInfoEndpoint: "https://id.example.com/userinfo", ClientID: "staff",
			ClientSecret: secret.SecretsManager{ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:staff/client-AbCdEf", JSONKey: "secret"},
		},
		MoreTargets: []ingress.TargetProps{
			{LoadBalancer: p.Public, Route: ingress.Route{Path: "/members/*"}, SignIn: pool},
			{LoadBalancer: p.Public, Route: ingress.Route{Path: "/members/api/*"}, SignIn: program},
			{LoadBalancer: p.Public, Route: ingress.Route{Path: "/public/*"}},
		},
	})
}

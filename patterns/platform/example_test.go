package platform_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	platform.New(stack, "Platform", platform.Props{
		Domain: &ingress.Domain{
			Name:           "shop.example.com",
			CertificateARN: "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef",
		},
	})
}

// Two domains in hosted zones of Route 53, for which certificates and DNS records are made.
func ExampleProps() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	platform.New(stack, "Platform", platform.Props{
		Domain: &ingress.Domain{
			Name: "shop.example.com", Subdomains: true, Zone: &ingress.Zone{ID: "Z0123456789ABCDEFGHIJ", Name: "example.com"},
		},
		MoreDomains: []ingress.Domain{
			{Name: "example.org", Zone: &ingress.Zone{ID: "Z9876543210ABCDEFGHIJ", Name: "example.org"}},
		},
	})
}

// A service behind the load balancer of another app, which has made it with Partition{Number: 1, Of: 4}.
func ExamplePlatform() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Pay"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("eu-west-1"),
	}})
	p := platform.New(stack, "Platform", platform.Props{
		Network:  network.Props{VPC: awsec2.Vpc_FromLookup(stack, jsii.String("VPC"), &awsec2.VpcLookupOptions{VpcName: jsii.String("shop")})},
		NoPublic: true,
	})

	p.Public = ingress.ImportALB(stack, "Shared", ingress.ALBAttributes{
		Network:         p.Network,
		ARN:             "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/1234567890abcdef",
		ListenerARN:     "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/1234567890abcdef/1234567890abcdef",
		SecurityGroupID: "sg-0123456789abcdef0",
		Domains:         []string{"shop.example.com"},
		Partition:       ingress.Partition{Number: 2, Of: 4},
	})
	web.New(stack, "Pay", web.Props{
		Platform: p, Task: task.Props{Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/pay:42", Port: 8080},
		Route: ingress.Route{Path: "/pay/*"},
	})
}

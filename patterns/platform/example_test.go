package platform_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/patterns/platform"
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

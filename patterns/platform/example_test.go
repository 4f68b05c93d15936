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

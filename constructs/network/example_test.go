package network_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/network"
)

// A VPC of three zones that share one NAT gateway.
func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	network.New(stack, "Network", network.Props{Zones: 3, NATGateways: 1})
}

// A VPC that exists: the stack must know its account and region for the look-up.
func ExampleNew_lookup() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("eu-west-1"),
	}})

	network.New(stack, "Network", network.Props{
		VPC: awsec2.Vpc_FromLookup(stack, jsii.String("VPC"), &awsec2.VpcLookupOptions{VpcName: jsii.String("main")}),
	})
}

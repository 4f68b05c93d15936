package network_test

import (
	"fmt"

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

// Tasks that no way leads to the internet from, on Fargate and on pools, with secrets in Parameter Store.
func ExampleEndpoints() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	network.New(stack, "Network", network.Props{
		NoNAT:     true,
		Endpoints: &network.Endpoints{ParameterStore: true, Instances: true, More: []string{"sqs"}},
	})
}

// Images and files come by way of S3's gateway endpoint, which costs nothing, and all else by the NAT gateways.
func ExampleEndpoints_onlyGateways() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	network.New(stack, "Network", network.Props{Endpoints: &network.Endpoints{OnlyGateways: true}})
}

// A VPC that exists, with isolated subnets and the endpoints that every task needs.
func ExampleEndpoints_existing() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("eu-west-1"),
	}})

	network.New(stack, "Network", network.Props{
		VPC:   awsec2.Vpc_FromLookup(stack, jsii.String("VPC"), &awsec2.VpcLookupOptions{VpcName: jsii.String("closed")}),
		NoNAT: true, Endpoints: &network.Endpoints{Existing: true},
	})
}

// A construct of your own can say at construction what its tasks would miss in production.
func ExampleNetwork_ReachProblems() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	n := network.New(stack, "Network", network.Props{NoNAT: true})

	for _, problem := range n.ReachProblems("", "logs", "sqs") {
		fmt.Println(problem.Rule)
	}
}

package ingress_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
)

// A load balancer that only the network reaches.
func ExampleNewALB() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	ingress.NewALB(stack, "Internal", ingress.ALBProps{
		Network:   network.New(stack, "Network", network.Props{}),
		Internal:  true,
		PlainHTTP: true,
	})
}

// Routes by path, by host, and by method and header.
func ExampleRoute() {
	fmt.Println(ingress.Route{Path: "/cart/*", AltPaths: []string{"/cart"}})
	fmt.Println(ingress.Route{Host: "*.example.com"})
	fmt.Println(ingress.Route{Path: "/cart/*", Methods: []string{"POST"}, Headers: map[string]string{"X-Beta": "1"}})
	// Output:
	// /cart/*|/cart
	// *.example.com/*
	// POST /cart/* X-Beta: 1
}

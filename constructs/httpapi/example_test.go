package httpapi_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
)

// An API for customers who have signed in, before a load balancer that only the network reaches.
func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	httpapi.New(stack, "API", httpapi.Props{
		LoadBalancer: ingress.NewALB(stack, "Internal", ingress.ALBProps{
			Network: network.New(stack, "Network", network.Props{}), Internal: true, PlainHTTP: true,
		}),
		Routes:     []string{"GET /orders/{id}", "ANY /cart/{rest+}"},
		Authorizer: httpapi.JWT{Issuer: "https://id.example.com", Audience: []string{"shop"}},
		CORS:       &httpapi.CORS{Origins: []string{"https://shop.example.com"}},
	})
}

package ingress_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
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

// A Network Load Balancer, and the ports of a broker on it: over TLS for everyone, over TCP for the network.
func ExampleNewNLB() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	nlb := ingress.NewNLB(stack, "Streams", ingress.NLBProps{Network: network.New(stack, "Network", network.Props{})})

	ingress.NewStream(stack, "Devices", ingress.StreamProps{
		LoadBalancer: nlb, ListenerPort: 8883, Protocol: ingress.TLS, Port: 1883,
		CertificateARN: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef",
	})
	ingress.NewStream(stack, "Inside", ingress.StreamProps{
		LoadBalancer: nlb, ListenerPort: 1883, Port: 1883, AllowFrom: []string{"10.0.0.0/16"},
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

// A shop that has moved, a page that is not for everyone, and a notice in place of everything while the shop is closed.
func ExampleNewRedirect() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	alb := ingress.NewALB(stack, "Public", ingress.ALBProps{Network: network.New(stack, "Network", network.Props{}), PlainHTTP: true})

	ingress.NewRedirect(stack, "Moved", ingress.RedirectProps{
		LoadBalancer: alb, Route: ingress.Route{Path: "/shop/*"}, Host: "shop.example.com", Permanent: true,
	})
	ingress.NewResponse(stack, "Metrics", ingress.ResponseProps{
		LoadBalancer: alb, Route: ingress.Route{Path: "/metrics"}, Code: 403,
	})
	ingress.NewResponse(stack, "Closed", ingress.ResponseProps{
		LoadBalancer: alb, Route: ingress.Route{Priority: 1}, Override: true, Code: 503, Body: "We are back at noon.",
	})
}

// A firewall with AWS's rules against SQL injection too, which are counted until it is known what they would block.
func ExampleFirewall() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	ingress.NewALB(stack, "Public", ingress.ALBProps{
		Network: network.New(stack, "Network", network.Props{}), PlainHTTP: true,
		Firewall: &ingress.Firewall{SQL: ingress.Count, AllowLargeBodies: true, Logs: true},
	})
}

// A target whose users sign in at an identity provider, which the load balancer may ask.
func ExampleOIDC() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	alb := ingress.NewALB(stack, "Public", ingress.ALBProps{
		Network: network.New(stack, "Network", network.Props{}), SignIn: true,
		Domain: &ingress.Domain{Name: "shop.example.com", Zone: &ingress.Zone{ID: "Z0123456789ABCDEFGHIJ", Name: "example.com"}},
	})

	ingress.NewTarget(stack, "Staff", ingress.TargetProps{
		LoadBalancer: alb, Port: 8080, Route: ingress.Route{Path: "/staff/*"},
		SignIn: ingress.OIDC{
			Issuer:                "https://id.example.com",
			AuthorizationEndpoint: "https://id.example.com/authorize",
			TokenEndpoint:         "https://id.example.com/token",
			UserInfoEndpoint:      "https://id.example.com/userinfo",
			ClientID:              "shop",
			ClientSecret:          secret.SecretsManager{Name: "shop/oidc-client"},
		},
	})
}

package test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// routes is a load balancer whose routes have every kind of condition.
func routes(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})
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
}

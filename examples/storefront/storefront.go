// Package storefront is a shop of two services behind one load balancer, each in a stack of its own.
package storefront

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

const image = "public.ecr.aws/nginx/nginx-unprivileged:1.29"

// New adds three stacks: the platform, the pages of the shop, and its cart. Before you deploy it, put a domain of yours
// and the ARN of its certificate in place of these.
func New(app awscdk.App, id string) {
	p := platform.New(stack(app, id+"Platform"), "Platform", platform.Props{
		Domain: &ingress.Domain{
			Name:           "shop.example.com",
			CertificateARN: "arn:aws:acm:us-east-1:444455556666:certificate/12345678-90ab-cdef-1234-567890abcdef",
		},
	})

	// Whatever no other service receives; always on, as it serves every page.
	web.New(stack(app, id+"Pages"), "Pages", web.Props{
		Platform:    p,
		Task:        task.Props{Image: image, Port: 8080, CPU: 512, MemoryMiB: 1024},
		TargetGroup: ingress.TargetGroup{HealthCheck: ingress.HealthCheck{Path: "/health"}},
	})

	// The cart scales with its load, mostly on spare capacity that AWS may take back.
	web.New(stack(app, id+"Cart"), "Cart", web.Props{
		Platform: p,
		Task: task.Props{
			Image: image, Port: 8080,
			Environment: map[string]string{"CART_TTL": "48h"},
			StopTimeout: 90 * time.Second,
		},
		Route:    ingress.Route{Path: "/cart/*", AltPaths: []string{"/cart"}},
		Capacity: cluster.Spot{Base: 1, Weight: 3},
		Scaling:  &scaling.Policy{Min: 2, Max: 12, CPU: 55, Memory: 75},
	})
}

func stack(app awscdk.App, id string) awscdk.Stack { return awscdk.NewStack(app, &id, nil) }

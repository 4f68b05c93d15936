// Package services is the app of the benchmark: a platform and so many web services on it, each with all that a service in
// production has. The twin in JavaScript makes the same templates.
package services

import (
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// PerStack is how many services a stack has.
const PerStack = 8

const certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/11112222-3333-4444-5555-666677778888"

// New adds a stack for the platform, and stacks with n services in all. With 0 there is one stack with nothing in it, for what
// every program takes.
func New(app awscdk.App, n int) {
	if n == 0 {
		stack(app, "Empty")
		return
	}
	p := platform.New(stack(app, "Platform"), "Platform", platform.Props{
		Domain:     &ingress.Domain{Name: "shop.example.com", CertificateARN: certificate},
		Namespace:  "shop.internal",
		SecretsKey: true,
	})
	for first := 0; first < n; first += PerStack {
		s := stack(app, fmt.Sprintf("Services%d", first/PerStack))
		for i := first; i < min(first+PerStack, n); i++ {
			add(s, p, i)
		}
	}
}

// add adds the i-th service. Requests go to it by its path, and those of other services by Service Connect, which is how
// Cloud Map goes with deployments that shift requests.
func add(s awscdk.Stack, p *platform.Platform, i int) {
	name := fmt.Sprintf("api%d", i)
	web.New(s, fmt.Sprintf("Api%d", i), web.Props{
		Platform: p,
		Task: task.Props{
			Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/" + name + ":42", Port: 8080, CPU: 512, MemoryMiB: 1024,
			Environment: map[string]string{"LOG_LEVEL": "info"},
			Secrets: secret.Map{
				"API_TOKEN":   secret.SecretsManager{Name: "shop/" + name + "/token"},
				"DB_PASSWORD": secret.ParameterStore{Name: "/shop/" + name + "/db-password"},
			},
		},
		// With numbers from hashes, some of 200 services would get the same.
		Route:   ingress.Route{Path: "/" + name + "/*", Priority: i + 1},
		Connect: &discovery.Connect{Name: name},
		Deploy:  deployment.Canary{Percent: 10, Bake: 10 * time.Minute},
		Scaling: &scaling.Policy{Min: 2, Max: 20, CPU: 60, RequestsPerTask: 500},
	})
}

func stack(app awscdk.App, id string) awscdk.Stack {
	return awscdk.NewStack(app, &id, &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("123456789012"), Region: jsii.String("eu-west-1")},
	})
}

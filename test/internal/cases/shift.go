package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// shifting is a service of each policy that shifts traffic, on Fargate and on a pool, with and without a test listener.
func shifting(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{
		Network:  Existing(stack),
		Domain:   &ingress.Domain{Name: "example.com", CertificateARN: CertificateARN},
		Test:     &ingress.TestListener{AllowFrom: []string{"192.0.2.0/24"}},
		Internal: true, PlainHTTP: true,
	})
	check := awslambda.Function_FromFunctionArn(stack, jsii.String("Check"),
		jsii.String("arn:aws:lambda:us-east-1:123456789012:function:check"))
	web.New(stack, "Canary", web.Props{
		Platform: p, Task: task.Props{Image: "canary:1", Port: 8080}, Route: ingress.Route{Path: "/canary/*"},
		Deploy: deployment.Canary{
			Percent: 5, CanaryBake: 15 * time.Minute, Bake: time.Hour,
			Hooks: []deployment.Hook{{
				Function: check, Stages: []deployment.Stage{deployment.PostTestTrafficShift, deployment.ProductionTrafficShift},
				Details: map[string]any{"path": "/health"}, Timeout: 10 * time.Minute,
			}},
			Approvals: []deployment.Approval{{Stages: []deployment.Stage{deployment.PreProductionTrafficShift}, Timeout: 4 * time.Hour}},
		},
	})
	web.New(stack, "BlueGreen", web.Props{
		Platform: p, Internal: true, Task: task.Props{Image: "bluegreen:1", Port: 8080}, Deploy: deployment.BlueGreen{NoRollback: true},
		Capacity: cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 8}),
	})
	web.New(stack, "Linear", web.Props{
		Platform: p, Task: task.Props{Image: "linear:1", Port: 8080, ExtraPorts: []int{9090}}, Route: ingress.Route{Path: "/linear/*"},
		MoreTargets: []ingress.TargetProps{{LoadBalancer: p.Internal, Port: 9090, Route: ingress.Route{Path: "/metrics"}}},
		Deploy:      deployment.Linear{StepPercent: 25, StepBake: 2 * time.Minute},
		Scaling:     &scaling.Policy{Max: 9, RequestsPerTask: 600},
	})
}

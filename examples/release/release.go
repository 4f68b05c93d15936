// Package release is one service four times, each brought into service in another way: a few tasks at a time, when a task has
// checked the release; a part of the requests first, when a function and a person have agreed; all at once, on EC2 instances; and
// by CodeDeploy, when a function has agreed.
package release

import (
	_ "embed"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// New adds a stack for the platform and one for each service. A release is another image: deploy the stack of a service
// again, and CloudFormation waits until the release has all requests, or takes it back.
func New(app awscdk.App, id string) {
	shared := stack(app, id+"Platform")
	p := platform.New(shared, "Platform", platform.Props{
		NoPublic: true, Internal: true, PlainHTTP: true,
		// Requests to port 8080 come to the new tasks before any other does.
		Test: &ingress.TestListener{AllowFrom: []string{network.DefaultCIDR}},
	})
	add := func(name string, props web.Props) {
		props.Platform, props.Internal = p, true
		props.Task = task.Props{
			Image: "public.ecr.aws/nginx/nginx-unprivileged:1.29", Port: 8080, Architecture: props.Task.Architecture,
		}
		props.Route = ingress.Route{Path: "/" + name + "/*"}
		props.Scaling = &scaling.Policy{Min: 2, Max: 8, RequestsPerTask: 1000}
		web.New(stack(app, id+name), name, props)
	}

	add("Rolling", web.Props{
		Deploy: deployment.Rolling{MaxPercent: 150},
		// Here it checks nginx's configuration; a service with a database would bring its tables up to date.
		BeforeRelease: &deployment.Task{Command: []string{"nginx", "-t"}},
	})

	add("Canary", web.Props{Deploy: deployment.Canary{
		Percent: 5, CanaryBake: 15 * time.Minute,
		Hooks: []deployment.Hook{{
			Function: hook(shared, p, "SmokeTest", smokeTest, nil),
			Stages:   []deployment.Stage{deployment.PostTestTrafficShift}, Details: map[string]any{"path": "/Canary/"},
		}},
		Approvals: []deployment.Approval{{Stages: []deployment.Stage{deployment.PreProductionTrafficShift}, Timeout: 4 * time.Hour}},
	}})

	add("BlueGreen", web.Props{
		Deploy: deployment.BlueGreen{Bake: 30 * time.Minute},
		Task:   task.Props{Architecture: task.ARM64},
		// Both sets of tasks need room while a deployment runs.
		Capacity: cluster.NewPool(shared, "Pool", cluster.PoolProps{
			Cluster: p.Cluster, InstanceTypes: []string{"m7g.large"}, Min: 2, Max: 8, TargetPercent: 80,
		}),
	})

	add("CodeDeploy", web.Props{Deploy: deployment.CodeDeploy{
		Canary: &deployment.Step{Percent: 10, Interval: 5 * time.Minute},
		Hooks: map[deployment.Event]awslambda.IFunction{
			deployment.AfterAllowTestTraffic: hook(shared, p, "Validate", validate, map[string]*string{"PATH_TO_ASK": jsii.String("/CodeDeploy/")}),
		},
	}})
}

//go:embed smoketest.js
var smokeTest string

//go:embed validate.js
var validate string

// hook is a function that asks the new tasks when test requests come to them, by the load balancer's test listener.
func hook(scope awscdk.Stack, p *platform.Platform, id, code string, environment map[string]*string) awslambda.IFunction {
	f := awslambda.NewFunction(scope, &id, &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_24_X(), Handler: jsii.String("index.handler"),
		Code: awslambda.Code_FromInline(&code),
		Vpc:  p.Network.VPC,
		LogGroup: awslogs.NewLogGroup(scope, jsii.String(id+"Log"), &awslogs.LogGroupProps{
			Retention: awslogs.RetentionDays_ONE_MONTH, RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
		}),
		Timeout:     awscdk.Duration_Seconds(jsii.Number(30)),
		Environment: &environment,
	})
	f.AddEnvironment(jsii.String("ADDRESS"), jsii.String(*p.Internal.URL()+":8080"), nil)
	return f
}

func stack(app awscdk.App, id string) awscdk.Stack { return awscdk.NewStack(app, &id, nil) }

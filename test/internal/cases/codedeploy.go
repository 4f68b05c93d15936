package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// CodeDeployed is a service of each kind that CodeDeploy deploys: by the stack with all that it can have; on a pool, by a pipeline; and
// by the stack again, on Spot.
func CodeDeployed(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{
		Domain:   &ingress.Domain{Name: "example.com", CertificateARN: CertificateARN},
		Test:     &ingress.TestListener{AllowFrom: []string{"192.0.2.0/24"}},
		Internal: true, PlainHTTP: true,
	})
	validate := NewFunction(stack, "Validate")
	web.New(stack, "Api", web.Props{
		Platform: p, Task: task.Props{Image: "api:1", Port: 8080}, Route: ingress.Route{Path: "/api/*"},
		Deploy: deployment.CodeDeploy{
			Canary: &deployment.Step{Percent: 10, Interval: 5 * time.Minute}, Bake: 15 * time.Minute, Approval: 20 * time.Minute,
			Hooks: map[deployment.Event]awslambda.IFunction{
				deployment.AfterAllowTestTraffic: validate, deployment.AfterAllowTraffic: validate,
				deployment.BeforeInstall: awslambda.Function_FromFunctionArn(stack, jsii.String("Imported"),
					jsii.String("arn:aws:lambda:us-east-1:123456789012:function:check")),
			},
		},
		BeforeRelease: &deployment.Task{Command: []string{"/app", "migrate"}},
		Scaling:       &scaling.Policy{Max: 9, RequestsPerTask: 600},
		Alarms:        alarm.Policy{Own: []string{"orders"}},
	})
	web.New(stack, "Pages", web.Props{
		Platform: p, Internal: true, Task: task.Props{Image: "pages:1", Port: 8080},
		Deploy:   deployment.CodeDeploy{Trigger: deployment.Pipeline, Approval: 4 * time.Hour, NoRollback: true},
		Capacity: cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 8}),
	})
	web.New(stack, "Cart", web.Props{
		Platform: p, Task: task.Props{Image: "cart:1", Port: 8080}, Route: ingress.Route{Path: "/cart/*"}, Capacity: cluster.Spot{},
		Deploy: deployment.CodeDeploy{Linear: &deployment.Step{Percent: 25, Interval: time.Minute}},
	})
}

// Migrations are tasks before releases of services that ECS deploys: one on Spot, one on a pool and one without a network of its own.
func Migrations(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), PlainHTTP: true})
	pool := cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 8})
	migrate := &deployment.Task{Command: []string{"/app", "migrate"}, Timeout: 45 * time.Minute}
	web.New(stack, "Api", web.Props{
		Platform: p, Task: task.Props{Image: "api:1", Port: 8080}, Route: ingress.Route{Path: "/api/*"}, Capacity: cluster.Spot{},
		Deploy: deployment.BlueGreen{}, BeforeRelease: migrate,
	})
	web.New(stack, "Pages", web.Props{
		Platform: p, Task: task.Props{Image: "pages:1", Port: 8080}, Capacity: pool, BeforeRelease: migrate,
	})
}

// NewFunction makes a function that does nothing.
func NewFunction(stack awscdk.Stack, id string) awslambda.Function {
	return awslambda.NewFunction(stack, &id, &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_24_X(), Handler: jsii.String("index.handler"),
		Code:     awslambda.Code_FromInline(jsii.String("exports.handler = async () => {};")),
		LogGroup: awslogs.NewLogGroup(stack, jsii.String(id+"Log"), &awslogs.LogGroupProps{Retention: awslogs.RetentionDays_ONE_MONTH}),
	})
}

package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/patterns/worker"
)

// operated sets, on every pattern of a service, what is set while it runs: alarms, placement, restarts, new deployments.
func operated(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), PlainHTTP: true, Namespace: "shop.internal", SecretsKey: true})
	pool := func(id string) *cluster.Pool {
		return cluster.NewPool(stack, id, cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 4})
	}
	base, burst := pool("Base"), pool("Burst")
	mix := cluster.Mix{{Pool: base, Base: 2, OnlyBase: true}, {Pool: burst}}
	secrets := secret.Map{"KEY": secret.ParameterStore{Name: "/shop/key"}}
	limits := alarm.Policy{ErrorPercent: 2, MinRequests: 100, Latency: 800 * time.Millisecond, CPU: 90, Memory: 80}
	before := &deployment.Task{Command: []string{"/app", "migrate"}}

	orders := backend.New(stack, "Orders", backend.Props{
		Platform: p, Capacity: mix, Connect: &discovery.Connect{Name: "orders"},
		Task:      task.Props{Image: "orders:1", Port: 8080, MemoryMiB: 512, CPU: 512, Secrets: secrets},
		Placement: service.Placement{Strategies: []service.Strategy{service.SpreadZones, service.SpreadInstances}},
		Count:     3, HealthCheckGrace: time.Minute, ForceNewDeployment: "1", RestartOnSecretChange: true, BeforeRelease: before,
		Alarms: alarm.Policy{CPU: limits.CPU, Memory: limits.Memory},
	})
	prices := backend.New(stack, "Prices", backend.Props{
		Platform: p, Connect: &discovery.Connect{Name: "prices"}, Scaling: &scaling.Policy{
			Max: 6, CPU: 50, Schedules: []scaling.Schedule{{Name: "Night", When: "cron(0 1 * * ? *)", Max: 3}},
		},
		Task: task.Props{Image: "prices:1", Port: 8080}, AllowFrom: []service.Caller{orders},
	})
	backend.New(stack, "Ledger", backend.Props{
		Platform: p, Task: task.Props{Image: "ledger:1", Port: 8080}, Singleton: true,
		CloudMap: &discovery.CloudMap{Name: "ledger"}, AllowFrom: []service.Caller{orders, prices},
	})
	web.New(stack, "Web", web.Props{
		Platform: p, Task: task.Props{
			Image: "registry.example.com/web:1", Port: 8080,
			RegistryCredentials: &secret.SecretsManager{ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf"},
			Sidecars:            []task.Container{{Name: "admin", Image: "admin:1", Port: 9000, ExtraPorts: []int{9001}}},
		},
		Alarms: limits, Singleton: true, ForceNewDeployment: "2",
		CloudMap: &discovery.CloudMap{Name: "admin", Container: "admin", Port: 9001}, AllowFrom: []service.Caller{orders},
	})
	worker.New(stack, "Mails", worker.Props{
		Platform: p, Capacity: base, MessageTime: time.Second, Latency: time.Minute, Max: 4,
		Task:      task.Props{Image: "mails:1", MemoryMiB: 256, Secrets: secrets},
		Connect:   &discovery.Connect{},
		Placement: service.Placement{Strategies: []service.Strategy{service.BinpackMemory}, NoRebalancing: true},
		Alarms:    alarm.Policy{Own: []string{"bounces"}}, BeforeRelease: before, ForceNewDeployment: "1", RestartOnSecretChange: true,
	})
	daemon.New(stack, "Agent", daemon.Props{
		Platform: p, Pools: []*cluster.Pool{burst}, Task: task.Props{Image: "agent:1", MemoryMiB: 128, Secrets: secrets},
		Alarms: alarm.Policy{OnlyOwn: true}, RestartOnSecretChange: true,
	})
}

// released is what the other cases do not say about deployments: hooks, approvals and no rollback, on every policy.
func released(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{
		Network:   Existing(stack),
		PlainHTTP: true, Test: &ingress.TestListener{AllowFrom: []string{"192.0.2.0/24"}},
	})
	hooks := []deployment.Hook{{
		Stages: []deployment.Stage{deployment.PostTestTrafficShift},
		Function: awslambda.Function_FromFunctionArn(stack, jsii.String("Check"),
			jsii.String("arn:aws:lambda:us-east-1:123456789012:function:check")),
	}}
	approvals := []deployment.Approval{{Stages: []deployment.Stage{deployment.PreProductionTrafficShift}}}
	for id, policy := range map[string]deployment.Policy{
		"BlueGreen":  deployment.BlueGreen{Hooks: hooks, Approvals: approvals},
		"Canary":     deployment.Canary{NoRollback: true},
		"Linear":     deployment.Linear{Hooks: hooks, Approvals: approvals, Bake: 20 * time.Minute, NoRollback: true},
		"CodeDeploy": deployment.CodeDeploy{Config: "CodeDeployDefault.ECSLinear10PercentEvery1Minutes", CreatedWithPort: 80},
	} {
		web.New(stack, id, web.Props{
			Platform: p, Task: task.Props{Image: "api:1", Port: 8080}, Route: ingress.Route{Path: "/" + id + "/*"}, Deploy: policy,
		})
	}
}

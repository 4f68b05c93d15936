package test

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// scaled is three services that scale in every way but by a queue: one with all at once while traffic shifts, one by steps and the
// clock, and one with CodeDeploy.
func scaled(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})
	add := func(id string, deploy deployment.Policy, policy scaling.Policy) {
		web.New(stack, id, web.Props{
			Platform: p, Task: task.Props{Image: "a:1", Port: 8080}, Route: ingress.Route{Path: "/" + id + "/*"}, Deploy: deploy, Scaling: &policy,
		})
	}
	add("All", deployment.BlueGreen{}, scaling.Policy{
		Max: 30, CPU: 50, Memory: 70, HighResolution: true, RequestsPerTask: 600, ResponseTime: 250 * time.Millisecond, NoScaleIn: true,
		Predictive: &scaling.Predictive{},
	})
	add("Stream", nil, scaling.Policy{
		Min: 1, Max: 12,
		Steps: []scaling.StepScaling{
			{
				Name: "Age", Datapoints: 3,
				Metric: scaling.Metric{
					Namespace: "AWS/Kinesis", Name: "GetRecords.IteratorAgeMilliseconds", Statistic: "Maximum",
					Dimensions: map[string]string{"StreamName": "clicks"}, Period: 2 * time.Minute,
				},
				Steps: []scaling.Step{scaling.Below(1000, -1), scaling.Between(60_000, 300_000, 1), scaling.From(300_000, 4)},
			},
			{Name: "Load", Percent: true, Metric: scaling.Metric{Namespace: "AWS/ECS", Name: "CPUUtilization"}, Steps: []scaling.Step{scaling.From(85, 50)}},
		},
		Schedules: []scaling.Schedule{
			{Name: "Morning", When: "cron(30 7 ? * MON-FRI *)", TimeZone: "Europe/Rome", Min: 6},
			{Name: "Night", When: "cron(0 22 * * ? *)", TimeZone: "Europe/Rome", Off: true},
			{Name: "Sale", When: "at(2031-11-28T00:00:00)", Min: 12},
		},
	})
	add("Old", deployment.CodeDeploy{}, scaling.Policy{
		Max: 6, ResponseTime: time.Second, AverageResponse: true, Memory: 60, Predictive: &scaling.Predictive{Act: true, Ahead: 10 * time.Minute},
	})
}

package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/patterns/worker"
)

// scaled is three services that scale in every way but by a queue: one with all at once while traffic shifts, one by steps and the
// clock, and one with CodeDeploy.
func scaled(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), PlainHTTP: true})
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

// workers are in a stack of their own, with all but the topics and the platform: one in order under a key, blue/green, one on a pool
// from a queue of the user's, and one as small as can be.
func workers(app awscdk.App) {
	shared := awscdk.NewStack(app, jsii.String("WorkersShared"), nil)
	p := platform.New(shared, "Platform", platform.Props{Network: Existing(shared), NoPublic: true})
	pool := cluster.NewPool(shared, "Pool", cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 4})
	topic := func(id string, fifo bool) awssns.Topic {
		props := &awssns.TopicProps{}
		if fifo {
			props.Fifo = &fifo
		}
		return awssns.NewTopic(shared, &id, props)
	}
	orders, returns, alarms := topic("Orders", true), topic("Returns", true), topic("Alarms", false)

	stack := awscdk.NewStack(app, jsii.String("Workers"), nil)
	worker.New(stack, "Books", worker.Props{
		Platform: p, Task: task.Props{Image: "books:1", StopTimeout: 90 * time.Second}, Deploy: deployment.BlueGreen{},
		Queue: queue.Props{
			FIFO: true, ContentDeduplication: true, MaxReceives: 3, Retention: 10 * 24 * time.Hour, VisibilityTimeout: time.Hour,
			Key:    awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)}),
			MaxAge: 20 * time.Minute, AlarmTopic: alarms,
			Topics: []queue.Subscription{
				{Topic: orders, Filter: map[string]any{"paid": map[string]any{"by": []any{"card", map[string]any{"prefix": "gift"}}}}, FilterBody: true},
				{Topic: returns, Wrapped: true},
			},
		},
		MessageTime: 7 * time.Second, Latency: time.Minute, Min: 1, Max: 4,
		Schedules: []scaling.Schedule{{Name: "Night", When: "cron(0 1 * * ? *)", TimeZone: "Europe/Rome", Off: true}, {Name: "Day", When: "cron(0 6 * * ? *)", TimeZone: "Europe/Rome"}},
	})
	own := awssqs.NewQueue(shared, jsii.String("Own"), &awssqs.QueueProps{
		Encryption:        awssqs.QueueEncryption_KMS,
		VisibilityTimeout: awscdk.Duration_Minutes(jsii.Number(5)), EncryptionMasterKey: awskms.NewKey(shared, jsii.String("OwnKey"), nil),
	})
	worker.New(stack, "Reports", worker.Props{
		Platform: p, Task: task.Props{Image: "reports:1", MemoryMiB: 1024}, Capacity: pool, OwnQueue: own,
		MessageTime: 40 * time.Second, Latency: 10 * time.Minute, Max: 6,
	})
	worker.New(stack, "Mails", worker.Props{
		Platform: p, Task: task.Props{Image: "mails:1"}, MessageTime: 200 * time.Millisecond, Latency: 90 * time.Second, Queue: queue.Props{NoAlarms: true},
	})
}

// Package jobs is work that nobody waits for at a door: images that are made smaller when someone has uploaded them, on spare capacity, by
// as many tasks as it takes and by none at night; a report every night; what is done with each file that comes; and what somebody has done
// with a list of them.
package jobs

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/cluster"
	constructs "github.com/ecskit/ecskit/constructs/job"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/job"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/worker"
)

// New adds one stack with all of it. What uploads images publishes to the topic, with the attribute kind. Put an image of yours in place
// of this one: it receives from $QUEUE_URL, makes the image smaller, and deletes the message.
func New(app awscdk.App, id string) {
	stack := awscdk.NewStack(app, &id, nil)
	p := platform.New(stack, "Platform", platform.Props{
		NoPublic: true, AlarmTopic: &alarm.TopicProps{Emails: []string{"operations@example.com"}},
	})
	images := awss3.NewBucket(stack, jsii.String("Images"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(), EnforceSSL: jsii.Bool(true),
	})
	uploads := awssns.NewTopic(stack, jsii.String("Uploads"), &awssns.TopicProps{EnforceSSL: jsii.Bool(true)})

	resize := worker.New(stack, "Resize", worker.Props{
		Platform: p,
		Task: task.Props{
			Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/resize:42", CPU: 1024, MemoryMiB: 2048,
			Environment: map[string]string{"BUCKET": *images.BucketName()},
		},
		Queue: queue.Props{Topics: []queue.Subscription{
			{Topic: uploads, Filter: map[string]any{"kind": []string{"image"}}},
		}},
		MessageTime: 15 * time.Second, // one image
		Latency:     5 * time.Minute,  // and then the page shows it
		Max:         20,
		Capacity:    cluster.Spot{OnlySpot: true},
	})
	images.GrantReadWrite(resize, nil)

	report := job.New(stack, "Report", job.Props{
		Platform: p, Task: task.Props{
			Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/report:7", Environment: map[string]string{"BUCKET": *images.BucketName()},
		},
		// At three in the morning in Zurich, in summer and in winter; and not while the last one still runs.
		Schedule:  &constructs.Schedule{When: "cron(0 3 * * ? *)", TimeZone: "Europe/Zurich"},
		NoOverlap: true, Timeout: 2 * time.Hour, Retries: 1,
	})
	images.GrantRead(report, nil)

	// Each file that is put into the bucket under imports/ starts a task that is told which.
	images.Node().DefaultChild().(awss3.CfnBucket).AddPropertyOverride(
		jsii.String("NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled"), true)
	const catalog = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/catalog:3"
	imports := job.New(stack, "Import", job.Props{
		Platform: p, Task: task.Props{Image: catalog},
		Events: []constructs.Event{{Pattern: map[string]any{
			"source": []string{"aws.s3"}, "detail-type": []string{"Object Created"},
			"detail": map[string]any{
				"bucket": map[string]any{"name": []*string{images.BucketName()}},
				"object": map[string]any{"key": []map[string]string{{"prefix": "imports/"}}},
			},
		}}},
		Variables: map[string]string{"BUCKET": "detail.bucket.name", "KEY": "detail.object.key"},
		Retries:   2,
	})
	images.GrantRead(imports, nil)

	// Whoever starts this one, with {"keys": ["a.csv", "b.csv"]}, has all of them done, five at a time.
	again := job.New(stack, "ImportAgain", job.Props{
		Platform: p, Task: task.Props{Image: catalog, Environment: map[string]string{"BUCKET": *images.BucketName()}},
		Capacity: cluster.Spot{OnlySpot: true}, Retries: 2,
		ForEach: &constructs.ForEach{Items: "keys", AtOnce: 5}, Variables: map[string]string{"KEY": ""},
	})
	images.GrantRead(again, nil)
}

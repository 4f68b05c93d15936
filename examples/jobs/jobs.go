// Package jobs is work that nobody waits for at a door: images that are made smaller when someone has uploaded them, on spare capacity, by
// as many tasks as it takes and by none at night.
package jobs

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/worker"
)

// New adds one stack with all of it. What uploads images publishes to the topic, with the attribute kind. Put an image of yours in place
// of this one: it receives from $QUEUE_URL, makes the image smaller, and deletes the message.
func New(app awscdk.App, id string) {
	stack := awscdk.NewStack(app, &id, nil)
	p := platform.New(stack, "Platform", platform.Props{NoPublic: true})
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
}

package queue_test

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
)

// Paid orders of a topic come to the queue, in their order. What works on them is made by the pattern worker, or from its parts.
func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	orders := awssns.NewTopic(stack, jsii.String("Orders"), &awssns.TopicProps{Fifo: jsii.Bool(true)})

	q := queue.New(stack, "Paid", queue.Props{
		FIFO: true, VisibilityTimeout: 10 * time.Minute,
		Topics: []queue.Subscription{{Topic: orders, Filter: map[string]any{"paid": []string{"yes"}}}},
	})

	books := service.New(stack, "Books", service.Props{
		Cluster: cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})}),
		Task:    task.Props{Image: "shop/books:9", Environment: map[string]string{"QUEUE_URL": *q.URL()}},
		Scaling: &scaling.Policy{ToZero: true, Max: 4, Backlog: &scaling.Backlog{
			Queue: q.Queue.QueueName(), MessageTime: time.Minute, Latency: 20 * time.Minute,
		}},
		TaskProtection: true,
	})
	queue.Consume(books.Task.Role, q.Queue)
}

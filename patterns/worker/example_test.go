package worker_test

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/patterns/worker"
)

// Mails go out within five minutes, each of which takes two seconds; when there are none, nothing runs. The shop sends them.
func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})

	mails := worker.New(stack, "Mails", worker.Props{
		Platform: p, Task: task.Props{Image: "shop/mails:3"}, Capacity: cluster.Spot{OnlySpot: true},
		MessageTime: 2 * time.Second, Latency: 5 * time.Minute,
	})
	shop := web.New(stack, "Pages", web.Props{Platform: p, Task: task.Props{
		Image: "shop/pages:7", Port: 8080, Environment: map[string]string{"MAILS": *mails.Messages.QueueUrl()},
	}})
	mails.Messages.GrantSendMessages(shop)
}

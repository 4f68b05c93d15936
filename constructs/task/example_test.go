package task_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/task"
)

func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	task.New(stack, "Task", task.Props{Image: "public.ecr.aws/docker/library/busybox:1.37", Command: []string{"date"}})
}

// A migration runs to its end before the main container starts, and an agent is restarted when it crashes.
func ExampleProps_sidecars() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	task.New(stack, "Task", task.Props{
		Image:     "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:42",
		Port:      8080,
		DependsOn: map[string]task.Condition{"migrate": task.Succeeded},
		Sidecars: []task.Container{
			{Name: "migrate", Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/migrate:42"},
			{Name: "agent", Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:7", Restart: &task.Restart{}},
		},
		CPU:       512,
		MemoryMiB: 1024,
	})
}

package job_test

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	constructs "github.com/ecskit/ecskit/constructs/job"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/job"
	"github.com/ecskit/ecskit/patterns/platform"
)

// A report every night at three, Zurich time, and never two at once.
func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})

	job.New(stack, "Report", job.Props{
		Platform: p, Task: task.Props{Image: "shop/report:7"},
		Schedule:  &constructs.Schedule{When: "cron(0 3 * * ? *)", TimeZone: "Europe/Zurich"},
		NoOverlap: true, Timeout: 2 * time.Hour,
	})
}

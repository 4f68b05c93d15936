package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/job"
	"github.com/ecskit/ecskit/constructs/task"
	jobs "github.com/ecskit/ecskit/patterns/job"
	"github.com/ecskit/ecskit/patterns/platform"
)

// Scheduled is jobs of each kind: at night without overlap; on events, on Spot; for each of a list, on a pool; with each deployment; and one that
// only others start.
func Scheduled(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), NoPublic: true, AlarmTopic: &alarm.TopicProps{}})
	pool := cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 8})
	jobs.New(stack, "Report", jobs.Props{
		Platform: p, Task: task.Props{Image: "report:1"}, NoOverlap: true, Retries: 2, Timeout: 2 * time.Hour,
		Schedule: &job.Schedule{When: "cron(0 3 ? * MON-FRI *)", TimeZone: "Europe/Zurich", Window: 15 * time.Minute},
	})
	jobs.New(stack, "Import", jobs.Props{
		Platform: p, Task: task.Props{Image: "import:1"}, Capacity: cluster.Spot{OnlySpot: true}, Retries: 3,
		Events: []job.Event{
			{Pattern: map[string]any{"source": []string{"aws.s3"}, "detail-type": []string{"Object Created"}}},
			{Pattern: map[string]any{"source": []string{"shop"}}, Bus: "shop"},
		},
		Variables: map[string]string{"BUCKET": "detail.bucket.name", "KEY": "detail.object.key"},
	})
	jobs.New(stack, "Resize", jobs.Props{
		Platform: p, Task: task.Props{Image: "resize:1"}, Capacity: pool, NoOverlap: true,
		ForEach: &job.ForEach{Items: "files", AtOnce: 4}, Variables: map[string]string{"FILE": "name", "SIZE": "size"},
		Schedule: &job.Schedule{When: "rate(1 day)", Off: true, Input: map[string]any{"files": []map[string]any{{"name": "a.png", "size": 1}, {"name": "b.png"}}}},
	})
	jobs.New(stack, "Seed", jobs.Props{
		Platform: p, Task: task.Props{Image: "seed:1", NetworkMode: task.AWSVPC}, Capacity: pool, AtDeploy: true, Topic: alarm.NewTopic(stack, "Other", alarm.TopicProps{}),
	})
	jobs.New(stack, "ByHand", jobs.Props{Platform: p, Task: task.Props{Image: "byhand:1"}})
}

package worker_test

import (
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/worker"
)

// fakeCluster and the others stand for constructs where they only have to be there.
type (
	fakeCluster struct{ awsecs.Cluster }
	fakeQueue   struct{ awssqs.IQueue }
	fakeTopic   struct {
		awssns.ITopic
		fifo bool
	}
)

func (t *fakeTopic) Fifo() *bool { return &t.fifo }

func TestProblems(t *testing.T) {
	n := &network.Network{}
	p := &platform.Platform{Network: n, Cluster: &cluster.Cluster{Network: n, Cluster: fakeCluster{}}}
	least := worker.Props{Platform: p, Task: task.Props{Image: "a:1"}, MessageTime: time.Minute, Latency: 10 * time.Minute}
	standard, ordered := &fakeTopic{}, &fakeTopic{fifo: true}
	for name, c := range map[string]struct {
		change func(*worker.Props)
		want   []string
	}{
		"least":  {func(*worker.Props) {}, nil},
		"zero":   {func(p *worker.Props) { *p = worker.Props{} }, []string{"Platform", "Task.Image", "MessageTime", "Latency"}},
		"blue":   {func(p *worker.Props) { p.Deploy = deployment.BlueGreen{} }, nil},
		"canary": {func(p *worker.Props) { p.Deploy = deployment.Canary{Percent: 10, Bake: time.Minute} }, []string{"Deploy"}},
		"canary at no pace": {func(p *worker.Props) {
			p.MessageTime, p.Deploy = -1, deployment.Canary{Percent: 10, Bake: time.Minute}
		}, []string{"MessageTime", "Deploy"}},
		"stop of a fraction": {func(p *worker.Props) { p.Task.StopTimeout = 10*time.Minute + 1 }, []string{"Task.StopTimeout"}},
		"CodeDeploy":         {func(p *worker.Props) { p.Deploy = deployment.CodeDeploy{} }, []string{"Deploy"}},
		"own queue":          {func(p *worker.Props) { p.OwnQueue = fakeQueue{} }, nil},
		"own queue that is made": {func(p *worker.Props) {
			p.OwnQueue, p.Queue.FIFO = fakeQueue{}, true
		}, []string{"OwnQueue"}},
		"long enough": {func(p *worker.Props) { p.Queue.VisibilityTimeout = 6 * time.Minute }, nil},
		"too short":   {func(p *worker.Props) { p.Queue.VisibilityTimeout = 6*time.Minute - time.Second }, []string{"Queue.VisibilityTimeout"}},
		"shorter than a stop": {func(p *worker.Props) {
			p.MessageTime, p.Queue.VisibilityTimeout = time.Second, time.Minute
		}, []string{"Queue.VisibilityTimeout"}},
		"shorter than the stop of a sidecar": {func(p *worker.Props) {
			p.MessageTime, p.Task.StopTimeout, p.Queue.VisibilityTimeout = time.Second, 30*time.Second, 59*time.Second
			p.Task.Sidecars = []task.Container{{Name: "a", Image: "a:1"}}
		}, []string{"Queue.VisibilityTimeout"}},
		"a stop for longer than SQS hides": {func(p *worker.Props) {
			p.Task.Sidecars = []task.Container{{Name: "a", Image: "a:1", StopTimeout: 13 * time.Hour}}
		}, []string{"Task.Sidecars[0].StopTimeout", "Task.Sidecars[0].StopTimeout"}}, // on Fargate it is too long as it is
		"half a day":         {func(p *worker.Props) { p.MessageTime, p.Latency = 3*time.Hour, 9*time.Hour }, nil},
		"longer than it may": {func(p *worker.Props) { p.MessageTime = time.Hour }, []string{"Latency"}},
		"variable":           {func(p *worker.Props) { p.Task.Environment = map[string]string{"QUEUE_URL": "a"} }, []string{"Task.Environment[QUEUE_URL]"}},
		"Min":                {func(p *worker.Props) { p.Min = 10 }, []string{"Max"}},
		"negative":           {func(p *worker.Props) { p.Min = -1 }, []string{"Min"}},
		"schedule":           {func(p *worker.Props) { p.Schedules = []scaling.Schedule{{Name: "a", When: "daily"}} }, []string{"Schedules[0].When"}},
		"stop timeout":       {func(p *worker.Props) { p.Task.StopTimeout = 3 * time.Minute }, []string{"Task.StopTimeout"}},
		"queue":              {func(p *worker.Props) { p.Queue = queue.Props{MaxReceives: 1001, Retention: time.Second} }, []string{"Queue.MaxReceives", "Queue.Retention"}},
		"visible for ever":   {func(p *worker.Props) { p.Queue.VisibilityTimeout = 13 * time.Hour }, []string{"Queue.VisibilityTimeout"}},
		"gone while hidden":  {func(p *worker.Props) { p.Queue.Retention = 5 * time.Minute }, []string{"Queue.Retention"}},
		"deduplication":      {func(p *worker.Props) { p.Queue.ContentDeduplication = true }, []string{"Queue.ContentDeduplication"}},
		"alarms of nothing":  {func(p *worker.Props) { p.Queue.NoAlarms, p.Queue.MaxAge = true, time.Hour }, []string{"Queue.NoAlarms"}},
		"no alarms":          {func(p *worker.Props) { p.Queue.NoAlarms = true }, nil},
		"topics":             {func(p *worker.Props) { p.Queue.Topics = []queue.Subscription{{Topic: standard}, {Topic: ordered}} }, nil},
		"same topic":         {func(p *worker.Props) { p.Queue.Topics = []queue.Subscription{{Topic: standard}, {Topic: standard}} }, []string{"Queue.Topics[1].Topic"}},
		"no topic":           {func(p *worker.Props) { p.Queue.Topics = []queue.Subscription{{}} }, []string{"Queue.Topics[0].Topic"}},
		"topic without order": {func(p *worker.Props) {
			p.Queue.FIFO, p.Queue.Topics = true, []queue.Subscription{{Topic: ordered}, {Topic: standard}}
		}, []string{"Queue.Topics[1].Topic"}},
		"filters": {func(p *worker.Props) {
			p.Queue.Topics = []queue.Subscription{
				{Topic: standard, Filter: map[string]any{"a": []string{"b"}}},
				{Topic: ordered, Filter: map[string]any{"a": map[string]any{"b": []any{map[string]any{"exists": true}}}}, FilterBody: true},
			}
		}, nil},
		"no filters": {func(p *worker.Props) {
			p.Queue.Topics = []queue.Subscription{
				{Topic: standard, Filter: map[string]any{}, FilterBody: true},
				{Topic: ordered, Filter: map[string]any{"a": "b", "c": []string{}, "d": map[string]any{"e": []string{"f"}}, "g": func() {}, "h": []int{1}, "i": []int{1}}},
				{Topic: &fakeTopic{}, FilterBody: true},
			}
		}, []string{
			"Queue.Topics[0].Filter", "Queue.Topics[1].Filter", "Queue.Topics[1].Filter[a]", "Queue.Topics[1].Filter[c]", "Queue.Topics[1].Filter[d]",
			"Queue.Topics[1].Filter[g]", "Queue.Topics[2].FilterBody",
		}},
	} {
		props := least
		c.change(&props)
		var fields []string
		for _, p := range props.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

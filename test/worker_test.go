package test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/worker"
	"github.com/ecskit/ecskit/test/replacement"
	"github.com/ecskit/ecskit/test/snapshot"
)

// synthWorker builds a worker with what changes of the least.
func synthWorker(t *testing.T, change func(stack awscdk.Stack, p *worker.Props)) map[string]any {
	t.Helper()
	return synthStack(t, func(stack awscdk.Stack) {
		p := worker.Props{
			Platform: newPlatform(stack, platform.Props{NoPublic: true}),
			Task:     task.Props{Image: "a:1"}, MessageTime: 20 * time.Second, Latency: 10 * time.Minute,
		}
		change(stack, &p)
		worker.New(stack, "Api", p)
	})
}

const (
	protects = "Allow ecs:GetTaskProtection ecs:UpdateTaskProtection on arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task/${Stack/Platform/Cluster/Cluster}/*" +
		` if {"StringEquals":{"aws:ResourceTag/ecskit:service":"Stack/Api/Service"}}`
	receives = "Allow sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage on "
	taskRole = "Stack/Api/Service/Task/Role/"
)

// TestWorkerRights finds in a worker's role its own queue, its key and its own tasks, and nothing else; and the service waits for all of it.
func TestWorkerRights(t *testing.T) {
	for title, c := range map[string]struct {
		change func(stack awscdk.Stack, p *worker.Props)
		want   []string
	}{
		"queue": {func(awscdk.Stack, *worker.Props) {}, []string{receives + "${Stack/Api/Queue/Queue.Arn}"}},
		"queue under a key": {func(stack awscdk.Stack, p *worker.Props) {
			p.Queue.Key = awskms.NewKey(stack, jsii.String("Key"), nil)
		}, []string{receives + "${Stack/Api/Queue/Queue.Arn}", "Allow kms:Decrypt on ${Stack/Key.Arn}"}},
		"own queue": {func(stack awscdk.Stack, p *worker.Props) {
			p.OwnQueue = awssqs.NewQueue(stack, jsii.String("Own"), &awssqs.QueueProps{VisibilityTimeout: awscdk.Duration_Minutes(jsii.Number(10))})
		}, []string{receives + "${Stack/Own.Arn}"}},
		"imported queue": {func(stack awscdk.Stack, p *worker.Props) {
			p.OwnQueue = awssqs.Queue_FromQueueArn(stack, jsii.String("Own"), jsii.String("arn:aws:sqs:eu-west-1:123456789012:work"))
		}, []string{receives + "arn:aws:sqs:eu-west-1:123456789012:work"}},
	} {
		t.Run(title, func(t *testing.T) {
			template := synthWorker(t, c.change)
			granted := policies(template)
			if diff := cmp.Diff(c.want, granted[taskRole+"Queue"]); diff != "" {
				t.Errorf("the queue: %s", diff)
			}
			if diff := cmp.Diff([]string{protects}, granted[taskRole+"Protection"]); diff != "" {
				t.Errorf("the tasks: %s", diff)
			}
			for path := range granted {
				if len(path) > len(taskRole) && path[:len(taskRole)] == taskRole && path != taskRole+"Queue" && path != taskRole+"Protection" {
					t.Errorf("the role has the policy %s too", path)
				}
			}
			s := onlyService(t, template)
			for _, policy := range []string{"Queue", "Protection"} {
				if !slices.ContainsFunc(s["DependsOn"].([]any), func(id any) bool { return "Stack/Api/Service/Task/Role/"+policy == name(template, id.(string)) }) {
					t.Errorf("the service does not wait for the policy %s", policy)
				}
			}
			tagged := false
			for _, tag := range s["Properties"].(map[string]any)["Tags"].([]any) {
				tagged = tagged || cmp.Equal(tag, map[string]any{"Key": "ecskit:service", "Value": "Stack/Api/Service"})
			}
			if !tagged || s["Properties"].(map[string]any)["PropagateTags"] != "SERVICE" {
				t.Error("the tasks have no tag by which they are told apart")
			}
		})
	}
}

// TestWorkerQueue finds that a queue takes messages of its topics alone, over TLS alone, and keeps those that nobody could work on.
func TestWorkerQueue(t *testing.T) {
	template := synthWorker(t, func(stack awscdk.Stack, p *worker.Props) {
		p.Queue.Topics = []queue.Subscription{
			{Topic: awssns.NewTopic(stack, jsii.String("A"), nil)}, {Topic: awssns.NewTopic(stack, jsii.String("B"), nil), Wrapped: true},
		}
	})
	statements := map[string][]string{}
	for path, policy := range resourcesOf(template, "AWS::SQS::QueuePolicy") {
		for _, s := range policy["PolicyDocument"].(map[string]any)["Statement"].([]any) {
			statement := s.(map[string]any)
			statements[path] = append(statements[path], value(template, statement["Principal"])+" "+describe(template, statement))
		}
	}
	tls := func(queue string) string {
		return `{"AWS":"*"} Deny sqs:* on ${Stack/Api/Queue/` + queue + `.Arn} if {"Bool":{"aws:SecureTransport":"false"}}`
	}
	var topics []any
	for path := range resourcesOf(template, "AWS::SNS::Topic") {
		for id := range template["Resources"].(map[string]any) {
			if name(template, id)+"/Resource" == path && resource(template, id)["Type"] == "AWS::SNS::Topic" {
				topics = append(topics, map[string]any{"Ref": id})
			}
		}
	}
	slices.SortFunc(topics, func(a, b any) int { return strings.Compare(value(template, a), value(template, b)) })
	want := map[string][]string{
		"Stack/Api/Queue/DeadLetters/Policy/Resource": {tls("DeadLetters")},
		"Stack/Api/Queue/Queue/Policy/Resource": {tls("Queue"), `{"Service":"sns.amazonaws.com"} Allow sqs:SendMessage on ${Stack/Api/Queue/Queue.Arn} if ` +
			value(template, map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": topics}})},
	}
	if diff := cmp.Diff(want, statements); diff != "" {
		t.Error(diff)
	}
	q := resourcesOf(template, "AWS::SQS::Queue")
	if properties := q["Stack/Api/Queue/Queue/Resource"]; properties["VisibilityTimeout"] != 120. || properties["SqsManagedSseEnabled"] != true ||
		properties["ReceiveMessageWaitTimeSeconds"] != 20. || value(template, properties["RedrivePolicy"].(map[string]any)["deadLetterTargetArn"]) != "${Stack/Api/Queue/DeadLetters.Arn}" {
		t.Errorf("the queue is %v", properties)
	}
	if properties := q["Stack/Api/Queue/DeadLetters/Resource"]; properties["MessageRetentionPeriod"] != 1209600. || properties["SqsManagedSseEnabled"] != true {
		t.Errorf("the dead-letter queue is %v", properties)
	}
	variables := map[string]string{}
	for _, definition := range resourcesOf(template, "AWS::ECS::TaskDefinition") {
		container := definition["ContainerDefinitions"].([]any)[0].(map[string]any)
		if container["StopTimeout"] != 120. {
			t.Errorf("the stop timeout is %v", container["StopTimeout"])
		}
		for _, v := range container["Environment"].([]any) {
			variables[v.(map[string]any)["Name"].(string)] = value(template, v.(map[string]any)["Value"])
		}
	}
	if variables[worker.QueueURL] != "${Stack/Api/Queue/Queue}" {
		t.Errorf("the variables are %v", variables)
	}
}

// TestWorkerSecondRelease changes one thing of a worker, and finds that what holds messages is never replaced.
func TestWorkerSecondRelease(t *testing.T) {
	first := synthWorker(t, func(awscdk.Stack, *worker.Props) {})
	for name, c := range map[string]struct {
		change func(stack awscdk.Stack, p *worker.Props)
		want   []string
	}{
		"new image": {func(_ awscdk.Stack, p *worker.Props) { p.Task.Image = "a:2" }, []string{"~Task/Definition"}},
		"more time": {func(_ awscdk.Stack, p *worker.Props) { p.Latency = time.Hour }, []string{
			"~Scaling/Backlog", "~Stack/Api/Queue/OldMessages",
		}},
		"slower messages": {func(_ awscdk.Stack, p *worker.Props) { p.MessageTime = time.Minute }, []string{"~Scaling/Backlog", "~Stack/Api/Queue/Queue"}},
		"a task that stays": {func(_ awscdk.Stack, p *worker.Props) { p.Min = 1 }, []string{
			"-Scaling/Wake", "-Scaling/WakeAlarm", "~Scaling/Target",
		}},
		"a topic": {func(stack awscdk.Stack, p *worker.Props) {
			p.Queue.Topics = []queue.Subscription{{Topic: awssns.NewTopic(stack, jsii.String("Topic"), nil)}}
		}, []string{"+Stack/Api/Queue/Topic", "+Stack/Topic", "~Stack/Api/Queue/Queue/Policy"}},
		"a schedule": {func(_ awscdk.Stack, p *worker.Props) {
			p.Schedules = []scaling.Schedule{{Name: "a", When: "cron(0 1 * * ? *)", Off: true}}
		}, []string{"~Scaling/Target"}},
		"on Spot":    {func(_ awscdk.Stack, p *worker.Props) { p.Capacity = cluster.Spot{OnlySpot: true} }, []string{"~Service"}},
		"blue/green": {func(_ awscdk.Stack, p *worker.Props) { p.Deploy = deployment.BlueGreen{} }, []string{"~Service"}},
	} {
		t.Run(name, func(t *testing.T) {
			second := synthWorker(t, c.change)
			if diff := cmp.Diff(c.want, difference(first, second)); diff != "" {
				t.Error(diff)
			}
			for id := range replacement.Replaced(first, second) {
				if kind := resource(first, id)["Type"]; kind != "AWS::ECS::TaskDefinition" {
					t.Errorf("%s is replaced", id)
				}
			}
		})
	}
}

// TestTaskProtectionMisuse asks for it where tasks cannot be protected, and scales by a backlog where nobody counts tasks.
func TestTaskProtectionMisuse(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Stack"), nil)
	n := network.New(stack, "Network", network.Props{})
	c := cluster.New(stack, "Cluster", cluster.Props{Network: n, NoInsights: true})
	pool := cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: c, InstanceTypes: []string{"m7i.large"}, Max: 2})
	main := task.Props{Image: "a:1", MemoryMiB: 128}
	queueName := "work"
	for name, tt := range map[string]struct {
		props service.Props
		want  []string
	}{
		"daemon": {service.Props{Capacity: pool, Task: main, Daemon: true, TaskProtection: true}, []string{"TaskProtection"}},
		"not counted": {service.Props{Task: task.Props{Image: "a:1"}, Scaling: &scaling.Policy{
			Max: 3, Backlog: &scaling.Backlog{Queue: &queueName, Latency: time.Minute, MessageTime: time.Second},
		}}, []string{"Scaling.Backlog"}},
	} {
		tt.props.Cluster = c
		if diff := cmp.Diff(tt.want, problemFields(refused(t, func() { service.New(stack, "New", tt.props) }))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	props := service.Props{Cluster: c, Task: task.Props{Image: "a:1"}, Deploy: deployment.CodeDeploy{}, TaskProtection: true}
	if fields := problemFields(refused(t, func() { service.New(stack, "New", props) })); !slices.Contains(fields, "TaskProtection") {
		t.Errorf("CodeDeploy: got %v", fields)
	}
	platformOf := &platform.Platform{Network: n, Cluster: c}
	wrong := worker.Props{Platform: platformOf, Task: task.Props{Image: "a:1"}, MessageTime: time.Second, Latency: time.Minute}
	if fields := problemFields(refused(t, func() { worker.New(stack, "New", wrong) })); !slices.Equal(fields, []string{"Platform"}) {
		t.Errorf("a worker that is not counted: got %v", fields)
	}
}

// TestWorkerWithoutNAT needs an endpoint of SQS, and says so.
func TestWorkerWithoutNAT(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Stack"), nil)
	props := worker.Props{
		Platform: platform.New(stack, "Platform", platform.Props{NoPublic: true, Network: network.Props{NoNAT: true}}),
		Task:     task.Props{Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1"}, MessageTime: time.Second, Latency: time.Minute,
	}
	if fields := problemFields(refused(t, func() { worker.New(stack, "Worker", props) })); !slices.Contains(fields, "Platform") {
		t.Errorf("got %v", fields)
	}
	props.Platform = platform.New(stack, "Other", platform.Props{NoPublic: true, Network: network.Props{
		NoNAT: true, Endpoints: &network.Endpoints{More: []string{"sqs"}},
	}})
	worker.New(stack, "Worker", props)
}

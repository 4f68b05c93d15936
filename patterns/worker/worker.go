// Package worker makes a service that works on the messages of a queue: as many tasks as it takes to be done in time, and none when
// there is nothing to do.
//
// A task receives messages from $QUEUE_URL, waiting for up to 20 seconds each time, works on them and deletes them. What is not deleted is
// received again, so work has to be such that it can be done twice.
//
// A task that is stopped, because the service scales in or is deployed or, on Spot, because AWS wants the capacity back, gets SIGTERM, and
// SIGKILL after Task.StopTimeout. For work that takes longer a task can protect itself:
//
//	curl -X PUT -H 'Content-Type: application/json' -d '{"ProtectionEnabled": true, "ExpiresInMinutes": 60}' $ECS_AGENT_URI/task-protection/v1/state
//
// and {"ProtectionEnabled": false} when it is done. Scaling in leaves it alone for as long, and a deployment waits for it; nothing
// protects from the end of Spot capacity. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
package worker

import (
	"cmp"
	"maps"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
)

// Props says what worker to make.
type Props struct {
	// Platform is where it runs, with Container Insights. Required.
	Platform *platform.Platform
	// Task says what a task is made of. Required: at least its Image. Its StopTimeout is 2 minutes unless it says otherwise.
	Task task.Props
	// Queue says what queue to make. Its VisibilityTimeout is six times MessageTime unless it says otherwise, 30 s and the longest
	// StopTimeout of a container at least and 12 h at most; its MaxAge three times Latency, an hour at least.
	Queue queue.Props
	// OwnQueue is a queue of yours to work on. Its dead-letter queue, its alarms and who may send to it are yours to decide. Not with
	// Queue. Zero: a queue is made.
	OwnQueue awssqs.IQueue
	// MessageTime is how long a task has for one message on average: of one that works on several at once, a part of the time that
	// a message takes. Required.
	MessageTime time.Duration
	// Latency is how long a message may take from when it is sent until it is done, at least MessageTime. Required.
	Latency time.Duration
	// Min is the least number of tasks. Zero: none when there is nothing to do. The first message then waits for a task to start: two
	// or three minutes, or a quarter of an hour if the queue was not used for six hours. And a release is tried out by it alone.
	Min int
	// Max is the greatest number of tasks. Zero: 10.
	Max int
	// Schedules change Min and Max by the clock. Zero: they stay.
	Schedules []scaling.Schedule
	// Connect puts the service into Service Connect, to find others, in the platform's namespace unless it names another. Zero: not.
	Connect *discovery.Connect
	// Capacity is what the tasks run on: cluster.Spot{OnlySpot: true} is the cheapest for work that can start anew. Zero:
	// cluster.Fargate{}.
	Capacity cluster.Capacity
	// Placement says which instances the tasks come to, on EC2 alone. Zero: spread over the zones, then filled by memory.
	Placement service.Placement
	// Deploy says how a new release replaces the old one: deployment.Rolling or deployment.BlueGreen. Zero: deployment.Rolling{}.
	Deploy deployment.Policy
	// BeforeRelease is a task that has to end well before a release starts, such as a migration. Zero: none.
	BeforeRelease *deployment.Task
	// Alarms stop a deployment, and take it back, when the service is not well. Zero: see [alarm.Policy].
	Alarms alarm.Policy
	// ForceNewDeployment replaces all tasks whenever its value changes. Zero: only a change of the service does.
	ForceNewDeployment string
	// RestartOnSecretChange replaces all tasks when a value in the task's Secrets changes. Zero: they keep what they have
	// read. See [service.Props].
	RestartOnSecretChange bool
}

// What a worker has unless it is told otherwise.
const (
	DefaultMax         = 10
	DefaultStopTimeout = 2 * time.Minute
)

// QueueURL is the variable by which tasks know their queue.
const QueueURL = "QUEUE_URL"

// Worker is a service that works on the messages of a queue.
type Worker struct {
	constructs.Construct
	// Service is the service with all that it has of its own.
	Service *service.Service
	// Queue is the queue with its dead-letter queue; nil with OwnQueue.
	Queue *queue.Queue
	// Messages is the queue that it works on, an L2 construct of the CDK: Messages.GrantSendMessages(api) lets others send.
	Messages awssqs.IQueue
}

var (
	_ awsiam.IGrantable   = (*Worker)(nil)
	_ awsec2.IConnectable = (*Worker)(nil)
	_ service.Caller      = (*Worker)(nil)
)

// serviceID is the id of the service inside the pattern.
const serviceID = "Service"

// New makes the worker, with the children "Queue" and "Service". It panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Worker {
	check.Must(scope, id, props.Problems(), props.problemsIn(scope, id))
	p := props.withDefaults()
	w := &Worker{Messages: p.OwnQueue}
	check.Construct(w, scope, id)
	if check.IsNil(p.OwnQueue) {
		w.Queue = queue.New(w, "Queue", p.Queue)
		w.Messages = w.Queue.Queue
	}
	w.Service = service.New(w, serviceID, p.service(w.Messages.QueueUrl(), w.Messages.QueueName()))
	queue.Consume(w.Service.Task.Role, w.Messages)
	return w
}

// GrantPrincipal returns the task role, so that any grant of the CDK can be given to the service.
func (w *Worker) GrantPrincipal() awsiam.IPrincipal { return w.Service.GrantPrincipal() }

// Connections returns who may connect to the tasks and to whom they may, for rules of your own.
func (w *Worker) Connections() awsec2.Connections { return w.Service.Connections() }

// Tasks returns the service whose tasks call others.
func (w *Worker) Tasks() *service.Service { return w.Service }

func (p Props) withDefaults() Props {
	p.Task.StopTimeout = cmp.Or(p.Task.StopTimeout, DefaultStopTimeout)
	p.Max = cmp.Or(p.Max, DefaultMax)
	if p.Queue.VisibilityTimeout == 0 {
		p.Queue.VisibilityTimeout = p.leastVisibility()
	}
	if p.Queue.MaxAge == 0 && !p.Queue.NoAlarms {
		p.Queue.MaxAge = min(max(3*p.Latency, queue.DefaultMaxAge), longestAge).Truncate(time.Second)
	}
	return p
}

const (
	leastVisibility   = 30 * time.Second
	longestVisibility = 12 * time.Hour
	longestAge        = 14 * 24 * time.Hour
	// timesMessage is how much longer than on average a message may take, and wait in a task that has received several at once.
	timesMessage = 6
)

// leastVisibility is how long a message has to be hidden from other tasks: until a slow one is done, and until a task that is stopped is.
func (p Props) leastVisibility() time.Duration {
	least := max(leastVisibility, timesMessage*min(p.MessageTime, longestVisibility))
	for _, c := range p.Task.Containers() { // of which any may be the one that works on messages
		least = max(least, c.StopTimeout)
	}
	return (min(least, longestVisibility) + time.Second - 1).Truncate(time.Second)
}

func (p Props) service(url, name *string) service.Props {
	s := service.Props{
		Capacity: p.Capacity, Placement: p.Placement, Task: p.Task, Deploy: p.Deploy, BeforeRelease: p.BeforeRelease, Alarms: p.Alarms,
		ForceNewDeployment: p.ForceNewDeployment, RestartOnSecretChange: p.RestartOnSecretChange, Connect: p.Connect, TaskProtection: true,
		Scaling: &scaling.Policy{
			Min: p.Min, ToZero: p.Min == 0, Max: p.Max, Schedules: p.Schedules,
			Backlog: &scaling.Backlog{Queue: name, Latency: p.Latency, MessageTime: p.MessageTime},
		},
	}
	s.Task.Environment = map[string]string{}
	maps.Copy(s.Task.Environment, p.Task.Environment)
	s.Task.Environment[QueueURL] = *url
	if p.Platform != nil {
		s.Cluster = p.Platform.Cluster
		s.Connect = p.Platform.Connect(p.Connect)
		s.Task.SecretsKey = p.Platform.KeyOf(p.Task)
	}
	return s
}

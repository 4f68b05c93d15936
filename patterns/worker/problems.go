package worker

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/deployment"
)

// Problems names a missing platform, messages that would be worked on twice, a queue of nobody, and everything that is wrong with the
// queue and the service.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	if p.Platform == nil || p.Platform.Cluster == nil {
		ps.Add("Platform", nil, "must be set, to one that platform.New made")
	} else if n := p.Platform.Cluster.Network; n != nil {
		ps.In("Platform", n.ReachProblems("", "sqs"))
	}
	if _, set := p.Task.Environment[QueueURL]; set {
		ps.Add("Task.Environment["+QueueURL+"]", nil, "must not be set, for it is the URL of the queue")
	}
	ps = append(ps, p.queueProblems()...)
	codeDeploy := !check.IsNil(p.Deploy) && p.Deploy.Settings().CodeDeploy != nil
	if codeDeploy {
		ps.Add("Deploy", deployment.StrategyCodeDeploy, "must be deployment.Rolling or deployment.BlueGreen: CodeDeploy moves the requests of load balancers, "+
			"and a worker has none")
	}
	for _, problem := range p.renamed(p.withDefaults().service(&placeholder, &placeholder).Problems()) {
		switch field := problem.Field; {
		case field == "Platform" && (p.Platform == nil || p.Platform.Cluster == nil): // see above, as for the next
		case codeDeploy && (field == "Deploy" || field == "TaskProtection"):
		default:
			ps = append(ps, problem)
		}
	}
	return ps
}

// placeholder stands for what the queue will be called.
var placeholder = "queue"

func (p Props) queueProblems() check.Problems {
	var ps check.Problems
	if !check.IsNil(p.OwnQueue) {
		if !reflect.ValueOf(p.Queue).IsZero() {
			ps.Add("OwnQueue", nil, "must not be set with Queue, which says what queue to make")
		}
		return ps
	}
	d := p.withDefaults()
	for i, c := range d.Task.Containers() {
		field := "Task.StopTimeout"
		if i > 0 {
			field = fmt.Sprintf("Task.Sidecars[%d].StopTimeout", i-1)
		}
		if c.StopTimeout > longestVisibility {
			ps.Add(field, c.StopTimeout, "must be at most %v, for which SQS hides a message that a task which is to stop still works on", longestVisibility).
				See("https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html")
		}
	}
	if least := d.leastVisibility(); d.Queue.VisibilityTimeout < least {
		ps.Add("Queue.VisibilityTimeout", p.Queue.VisibilityTimeout, "must be at least six times MessageTime, the longest StopTimeout and 30 s, here %v, or other tasks "+
			"receive a message that a slow one still works on", least).
			See("https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html")
	}
	ps.In("Queue", d.Queue.Problems())
	return ps
}

// problemsIn names what is wrong with the props in this scope alone.
func (p Props) problemsIn(scope constructs.Construct, id string) check.Problems {
	return p.renamed(p.withDefaults().service(&placeholder, &placeholder).ProblemsIn(scope, id+"/"+serviceID))
}

// renamed moves the problems of the service to the fields that the pattern has for them.
func (p Props) renamed(ps check.Problems) check.Problems {
	for _, problem := range ps {
		switch field := problem.Field; {
		case field == "Cluster" || field == "Scaling.Backlog": // without Container Insights
			problem.Field = "Platform"
		case strings.HasPrefix(field, "Scaling.Backlog."):
			problem.Field = strings.TrimPrefix(field, "Scaling.Backlog.")
		default:
			problem.Field = strings.TrimPrefix(field, "Scaling.")
		}
	}
	return ps
}

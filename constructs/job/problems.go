package job

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
)

const (
	maxTimeout = 30 * 24 * time.Hour
	maxRetries = 10
	pathRule   = "must be a path such as detail.object.key, of letters, digits, hyphens and underscores"
	statesPage = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html"
)

var inputPath = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*$`)

func isPath(text string) bool { return inputPath.MatchString(text) }

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Problems names a missing cluster, everything that is wrong with the task, and times and numbers out of range.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	ps.In("Cluster", p.Cluster.Problems())
	if p.Capacity != nil && check.IsNil(p.Capacity) {
		ps.Add("Capacity", nil, "must not be a nil pointer")
		p.Capacity = nil
	}
	d := p.withDefaults()
	ps.In("Task", d.Task.Problems())
	if len(p.Cluster.Problems()) == 0 {
		ps.In("Task", d.Task.ReachProblems(p.Cluster.Network))
	}
	ps = append(ps, p.capacityProblems(d.Capacity)...)
	if p.Schedule != nil {
		ps.In("Schedule", p.Schedule.Problems())
	}
	ps = append(ps, eventProblems(p.Events)...)
	if p.ForEach != nil {
		ps.In("ForEach", p.ForEach.Problems())
		if p.Schedule != nil && p.Schedule.Input == nil {
			ps.Add("Schedule.Input", nil, "must be set with ForEach, to an input that has the list: or start the job by Events, or by ARN with one")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Variables)) {
		field := fmt.Sprintf("Variables[%s]", name)
		if !variableName.MatchString(name) {
			ps.Add(field, name, "must have the name of a variable: letters, digits and underscores")
		}
		if of := p.Variables[name]; !isPath(of) && (of != "" || p.ForEach == nil) {
			ps.Add(field, of, pathRule)
		}
		if _, twice := p.Task.Environment[name]; twice {
			ps.Add(field, name, "must not be in Task.Environment too")
		}
		if _, twice := p.Task.Secrets[name]; twice {
			ps.Add(field, name, "must not be in Task.Secrets too, which would be hidden")
		}
	}
	ps.Seconds("Timeout", d.Timeout, time.Second, maxTimeout).See(statesPage)
	ps.Range("Retries", p.Retries, 0, maxRetries)
	if p.Topic != nil {
		ps.In("Topic", p.Topic.Problems())
	}
	return append(ps, d.atDeployProblems()...)
}

// capacityProblems names a capacity of another cluster, and one that takes no single task.
func (p Props) capacityProblems(c cluster.Capacity) check.Problems {
	var ps check.Problems
	own := c.Problems()
	ps.In("Capacity", own)
	if len(own) > 0 {
		return ps
	}
	if of := c.Cluster(); of != nil && p.Cluster != nil && of != p.Cluster {
		ps.Add("Capacity", nil, "must be of the job's cluster")
	}
	if len(c.Strategy()) == 0 {
		ps.Add("Capacity", nil, "must be cluster.Fargate, cluster.Spot, a pool or cluster.Mix, for only a daemon runs on all pools")
	}
	return ps
}

// ProblemsIn names what is wrong with the props in this scope alone.
func (p Props) ProblemsIn(scope constructs.Construct) check.Problems {
	var ps check.Problems
	if len(p.Cluster.Problems()) == 0 {
		ps.In("Cluster", check.Refer(scope, p.Cluster))
	}
	ps.In("Task", p.Task.ProblemsIn(scope))
	if p.Topic != nil {
		ps.In("Topic", check.Refer(scope, p.Topic))
	}
	return ps
}

// watch makes the alarms.
func (j *Job) watch(p Props) {
	var actions *[]any
	if p.Topic != nil {
		actions = &[]any{p.Topic.ARN()}
	}
	add := func(id, description, namespace, metric, dimension string, value *string, statistic string) {
		j.Alarms = append(j.Alarms, awscloudwatch.NewCfnAlarm(j, &id, &awscloudwatch.CfnAlarmProps{
			AlarmDescription: &description, AlarmActions: actions, Namespace: &namespace, MetricName: &metric, Statistic: &statistic,
			Dimensions: []*awscloudwatch.CfnAlarm_DimensionProperty{{Name: &dimension, Value: value}},
			Period:     jsii.Number(60), EvaluationPeriods: jsii.Number(1), Threshold: jsii.Number(0),
			ComparisonOperator: jsii.String("GreaterThanThreshold"), TreatMissingData: jsii.String("notBreaching"),
		}))
	}
	machine := j.Machine.Ref()
	add("Failed", "The job has failed", "AWS/States", "ExecutionsFailed", "StateMachineArn", machine, "Sum")
	add("TimedOut", "The job has taken too long", "AWS/States", "ExecutionsTimedOut", "StateMachineArn", machine, "Sum")
	if j.DeadLetters != nil {
		add("NotStarted", "The job could not be started", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", j.DeadLetters.AttrQueueName(), "Maximum")
	}
}

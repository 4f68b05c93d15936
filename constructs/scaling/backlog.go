package scaling

import (
	"math"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// Backlog holds the number of messages of an SQS queue for each task at Latency / MessageTime, so that the last of them is done
// within Latency. Messages that tasks have received and not yet deleted count too: who is at work is not idle. It takes Container Insights
// in the cluster, which tells the number of tasks.
//
// From zero tasks, with ToZero, the first message starts a task within two minutes or so. But the metrics of a queue that nobody has
// sent to or received from for six hours stop, and may take a quarter of an hour to come back.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-monitoring-using-cloudwatch.html
type Backlog struct {
	// Queue is the name of the queue. Required.
	Queue *string
	// Latency is how long a message may take from when it is sent until it is done, at least MessageTime. Required.
	Latency time.Duration
	// MessageTime is how long a task has for one message on average: for one that works on several at once, a part of the time that
	// a message takes. Required.
	MessageTime time.Duration
}

const backlogPage = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html"

// Problems names a missing queue and times that leave no backlog to hold.
func (b Backlog) Problems() check.Problems {
	var ps check.Problems
	if b.Queue == nil || *b.Queue == "" {
		ps.Add("Queue", nil, "must be set, to the name of the queue")
	}
	if b.MessageTime <= 0 {
		ps.Add("MessageTime", b.MessageTime, "must be positive: the average time of a task for one message").See(backlogPage)
	}
	if b.Latency < b.MessageTime || b.Latency <= 0 {
		ps.Add("Latency", b.Latency, "must be at least MessageTime (%v), which a message takes in any case", b.MessageTime).See(backlogPage)
	}
	return ps
}

// target is the number of messages for each task, to three decimals.
func (b Backlog) target() float64 {
	return math.Round(float64(b.Latency)/float64(b.MessageTime)*1000) / 1000
}

// metric is the number of messages for each task. Of Container Insights it takes the number of tasks that there should be, rather than
// of those that run: tasks that are still starting would be ordered once more every minute. Where there is no task nothing is divided
// by their number. A message that waits then counts for slightly more than the target, which is for target tracking to start one
// task, and none for nothing. The expression has a value whenever the queue has, for without a value nothing scales; a number of
// tasks that is late is taken to be the last known.
func (b Backlog) metric(p Props) configuration {
	target := strconv.FormatFloat(b.target(), 'f', -1, 64)
	return customized([]query{
		b.messages("visible", "ApproximateNumberOfMessagesVisible"),
		b.messages("received", "ApproximateNumberOfMessagesNotVisible"),
		p.tasks("tasks"),
		{id: "count", expression: lastOr0("tasks")},
		{id: "backlog", expression: "IF(count<1,IF(visible>0," + target + "*1.1,0),(visible+received)/IF(count<1,1,count))"},
	})
}

func (b Backlog) messages(id, name string) query {
	return query{id: id, namespace: "AWS/SQS", name: name, statistic: "Maximum", dimensions: []dimension{{"QueueName", b.Queue}}}
}

func (p Props) tasks(id string) query {
	return query{
		id: id, namespace: "ECS/ContainerInsights", name: "DesiredTaskCount", statistic: "Average",
		dimensions: []dimension{{"ClusterName", p.Cluster}, {"ServiceName", p.Service}},
	}
}

// wakeCooldown is how long the number of tasks in the metric may be behind: no second task is started in this time for
// the message that started the first.
const wakeCooldown = 5 * time.Minute

// wake starts the first task one minute after a message has come. Target tracking does it too, but waits for three minutes.
func (s *Scaling) wake(p Props) {
	policy := s.policy("Wake", "StepScaling", awsapplicationautoscaling.CfnScalingPolicyProps{
		StepScalingPolicyConfiguration: &awsapplicationautoscaling.CfnScalingPolicy_StepScalingPolicyConfigurationProperty{
			AdjustmentType: jsii.String("ChangeInCapacity"), MetricAggregationType: jsii.String("Maximum"),
			Cooldown: jsii.Number(wakeCooldown.Seconds()),
			StepAdjustments: []*awsapplicationautoscaling.CfnScalingPolicy_StepAdjustmentProperty{
				{MetricIntervalLowerBound: jsii.Number(0), ScalingAdjustment: jsii.Number(1)},
			},
		},
	})
	s.alarm("WakeAlarm", alarm{
		queries: []query{
			p.Backlog.messages("visible", "ApproximateNumberOfMessagesVisible"),
			p.tasks("tasks"),
			{id: "waiting", expression: "IF(" + lastOr0("tasks") + "<1,visible,0)"},
		},
		period: time.Minute, datapoints: 1, threshold: 0, comparison: "GreaterThanThreshold", policy: policy,
		description: "Messages wait, and no task runs.",
	})
}

// alarm is what invokes a step scaling policy.
type alarm struct {
	queries     []query
	period      time.Duration
	datapoints  int
	threshold   float64
	comparison  string
	policy      awsapplicationautoscaling.CfnScalingPolicy
	description string
}

func (s *Scaling) alarm(id string, a alarm) {
	var metrics []*awscloudwatch.CfnAlarm_MetricDataQueryProperty
	for i, q := range a.queries {
		rendered := &awscloudwatch.CfnAlarm_MetricDataQueryProperty{Id: &q.id, ReturnData: jsii.Bool(i == len(a.queries)-1)}
		if q.expression != "" {
			rendered.Expression = &q.expression
		} else {
			rendered.MetricStat = q.alarmStat(a.period)
		}
		metrics = append(metrics, rendered)
	}
	awscloudwatch.NewCfnAlarm(s, &id, &awscloudwatch.CfnAlarmProps{
		AlarmDescription: &a.description, Metrics: metrics, Threshold: &a.threshold, ComparisonOperator: &a.comparison,
		EvaluationPeriods: jsii.Number(float64(a.datapoints)), TreatMissingData: jsii.String("notBreaching"),
		AlarmActions: &[]any{a.policy.Ref()},
	})
}

func (q query) alarmStat(period time.Duration) *awscloudwatch.CfnAlarm_MetricStatProperty {
	var dimensions []*awscloudwatch.CfnAlarm_DimensionProperty
	for _, d := range q.dimensions {
		dimensions = append(dimensions, &awscloudwatch.CfnAlarm_DimensionProperty{Name: &d.name, Value: d.value})
	}
	return &awscloudwatch.CfnAlarm_MetricStatProperty{
		Metric: &awscloudwatch.CfnAlarm_MetricProperty{Namespace: &q.namespace, MetricName: &q.name, Dimensions: dimensions},
		Period: jsii.Number(period.Seconds()), Stat: &q.statistic,
	}
}

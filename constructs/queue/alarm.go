package queue

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
)

// watch makes the alarms: one on messages that wait for longer than they should, for three minutes, and one on any message that nobody
// could work on.
func (q *Queue) watch(p Props) {
	if !check.IsNil(p.AlarmTopic) {
		crossstack.ShareGiven(p.AlarmTopic)
	}
	q.alarm(p, "OldMessages", q.Queue, "ApproximateAgeOfOldestMessage", p.MaxAge.Seconds(), 3,
		"The oldest message waits for longer than it should: there are too few workers, or they fail.")
	q.alarm(p, "DeadMessages", q.DeadLetters, "ApproximateNumberOfMessagesVisible", 0, 1,
		"A message was received too often without being deleted. Look at it in the dead-letter queue, and send it back when its cause is gone.")
}

func (q *Queue) alarm(p Props, id string, of awssqs.Queue, metric string, threshold float64, minutes int, description string) {
	props := &awscloudwatch.CfnAlarmProps{
		AlarmDescription: &description, Namespace: jsii.String("AWS/SQS"), MetricName: &metric, Statistic: jsii.String("Maximum"),
		Dimensions: []*awscloudwatch.CfnAlarm_DimensionProperty{{Name: jsii.String("QueueName"), Value: of.QueueName()}},
		Period:     jsii.Number(60), EvaluationPeriods: jsii.Number(float64(minutes)), Threshold: &threshold,
		ComparisonOperator: jsii.String("GreaterThanThreshold"), TreatMissingData: jsii.String("notBreaching"),
	}
	if !check.IsNil(p.AlarmTopic) {
		props.AlarmActions, props.OkActions = &[]any{p.AlarmTopic.TopicArn()}, &[]any{p.AlarmTopic.TopicArn()}
	}
	awscloudwatch.NewCfnAlarm(q, &id, props)
}

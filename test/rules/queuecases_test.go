package rules_test

// Paths that many changes around queues have in common.
const (
	waiting    = "Waiting.Properties"
	queueRule  = "WaitingPolicy.Properties.PolicyDocument.Statement[0]"
	tracked    = "Tracking.Properties.TargetTrackingScalingPolicyConfiguration"
	subscribes = "queue-subscription Subscription Properties.Endpoint"
	noMessages = "dead-letter-queue Waiting Properties.RedrivePolicy.deadLetterTargetArn"
)

// queued is a service that works on what a topic sends to its queue, and has no tasks while there is nothing.
var queued = []edit{
	{"Waiting", `{"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 120, "MessageRetentionPeriod": 345600,
		"RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 3}}}`},
	{"Dead", `{"Type": "AWS::SQS::Queue", "Properties": {"MessageRetentionPeriod": 1209600}}`},
	{"Topic", `{"Type": "AWS::SNS::Topic"}`},
	{"Subscription", `{"Type": "AWS::SNS::Subscription", "Properties": {"Protocol": "sqs", "TopicArn": {"Ref": "Topic"}, "Endpoint": {"Fn::GetAtt": ["Waiting", "Arn"]}}}`},
	{"WaitingPolicy", `{"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Waiting"}], "PolicyDocument": {"Statement": [
		{"Effect": "Allow", "Action": "sqs:SendMessage", "Principal": {"Service": "sns.amazonaws.com"}, "Resource": "*",
			"Condition": {"ArnEquals": {"aws:SourceArn": {"Ref": "Topic"}}}}]}}}`},
	{"TaskPolicy.Properties.PolicyDocument.Statement[1]", `{"Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": {"Fn::GetAtt": ["Waiting", "Arn"]}}`},
	{app + ".StopTimeout", "120"},
	{"Scaling.Properties.MinCapacity", "0"},
	{"Tracking", `{"Type": "AWS::ApplicationAutoScaling::ScalingPolicy", "Properties": {"PolicyName": "a", "PolicyType": "TargetTrackingScaling", "ScalingTargetId": {"Ref": "Scaling"},
		"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 10, "CustomizedMetricSpecification": {"Metrics": [
			{"Id": "visible", "MetricStat": {"Stat": "Maximum", "Metric": {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible"}}},
			{"Id": "tasks", "MetricStat": {"Stat": "Average", "Metric": {"Namespace": "ECS/ContainerInsights", "MetricName": "RunningTaskCount"}}},
			{"Id": "backlog", "Expression": "IF(FILL(tasks,0)<1,visible*11,visible/tasks)"}]}}}}`},
}

// ordered makes the queues and the topic those of FIFO.
var ordered = []edit{
	{waiting + ".FifoQueue", "true"}, {"Dead.Properties.FifoQueue", "true"}, {"Topic.Properties", `{"FifoTopic": true}`},
}

// keyed encrypts the queue under a key that the topic may use.
var keyed = []edit{
	{"QueueKey", `{"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [
		{"Effect": "Allow", "Action": "kms:*", "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}, "Resource": "*"},
		{"Effect": "Allow", "Action": "kms:GenerateDataKey", "Principal": {"Service": "sns.amazonaws.com"}, "Resource": "*"}]}}}`},
	{waiting + ".KmsMasterKeyId", `{"Fn::GetAtt": ["QueueKey", "Arn"]}`},
}

var queueBreakages = []change{
	{
		"first-task", "divided by the tasks that run",
		and(queued, edit{tracked + ".CustomizedMetricSpecification.Metrics[2].Expression", `"visible/tasks"`}),
		[]string{"first-task Tracking Properties.TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Metrics[2].Expression"},
		"has no value where there are none",
	},
	{
		"first-task", "divided by a number that is filled with zero",
		and(queued, edit{tracked + ".CustomizedMetricSpecification.Metrics[2].Expression", `"visible / FILL(tasks, 0)"`}),
		[]string{"first-task Tracking Properties.TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Metrics[2].Expression"},
		"FILL(tasks,0)<1",
	},
	{
		"first-task", "scaled by CPU",
		and(queued, edit{tracked, `{"TargetValue": 60, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}`}),
		[]string{"first-task Scaling Properties.MinCapacity"}, "none would ever start",
	},
	{
		"first-task", "scaled by CPU, by the id of the service",
		and(queued, edit{tracked, `{"TargetValue": 60, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}`},
			edit{"Tracking.Properties.ScalingTargetId", ""}, edit{
				"Tracking.Properties.ResourceId", `{"Fn::Join": ["/", ["service", {"Ref": "Cluster"}, {"Fn::GetAtt": ["Service", "Name"]}]]}`,
			}),
		[]string{"first-task Scaling Properties.MinCapacity"}, "none would ever start",
	},
	{
		"queue-subscription", "no policy",
		and(queued, edit{"WaitingPolicy", ""}),
		[]string{subscribes}, "messages are dropped",
	},
	{
		"queue-subscription", "policy of another queue",
		and(queued, edit{waiting + ".Tags", "[]"}, edit{"WaitingPolicy.Properties.Queues[0]", `{"Ref": "Dead"}`}),
		[]string{subscribes}, "allow sqs:SendMessage",
	},
	{
		"queue-subscription", "policy for another topic",
		and(queued, edit{queueRule + ".Condition.ArnEquals", `{"aws:SourceArn": ["arn:aws:sns:eu-west-1:111122223333:other"]}`}, edit{
			"Subscription.Properties.TopicArn", `"arn:aws:sns:eu-west-1:111122223333:orders"`,
		}),
		[]string{subscribes}, "aws:SourceArn",
	},
	{
		"queue-subscription", "policy for another service",
		and(queued, edit{queueRule + ".Principal", `{"Service": "events.amazonaws.com"}`}),
		[]string{subscribes}, "sns.amazonaws.com",
	},
	{
		"queue-subscription", "policy for receivers",
		and(queued, edit{queueRule + ".Action", `"sqs:ReceiveMessage"`}),
		[]string{subscribes}, "sqs:SendMessage",
	},
	{
		"queue-subscription", "policy that denies",
		and(queued, edit{queueRule + ".Effect", `"Deny"`}),
		[]string{subscribes}, "lets the topic send",
	},
	{
		"queue-subscription", "topic without order",
		and(and(queued, ordered...), edit{"Topic.Properties", ""}),
		[]string{"queue-subscription Subscription Properties.TopicArn"}, "FifoTopic",
	},
	{
		"queue-subscription", "key that AWS manages",
		and(queued, edit{waiting + ".KmsMasterKeyId", `"alias/aws/sqs"`}),
		[]string{"queue-subscription Waiting Properties.KmsMasterKeyId"}, "take a key of your own",
	},
	{
		"queue-subscription", "key that the topic may not use",
		and(and(queued, keyed...), edit{"QueueKey.Properties.KeyPolicy.Statement[1].Principal.Service", `"sqs.amazonaws.com"`}),
		[]string{"queue-subscription Waiting Properties.KmsMasterKeyId"}, "kms:GenerateDataKey",
	},
	{
		"visibility-timeout", "shorter than a stop",
		and(queued, edit{waiting + ".VisibilityTimeout", "119"}),
		[]string{"visibility-timeout Waiting Properties.VisibilityTimeout"}, "for 120 s at least",
	},
	{
		"visibility-timeout", "shorter than a stop, by default",
		and(queued, edit{waiting + ".VisibilityTimeout", ""}, edit{app + ".StopTimeout", "31"}),
		[]string{"visibility-timeout Waiting Properties.VisibilityTimeout"}, "hidden for 30 s",
	},
	{
		"visibility-timeout", "shorter than a stop by default",
		and(queued, edit{waiting + ".VisibilityTimeout", "29"}, edit{app + ".StopTimeout", ""}),
		[]string{"visibility-timeout Waiting Properties.VisibilityTimeout"}, "for 30 s after",
	},
	{
		"dead-letter-queue", "itself",
		and(queued, edit{waiting + ".RedrivePolicy.deadLetterTargetArn", `{"Fn::GetAtt": ["Waiting", "Arn"]}`}),
		[]string{noMessages}, "another queue",
	},
	{
		"dead-letter-queue", "of another type",
		and(queued, edit{"Dead.Properties.FifoQueue", "true"}),
		[]string{noMessages}, "the same type",
	},
	{
		"dead-letter-queue", "kept for less",
		and(queued, edit{"Dead.Properties.MessageRetentionPeriod", "345599"}),
		[]string{"dead-letter-queue Dead Properties.MessageRetentionPeriod"}, "gone at once",
	},
	{
		"dead-letter-queue", "kept for less by default",
		and(queued, edit{"Dead.Properties.MessageRetentionPeriod", ""}, edit{waiting + ".MessageRetentionPeriod", "345601"}),
		[]string{"dead-letter-queue Dead Properties.MessageRetentionPeriod"}, "for 345600 s from",
	},
}

var queueNearMisses = []change{
	{rule: "first-task", name: "healthy", edits: queued},
	{rule: "first-task", name: "one task stays", edits: and(queued, edit{"Scaling.Properties.MinCapacity", "1"}, edit{
		tracked, `{"TargetValue": 60, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}`,
	})},
	{rule: "first-task", name: "woken by an alarm", edits: and(queued, edit{
		tracked, `{"TargetValue": 60, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}`,
	}, edit{"Step", `{"Type": "AWS::ApplicationAutoScaling::ScalingPolicy", "Properties": {"PolicyType": "StepScaling", "ScalingTargetId": {"Ref": "Scaling"}}}`})},
	{rule: "first-task", name: "divided by something else", edits: and(queued, edit{
		tracked + ".CustomizedMetricSpecification.Metrics[2].Expression", `"visible/10"`,
	})},
	{rule: "first-task", name: "not known", edits: and(queued, edit{"Scaling.Properties.MinCapacity", parameter}, edit{
		tracked, `{"TargetValue": 60, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}`,
	})},
	{rule: "queue-subscription", name: "in order", edits: and(queued, ordered...)},
	{rule: "queue-subscription", name: "under a key", edits: and(queued, keyed...)},
	{rule: "queue-subscription", name: "under any key", edits: and(queued, edit{waiting + ".KmsMasterKeyId", parameter})},
	{rule: "queue-subscription", name: "everyone", edits: and(queued, edit{queueRule + ".Principal", `"*"`}, edit{queueRule + ".Action", `["SQS:*"]`})},
	{rule: "queue-subscription", name: "every account", edits: and(queued, edit{queueRule + ".Principal", `{"AWS": "*"}`}, edit{
		queueRule + ".Condition", `{"ArnLike": {"AWS:SourceArn": "arn:aws:sns:*:*:*"}}`,
	})},
	{rule: "queue-subscription", name: "no condition", edits: and(queued, edit{queueRule + ".Condition", ""})},
	{rule: "queue-subscription", name: "another protocol", edits: and(queued, edit{"WaitingPolicy", ""}, edit{"Subscription.Properties.Protocol", `"lambda"`})},
	{rule: "queue-subscription", name: "another queue", edits: and(queued, edit{"WaitingPolicy", ""}, edit{
		"Subscription.Properties.Endpoint", `"arn:aws:sqs:eu-west-1:111122223333:other"`,
	})},
	{rule: "visibility-timeout", name: "not known", edits: and(queued, edit{waiting + ".VisibilityTimeout", parameter})},
	{rule: "visibility-timeout", name: "senders", edits: and(queued, edit{waiting + ".VisibilityTimeout", "1"}, edit{
		"TaskPolicy.Properties.PolicyDocument.Statement[1].Action", `"sqs:SendMessage"`,
	})},
	{rule: "dead-letter-queue", name: "in order, kept for less", edits: and(and(queued, ordered...), edit{"Dead.Properties.MessageRetentionPeriod", "60"})},
}

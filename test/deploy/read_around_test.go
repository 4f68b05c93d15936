package deploy

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

var otherKinds = map[string]kind{
	"AWS::Logs::LogGroup":              {read: readLogGroup},
	"AWS::CloudWatch::Alarm":           {read: readAlarm},
	"AWS::SQS::Queue":                  {read: readQueue},
	"AWS::SQS::QueuePolicy":            {read: readQueuePolicy},
	"AWS::SNS::Topic":                  {read: readTopic},
	"AWS::SNS::TopicPolicy":            {read: readTopicPolicy},
	"AWS::SNS::Subscription":           {read: readSubscription},
	"AWS::S3::Bucket":                  {read: readBucket},
	"AWS::S3::BucketPolicy":            {read: readBucketPolicy},
	"AWS::DynamoDB::Table":             {read: readTable},
	"AWS::Lambda::Function":            {read: readFunction},
	"AWS::Lambda::EventInvokeConfig":   {read: readInvokeConfig},
	"AWS::Events::Rule":                {read: readEventRule},
	"AWS::Scheduler::Schedule":         {read: readSchedule},
	"AWS::StepFunctions::StateMachine": {read: readMachine, names: map[string]string{"DefinitionString": "Definition"}},
}

func readLogGroup(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &r.id})
	if err != nil {
		return nil, err
	}
	for _, group := range out.LogGroups {
		if aws.ToString(group.LogGroupName) == r.id {
			return tree(group), nil
		}
	}
	return nil, nil
}

func readAlarm(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.alarms.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{r.id}})
	if err != nil {
		return nil, err
	}
	return first(out.MetricAlarms), nil
}

func (a *account) queueAttributes(ctx context.Context, queue string) (map[string]string, error) {
	out, err := a.sqs.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &queue, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll},
	})
	if err != nil {
		return nil, err
	}
	return out.Attributes, nil
}

func readQueue(ctx context.Context, c *account, r resource) (any, error) {
	attributes, err := c.queueAttributes(ctx, r.id)
	return tree(attributes), err
}

// readQueuePolicy reads the policy of the one queue that it is for.
func readQueuePolicy(ctx context.Context, c *account, r resource) (any, error) {
	attributes, err := c.queueAttributes(ctx, r.list("Queues")[0])
	if err != nil {
		return nil, err
	}
	return object{"Queues": tree(r.list("Queues")[:1]), "PolicyDocument": attributes["Policy"]}, nil
}

func readTopic(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.sns.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &r.id})
	if err != nil {
		return nil, err
	}
	return tree(out.Attributes), nil
}

// readTopicPolicy reads the policy of the one topic that it is for.
func readTopicPolicy(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.sns.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &r.list("Topics")[0]})
	if err != nil {
		return nil, err
	}
	return object{"Topics": tree(r.list("Topics")[:1]), "PolicyDocument": out.Attributes["Policy"]}, nil
}

func readSubscription(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.sns.GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: &r.id})
	if err != nil {
		return nil, err
	}
	return tree(out.Attributes), nil
}

// readBucket asks for what the template says something of, each of which is an operation of its own.
func readBucket(ctx context.Context, c *account, r resource) (any, error) {
	if _, err := c.s3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &r.id}); err != nil {
		return nil, err
	}
	bucket := object{}
	for property, ask := range bucketParts {
		if r.want[property] == nil {
			continue
		}
		part, err := ask(ctx, c.s3, &r.id)
		if err != nil {
			if not, err := none(err); !not {
				return nil, err
			}
			continue
		}
		bucket[property] = part
	}
	return tree(bucket), nil
}

var bucketParts = map[string]func(ctx context.Context, c *s3.Client, bucket *string) (any, error){
	"BucketEncryption": func(ctx context.Context, c *s3.Client, bucket *string) (any, error) {
		out, err := c.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: bucket})
		if err != nil {
			return nil, err
		}
		var rules []any
		for _, rule := range out.ServerSideEncryptionConfiguration.Rules {
			rules = append(rules, with(rule, object{"ServerSideEncryptionByDefault": rule.ApplyServerSideEncryptionByDefault}))
		}
		return object{"ServerSideEncryptionConfiguration": rules}, nil
	},
	"PublicAccessBlockConfiguration": func(ctx context.Context, c *s3.Client, bucket *string) (any, error) {
		out, err := c.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: bucket})
		if err != nil {
			return nil, err
		}
		return out.PublicAccessBlockConfiguration, nil
	},
	"LifecycleConfiguration": func(ctx context.Context, c *s3.Client, bucket *string) (any, error) {
		out, err := c.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: bucket})
		if err != nil {
			return nil, err
		}
		var rules []any
		for _, rule := range out.Rules {
			more := object{}
			if rule.Expiration != nil {
				more["ExpirationInDays"] = rule.Expiration.Days
			}
			rules = append(rules, with(rule, more))
		}
		return object{"Rules": rules}, nil
	},
	"VersioningConfiguration": func(ctx context.Context, c *s3.Client, bucket *string) (any, error) {
		out, err := c.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: bucket})
		if err != nil {
			return nil, err
		}
		return object{"Status": out.Status}, nil
	},
	"NotificationConfiguration": func(ctx context.Context, c *s3.Client, bucket *string) (any, error) {
		out, err := c.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: bucket})
		if err != nil {
			return nil, err
		}
		return object{"EventBridgeConfiguration": object{"EventBridgeEnabled": out.EventBridgeConfiguration != nil}}, nil
	},
}

func readBucketPolicy(ctx context.Context, c *account, r resource) (any, error) {
	bucket := r.text("Bucket")
	out, err := c.s3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket})
	if err != nil {
		return nil, err
	}
	return object{"Bucket": bucket, "PolicyDocument": aws.ToString(out.Policy)}, nil
}

func readTable(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.tables.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &r.id})
	if err != nil {
		return nil, err
	}
	more := object{}
	if out.Table.BillingModeSummary != nil {
		more["BillingMode"] = out.Table.BillingModeSummary.BillingMode
	}
	if s := out.Table.SSEDescription; s != nil {
		more["SSESpecification"] = object{"SSEEnabled": s.Status == "ENABLED"}
	}
	if r.want["PointInTimeRecoverySpecification"] != nil {
		backups, err := c.tables.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &r.id})
		if err != nil {
			return nil, err
		}
		recovery := backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription
		more["PointInTimeRecoverySpecification"] = object{"PointInTimeRecoveryEnabled": recovery.PointInTimeRecoveryStatus == "ENABLED"}
	}
	return with(out.Table, more), nil
}

func readFunction(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &r.id})
	if err != nil {
		return nil, err
	}
	return tree(out), nil
}

func readInvokeConfig(ctx context.Context, c *account, r resource) (any, error) {
	function, qualifier := r.text("FunctionName"), r.text("Qualifier")
	out, err := c.lambda.GetFunctionEventInvokeConfig(ctx, &lambda.GetFunctionEventInvokeConfigInput{FunctionName: &function, Qualifier: &qualifier})
	if err != nil {
		return nil, err
	}
	return with(out, object{"FunctionName": function, "Qualifier": qualifier}), nil
}

func readEventRule(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.events.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: &r.id})
	if err != nil {
		return nil, err
	}
	targets, err := c.events.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: &r.id})
	if err != nil {
		return nil, err
	}
	return with(out, object{"Targets": targets.Targets}), nil
}

func readSchedule(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.scheduler.GetSchedule(ctx, &scheduler.GetScheduleInput{Name: &r.id})
	if err != nil {
		return nil, err
	}
	return tree(out), nil
}

func readMachine(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.machines.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &r.id})
	if err != nil {
		return nil, err
	}
	return tree(out), nil
}

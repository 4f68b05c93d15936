package queue

import (
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
)

// Subscription brings the messages of an SNS topic to a queue.
type Subscription struct {
	// Topic is a topic of the queue's account and region: a FIFO topic for a FIFO queue, any for a standard one. Required.
	Topic awssns.ITopic
	// Filter is a filter policy of SNS, such as {"kind": ["image"]}: at most five attributes. Zero: all messages come.
	// https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
	Filter map[string]any
	// FilterBody has Filter look into the body of messages, which is JSON. Zero: at their attributes.
	FilterBody bool
	// Wrapped delivers messages inside the JSON of SNS. Zero: as they were published.
	Wrapped bool
}

const topicPrincipal = "sns.amazonaws.com"

// subscribe makes the subscriptions in the queue's own stack, and admits these topics to the queue and to its key. By the condition no
// other topic is admitted; to the key it is any of the account, for the key's stack would else refer to that of the topics.
func (q *Queue) subscribe(p Props) {
	if len(p.Topics) == 0 {
		return
	}
	var arns []*string
	for _, s := range p.Topics {
		crossstack.ShareGiven(s.Topic)
		arns = append(arns, s.Topic.TopicArn())
	}
	admitted := q.Queue.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String("Topics"), Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(topicPrincipal), nil)},
		Actions: jsii.Strings("sqs:SendMessage"), Resources: &[]*string{q.Queue.QueueArn()},
		Conditions: &map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": arns}},
	}))
	for i, s := range p.Topics {
		id := "Topic"
		if i > 0 {
			id += strconv.Itoa(i + 1)
		}
		// What a topic sends before it is admitted is lost.
		awssns.NewCfnSubscription(q, &id, s.props(q)).Node().AddDependency(admitted.PolicyDependable)
	}
	if !check.IsNil(p.Key) {
		p.Key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(topicPrincipal), nil)},
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey"), Resources: jsii.Strings("*"),
			Conditions: &map[string]any{"ArnLike": map[string]any{"aws:SourceArn": check.EnvOf(q).ARN("sns", "*")}},
		}), jsii.Bool(true))
	}
}

func (s Subscription) props(q *Queue) *awssns.CfnSubscriptionProps {
	props := &awssns.CfnSubscriptionProps{
		TopicArn: s.Topic.TopicArn(), Protocol: jsii.String("sqs"), Endpoint: q.Queue.QueueArn(), RawMessageDelivery: jsii.Bool(!s.Wrapped),
	}
	if s.Filter != nil {
		props.FilterPolicy, props.FilterPolicyScope = s.Filter, jsii.String("MessageAttributes")
		if s.FilterBody {
			props.FilterPolicyScope = jsii.String("MessageBody")
		}
	}
	return props
}

package alarm

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// TopicProps says who is told of alarms.
type TopicProps struct {
	// Emails are addresses that get a message for each alarm, once they have confirmed that they want to. Zero: none; subscribe
	// to the topic in other ways.
	Emails []string
}

// Topic is an SNS topic that alarms are published to, under a customer-managed key: alarms cannot publish to one under the
// key that AWS manages. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
type Topic struct {
	constructs.Construct
	// Topic is the topic itself, an L1 construct of the CDK.
	Topic awssns.CfnTopic
	// Key is what messages are encrypted under, an L2 construct of the CDK.
	Key awskms.Key

	arn *string
}

// publisher is the service that tells of alarms.
const publisher = "cloudwatch.amazonaws.com"

// Problems names addresses that are none.
func (p TopicProps) Problems() check.Problems {
	var ps check.Problems
	for i, email := range p.Emails {
		field := fmt.Sprintf("Emails[%d]", i)
		if check.IsToken(email) {
			ps.Add(field, nil, "must not be a token, for each address has a subscription of its own: subscribe it to Topic yourself")
		} else if slices.Contains(p.Emails[:i], email) {
			ps.Add(field, email, "must be in the list once")
		}
		if name, host, _ := strings.Cut(email, "@"); !check.IsToken(email) && (name == "" || !strings.Contains(host, ".") || strings.ContainsAny(email, " \t\n")) {
			ps.Add(field, email, "must be an address, such as ops@example.com")
		}
	}
	return ps
}

// NewTopic makes the topic, with the children "Key", "Topic", "Policy" and a subscription for each address. It panics with a
// *[check.Error] if props have problems.
func NewTopic(scope constructs.Construct, id string, props TopicProps) *Topic {
	check.Must(scope, id, props.Problems())
	t := &Topic{}
	check.Construct(t, scope, id)
	place := strings.TrimSuffix(check.Place(t, ""), "/")
	account := map[string]any{"StringEquals": map[string]string{"aws:SourceAccount": check.EnvOf(t).Account}}
	t.Key = awskms.NewKey(t, jsii.String("Key"), &awskms.KeyProps{
		Alias: jsii.String("alias/" + names.Family(place)), EnableKeyRotation: jsii.Bool(true),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY, // nothing is kept under it
		Policy:        keyPolicy(rights.Root(t), account),
	})
	t.Topic = awssns.NewCfnTopic(t, jsii.String("Topic"), &awssns.CfnTopicProps{KmsMasterKeyId: t.Key.KeyArn()})
	t.arn = t.Topic.Ref()
	crossstack.Share(t.Topic)
	awssns.NewCfnTopicPolicy(t, jsii.String("Policy"), &awssns.CfnTopicPolicyProps{
		Topics: &[]*string{t.arn}, PolicyDocument: t.policy(account),
	})
	for _, email := range props.Emails {
		awssns.NewCfnSubscription(t, jsii.String(names.Key("Email", email)), &awssns.CfnSubscriptionProps{
			TopicArn: t.arn, Protocol: jsii.String("email"), Endpoint: &email,
		})
	}
	return t
}

// keyPolicy lets IAM of the account give rights to the key, and alarms encrypt what they publish.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
func keyPolicy(root string, account map[string]any) awsiam.PolicyDocument {
	return awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &[]awsiam.PolicyStatement{
		awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{awsiam.NewArnPrincipal(&root)}, Actions: jsii.Strings("kms:*"), Resources: jsii.Strings("*"),
		}),
		awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(publisher), nil)},
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"), Resources: jsii.Strings("*"), Conditions: &account,
		}),
	}})
}

// policy lets alarms of the account publish, and the account itself, whose IAM says who may; nobody without TLS.
func (t *Topic) policy(account map[string]any) map[string]any {
	return map[string]any{"Version": "2012-10-17", "Statement": []map[string]any{
		{"Effect": "Allow", "Principal": map[string]any{"Service": publisher}, "Action": "sns:Publish", "Resource": t.arn, "Condition": account},
		{"Effect": "Allow", "Principal": map[string]any{"AWS": rights.Root(t)}, "Action": "sns:Publish", "Resource": t.arn},
		{
			"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": t.arn,
			"Condition": map[string]any{"Bool": map[string]string{"aws:SecureTransport": "false"}},
		},
	}}
}

// ImportTopic returns a topic of another app, for alarms to be published to, whose policies let them. Its Topic and Key are nil.
func ImportTopic(arn string) *Topic { return &Topic{arn: &arn} }

// Problems names a topic that neither [NewTopic] nor [ImportTopic] has made, or that was imported by what is no ARN of one.
func (t *Topic) Problems() check.Problems {
	var ps check.Problems
	if t == nil || t.arn == nil {
		ps.Add("", nil, "must be set, to one that alarm.NewTopic or alarm.ImportTopic made")
	} else if !check.IsToken(*t.arn) && !topicARN.MatchString(*t.arn) {
		ps.Add("", *t.arn, "must be imported by the ARN of a standard topic, arn:<partition>:sns:<region>:<account>:<name>")
	}
	return ps
}

var topicARN = regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$`)

// ARN returns the ARN of the topic, for other things to publish to.
func (t *Topic) ARN() *string { return t.arn }

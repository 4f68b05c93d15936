package validator

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/test/nag"
	"github.com/ecskit/ecskit/test/snapshot"
)

// Ids of rules of cdk-nag.
const (
	nagBucketLogs    = "AwsSolutions-S1"
	nagBucketTLS     = "AwsSolutions-S10"
	nagBalancerLogs  = "AwsSolutions-ELB2"
	nagManagedPolicy = "AwsSolutions-IAM4"
	nagWildcard      = "AwsSolutions-IAM5"
	nagInsights      = "AwsSolutions-ECS4"
	nagFlowLog       = "AwsSolutions-VPC7"
	nagKeyRotation   = "AwsSolutions-KMS5"
	nagRotation      = "AwsSolutions-SMG4"
	nagTopicTLS      = "AwsSolutions-SNS3"
	nagDeadLetters   = "AwsSolutions-SQS3"
	nagQueueTLS      = "AwsSolutions-SQS4"
)

// What cdk-nag names.
const (
	logsPolicy    = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
	networkPolicy = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
)

// Reasons that several exceptions have.
const (
	bucketOfTheApp = "who reads such a bucket is what CloudTrail tells, by data events, which are for the account to turn on"
	roleOfTheCDK   = "the CDK gives this policy to every function in a VPC: to write its logs and have an address, nothing else"
	grantOfTheCDK  = "the grant of the CDK on one bucket, as it comes: everything of its kind, in that bucket alone"
	optedOut       = "the case opts out of it, which is what it is there to show"
	ofTheCase      = "the case makes it only to have one"
)

// reads are the findings of the CDK's grant to read a bucket.
func reads(bucket string) []string {
	return []string{"Action::s3:GetBucket*", "Action::s3:GetObject*", "Action::s3:List*", "Resource::<" + bucket + ".Arn>/*"}
}

// nagExceptions are the findings in what the examples and the cases make or ask for themselves. What the library makes of its
// own accord has its exceptions in package nag.
var nagExceptions = []nag.Except{
	{Path: "Fleet/Bucket/Resource", Rule: nagBucketLogs, Reason: bucketOfTheApp},
	{Path: "Fleet/Documents/Service/Task/Role/DefaultPolicy/Resource", Rule: nagWildcard, Findings: reads("Bucket83908E77"), Reason: grantOfTheCDK},
	{Path: "Jobs/Images/Resource", Rule: nagBucketLogs, Reason: bucketOfTheApp},
	{Path: "Jobs/Import/Job/Task/Role/DefaultPolicy/Resource", Rule: nagWildcard, Findings: reads("Images2D38C313"), Reason: grantOfTheCDK},
	{Path: "Jobs/ImportAgain/Job/Task/Role/DefaultPolicy/Resource", Rule: nagWildcard, Findings: reads("Images2D38C313"), Reason: grantOfTheCDK},
	{Path: "Jobs/Report/Job/Task/Role/DefaultPolicy/Resource", Rule: nagWildcard, Findings: reads("Images2D38C313"), Reason: grantOfTheCDK},
	{
		Path: "Jobs/Resize/Service/Task/Role/DefaultPolicy/Resource", Rule: nagWildcard,
		Findings: append(reads("Images2D38C313"), "Action::s3:Abort*", "Action::s3:DeleteObject*"), Reason: grantOfTheCDK,
	},
	{
		Path: "ReleasePlatform/SmokeTest/ServiceRole/Resource", Rule: nagManagedPolicy,
		Findings: []string{logsPolicy, networkPolicy}, Reason: roleOfTheCDK,
	},
	{
		Path: "ReleasePlatform/Validate/ServiceRole/Resource", Rule: nagManagedPolicy,
		Findings: []string{logsPolicy, networkPolicy}, Reason: roleOfTheCDK,
	},

	{Path: "APIs/Plain/LoadBalancer/Resource", Rule: nagBalancerLogs, Reason: optedOut},
	{Path: "Relaxed/Platform/Cluster/Cluster/Resource", Rule: nagInsights, Reason: optedOut},
	{Path: "Relaxed/Platform/Internal/LoadBalancer/Resource", Rule: nagBalancerLogs, Reason: optedOut},
	{Path: "Relaxed/Platform/Network/VPC/Resource", Rule: nagFlowLog, Reason: optedOut},
	{Path: "Relaxed/Platform/Public/LoadBalancer/Resource", Rule: nagBalancerLogs, Reason: optedOut},
	{Path: "Streams/Inside/LoadBalancer", Rule: nagBalancerLogs, Reason: optedOut},
	{Path: "CodeDeployed/Validate/ServiceRole/Resource", Rule: nagManagedPolicy, Findings: []string{logsPolicy}, Reason: ofTheCase},
	{Path: "Sources/Bucket/Resource", Rule: nagBucketLogs, Reason: ofTheCase},
	{Path: "Sources/Bucket/Resource", Rule: nagBucketTLS, Reason: ofTheCase},
	{Path: "Sources/Own/Resource", Rule: nagRotation, Reason: ofTheCase},
	{Path: "WorkersShared/Alarms/Resource", Rule: nagTopicTLS, Reason: ofTheCase},
	{Path: "WorkersShared/Orders/Resource", Rule: nagTopicTLS, Reason: ofTheCase},
	{Path: "WorkersShared/Own/Resource", Rule: nagDeadLetters, Reason: ofTheCase},
	{Path: "WorkersShared/Own/Resource", Rule: nagQueueTLS, Reason: ofTheCase},
	{Path: "WorkersShared/OwnKey/Resource", Rule: nagKeyRotation, Reason: ofTheCase},
	{Path: "WorkersShared/Returns/Resource", Rule: nagTopicTLS, Reason: ofTheCase},
}

// TestNagFinds proves that cdk-nag is on, and that an exception accepts no more than it says.
func TestNagFinds(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Wrong"), nil)
	images := awss3.NewBucket(stack, jsii.String("Images"), nil)
	awss3.NewBucket(stack, jsii.String("Fine"), &awss3.BucketProps{EnforceSSL: jsii.Bool(true), ServerAccessLogsPrefix: jsii.String("logs")})
	images.GrantRead(awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("ecs-tasks.amazonaws.com"), nil),
	}), nil)
	const reader = "Wrong/Reader/DefaultPolicy/Resource"
	recorded := &recorder{TB: t}
	report := nag.Assert(recorded, app,
		nag.Except{Path: "Wrong/Images/Resource", Rule: nagBucketLogs, Reason: "accepted, and needed"},
		nag.Except{Path: "Wrong/Fine/Resource", Rule: nagBucketTLS, Reason: "not needed"},
		nag.Except{Path: "Wrong/Gone/Resource", Rule: nagBucketTLS, Reason: "of nothing that is there"},
		nag.Except{Path: "Wrong", Rule: nagBucketTLS, Reason: "of a whole stack"},
		nag.Except{Path: "Wrong/Images", Rule: nagBucketTLS, Reason: "not of a resource"},
		nag.Except{Path: "Wrong/Images/Resource", Rule: nagBucketTLS},
		nag.Except{Path: reader, Rule: nagWildcard, Reason: "of all that the rule finds"},
		nag.Except{Path: reader, Rule: nagWildcard, Reason: "of some findings", Findings: append(reads("Images9BF4A8F2")[:2:2], "Action::s3:Put*")},
	)
	slices.Sort(recorded.errors)
	want := []string{
		"AwsSolutions-IAM5 at " + reader + " [Action::s3:List* Resource::<",
		"AwsSolutions-IAM5[Action::s3:Put*]: the exception at " + reader,
		"AwsSolutions-S10 at Wrong/Images/Resource []: The S3 Bucket",
		"AwsSolutions-S10: the exception at Wrong/Fine/Resource",
		"the exception from AwsSolutions-IAM5 at " + reader + " accepts whatever",
		"the exception from AwsSolutions-S10 at Wrong/Images/Resource does not say why",
		"the exception from AwsSolutions-S10 is at Wrong, which is no resource",
		"the exception from AwsSolutions-S10 is at Wrong/Gone/Resource, where no construct is",
		"the exception from AwsSolutions-S10 is at Wrong/Images, which is no resource",
	}
	if len(recorded.errors) != len(want) {
		t.Errorf("got %d errors, want %d", len(recorded.errors), len(want))
	}
	for i, got := range recorded.errors {
		if i >= len(want) || !strings.HasPrefix(got, want[i]) {
			t.Errorf("got %q", got)
		}
	}
	t.Log(report)
}

// recorder is a test that goes on after an error, and keeps it.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Error(args ...any) { r.errors = append(r.errors, fmt.Sprint(args...)) }

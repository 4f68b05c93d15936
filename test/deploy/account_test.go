package deploy

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// account is one region of an AWS account, or what stands for it.
type account struct {
	id, region, partition string
	zones                 []string

	acm        *acm.Client
	api        *apigatewayv2.Client
	scaling    *applicationautoscaling.Client
	groups     *autoscaling.Client
	stacks     *cloudformation.Client
	alarms     *cloudwatch.Client
	logs       *cloudwatchlogs.Client
	codedeploy *codedeploy.Client
	tables     *dynamodb.Client
	ec2        *ec2.Client
	ecs        *ecs.Client
	elb        *elasticloadbalancingv2.Client
	events     *eventbridge.Client
	iam        *iam.Client
	kms        *kms.Client
	lambda     *lambda.Client
	s3         *s3.Client
	scheduler  *scheduler.Client
	discovery  *servicediscovery.Client
	machines   *sfn.Client
	sns        *sns.Client
	sqs        *sqs.Client
	ssm        *ssm.Client
}

// connect finds out which account and region the credentials are for.
func connect(t *testing.T) *account {
	t.Helper()
	ctx := t.Context()
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := sts.NewFromConfig(c).GetCallerIdentity(ctx, nil)
	if err != nil {
		t.Fatal("who am I: ", err)
	}
	who, err := arn.Parse(*identity.Arn)
	if err != nil {
		t.Fatal(err)
	}
	a := &account{
		id: *identity.Account, region: c.Region, partition: who.Partition,

		acm: acm.NewFromConfig(c), api: apigatewayv2.NewFromConfig(c), scaling: applicationautoscaling.NewFromConfig(c),
		groups: autoscaling.NewFromConfig(c), stacks: cloudformation.NewFromConfig(c), alarms: cloudwatch.NewFromConfig(c),
		logs: cloudwatchlogs.NewFromConfig(c), codedeploy: codedeploy.NewFromConfig(c), tables: dynamodb.NewFromConfig(c),
		ec2: ec2.NewFromConfig(c), ecs: ecs.NewFromConfig(c), elb: elasticloadbalancingv2.NewFromConfig(c),
		events: eventbridge.NewFromConfig(c), iam: iam.NewFromConfig(c), kms: kms.NewFromConfig(c), lambda: lambda.NewFromConfig(c),
		s3:        s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true }),
		scheduler: scheduler.NewFromConfig(c), discovery: servicediscovery.NewFromConfig(c), machines: sfn.NewFromConfig(c),
		sns: sns.NewFromConfig(c), sqs: sqs.NewFromConfig(c), ssm: ssm.NewFromConfig(c),
	}
	zones, err := a.ec2.DescribeAvailabilityZones(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range zones.AvailabilityZones {
		a.zones = append(a.zones, aws.ToString(zone.ZoneName))
	}
	slices.Sort(a.zones)
	return a
}

// arn returns the name of something in this account and region.
func (a *account) arn(service, rest string) string {
	return "arn:" + a.partition + ":" + service + ":" + a.region + ":" + a.id + ":" + rest
}

// global is arn for IAM, which has no regions.
func (a *account) global(rest string) string {
	return "arn:" + a.partition + ":iam::" + a.id + ":" + rest
}

// describe asks the resource's service for it.
func (a *account) describe(ctx context.Context, r resource) (any, error) {
	description, err := kinds[r.kind].read(ctx, a, r)
	if err != nil {
		var gone bool
		if gone, err = none(err); gone {
			return nil, nil
		}
	}
	if candidates, several := description.([]any); several && len(candidates) == 0 {
		return nil, err
	}
	return description, err
}

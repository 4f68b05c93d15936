package ingress

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/logs"
)

// logAccess makes a bucket and lets the load balancer log every request there, and every connection if
// asked to. The bucket policy names the service that
// delivers the logs, not the account that did so in a region's early days, so that the region need not be known:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
func logAccess(scope constructs.Construct, lb awselasticloadbalancingv2.ApplicationLoadBalancer, connections bool) {
	bucket := newLogBucket(scope)
	bucket.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{
			awsiam.NewServicePrincipal(jsii.String("logdelivery.elasticloadbalancing.amazonaws.com"), nil),
		},
		Actions:   jsii.Strings("s3:PutObject"),
		Resources: jsii.Strings(*bucket.ArnForObjects(jsii.String("AWSLogs/" + check.EnvOf(scope).Account + "/*"))),
	}))
	lb.SetAttribute(jsii.String("access_logs.s3.enabled"), jsii.String("true"))
	lb.SetAttribute(jsii.String("access_logs.s3.bucket"), bucket.BucketName())
	if connections {
		lb.SetAttribute(jsii.String("connection_logs.s3.enabled"), jsii.String("true"))
		lb.SetAttribute(jsii.String("connection_logs.s3.bucket"), bucket.BucketName())
	}
	lb.Node().AddDependency(bucket.Policy()) // the load balancer tries to write when it is made
}

// logConnections makes a bucket for the log of a Network Load Balancer and lets that be delivered, by another service than
// that of an Application Load Balancer; it looks whose the bucket is first. It returns the bucket's name and what has to be
// there before the load balancer tries to write.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
func logConnections(scope constructs.Construct) (name *string, policy constructs.IDependable) {
	bucket, env := newLogBucket(scope), check.EnvOf(scope)
	allow := func(action, resource string, equal map[string]any) {
		equal["aws:SourceAccount"] = env.Account
		bucket.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("delivery.logs.amazonaws.com"), nil)},
			Actions:    jsii.Strings(action),
			Resources:  jsii.Strings(resource),
			Conditions: &map[string]any{
				"StringEquals": equal,
				"ArnLike":      map[string]any{"aws:SourceArn": env.ARN("logs", "*")},
			},
		}))
	}
	allow("s3:GetBucketAcl", *bucket.BucketArn(), map[string]any{})
	allow("s3:PutObject", *bucket.ArnForObjects(jsii.String("AWSLogs/" + env.Account + "/*")),
		map[string]any{"s3:x-amz-acl": "bucket-owner-full-control"})
	return bucket.BucketName(), bucket.Policy()
}

// newLogBucket makes the bucket "AccessLogs", which outlives its stack.
func newLogBucket(scope constructs.Construct) awss3.Bucket {
	return awss3.NewBucket(scope, jsii.String("AccessLogs"), &awss3.BucketProps{
		Encryption:        awss3.BucketEncryption_S3_MANAGED, // the only one that log delivery can use
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		EnforceSSL:        jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN,
		LifecycleRules: &[]*awss3.LifecycleRule{{
			Expiration: awscdk.Duration_Days(jsii.Number(logs.DefaultRetentionDays)),
		}},
	})
}

package property

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
)

// scene is what props refer to: one construct of each kind, in one stack.
type scene struct {
	app        awscdk.App
	stack      awscdk.Stack
	platform   *platform.Platform // with all that a platform can have
	closed     *network.Network   // without NAT gateways
	closedIn   *cluster.Cluster   // in closed
	imported   *cluster.Cluster   // of another app
	alb        *ingress.ALB       // public, with a domain, a test listener and the way to identity providers
	untested   *ingress.ALB       // without a test listener
	nlb        *ingress.NLB
	pool, arm  *cluster.Pool
	managed    *cluster.ManagedInstances
	generated  *secret.Generated
	caller     *service.Service
	vpc        awsec2.IVpc
	key        awskms.IKey
	repository awsecr.IRepository
	bucket     awss3.IBucket
	function   awslambda.IFunction
	topic      awssns.ITopic
	fifo       awssns.ITopic
	queue      awssqs.IQueue
}

// theScene is the one that spoilers refer to. TestInvalid sets it.
var theScene *scene

// aToken is a text that is not known before deployment.
func aToken() string { return *theScene.stack.Region() }

const aCertificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

// newScene makes it in an app that lives as long as the test.
func newScene(t testing.TB, app awscdk.App) *scene {
	t.Helper()
	stack := awscdk.NewStack(app, jsii.String("World"), nil)
	w := &scene{app: app, stack: stack}
	w.platform = platform.New(stack, "Platform", platform.Props{
		PlainHTTP: true, Internal: true, Namespace: "shop.internal", AlarmTopic: &alarm.TopicProps{}, SecretsKey: true,
		Test: &ingress.TestListener{AllowFrom: []string{"10.0.0.0/8"}},
	})
	w.closed = network.New(stack, "Closed", network.Props{CIDR: "10.1.0.0/16", NoNAT: true, NoFlowLogs: true})
	w.closedIn = cluster.New(stack, "ClosedCluster", cluster.Props{Network: w.closed, NoInsights: true})
	w.imported = cluster.Import(stack, "Imported", cluster.Attributes{Name: "other", Network: w.platform.Network})
	w.alb = ingress.NewALB(stack, "ALB", ingress.ALBProps{
		Network: w.platform.Network, Domain: &ingress.Domain{Name: "shop.example.com", CertificateARN: aCertificate}, SignIn: true,
		Test: &ingress.TestListener{AllowFrom: []string{"10.0.0.0/8"}},
	})
	w.untested = ingress.NewALB(stack, "Untested", ingress.ALBProps{Network: w.platform.Network, PlainHTTP: true, NoAccessLogs: true})
	w.nlb = ingress.NewNLB(stack, "NLB", ingress.NLBProps{Network: w.platform.Network})
	w.pool = cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: w.platform.Cluster, InstanceTypes: []string{"m7i.xlarge"}, Max: 10})
	w.arm = cluster.NewPool(stack, "ARM", cluster.PoolProps{Cluster: w.platform.Cluster, InstanceTypes: []string{"m7g.xlarge"}, Max: 2})
	w.managed = cluster.NewManagedInstances(stack, "Managed", cluster.ManagedInstancesProps{Cluster: w.platform.Cluster})
	w.generated = secret.Generate(stack, "Generated", secret.GenerateProps{Name: "/shop/generated"})
	w.caller = service.New(stack, "Caller", service.Props{
		Cluster: w.platform.Cluster, Task: task.Props{Image: "caller:1"}, Connect: &discovery.Connect{Namespace: w.platform.Namespace},
	})
	w.vpc = awsec2.Vpc_FromVpcAttributes(stack, jsii.String("VPC"), &awsec2.VpcAttributes{
		VpcId: jsii.String("vpc-1"), VpcCidrBlock: jsii.String("10.2.0.0/16"),
		AvailabilityZones: jsii.Strings("us-east-1a", "us-east-1b"),
		PublicSubnetIds:   jsii.Strings("subnet-1", "subnet-2"), PublicSubnetRouteTableIds: jsii.Strings("rtb-1", "rtb-2"), PrivateSubnetIds: jsii.Strings("subnet-3", "subnet-4"),
		PrivateSubnetRouteTableIds: jsii.Strings("rtb-1", "rtb-2"),
	})
	w.key = awskms.NewKey(stack, jsii.String("Key"), nil)
	w.repository = awsecr.NewRepository(stack, jsii.String("Repository"), nil)
	w.bucket = awss3.NewBucket(stack, jsii.String("Bucket"), nil)
	w.function = awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_22_X(), Handler: jsii.String("index.handler"),
		Code: awslambda.Code_FromInline(jsii.String("exports.handler = async () => ({})")),
	})
	w.topic = awssns.NewTopic(stack, jsii.String("Topic"), nil)
	w.fifo = awssns.NewTopic(stack, jsii.String("FIFOTopic"), &awssns.TopicProps{Fifo: jsii.Bool(true)})
	w.queue = awssqs.NewQueue(stack, jsii.String("Queue"), nil)
	return w
}

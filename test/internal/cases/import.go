package cases

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// imported is services on the platform of another app: behind both of its load balancers, and in its namespace.
func imported(stack awscdk.Stack) {
	p := platform.Import(stack, "Platform", Elsewhere(stack))
	pages := web.New(stack, "Pages", web.Props{
		Platform: p, Task: task.Props{Image: "pages:1", Port: 8080}, Route: ingress.Route{Path: "/pages/*"}, Connect: &discovery.Connect{},
		MoreTargets: []ingress.TargetProps{{LoadBalancer: p.Internal, Route: ingress.Route{Path: "/pages/*"}}},
	})
	backend.New(stack, "Orders", backend.Props{
		Platform: p, Task: task.Props{Image: "orders:1", Port: 8080}, Capacity: cluster.Spot{}, Connect: &discovery.Connect{Name: "orders"},
		CloudMap: &discovery.CloudMap{Name: "orders"}, AllowFrom: []service.Caller{pages},
	})
}

// Notified is a platform whose alarms are published, and services that use its topic, another one, and none.
func Notified(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{
		Network: Existing(stack), PlainHTTP: true, AlarmTopic: &alarm.TopicProps{Emails: []string{"ops@example.com"}},
	})
	web.New(stack, "Pages", web.Props{Platform: p, Task: task.Props{Image: "pages:1", Port: 8080}})
	other := alarm.NewTopic(stack, "Other", alarm.TopicProps{})
	web.New(stack, "Api", web.Props{
		Platform: p, Task: task.Props{Image: "api:1", Port: 8080}, Route: ingress.Route{Path: "/api/*"}, Alarms: alarm.Policy{Topic: other},
	})
	web.New(stack, "Own", web.Props{
		Platform: p, Task: task.Props{Image: "own:1", Port: 8080}, Route: ingress.Route{Path: "/own/*"},
		Alarms: alarm.Policy{OnlyOwn: true, Own: []string{"orders"}},
	})
}

// Elsewhere is the platform of another app.
func Elsewhere(stack awscdk.Stack) platform.Attributes {
	const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:"
	alb := func(name, group string, domains ...string) *ingress.ALBAttributes {
		return &ingress.ALBAttributes{
			ARN: arn + "loadbalancer/app/" + name + "/1234567890abcdef", ListenerARN: arn + "listener/app/" + name + "/1234567890abcdef/1234567890abcdef",
			SecurityGroupID: group, Domains: domains, DNSName: name + ".us-east-1.elb.amazonaws.com", Partition: ingress.Partition{Number: 2, Of: 2},
		}
	}
	return platform.Attributes{
		Network: network.Props{VPC: awsec2.Vpc_FromVpcAttributes(stack, jsii.String("VPC"), &awsec2.VpcAttributes{
			VpcId: jsii.String("vpc-12345678"), VpcCidrBlock: jsii.String("10.0.0.0/16"),
			AvailabilityZones: jsii.Strings("us-east-1a", "us-east-1b"), PublicSubnetIds: jsii.Strings("subnet-11111111", "subnet-22222222"),
			PrivateSubnetIds:           jsii.Strings("subnet-33333333", "subnet-44444444"),
			PublicSubnetRouteTableIds:  jsii.Strings("rtb-11111111", "rtb-22222222"),
			PrivateSubnetRouteTableIds: jsii.Strings("rtb-33333333", "rtb-44444444"),
		})},
		ClusterName: "shop",
		Public:      alb("public", "sg-0123456789abcdef0", "example.com"), Internal: alb("internal", "sg-0123456789abcdef1"),
		Namespace: &discovery.NamespaceAttributes{
			Name: "shop.internal", ID: "ns-0123456789abcdef", ARN: "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef",
		},
	}
}

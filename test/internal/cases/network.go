package cases

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// PrivateImage is an image that only a pull with credentials gets.
const PrivateImage = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/api:1"

// noNAT is a platform whose private subnets reach AWS by endpoints alone, with a service on Fargate and one on a pool.
func noNAT(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{
		PlainHTTP: true, SecretsKey: true,
		Network: network.Props{NoNAT: true, Endpoints: &network.Endpoints{
			ParameterStore: true, SecretsManager: true, Exec: true, Instances: true, DynamoDB: true, More: []string{"monitoring", "xray"},
		}},
	})
	pool := cluster.NewPool(stack, "Pool", cluster.PoolProps{
		Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 3, SessionManager: true,
	})
	api := task.Props{Image: PrivateImage, Port: 8080, Secrets: secret.Map{
		"DB_PASSWORD": secret.ParameterStore{Name: "/shop/api/db-password"}, "API_KEY": secret.SecretsManager{Name: "shop/api"},
	}}
	web.New(stack, "Api", web.Props{Platform: p, Task: api, Route: ingress.Route{Path: "/api/*"}})
	web.New(stack, "OnPool", web.Props{Platform: p, Task: api, Capacity: pool})
}

// ownEndpoints is a VPC that exists, without NAT gateways, in which endpoints are made for a service.
func ownEndpoints(stack awscdk.Stack) {
	n := network.New(stack, "Network", network.Props{
		VPC: IsolatedVPC(stack), NoNAT: true,
		Endpoints: &network.Endpoints{AllowFrom: []string{"10.8.0.0/16", "100.64.0.0/16"}, Registries: []string{"registry.example.com"}},
	})
	service.New(stack, "Worker", service.Props{
		Cluster: cluster.New(stack, "Cluster", cluster.Props{Network: n}),
		Task: task.Props{Image: PrivateImage, Sidecars: []task.Container{
			{Name: "agent", Image: "registry.example.com/agent:1"},
		}},
	})
}

// IsolatedVPC is an imported VPC of two zones without a way to the internet.
func IsolatedVPC(stack awscdk.Stack) awsec2.IVpc {
	return awsec2.Vpc_FromVpcAttributes(stack, jsii.String("VPC"), &awsec2.VpcAttributes{
		VpcId:                       jsii.String("vpc-0123456789abcdef0"),
		VpcCidrBlock:                jsii.String("10.8.0.0/16"),
		AvailabilityZones:           jsii.Strings("us-east-1a", "us-east-1b"),
		IsolatedSubnetIds:           jsii.Strings("subnet-0000000000000001a", "subnet-0000000000000001b"),
		IsolatedSubnetRouteTableIds: jsii.Strings("rtb-0000000000000001a", "rtb-0000000000000001b"),
	})
}

package rules_test

// Places and values that many changes to the template of a closed network have in common.
const (
	closedImage  = "way-out Task Properties.ContainerDefinitions[0].Image"
	closedLogs   = "way-out Task Properties.ContainerDefinitions[0].LogConfiguration.Options.awslogs-group"
	hostImage    = "way-out HostTask Properties.ContainerDefinitions[0].Image"
	hostLogs     = "way-out HostTask Properties.ContainerDefinitions[0].LogConfiguration.Options.awslogs-group"
	openTo       = "EndpointGroup.Properties.SecurityGroupIngress"
	closedRights = "TaskExecutionRole.Properties.Policies[0].PolicyDocument.Statement"
)

// notPulled takes away the right to pull the image of the task.
var notPulled = []edit{{closedRights + "[0]", "null"}, {closedRights + "[1]", "null"}}

// route adds a route to the table of the private subnets, and takes away an endpoint that is then not needed.
func route(to string) []edit {
	return []edit{
		{"Route", `{"Type": "AWS::EC2::Route", "Properties": {"RouteTableId": {"Ref": "Table"}, ` + to + `}}`}, {"EcrApi", ""},
	}
}

// rule is an ingress rule of tcp port 443 for a security group.
func rule(group string) string {
	return `{"SourceSecurityGroupId": {"Fn::GetAtt": ["` + group + `", "GroupId"]}, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}`
}

var closedBreakages = []change{
	{
		"way-out", "no endpoint for the API of ECR",
		[]edit{{"EcrApi", ""}},
		[]string{hostImage, closedImage},
		"no task of Shop/Service starts, for that takes ecr.api, and no route leads out of Shop/Subnet: give the VPC an endpoint for it",
	},
	{"way-out", "no endpoint for the layers of images", []edit{{"S3", ""}}, []string{hostImage, closedImage}, "takes s3"},
	{"way-out", "no endpoint for logs", []edit{{"LogsEndpoint", ""}}, []string{hostLogs, closedLogs}, "takes logs"},
	{
		"way-out", "no endpoint for Parameter Store",
		[]edit{{"Ssm", ""}}, []string{"way-out Task Properties.ContainerDefinitions[0].Secrets[0].ValueFrom"}, "takes ssm,",
	},
	{
		"way-out", "no endpoint for Secrets Manager",
		[]edit{{"SecretsManager", ""}}, []string{"way-out Task Properties.ContainerDefinitions[0].Secrets[1].ValueFrom"}, "secretsmanager",
	},
	{
		"way-out", "no endpoint for ECS Exec",
		[]edit{{"SsmMessages", ""}}, []string{"way-out Service Properties.EnableExecuteCommand"}, "takes ssmmessages",
	},
	{
		"way-out", "no endpoint for the agents of instances",
		[]edit{{"EcsTelemetry", ""}}, []string{"way-out Hosts Properties.VPCZoneIdentifier"},
		"no instance joins the cluster, for that takes ecs-telemetry, and no route leads out of Shop/Subnet: give",
	},
	{
		"way-out", "image of Docker Hub",
		and(notPulled, edit{app + ".Image", `"nginx:1"`}), []string{closedImage}, "takes docker.io",
	},
	{
		"way-out", "image of a public registry on instances",
		[]edit{
			{"HostTask.Properties.ContainerDefinitions[0].Image", `"public.ecr.aws/nginx/nginx:1"`},
			{"HostTaskExecutionRole.Properties.Policies[0].PolicyDocument.Statement[0]", "null"},
			{"HostTaskExecutionRole.Properties.Policies[0].PolicyDocument.Statement[1]", "null"},
		},
		[]string{hostImage}, "copy the image to Amazon ECR",
	},
	{
		"way-out", "one of two subnets without a way out",
		and(route(`"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-0123456789abcdef0"`),
			edit{"OtherTable", `{"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}}`},
			edit{"OtherRouting.Properties.RouteTableId", `{"Ref": "OtherTable"}`},
			edit{"S3.Properties.RouteTableIds[0]", `{"Ref": "OtherTable"}`},
		),
		[]string{hostImage, closedImage}, "no route leads out of Shop/OtherSubnet",
	},
	{
		"way-out", "name of the service not private",
		[]edit{{"EcrDkr.Properties.PrivateDnsEnabled", ""}}, []string{hostImage, closedImage}, "set PrivateDnsEnabled of Shop/EcrDkr",
	},
	{
		"way-out", "gateway endpoint of other subnets",
		[]edit{{"S3.Properties.RouteTableIds", `[{"Ref": "PublicTable"}]`}}, []string{hostImage, closedImage},
		"add Shop/Table to the RouteTableIds of Shop/S3",
	},
	{
		"way-out", "endpoint of another VPC",
		[]edit{{"EcrApi.Properties.VpcId", `"vpc-0123456789abcdef0"`}}, []string{hostImage, closedImage}, "takes ecr.api",
	},
	{
		"way-out", "endpoints that admit the instances alone",
		[]edit{{openTo, "[" + rule("HostGroup") + "]"}},
		[]string{
			"way-out Service Properties.EnableExecuteCommand", closedImage, closedLogs,
			"way-out Task Properties.ContainerDefinitions[0].Secrets[0].ValueFrom",
			"way-out Task Properties.ContainerDefinitions[0].Secrets[1].ValueFrom",
		},
		"admit ${Shop/ServiceGroup} to the security groups of Shop/EcrApi",
	},
	{
		"way-out", "public subnet without a public address",
		[]edit{
			{"Public.Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", ""}, {"Public.DependsOn", `"LogsEndpoint"`},
		},
		[]string{"way-out PublicTask Properties.ContainerDefinitions[0].Image"},
		"takes public.ecr.aws, and no route leads out of Shop/PublicSubnet without a public address",
	},

	{
		"endpoint-ingress", "nobody",
		[]edit{{"Nobody", `{"Type": "AWS::EC2::SecurityGroup"}`}, {"Ecs.Properties.SecurityGroupIds", `[{"Ref": "Nobody"}]`}},
		[]string{"endpoint-ingress Ecs Properties.SecurityGroupIds"},
		"${Shop/Nobody} have no ingress rule for tcp port 443, so nobody reaches the endpoint, and with private DNS nobody in the VPC " +
			"reaches ecs:",
	},
	{
		"endpoint-ingress", "on another port",
		[]edit{
			{"Plain", `{"Type": "AWS::EC2::SecurityGroup", "Properties": {"SecurityGroupIngress": [
				{"CidrIp": "10.0.0.0/16", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}]}}`},
			{"Ssm.Properties.SecurityGroupIds", `[{"Ref": "Plain"}]`},
		},
		[]string{"endpoint-ingress Ssm Properties.SecurityGroupIds"}, "tcp port 443",
	},

	{
		"endpoint-dependency", "service on Fargate",
		[]edit{{"Service.DependsOn", `["S3", "EcrApi", "EcrDkr", "LogsEndpoint", "Ssm", "SsmMessages"]`}},
		[]string{"endpoint-dependency Service DependsOn"}, "does not wait for Shop/SecretsManager, so its first tasks may start before they reach secretsmanager",
	},
	{
		"endpoint-dependency", "service on instances",
		[]edit{{"Host.DependsOn", `["Association", "EcrApi", "EcrDkr"]`}},
		[]string{"endpoint-dependency Host DependsOn", "endpoint-dependency Host DependsOn"}, "Shop/LogsEndpoint",
	},
}

var closedNearMisses = []change{
	{"way-out", "NAT gateway", route(`"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-0123456789abcdef0"`), nil, ""},
	{"way-out", "transit gateway", route(`"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-0123456789abcdef0"`), nil, ""},
	{"way-out", "half of the internet", route(`"DestinationCidrBlock": "0.0.0.0/1", "NatGatewayId": "nat-0123456789abcdef0"`), nil, ""},
	{"way-out", "IPv6", route(`"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-0123456789abcdef0"`), nil, ""},
	{"way-out", "prefix list", route(`"DestinationPrefixListId": "pl-01234567", "TransitGatewayId": "tgw-0123456789abcdef0"`), nil, ""},
	{"way-out", "unknown destination", route(`"DestinationCidrBlock": ` + parameter + `, "NatGatewayId": "nat-0123456789abcdef0"`), nil, ""},
	{
		"way-out", "routes from a VPN",
		[]edit{{"EcrApi", ""}, {"Vpn", `{"Type": "AWS::EC2::VPNGatewayRoutePropagation", "Properties": {"RouteTableIds": [{"Ref": "Table"}]}}`}},
		nil, "",
	},
	{
		"way-out", "unknown subnets",
		[]edit{
			{"EcsAgent", ""}, {"EcrApi", ""}, {"Hosts.Properties.VPCZoneIdentifier", parameter},
			{"Service.Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets", parameter},
		},
		nil, "",
	},
	{"way-out", "main route table", []edit{{"EcrApi", ""}, {"Routing", ""}, {"OtherRouting", ""}}, nil, ""},
	{"way-out", "unknown route table", []edit{{"EcrApi", ""}, {"Routing.Properties.RouteTableId", parameter}, {"OtherRouting.Properties.RouteTableId", parameter}}, nil, ""},
	{"way-out", "unknown subnet of a route table", []edit{{"EcrApi", ""}, {"PublicRouting.Properties.SubnetId", parameter}}, nil, ""},
	{"way-out", "endpoint for an unknown service", []edit{{"EcrApi.Properties.ServiceName", parameter}}, nil, ""},
	{"way-out", "endpoint in China", []edit{{"EcrApi.Properties.ServiceName", `"cn.com.amazonaws.cn-north-1.ecr.api"`}}, nil, ""},
	{"way-out", "endpoint of an unknown VPC", []edit{{"EcrApi.Properties.VpcId", parameter}}, nil, ""},
	{"way-out", "VPC by its attribute", []edit{{"EcrApi.Properties.VpcId", `{"Fn::GetAtt": ["Vpc", "VpcId"]}`}, {"Subnet.Properties.VpcId", `{"Fn::GetAtt": "Vpc.VpcId"}`}}, nil, ""},
	{"way-out", "endpoint of an unknown kind", []edit{{"EcrApi.Properties.VpcEndpointType", parameter}}, nil, ""},
	{"way-out", "group of the endpoints elsewhere", []edit{{"EcrApi.Properties.SecurityGroupIds", `["sg-0123456789abcdef0"]`}}, nil, ""},
	{"way-out", "default group of the VPC", []edit{{"EcrApi.Properties.SecurityGroupIds", ""}}, nil, ""},
	{"way-out", "groups instead of addresses", []edit{{openTo, "[" + rule("HostGroup") + ", " + rule("ServiceGroup") + "]"}}, nil, ""},
	{
		"way-out", "rules that are resources",
		[]edit{
			{openTo, ""}, {"In", `{"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {"GroupId": {"Fn::GetAtt": ["EndpointGroup", "GroupId"]},
				"CidrIp": "10.0.0.0/16", "IpProtocol": "-1"}}`},
		},
		nil, "",
	},
	{
		"way-out", "registry that may be in the VPC",
		and(notPulled, edit{app + ".Image", `"registry.example.com/shop/api:1"`}), nil, "",
	},
	{"way-out", "image of an unknown registry", and(notPulled, edit{app + ".Image", parameter}), nil, ""},
	{
		"way-out", "perhaps a public address",
		[]edit{{"Public.Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", parameter}}, nil, "",
	},
	{"way-out", "no agents without instances", []edit{{"EcsAgent", ""}, {"Ecs", ""}, {"EcsTelemetry", ""}, {"Host", ""}, {"Hosts", ""}, {"Capacity", ""}, {"Association", ""}, {"HostTemplate", ""}}, nil, ""},

	{
		"endpoint-ingress", "on a port of somebody's own",
		[]edit{
			{"Plain", `{"Type": "AWS::EC2::SecurityGroup", "Properties": {"SecurityGroupIngress": [
				{"CidrIp": "10.0.0.0/16", "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}]}}`},
			{"Own", `{"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcEndpointType": "Interface", "VpcId": {"Ref": "Vpc"},
				"ServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", "SecurityGroupIds": [{"Ref": "Plain"}]}}`},
		},
		nil, "",
	},
	{
		"endpoint-ingress", "one of two groups",
		[]edit{
			{"Nobody", `{"Type": "AWS::EC2::SecurityGroup"}`},
			{"Ecs.Properties.SecurityGroupIds[1]", `{"Ref": "Nobody"}`},
		},
		nil, "",
	},

	{
		"endpoint-dependency", "by way of another resource",
		[]edit{
			{"Host.DependsOn", `["Association", "Gate"]`},
			{"Gate", `{"Type": "AWS::CloudFormation::WaitConditionHandle", "DependsOn": ["S3", "EcrApi", "EcrDkr", "LogsEndpoint"]}`},
		},
		nil, "",
	},
	{
		"endpoint-dependency", "NAT gateway",
		and(route(`"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-0123456789abcdef0"`), edit{"Service.DependsOn", ""}), nil, "",
	},
}

package rules_test

// change is a change to a healthy template and what Check must say about it.
type change struct {
	rule, name string
	edits      []edit
	want       []string // places of the findings, as "rule logical-id path"
	says       string   // part of a reason
}

// Paths and values that many changes have in common.
const (
	app       = "Task.Properties.ContainerDefinitions[0]"
	statement = "ExecutionPolicy.Properties.PolicyDocument.Statement"
	appLogs   = "execution-role Task Properties.ContainerDefinitions[0].LogConfiguration.Options.awslogs-group"
	appImage  = "execution-role Task Properties.ContainerDefinitions[0].Image"
	entry     = "load-balancer-ingress Service Properties.LoadBalancers[0]"

	parameter      = `{"Ref": "Size"}`
	anywhere       = `{"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080}`
	start          = "MigrationExecutionRole.Properties.Policies[0].PolicyDocument.Statement"
	migrationImage = "execution-role Migration Properties.ContainerDefinitions[0].Image"
	migrationPull  = "execution-role MigrationExecutionRole Properties.Policies[0].PolicyDocument.Statement[0].Resource"

	otherRole = `{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${MigrationTaskRole}"}`
)

// onEC2 runs the service on EC2 in network mode bridge.
var onEC2 = []edit{
	{"Task.Properties.NetworkMode", `"bridge"`},
	{"Task.Properties.RequiresCompatibilities", `["EC2"]`},
	{"Service.Properties.NetworkConfiguration", ""},
	{"FromLb", ""},
	{"ToService", ""},
	{"ServiceGroup", ""},
}

func and(edits []edit, more ...edit) []edit {
	return append(append([]edit{}, edits...), more...)
}

var breakages = []change{
	{
		"fargate-size", "memory that no size has",
		[]edit{{"Task.Properties.Memory", `"513"`}},
		[]string{"fargate-size Task Properties.Memory"}, "found 513, which is none of Fargate's sizes from 512 to 2048",
	},
	{
		"fargate-size", "more memory than the CPU can have",
		[]edit{{"Task.Properties.Memory", `"4 GB"`}},
		[]string{"fargate-size Task Properties.Memory"}, "take 2048",
	},
	{
		"fargate-size", "no memory",
		[]edit{{"Task.Properties.Memory", ""}},
		[]string{"fargate-size Task Properties.Memory"}, "no value",
	},
	{
		"fargate-size", "CPU that no size has",
		[]edit{{"Task.Properties.Cpu", "300"}},
		[]string{"fargate-size Task Properties.Cpu"}, "take 512",
	},
	{
		"fargate-size", "CPU that is no number",
		[]edit{{"Task.Properties.Cpu", `"small"`}},
		[]string{"fargate-size Task Properties.Cpu"}, "Fargate's sizes from 256 to 32768 CPU units",
	},
	{
		"fargate-size", "vCPUs without the unit",
		[]edit{{"Task.Properties.Cpu", `".25"`}},
		[]string{"fargate-size Task Properties.Cpu"}, "found .25",
	},
	{
		"fargate-size", "beside a task definition for EC2",
		[]edit{{"Migration.Properties.RequiresCompatibilities", `["EC2"]`}, {"Task.Properties.Memory", `"513"`}},
		[]string{"fargate-size Task Properties.Memory"}, "take 1024",
	},
	{
		"fargate-size", "CPU that Windows cannot have",
		[]edit{{"Task.Properties.RuntimePlatform", `{"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}`}},
		[]string{"fargate-size Task Properties.Cpu"}, "take 1024",
	},

	{
		"target-type", "instance for awsvpc",
		[]edit{{"Targets.Properties.TargetType", `"instance"`}},
		[]string{"target-type Targets Properties.TargetType"}, "network mode awsvpc",
	},
	{
		"target-type", "none for awsvpc",
		[]edit{{"Targets.Properties.TargetType", ""}},
		[]string{"target-type Targets Properties.TargetType"}, "target type instance: set ip",
	},
	{
		"target-type", "ip for bridge",
		onEC2,
		[]string{"target-type Targets Properties.TargetType"}, "network mode bridge",
	},
	{
		"target-type", "ip for no network mode",
		and(onEC2, edit{"Task.Properties.NetworkMode", ""}),
		[]string{"target-type Targets Properties.TargetType"}, "network mode bridge",
	},
	{
		"target-type", "ip for host",
		and(onEC2, edit{"Task.Properties.NetworkMode", `"host"`}),
		[]string{"target-type Targets Properties.TargetType"}, "set instance",
	},
	{
		"target-type", "of the alternate target group",
		[]edit{
			{"Green.Type", `"AWS::ElasticLoadBalancingV2::TargetGroup"`},
			{"Green.Properties.Protocol", `"HTTP"`},
			{"Green.Properties.TargetGroupAttributes", `[{"Key": "deregistration_delay.timeout_seconds", "Value":
				"5"}]`},
			{"Service.Properties.LoadBalancers[0].AdvancedConfiguration.AlternateTargetGroupArn", `{"Ref": "Green"}`},
		},
		[]string{"target-type Green Properties.TargetType"}, "Shop/Service",
	},
	{
		"target-type", "of a task definition named by its family",
		[]edit{
			{"Service.Properties.TaskDefinition", `"shop-api:3"`},
			{"Service.Properties.NetworkConfiguration.AwsvpcConfiguration", ""},
			{"Service.Properties.DependsOn", `["Task"]`},
			{"Targets.Properties.TargetType", `"instance"`},
		},
		[]string{"target-type Targets Properties.TargetType"}, "network mode awsvpc",
	},

	{
		"load-balancer-ingress", "no ingress",
		[]edit{{"FromLb", ""}},
		[]string{entry}, "do not admit ${Shop/LbGroup} of Shop/Lb on tcp port 8080",
	},
	{
		"load-balancer-ingress", "ingress on another port",
		[]edit{{"FromLb.Properties.FromPort", "9090"}, {"FromLb.Properties.ToPort", "9090"}},
		[]string{"load-balancer-ingress FromLb Properties", entry}, "tcp port 8080",
	},
	{
		"load-balancer-ingress", "ingress over another protocol",
		[]edit{{"FromLb.Properties.IpProtocol", `"udp"`}},
		[]string{entry}, "tcp port 8080",
	},
	{
		"load-balancer-ingress", "ingress from another security group",
		[]edit{{"FromLb.Properties.SourceSecurityGroupId", `{"Fn::GetAtt": ["ServiceGroup", "GroupId"]}`}},
		[]string{entry}, "add an AWS::EC2::SecurityGroupIngress",
	},
	{
		"load-balancer-ingress", "ingress to another security group",
		[]edit{{"FromLb.Properties.GroupId", `"sg-0123456789abcdef0"`}},
		[]string{entry}, "do not admit",
	},
	{
		"load-balancer-ingress", "ingress on a range of ports",
		[]edit{{"FromLb.Properties.FromPort", "8000"}, {"FromLb.Properties.ToPort", "8999"}},
		[]string{"load-balancer-ingress FromLb Properties"}, "tcp ports 8000 to 8999",
	},
	{
		"load-balancer-ingress", "ingress on all ports",
		[]edit{{"FromLb.Properties.IpProtocol", `"-1"`}},
		[]string{"load-balancer-ingress FromLb Properties"}, "all ports 0 to 65535",
	},
	{
		"load-balancer-ingress", "inline ingress on a range of ports",
		[]edit{
			{"FromLb", ""},
			{"ServiceGroup.Properties.SecurityGroupIngress", `[{"SourceSecurityGroupId": {"Fn::GetAtt":
				"LbGroup.GroupId"},
				"IpProtocol": 6, "FromPort": 0, "ToPort": 65535}]`},
		},
		[]string{"load-balancer-ingress ServiceGroup Properties.SecurityGroupIngress[0]"}, "narrow it",
	},
	{
		"load-balancer-ingress", "no egress",
		[]edit{{"ToService", ""}},
		[]string{entry}, "does not let requests out",
	},
	{
		"load-balancer-ingress", "egress on another port",
		[]edit{{"ToService.Properties.FromPort", "80"}, {"ToService.Properties.ToPort", "80"}},
		[]string{entry}, "add an AWS::EC2::SecurityGroupEgress",
	},
	{
		"load-balancer-ingress", "egress to another security group",
		[]edit{{"ToService.Properties.DestinationSecurityGroupId", `"sg-0123456789abcdef0"`}},
		[]string{entry}, "does not let requests out",
	},
	{
		"load-balancer-ingress", "inline egress to another security group",
		[]edit{
			{"ToService", ""},
			{"Other.Type", `"AWS::EC2::SecurityGroup"`},
			{"LbGroup.Properties.SecurityGroupEgress[1]", `{"DestinationSecurityGroupId": {"Fn::GetAtt":
				"Other.GroupId"},
				"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080}`},
		},
		[]string{entry}, "does not let requests out",
	},
	{
		"load-balancer-ingress", "health check port without ingress and egress",
		[]edit{{"Targets.Properties.HealthCheckPort", `"8081"`}},
		[]string{entry, entry}, "tcp port 8081",
	},
	{
		"load-balancer-ingress", "default action of the listener",
		[]edit{
			{"Rule", ""},
			{"Service.DependsOn", `["ExecutionPolicy", "TaskPolicy"]`},
			{"Https.Properties.DefaultActions", `[{"Type": "forward", "TargetGroupArn": {"Fn::GetAtt":
				"Targets.TargetGroupArn"}}]`},
			{"FromLb", ""},
		},
		[]string{entry}, "Shop/Lb",
	},
	{
		"load-balancer-ingress", "weighted target groups",
		[]edit{
			{"Rule.Properties.Actions", `[{"Type": "forward", "ForwardConfig": {"TargetGroups":
				[{"TargetGroupArn": {"Ref": "Targets"}, "Weight": 1}]}}]`},
			{"FromLb", ""},
		},
		[]string{entry}, "Shop/Lb",
	},
	{
		"load-balancer-ingress", "load balancer elsewhere, ingress on another port",
		[]edit{
			{"Rule.Properties.ListenerArn", `"arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shop/1/2"`},
			{"FromLb.Properties.SourceSecurityGroupId", `"sg-0123456789abcdef0"`},
			{"FromLb.Properties.ToPort", "8081"},
		},
		[]string{entry}, "for exactly tcp port 8080",
	},
	{
		"load-balancer-ingress", "target group elsewhere, no ingress",
		[]edit{
			{"Service.Properties.LoadBalancers[0].TargetGroupArn", `{"Fn::ImportValue": "targets"}`},
			{"FromLb", ""},
		},
		[]string{entry}, "for exactly port 8080",
	},
	{
		"load-balancer-ingress", "ingress to a service without a load balancer",
		[]edit{{"Service.Properties.LoadBalancers", ""}},
		[]string{"load-balancer-ingress FromLb Properties"}, "tcp ports 8080 to 8080",
	},
	{
		"load-balancer-ingress", "UDP without ingress and egress over UDP",
		[]edit{{"Targets.Properties.Protocol", `"TCP_UDP"`}},
		[]string{entry, entry}, "udp port 8080",
	},
	{
		"load-balancer-ingress", "UDP with ingress and egress over TCP",
		[]edit{{"Targets.Properties.Protocol", `"UDP"`}},
		[]string{entry, entry}, "udp port 8080",
	},
	{
		"load-balancer-ingress", "awsvpc service of a task definition elsewhere",
		[]edit{{"Service.Properties.TaskDefinition", `{"Fn::ImportValue": "task"}`}, {"FromLb", ""}},
		[]string{entry}, "tcp port 8080",
	},

	{
		"open-ingress", "of a service",
		[]edit{{"ServiceGroup.Properties.SecurityGroupIngress", "[" + anywhere + "]"}},
		[]string{"open-ingress ServiceGroup Properties.SecurityGroupIngress[0].CidrIp"}, "belongs to no load balancer",
	},
	{
		"open-ingress", "of a service over IPv6, by a rule of its own",
		[]edit{
			{"Open.Type", `"AWS::EC2::SecurityGroupIngress"`},
			{"Open.Properties", `{"GroupId": {"Fn::GetAtt": "ServiceGroup.GroupId"}, "CidrIpv6": "::/0", "IpProtocol":
				"-1"}`},
		},
		[]string{"open-ingress Open Properties.CidrIpv6"}, "::/0",
	},
	{
		"open-ingress", "in two halves",
		[]edit{{"ServiceGroup.Properties.SecurityGroupIngress", `[
			{"CidrIp": "0.0.0.0/1", "IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080},
			{"CidrIp": "128.0.0.0/1", "IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080}]`}},
		[]string{
			"open-ingress ServiceGroup Properties.SecurityGroupIngress[0].CidrIp",
			"open-ingress ServiceGroup Properties.SecurityGroupIngress[1].CidrIp",
		},
		"128.0.0.0/1",
	},
	{
		"open-ingress", "on a port without a listener",
		[]edit{{"LbGroup.Properties.SecurityGroupIngress[0].ToPort", "444"}},
		[]string{"open-ingress LbGroup Properties.SecurityGroupIngress[0].CidrIp"}, "tcp ports 443 to 444 of Shop/Lb",
	},
	{
		"open-ingress", "on all ports",
		[]edit{{"LbGroup.Properties.SecurityGroupIngress[0].IpProtocol", "-1"}},
		[]string{"open-ingress LbGroup Properties.SecurityGroupIngress[0].CidrIp"}, "all ports 0 to 65535",
	},
	{
		"open-ingress", "without ports",
		[]edit{
			{"LbGroup.Properties.SecurityGroupIngress[0].FromPort", ""},
			{"LbGroup.Properties.SecurityGroupIngress[0].ToPort", ""},
		},
		[]string{"open-ingress LbGroup Properties.SecurityGroupIngress[0].CidrIp"}, "tcp ports 0 to 65535",
	},
	{
		"open-ingress", "over a protocol that the listener does not have",
		[]edit{{"LbGroup.Properties.SecurityGroupIngress[0].IpProtocol", "17"}},
		[]string{"open-ingress LbGroup Properties.SecurityGroupIngress[0].CidrIp"}, "udp ports 443 to 443",
	},

	{
		"equal-rules", "of two targets on one port",
		[]edit{
			{"Again.Type", `"AWS::EC2::SecurityGroupIngress"`},
			{"Again.Properties", `{"GroupId": {"Fn::GetAtt": "ServiceGroup.GroupId"}, "IpProtocol": "TCP",
				"SourceSecurityGroupId": {"Fn::GetAtt": ["LbGroup", "GroupId"]}, "FromPort": "8080", "ToPort": 8080}`},
		},
		[]string{"equal-rules FromLb Properties"}, "that of Shop/Again",
	},
	{
		"equal-rules", "of which one is inline",
		[]edit{{"LbGroup.Properties.SecurityGroupEgress", `[{"DestinationSecurityGroupId": {"Fn::GetAtt": ["ServiceGroup",
			"GroupId"]}, "IpProtocol": "6", "FromPort": 8080, "ToPort": 8080}]`}},
		[]string{"equal-rules ToService Properties"}, "that of Shop/LbGroup",
	},

	{
		"own-roles", "task role of another task definition",
		[]edit{{"Task.Properties.TaskRoleArn", otherRole}},
		[]string{"own-roles Task Properties.TaskRoleArn"}, "Shop/MigrationTaskRole is also a role of Shop/Migration",
	},
	{
		"own-roles", "execution role of another task definition",
		[]edit{{"Task.Properties.ExecutionRoleArn", `"arn:aws:iam::111122223333:role/start"`},
			{"Migration.Properties.ExecutionRoleArn", `"arn:aws:iam::111122223333:role/start"`}},
		[]string{"own-roles Task Properties.ExecutionRoleArn"}, "arn:aws:iam::111122223333:role/start",
	},
	{
		"own-roles", "both roles of another task definition",
		[]edit{
			{"Migration.Properties.ExecutionRoleArn", `"arn:aws:iam::111122223333:role/start"`},
			{"Task.Properties.ExecutionRoleArn", `"arn:aws:iam::111122223333:role/start"`},
			{"Task.Properties.TaskRoleArn", otherRole},
		},
		[]string{"own-roles Task Properties.ExecutionRoleArn", "own-roles Task Properties.TaskRoleArn"},
		"Shop/MigrationTaskRole",
	},
	{
		"own-roles", "task role of a task definition without an execution role",
		[]edit{
			{"Migration.Properties.ExecutionRoleArn", ""},
			{"Migration.Properties.RequiresCompatibilities", `["EC2"]`},
			{"Migration.Properties.ContainerDefinitions[0].Secrets", ""},
			{"Task.Properties.TaskRoleArn", otherRole},
		},
		[]string{"own-roles Task Properties.TaskRoleArn"}, "Shop/MigrationTaskRole",
	},
	{
		"own-roles", "one role for both uses",
		[]edit{{"Migration.Properties.TaskRoleArn", `{"Fn::GetAtt": "MigrationExecutionRole.Arn"}`}},
		[]string{"own-roles Migration Properties.TaskRoleArn"}, "the execution role of the same task definition",
	},
	{
		"own-roles", "two task definitions of one family",
		[]edit{
			{"Migration.Properties.Family", `"shop-api"`},
			{"Migration.Properties.TaskRoleArn", `{"Fn::GetAtt": "TaskRole.Arn"}`},
		},
		[]string{"own-roles Task Properties.TaskRoleArn"}, "a role of Shop/Migration",
	},

	{
		"execution-role", "no right to write logs",
		[]edit{{statement + "[2].Action", `"logs:CreateLogStream"`}},
		[]string{appLogs}, "does not grant logs:PutLogEvents on arn:${AWS::Partition}:logs:",
	},
	{
		"execution-role", "logs of another group",
		[]edit{{statement + "[2].Resource", `{"Fn::GetAtt": "MigrationLogs.Arn"}`}},
		[]string{"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[2].Resource", appLogs},
		"log-group:/shop/migration:*",
	},
	{
		"execution-role", "no right to pull",
		[]edit{{statement + "[0].Action", `["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]`}},
		[]string{appImage}, "ecr:BatchCheckLayerAvailability",
	},
	{
		"execution-role", "pull from another repository",
		[]edit{{statement + "[0].Resource", `"arn:aws:ecr:eu-west-1:111122223333:repository/other"`}},
		[]string{"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[0].Resource", appImage},
		"repository/other",
	},
	{
		"execution-role", "pull from a repository in another region",
		[]edit{{start + "[0].Resource", `"arn:aws:ecr:us-east-1:111122223333:repository/shop/migration"`}},
		[]string{migrationImage, migrationPull},
		"us-east-1",
	},
	{
		"execution-role", "pull from a repository in another account",
		[]edit{{start + "[0].Resource", `"arn:aws:ecr:eu-west-1:444455556666:repository/shop/migration"`}},
		[]string{migrationImage, migrationPull},
		"444455556666",
	},
	{
		"execution-role", "pull from a repository of another service",
		[]edit{{start + "[0].Resource", `"arn:aws:ecr-public:eu-west-1:111122223333:repository/shop/migration"`}},
		[]string{migrationImage, migrationPull},
		"ecr-public",
	},
	{
		"execution-role", "pull from a repository by its name",
		[]edit{{start + "[0].Resource", `"shop/migration"`}},
		[]string{migrationImage, migrationPull},
		"on shop/migration",
	},
	{
		"execution-role", "no token",
		[]edit{
			{statement + "[1]", `{"Effect": "Allow", "Action": "ecr:BatchGetImage", "Resource": {"Fn::GetAtt":
				"Repository.Arn"}}`},
		},
		[]string{appImage}, "ecr:GetAuthorizationToken on *",
	},
	{
		"execution-role", "token for one repository",
		[]edit{{statement + "[1].Resource", `{"Fn::GetAtt": "Repository.Arn"}`}},
		[]string{"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[1].Resource", appImage},
		"ecr:GetAuthorizationToken on *",
	},
	{
		"execution-role", "no right to a parameter",
		[]edit{{statement + "[3].Effect", `"Deny"`}},
		[]string{"execution-role Task Properties.ContainerDefinitions[0].Secrets[0].ValueFrom"}, "ssm:GetParameters",
	},
	{
		"execution-role", "right to another parameter",
		[]edit{{statement + "[3].Resource", `["arn:aws:ssm:eu-west-1:111122223333:parameter/shop/api/db-password",
			"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/admin/db-password"]`}},
		[]string{"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[3].Resource"},
		"parameter/shop/admin",
	},
	{
		"execution-role", "right to all parameters",
		[]edit{{statement + "[3].Resource", `"arn:aws:ssm:eu-west-1:111122223333:parameter/*"`}},
		[]string{
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[3].Resource",
			"secret-privacy ExecutionPolicy Properties.PolicyDocument.Statement[3].Resource",
		},
		"name the exact resources",
	},
	{
		"execution-role", "no right to a parameter given by name",
		[]edit{{app + ".Secrets[0].ValueFrom", `"/shop/api/other"`}},
		[]string{
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[3].Resource",
			"execution-role Task Properties.ContainerDefinitions[0].Secrets[0].ValueFrom",
		},
		"parameter/shop/api/other",
	},
	{
		"execution-role", "no right to a secret",
		[]edit{{statement + "[4].Resource", `"arn:aws:secretsmanager:eu-west-1:111122223333:secret:other-AbCdEf"`}},
		[]string{
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[4].Resource",
			"execution-role Task Properties.ContainerDefinitions[0].Secrets[1].ValueFrom",
		},
		"secretsmanager:GetSecretValue",
	},
	{
		"execution-role", "no right to a secret of the log driver",
		[]edit{{app + ".LogConfiguration.SecretOptions", `[{"Name": "token",
			"ValueFrom": "arn:aws:ssm:eu-west-1:111122223333:parameter/splunk"}]`}},
		[]string{"execution-role Task Properties.ContainerDefinitions[0].LogConfiguration.SecretOptions[0].ValueFrom"},
		"parameter/splunk",
	},
	{
		"execution-role", "no right to the registry's credentials",
		[]edit{{app + ".RepositoryCredentials.CredentialsParameter", `"registry"`}},
		[]string{"execution-role Task Properties.ContainerDefinitions[0].RepositoryCredentials.CredentialsParameter"},
		"secret:registry",
	},
	{
		"execution-role", "application rights",
		[]edit{{statement + "[1].Action", `["ecr:GetAuthorizationToken", "ssm:GetParameter"]`}},
		[]string{
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[1].Action",
			"secret-privacy ExecutionPolicy Properties.PolicyDocument.Statement[1].Resource",
		},
		"grants ssm:GetParameter, which no container",
	},
	{
		"execution-role", "logs on everything, beside the token",
		[]edit{{statement + "[1].Action", `["ecr:GetAuthorizationToken", "logs:PutLogEvents"]`}},
		[]string{"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[1].Resource"}, "on *",
	},
	{
		"execution-role", "wildcard action",
		[]edit{{statement + "[0].Action", `"ecr:*"`}},
		[]string{"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[0].Action"}, "ecr:*",
	},
	{
		"execution-role", "decryption with every key",
		[]edit{{statement + "[5].Resource", `"*"`}},
		[]string{"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[5].Resource"}, "kms:Decrypt",
	},
	{
		"execution-role", "logs of a container without any",
		[]edit{{app + ".LogConfiguration", ""}},
		[]string{"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[2].Action"}, "logs:PutLogEvents",
	},
	{
		"execution-role", "pull of a public image",
		[]edit{{app + ".Image", `"public.ecr.aws/nginx/nginx:1.29"`}},
		[]string{
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[0].Action",
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[1].Action",
		},
		"ecr:GetAuthorizationToken",
	},
	{
		"execution-role", "decryption without a secret",
		[]edit{{app + ".Secrets", ""}},
		[]string{
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[3].Action",
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[4].Action",
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[5].Action",
		},
		"kms:Decrypt",
	},
	{
		"execution-role", "environment file that is not used",
		[]edit{
			{app + ".EnvironmentFiles", `[{"Type": "s3", "Value": "arn:aws:s3:::shop-config/api.env"}]`},
			{statement + "[6]", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource":
				"arn:aws:s3:::shop-config/admin.env"}`},
		},
		[]string{"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[6].Resource"}, "admin.env",
	},
	{
		"execution-role", "everything but",
		[]edit{{statement + "[6]", `{"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::safe"}`}},
		[]string{
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[6].NotAction",
			"execution-role ExecutionPolicy Properties.PolicyDocument.Statement[6].NotResource",
		},
		"may do anything but",
	},
	{
		"execution-role", "managed policy of AWS",
		[]edit{{"ExecutionRole.Properties.ManagedPolicyArns", `[{"Fn::Sub":
			"arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"}]`}},
		[]string{"execution-role ExecutionRole Properties.ManagedPolicyArns[0]"}, "AmazonECSTaskExecutionRolePolicy",
	},
	{
		"execution-role", "own managed policy",
		[]edit{
			{"Managed.Type", `"AWS::IAM::ManagedPolicy"`},
			{"Managed.Properties.PolicyDocument.Statement", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource":
				"*"}`},
			{"ExecutionRole.Properties.ManagedPolicyArns", `[{"Ref": "Managed"}]`},
		},
		[]string{"execution-role Managed Properties.PolicyDocument.Statement.Action"}, "s3:GetObject",
	},
	{
		"execution-role", "own managed policy beside one of AWS",
		[]edit{
			{"Managed.Type", `"AWS::IAM::ManagedPolicy"`},
			{"Managed.Properties.PolicyDocument.Statement", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource":
				"*"}`},
			{"ExecutionRole.Properties.ManagedPolicyArns", `["arn:aws:iam::aws:policy/ReadOnlyAccess", {"Ref":
				"Managed"}]`},
		},
		[]string{
			"execution-role ExecutionRole Properties.ManagedPolicyArns[0]",
			"execution-role Managed Properties.PolicyDocument.Statement.Action",
		},
		"ReadOnlyAccess",
	},
	{
		"execution-role", "policy of the role by its name",
		[]edit{
			{"Extra.Type", `"AWS::IAM::RolePolicy"`},
			{"Extra.Properties.RoleName", `"shop-migration-execution"`},
			{"Extra.Properties.PolicyDocument.Statement", `[{"Effect": "Allow", "Action": "kms:Sign", "Resource":
				"arn:a"}]`},
		},
		[]string{"execution-role Extra Properties.PolicyDocument.Statement[0].Action"}, "kms:Sign",
	},
	{
		"execution-role", "inline policy",
		[]edit{{"MigrationExecutionRole.Properties.Policies[0].PolicyDocument.Statement[3].Resource", `"*"`}},
		[]string{
			"execution-role MigrationExecutionRole Properties.Policies[0].PolicyDocument.Statement[3].Resource",
			"secret-privacy MigrationExecutionRole Properties.Policies[0].PolicyDocument.Statement[3].Resource",
		},
		"ssm:GetParameters on *",
	},
	{
		"execution-role", "none on Fargate",
		[]edit{{"Migration.Properties.ExecutionRoleArn", ""}},
		[]string{"execution-role Migration Properties.ExecutionRoleArn"}, "ContainerDefinitions[0].Image",
	},
	{
		"execution-role", "none for a secret on EC2",
		[]edit{
			{"Migration.Properties.ExecutionRoleArn", ""}, {"Migration.Properties.RequiresCompatibilities", `["EC2"]`},
		},
		[]string{"execution-role Migration Properties.ExecutionRoleArn"}, "Secrets[0].ValueFrom",
	},

	{
		"log-retention", "none",
		[]edit{{"Logs.Properties.RetentionInDays", ""}},
		[]string{"log-retention Logs Properties.RetentionInDays"}, "set RetentionInDays",
	},
	{
		"log-retention", "group made at run time",
		[]edit{{app + ".LogConfiguration.Options.awslogs-create-group", `"true"`}},
		[]string{
			"log-retention Task Properties.ContainerDefinitions[0].LogConfiguration.Options.awslogs-create-group",
		},
		"found true",
	},

	{
		"desired-count", "beside a scalable target",
		[]edit{{"Service.Properties.DesiredCount", "2"}},
		[]string{"desired-count Service Properties.DesiredCount"}, "sets the count back to 2",
	},
	{
		"desired-count", "beside a scalable target that names the service",
		[]edit{
			{"Service.Properties.DesiredCount", "0"},
			{"Service.Properties.ServiceName", `"api"`},
			{"Scaling.Properties.ResourceId", `{"Fn::Sub": "service/${Cluster}/api"}`},
		},
		[]string{"desired-count Service Properties.DesiredCount"}, "Shop/Scaling scales the service",
	},
	{
		"desired-count", "beside a scalable target that names a service in the default cluster",
		[]edit{
			{"Service.Properties.DesiredCount", "0"},
			{"Service.Properties.ServiceName", `"api"`},
			{"Service.Properties.Cluster", ""},
			{"Scaling.Properties.ResourceId", `"service/default/api"`},
		},
		[]string{"desired-count Service Properties.DesiredCount"}, "Shop/Scaling",
	},
	{
		"desired-count", "cluster by its ARN",
		[]edit{
			{"Service.Properties.DesiredCount", "1"}, {"Service.Properties.Cluster", `{"Fn::GetAtt": "Cluster.Arn"}`},
		},
		[]string{"desired-count Service Properties.DesiredCount"}, "remove DesiredCount",
	},

	{
		"role-policy-dependency", "no dependency on the execution role's policy",
		[]edit{{"Service.DependsOn", `"TaskPolicy"`}},
		[]string{"role-policy-dependency Service DependsOn"}, "does not wait for Shop/ExecutionPolicy",
	},
	{
		"role-policy-dependency", "no dependency at all",
		[]edit{{"Service.DependsOn", ""}},
		[]string{"role-policy-dependency Service DependsOn", "role-policy-dependency Service DependsOn"},
		"Shop/TaskRole",
	},

	{
		"propagate-tags", "none",
		[]edit{{"Service.Properties.PropagateTags", ""}, {"Service.Properties.EnableECSManagedTags", ""}},
		[]string{
			"propagate-tags Service Properties.EnableECSManagedTags",
			"propagate-tags Service Properties.PropagateTags",
		},
		"no value",
	},
	{
		"propagate-tags", "off",
		[]edit{{"Service.Properties.PropagateTags", `"NONE"`}, {"Service.Properties.EnableECSManagedTags", "false"}},
		[]string{
			"propagate-tags Service Properties.EnableECSManagedTags",
			"propagate-tags Service Properties.PropagateTags",
		},
		"found NONE",
	},

	{
		"stop-timeout", "shorter than the delay",
		[]edit{{app + ".StopTimeout", "20"}},
		[]string{"stop-timeout Task Properties.ContainerDefinitions[0].StopTimeout"}, "run for 30 s",
	},
	{
		"stop-timeout", "delay left at its default",
		[]edit{{"Targets.Properties.TargetGroupAttributes", ""}, {app + ".StopTimeout", "120"}},
		[]string{"stop-timeout Task Properties.ContainerDefinitions[0].StopTimeout"}, "run for 300 s",
	},
	{
		"stop-timeout", "left at its default, for a task definition of Fargate alone",
		[]edit{
			{"Service.Properties.LaunchType", parameter}, {"Targets.Properties.TargetGroupAttributes[1].Value", `"31"`},
		},
		[]string{"stop-timeout Task Properties.ContainerDefinitions[0].StopTimeout"}, "30 s after",
	},
	{
		"stop-timeout", "left at its default, in a service of Fargate",
		[]edit{
			{"Task.Properties.RequiresCompatibilities", `["EC2", "FARGATE"]`},
			{"Targets.Properties.TargetGroupAttributes[1].Value", `"31"`},
		},
		[]string{"stop-timeout Task Properties.ContainerDefinitions[0].StopTimeout"}, "30 s after",
	},
	{
		"stop-timeout", "left at its default, with a strategy of Fargate",
		[]edit{
			{"Service.Properties.LaunchType", ""},
			{"Service.Properties.CapacityProviderStrategy", `[{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]`},
			{"Task.Properties.RequiresCompatibilities", ""},
			{"Targets.Properties.TargetGroupAttributes[1].Value", `"31"`},
		},
		[]string{"stop-timeout Task Properties.ContainerDefinitions[0].StopTimeout"}, "30 s after",
	},
	{
		"stop-timeout", "left at its default",
		[]edit{{"Targets.Properties.TargetGroupAttributes[1].Value", `"31"`}},
		[]string{"stop-timeout Task Properties.ContainerDefinitions[0].StopTimeout"}, "30 s after",
	},
}

var nearMisses = []change{
	{rule: "fargate-size", name: "numbers", edits: []edit{
		{"Task.Properties.Cpu", "1024"}, {"Task.Properties.Memory", "8192"},
	}},
	{rule: "fargate-size", name: "units", edits: []edit{
		{"Task.Properties.Cpu", `".5 vCPU"`}, {"Task.Properties.Memory", `"4GB"`},
	}},
	{rule: "fargate-size", name: "memory of a parameter", edits: []edit{{"Task.Properties.Memory", parameter}}},
	{rule: "fargate-size", name: "CPU of a condition", edits: []edit{
		{"Task.Properties.Cpu", `{"Fn::If": ["Big", "1024", "256"]}`},
		{"Task.Properties.Memory", `{"Fn::If": ["Big", "2048", "512"]}`},
	}},
	{rule: "fargate-size", name: "operating system of a parameter", edits: []edit{
		{"Task.Properties.RuntimePlatform.OperatingSystemFamily", parameter},
	}},
	{rule: "fargate-size", name: "Windows", edits: []edit{
		{"Task.Properties.RuntimePlatform.OperatingSystemFamily", `"WINDOWS_SERVER_2022_CORE"`},
		{"Task.Properties.Cpu", `"1024"`}, {"Task.Properties.Memory", `"2048"`},
	}},
	{rule: "fargate-size", name: "EC2", edits: []edit{
		{"Task.Properties.RequiresCompatibilities", `["EC2"]`},
		{"Task.Properties.Cpu", ""}, {"Task.Properties.Memory", `"600"`},
	}},

	{rule: "target-type", name: "instance for bridge", edits: and(
		onEC2,
		edit{"Targets.Properties.TargetType", `"instance"`},
	)},
	{rule: "target-type", name: "none for host", edits: and(onEC2,
		edit{"Targets.Properties.TargetType", ""}, edit{"Task.Properties.NetworkMode", `"host"`})},
	{rule: "target-type", name: "of a parameter", edits: []edit{{"Targets.Properties.TargetType", parameter}}},
	{rule: "target-type", name: "network mode of a parameter", edits: and(
		onEC2,
		edit{"Task.Properties.NetworkMode", parameter},
	)},
	{rule: "target-type", name: "task definition elsewhere", edits: and(onEC2,
		edit{"Service.Properties.TaskDefinition", `"arn:aws:ecs:eu-west-1:111122223333:task-definition/other:1"`})},
	{rule: "target-type", name: "AWS::NoValue", edits: and(onEC2,
		edit{"Targets.Properties.TargetType", `{"Ref": "AWS::NoValue"}`})},

	{rule: "load-balancer-ingress", name: "inline", edits: []edit{
		{"FromLb", ""},
		{"ToService", ""},
		{"LbGroup.Properties.SecurityGroupEgress[1]", `{"DestinationSecurityGroupId": {"Fn::GetAtt":
			"ServiceGroup.GroupId"},
			"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080}`},
		{"ServiceGroup.Properties.SecurityGroupIngress", `[{"SourceSecurityGroupId": {"Fn::GetAtt": "LbGroup.GroupId"},
			"IpProtocol": "tcp", "FromPort": "8080", "ToPort": "8080"}]`},
	}},
	{rule: "load-balancer-ingress", name: "egress to everywhere by default", edits: []edit{
		{"ToService", ""}, {"LbGroup.Properties.SecurityGroupEgress", ""},
	}},
	{rule: "load-balancer-ingress", name: "egress to everywhere", edits: []edit{
		{"ToService", ""}, {"LbGroup.Properties.SecurityGroupEgress[0]", `{"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}`},
	}},
	{rule: "load-balancer-ingress", name: "egress to the VPC", edits: []edit{
		{"ToService.Properties.DestinationSecurityGroupId", ""}, {"ToService.Properties.CidrIp", `"10.0.0.0/16"`},
	}},
	{rule: "load-balancer-ingress", name: "egress to a prefix list", edits: []edit{
		{"ToService.Properties.DestinationSecurityGroupId", ""},
		{"ToService.Properties.DestinationPrefixListId", `"pl-1"`},
	}},
	{rule: "load-balancer-ingress", name: "health check port", edits: []edit{
		{"Targets.Properties.HealthCheckPort", `"8081"`},
		{"FromLb.Properties.ToPort", "8081"},
		{"ToService.Properties.ToPort", "8081"},
	}},
	{rule: "load-balancer-ingress", name: "health check on the traffic port", edits: []edit{
		{"Targets.Properties.HealthCheckPort", `"traffic-port"`},
	}},
	{rule: "load-balancer-ingress", name: "health check port of a parameter", edits: []edit{
		{"Targets.Properties.HealthCheckPort", parameter},
		{"Health.Type", `"AWS::EC2::SecurityGroupIngress"`},
		{"Health.Properties", `{"GroupId": {"Ref": "ServiceGroup"}, "SourceSecurityGroupId": {"Ref": "LbGroup"},
			"IpProtocol": "tcp", "FromPort": 9000, "ToPort": 9000}`},
	}},
	{rule: "load-balancer-ingress", name: "port of a parameter", edits: []edit{
		{"Service.Properties.LoadBalancers[0].ContainerPort", parameter}, {"FromLb.Properties.FromPort", parameter},
	}},
	{rule: "load-balancer-ingress", name: "security group of a parameter", edits: []edit{
		{"Service.Properties.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups[0]", parameter},
		{"FromLb", ""}, {"ToService", ""},
		{"LbGroup.Properties.SecurityGroupEgress", ""},
	}},
	{rule: "load-balancer-ingress", name: "security group elsewhere", edits: []edit{
		{"Service.Properties.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups[0]", `"sg-0123456789abcdef0"`},
		{"FromLb", ""}, {"ToService.Properties.DestinationSecurityGroupId", `"sg-0123456789abcdef0"`},
	}},
	{rule: "load-balancer-ingress", name: "no security group", edits: []edit{
		{"Service.Properties.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups", ""},
		{"FromLb", ""}, {"ToService", ""},
	}},
	{rule: "load-balancer-ingress", name: "conditional rule", edits: []edit{
		{"FromLb", ""},
		{"ServiceGroup.Properties.SecurityGroupIngress", `[{"Fn::If": ["Lb", {"IpProtocol": "tcp"}, {"Ref":
			"AWS::NoValue"}]}]`},
	}},
	{rule: "load-balancer-ingress", name: "security groups as one string", edits: []edit{
		{"Lb.Properties.SecurityGroups", `{"Fn::Split": [",", {"Fn::Join": [",", [{"Fn::GetAtt": "LbGroup.GroupId"},
			"sg-2"]]}]}`},
	}},
	{rule: "load-balancer-ingress", name: "load balancer elsewhere", edits: []edit{
		{"Rule.Properties.ListenerArn", `"arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shop/1/2"`},
		{"FromLb.Properties.SourceSecurityGroupId", `"sg-0123456789abcdef0"`}, {"ToService", ""},
	}},
	{rule: "load-balancer-ingress", name: "load balancer without security groups", edits: []edit{
		{"Lb.Properties.SecurityGroups", ""}, {"LbGroup", ""}, {"ToService", ""},
		{"FromLb.Properties.SourceSecurityGroupId", ""}, {"FromLb.Properties.CidrIp", `"10.0.0.0/16"`},
	}},
	{rule: "load-balancer-ingress", name: "two services in one security group", edits: []edit{
		{"Second", `{"Type": "AWS::ECS::Service", "Properties": {
			"TaskDefinition": {"Fn::ImportValue": "second"},
			"PropagateTags": "SERVICE", "EnableECSManagedTags": "true",
			"LoadBalancers": [
				{"ContainerName": "app", "ContainerPort": 9090, "TargetGroupArn": {"Fn::ImportValue": "targets"}}],
			"NetworkConfiguration": {"AwsvpcConfiguration": {
				"SecurityGroups": [{"Fn::GetAtt": "ServiceGroup.GroupId"}]}}}}`},
		{"Health.Type", `"AWS::EC2::SecurityGroupIngress"`},
		{"Health.Properties", `{"GroupId": {"Ref": "ServiceGroup"}, "SourceSecurityGroupId": {"Ref": "LbGroup"},
			"IpProtocol": "tcp", "FromPort": 9090, "ToPort": 9090}`},
	}},
	{rule: "load-balancer-ingress", name: "load balancers of task sets", edits: []edit{
		{"Service.Properties.LoadBalancers", ""}, {"Service.Properties.DeploymentController.Type", `"EXTERNAL"`},
	}},
	{rule: "load-balancer-ingress", name: "deployment controller of a parameter", edits: []edit{
		{"Service.Properties.LoadBalancers", ""}, {"Service.Properties.DeploymentController.Type", parameter},
	}},
	{rule: "load-balancer-ingress", name: "health check port of a target group elsewhere", edits: []edit{
		{"Service.Properties.LoadBalancers[0].AdvancedConfiguration.AlternateTargetGroupArn", `{"Fn::ImportValue":
			"green"}`},
		{"Health.Type", `"AWS::EC2::SecurityGroupIngress"`},
		{"Health.Properties", `{"GroupId": {"Ref": "ServiceGroup"}, "SourceSecurityGroupId": {"Ref": "LbGroup"},
			"IpProtocol": "tcp", "FromPort": 9000, "ToPort": 9000}`},
	}},
	{rule: "load-balancer-ingress", name: "security group that a custom resource finds", edits: []edit{
		{"Lookup.Type", `"Custom::Lookup"`},
		{"FromLb.Properties.SourceSecurityGroupId", `{"Ref": "Lookup"}`},
		{"ToService.Properties.DestinationSecurityGroupId", `{"Fn::GetAtt": "Lookup.Id"}`},
	}},
	{rule: "load-balancer-ingress", name: "security group that a CloudFormation custom resource finds", edits: []edit{
		{"Lookup.Type", `"AWS::CloudFormation::CustomResource"`},
		{"FromLb.Properties.SourceSecurityGroupId", `{"Ref": "Lookup"}`},
	}},
	{rule: "load-balancer-ingress", name: "attribute of a VPC", edits: []edit{
		{"Vpc.Type", `"AWS::EC2::VPC"`},
		{"FromLb.Properties.SourceSecurityGroupId", `{"Fn::GetAtt": "Vpc.DefaultSecurityGroup"}`},
	}},
	{rule: "load-balancer-ingress", name: "ICMP", edits: []edit{
		{"Ping.Type", `"AWS::EC2::SecurityGroupIngress"`},
		{"Ping.Properties", `{"GroupId": {"Ref": "ServiceGroup"}, "SourceSecurityGroupId": {"Ref": "LbGroup"},
			"IpProtocol": "icmp", "FromPort": 3, "ToPort": 4}`},
	}},

	{rule: "open-ingress", name: "private network", edits: []edit{
		{"ServiceGroup.Properties.SecurityGroupIngress", `[{"CidrIp": "10.0.0.0/8", "IpProtocol": "-1"},
			{"CidrIpv6": "fd00::/16", "IpProtocol": "-1"}, {"CidrIp": {"Ref": "Size"}, "IpProtocol": "-1"},
			{"SourcePrefixListId": "pl-1", "IpProtocol": "-1"}]`},
	}},
	{rule: "open-ingress", name: "ports of two listeners", edits: []edit{
		{"Http.Properties.Port", `"444"`},
		{"LbGroup.Properties.SecurityGroupIngress", `[{"CidrIp": "0.0.0.0/0", "IpProtocol": "6", "FromPort": 443,
			"ToPort": 444}]`},
	}},
	{rule: "open-ingress", name: "UDP", edits: []edit{
		{"Http.Properties.Protocol", `"UDP"`}, {"LbGroup.Properties.SecurityGroupIngress[2].IpProtocol", `"udp"`},
	}},
	{rule: "open-ingress", name: "port of a parameter", edits: []edit{
		{"LbGroup.Properties.SecurityGroupIngress[2].FromPort", parameter},
		{"LbGroup.Properties.SecurityGroupIngress[2].ToPort", parameter},
	}},
	{rule: "open-ingress", name: "listener's port of a parameter", edits: []edit{{"Http.Properties.Port", parameter}}},
	{rule: "open-ingress", name: "listeners elsewhere", edits: []edit{
		{"Http", ""}, {"Https", ""}, {"Rule", ""}, {"Service.DependsOn", `["ExecutionPolicy", "TaskPolicy"]`},
	}},
	{rule: "open-ingress", name: "security group elsewhere", edits: []edit{
		{"Open.Type", `"AWS::EC2::SecurityGroupIngress"`},
		{"Open.Properties", `{"GroupId": {"Fn::ImportValue": "group"}, "CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}`},
	}},

	{rule: "equal-rules", name: "on another port of no service, from elsewhere", edits: []edit{
		{"ServiceGroup.Properties.SecurityGroupIngress", `[{"CidrIp": "10.0.0.0/8", "IpProtocol": "tcp", "FromPort": 8080,
			"ToPort": 8080}, {"CidrIp": "10.0.0.0/8", "IpProtocol": "udp", "FromPort": 8080, "ToPort": 8080}]`},
	}},
	{rule: "equal-rules", name: "from a source that a parameter gives", edits: []edit{
		{"ServiceGroup.Properties.SecurityGroupIngress", `[{"CidrIp": {"Ref": "Size"}, "IpProtocol": "tcp", "FromPort": 8080,
			"ToPort": 8080}, {"CidrIp": {"Ref": "Size"}, "IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080}]`},
	}},
	{rule: "own-roles", name: "no task role", edits: []edit{
		{"Task.Properties.TaskRoleArn", ""}, {"Migration.Properties.TaskRoleArn", ""},
	}},

	{rule: "execution-role", name: "imported", edits: []edit{
		{"Task.Properties.ExecutionRoleArn", `"arn:aws:iam::111122223333:role/start"`},
	}},
	{rule: "execution-role", name: "imported in part", edits: []edit{
		{"Task.Properties.ExecutionRoleArn", `{"Fn::ImportValue": "role"}`},
	}},
	{rule: "execution-role", name: "log group's ARN", edits: []edit{
		{statement + "[2].Resource", `{"Fn::Sub": "arn:aws:logs:eu-west-1:111122223333:log-group:${Logs}"}`},
	}},
	{rule: "execution-role", name: "log group's ARN and all", edits: []edit{
		{statement + "[2].Resource", `{"Fn::Sub": "arn:aws:logs:*:*:log-group:${Logs}:*"}`},
	}},
	{rule: "execution-role", name: "log streams", edits: []edit{
		{statement + "[2].Resource", `[{"Fn::GetAtt": "Logs.Arn"},
			{"Fn::Sub": "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Logs}:log-stream:app/*"}]`},
	}},
	{rule: "execution-role", name: "log group elsewhere", edits: []edit{
		{app + ".LogConfiguration.Options.awslogs-group", `{"Fn::ImportValue": "logs"}`},
		{statement + "[2].Resource", `{"Fn::ImportValue": "logs-arn"}`},
	}},
	{rule: "execution-role", name: "no log group", edits: []edit{
		{app + ".LogConfiguration.Options.awslogs-group", ""}, {statement + "[2]", `{"Effect": "Deny"}`},
	}},
	{rule: "execution-role", name: "log driver of a parameter", edits: []edit{
		{app + ".LogConfiguration.LogDriver", parameter},
	}},
	{rule: "execution-role", name: "conditional container", edits: []edit{
		{app, `{"Fn::If": ["App", {"Name": "app"}, {"Name": "other"}]}`},
	}},
	{rule: "execution-role", name: "repository's URI", edits: []edit{
		{app + ".Image", `{"Fn::Sub": "${Repository.RepositoryUri}:v1"}`},
	}},
	{rule: "execution-role", name: "asset of the CDK", edits: []edit{
		{app + ".Image", `{"Fn::Sub":
			"111122223333.dkr.ecr.eu-west-1.${AWS::URLSuffix}/cdk-assets-${AWS::Region}:0123"}`},
		{statement + "[0].Resource", `{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"},
			":ecr:eu-west-1:111122223333:repository/", {"Fn::Sub": "cdk-assets-${AWS::Region}"}]]}`},
	}},
	{rule: "execution-role", name: "image of a parameter", edits: []edit{{app + ".Image", parameter}}},
	{rule: "execution-role", name: "image of a dynamic reference", edits: []edit{
		{app + ".Image", `"{{resolve:ssm:/shop/api/image}}"`},
	}},
	{rule: "execution-role", name: "repository elsewhere", edits: []edit{
		{app + ".Image", `{"Fn::Join": ["", [{"Fn::Select": [4, {"Fn::Split": [":", {"Fn::ImportValue":
			"repository"}]}]},
			".dkr.ecr.eu-west-1.amazonaws.com/", {"Fn::ImportValue": "repository-name"}]]}`},
		{statement + "[0].Resource", `{"Fn::ImportValue": "repository"}`},
	}},
	{rule: "execution-role", name: "path of parameters", edits: []edit{
		{statement + "[3].Resource", `"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/api/*"`},
	}},
	{rule: "execution-role", name: "parameter by its name", edits: []edit{
		{app + ".Secrets[0].ValueFrom", `"/shop/api/db-password"`},
	}},
	{rule: "execution-role", name: "parameter of the template", edits: []edit{
		{"Parameter", `{"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}`},
		{app + ".Secrets[0].ValueFrom", `{"Ref": "Parameter"}`},
		{statement + "[3].Resource", `{"Fn::Sub":
			"arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${Parameter}"}`},
	}},
	{rule: "execution-role", name: "secret in another service", edits: []edit{
		{app + ".Secrets[0].ValueFrom", `"arn:aws:example:eu-west-1:111122223333:secret/1"`},
	}},
	{rule: "execution-role", name: "secret of nothing", edits: []edit{{app + ".Secrets[2].Name", `"NONE"`}}},
	{rule: "execution-role", name: "secret of a template parameter", edits: []edit{
		{app + ".Secrets[0].ValueFrom", parameter},
	}},
	{rule: "execution-role", name: "secret named without its suffix", edits: []edit{
		{app + ".Secrets[1].ValueFrom", `"arn:aws:secretsmanager:eu-west-1:111122223333:secret:api:key::"`},
		{statement + "[4].Resource", `"arn:aws:secretsmanager:eu-west-1:111122223333:secret:api-??????"`},
	}},
	{rule: "execution-role", name: "attached secret", edits: []edit{
		{"Attached", `{"Type": "AWS::SecretsManager::SecretTargetAttachment", "Properties": {"SecretId": {"Ref":
			"Secret"}}}`},
		{statement + "[4].Resource", `{"Ref": "Attached"}`},
	}},
	{rule: "execution-role", name: "credentials of a registry", edits: []edit{
		{app + ".RepositoryCredentials.CredentialsParameter", `{"Ref": "Secret"}`},
	}},
	{rule: "execution-role", name: "credentials of a parameter", edits: []edit{
		{app + ".RepositoryCredentials.CredentialsParameter", parameter},
	}},
	{rule: "execution-role", name: "environment file", edits: []edit{
		{"Config", `{"Type": "AWS::S3::Bucket"}`},
		{app + ".EnvironmentFiles", `[{"Type": "s3", "Value": {"Fn::Sub": "${Config.Arn}/api.env"}}]`},
		{statement + "[6]", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub":
			"${Config.Arn}/*"}}`},
		{statement + "[7]", `{"Effect": "Allow", "Action": "s3:GetBucketLocation", "Resource": {"Fn::GetAtt":
			"Config.Arn"}}`},
	}},
	{rule: "execution-role", name: "action in lower case", edits: []edit{
		{statement + "[3].Action", `"ssm:getparameters"`},
	}},
	{rule: "execution-role", name: "action of a parameter", edits: []edit{{statement + "[3].Action", parameter}}},
	{rule: "execution-role", name: "conditional statement", edits: []edit{
		{statement + "[3]", `{"Fn::If": ["Db", {"Effect": "Allow"}, {"Ref": "AWS::NoValue"}]}`},
	}},
	{rule: "execution-role", name: "managed policy of the template", edits: []edit{
		{"ExecutionPolicy.Type", `"AWS::IAM::ManagedPolicy"`},
	}},
	{rule: "execution-role", name: "managed policy elsewhere", edits: []edit{
		{"ExecutionPolicy", ""},
		{"Service.DependsOn", `["TaskPolicy"]`},
		{"ExecutionRole.Properties.ManagedPolicyArns", `[{"Fn::ImportValue": "policy"}]`},
	}},
	{rule: "execution-role", name: "none on EC2 without secrets", edits: []edit{
		{"Migration.Properties.ExecutionRoleArn", ""},
		{"Migration.Properties.RequiresCompatibilities", `["EC2"]`},
		{"Migration.Properties.ContainerDefinitions[0].Secrets", ""},
	}},

	{rule: "log-retention", name: "delivery class", edits: []edit{
		{"Logs.Properties.RetentionInDays", ""}, {"Logs.Properties.LogGroupClass", `"DELIVERY"`},
	}},
	{rule: "log-retention", name: "class of a parameter", edits: []edit{
		{"Logs.Properties.RetentionInDays", ""}, {"Logs.Properties.LogGroupClass", parameter},
	}},
	{rule: "log-retention", name: "of a parameter", edits: []edit{{"Logs.Properties.RetentionInDays", parameter}}},
	{rule: "log-retention", name: "group not made at run time", edits: []edit{
		{app + ".LogConfiguration.Options.awslogs-create-group", `"false"`},
	}},

	{rule: "desired-count", name: "without a scalable target", edits: []edit{
		{"Service.Properties.DesiredCount", "2"}, {"Scaling", ""},
	}},
	{rule: "desired-count", name: "no value", edits: []edit{
		{"Service.Properties.DesiredCount", `{"Ref": "AWS::NoValue"}`},
	}},
	{rule: "desired-count", name: "scalable target of something else", edits: []edit{
		{"Service.Properties.DesiredCount", "2"}, {"Scaling.Properties.ServiceNamespace", `"dynamodb"`},
	}},
	{rule: "desired-count", name: "scalable target of another service", edits: []edit{
		{"Service.Properties.DesiredCount", "2"},
		{"Scaling.Properties.ResourceId", `{"Fn::Sub": "service/${Cluster}/other"}`},
	}},
	{rule: "desired-count", name: "scalable target of a service of that name in another cluster", edits: []edit{
		{"Service.Properties.DesiredCount", "2"},
		{"Service.Properties.ServiceName", `"api"`},
		{"Scaling.Properties.ResourceId", `"service/default/api"`},
	}},

	{rule: "role-policy-dependency", name: "by another resource", edits: []edit{
		{"Service.DependsOn", `["TaskPolicy", "Rule"]`}, {"Rule.DependsOn", `"ExecutionPolicy"`},
	}},
	{rule: "role-policy-dependency", name: "by references", edits: []edit{
		{"Service.DependsOn", ""},
		{"Service.Properties.Tags", `[{"Key": "a", "Value": {"Fn::Sub": "${TaskPolicy}"}},
			{"Key": "b", "Value": {"Fn::Sub": ["${x}-${ExecutionPolicy.Id}", {"x": "y"}]}}]`},
	}},
	{rule: "role-policy-dependency", name: "policy of another role", edits: []edit{
		{"Service.DependsOn", `["TaskPolicy"]`}, {"ExecutionPolicy.Properties.Roles", `["other"]`},
		{"ExecutionRole.Properties.ManagedPolicyArns", `[{"Fn::ImportValue": "policy"}]`},
	}},

	{rule: "propagate-tags", name: "of the task definition", edits: []edit{
		{"Service.Properties.PropagateTags", `"TASK_DEFINITION"`},
		{"Service.Properties.EnableECSManagedTags", `"true"`},
	}},
	{rule: "propagate-tags", name: "of parameters", edits: []edit{
		{"Service.Properties.PropagateTags", parameter}, {"Service.Properties.EnableECSManagedTags", parameter},
	}},

	{rule: "stop-timeout", name: "as long as the delay", edits: []edit{
		{app + ".StopTimeout", `"120"`}, {"Targets.Properties.TargetGroupAttributes[1].Value", `"120"`},
	}},
	{rule: "stop-timeout", name: "of a parameter", edits: []edit{{app + ".StopTimeout", parameter}}},
	{rule: "stop-timeout", name: "of an agent, if it is not Fargate", edits: []edit{
		{"Service.Properties.LaunchType", parameter},
		{"Task.Properties.RequiresCompatibilities", `["EC2", "FARGATE"]`},
		{"Targets.Properties.TargetGroupAttributes[1].Value", `"31"`},
	}},
	{rule: "stop-timeout", name: "delay of a parameter", edits: []edit{
		{"Targets.Properties.TargetGroupAttributes[1].Value", parameter},
	}},
	{rule: "stop-timeout", name: "attributes of a condition", edits: []edit{
		{"Targets.Properties.TargetGroupAttributes", `[{"Fn::If": ["Slow", {"Key": "a", "Value": "b"}, {"Ref":
			"AWS::NoValue"}]}]`},
	}},
	{rule: "stop-timeout", name: "of another container", edits: []edit{
		{"Task.Properties.ContainerDefinitions[1].StopTimeout", "2"},
	}},
}

package rules_test

import "strings"

// Paths and values that many changes to the template on EC2 have in common.
const (
	instance = "Template.Properties.LaunchTemplateData"
	provider = "Pool.Properties.AutoScalingGroupProvider"
	appPort  = app + ".PortMappings[0]"
	userData = instance + ".UserData"

	workerStart = "WorkerExecutionRole.Properties.Policies[0].PolicyDocument.Statement"

	otherTemplate = `{"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {
		"SecurityGroupIds": [{"Ref": "OtherGroup"}],
		"MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": "1"},
		"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": "true"}}]}}}`
	otherInstances = `{"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {"MaxSize": 2,
		"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Other"}, "Version": "$Latest"}}}`
	otherPool = `{"Type": "AWS::ECS::CapacityProvider", "Properties": {"AutoScalingGroupProvider": {
		"AutoScalingGroupArn": {"Ref": "OtherInstances"}, "ManagedScaling": {"Status": "ENABLED"},
		"ManagedTerminationProtection": "DISABLED", "ManagedDraining": "ENABLED"}}}`
	pool = `{"CapacityProvider": {"Ref": "Pool"}, "Weight": 1}`
)

// fixedPort gives the container of the service port 8080 of its instance.
var fixedPort = []edit{
	{appPort + ".HostPort", "8080"},
	{"FromLb.Properties.FromPort", "8080"}, {"FromLb.Properties.ToPort", "8080"},
	{"ToInstances.Properties.FromPort", "8080"}, {"ToInstances.Properties.ToPort", "8080"},
}

// onWindows runs the service in the only mode that Windows has beside awsvpc.
var onWindows = []edit{
	{"Task.Properties.NetworkMode", ""},
	{"Task.Properties.RuntimePlatform.OperatingSystemFamily", `"WINDOWS_SERVER_2022_CORE"`},
}

// notWorker leaves out the service in mode awsvpc.
var notWorker = []edit{{"Worker", ""}, {"WorkerTask", ""}, {"WorkerGroup", ""}}

var ec2Breakages = []change{
	{
		"secret-privacy", "role of instances",
		[]edit{
			{"InstanceRole.Properties.AssumeRolePolicyDocument.Statement", `[{"Effect": "Allow", "Action": "sts:AssumeRole",
				"Principal": {"Service": "ec2.amazonaws.com"}}]`},
			{"InstanceRole.Properties.Policies", `[{"PolicyDocument": {"Statement": ` + allow(`"ssm:GetParameter*"`, `"*"`) +
				`}}]`},
		},
		[]string{"secret-privacy InstanceRole Properties.Policies[0].PolicyDocument.Statement.Resource"},
		"can read arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/shop/splunk-token, although",
	},
	{
		"execution-role", "no right to decrypt under a key by its alias",
		[]edit{{workerStart + "[2].Resource", otherKey}},
		[]string{"execution-role WorkerTask Properties.ContainerDefinitions[0].Secrets[0].ValueFrom"}, "kms:Decrypt",
	},
	{
		"execution-role", "none for a secret of Splunk",
		[]edit{{"WorkerTask.Properties.ExecutionRoleArn", ""}, {"WorkerTask.Properties.ContainerDefinitions[0].Secrets", ""}},
		[]string{"execution-role WorkerTask Properties.ExecutionRoleArn"}, "SecretOptions[0].ValueFrom",
	},

	{
		"target-type", "ip on Windows",
		and(onWindows, edit{"Targets.Properties.TargetType", `"ip"`}),
		[]string{"target-type Targets Properties.TargetType"}, "network mode default",
	},

	{
		"load-balancer-ingress", "no ingress to instances",
		[]edit{{"FromLb", ""}},
		[]string{entry},
		"the security groups ${Shop/InstanceGroup} of the instances that Shop/Template starts do not admit " +
			"${Shop/LbGroup} of Shop/Lb on tcp ports 32768 to 65535",
	},
	{
		"load-balancer-ingress", "ingress to instances on some of their ports",
		[]edit{{"FromLb.Properties.FromPort", "49153"}},
		[]string{entry}, "tcp ports 32768 to 65535",
	},
	{
		"load-balancer-ingress", "ingress to instances on all ports",
		[]edit{{"FromLb.Properties.IpProtocol", `"-1"`}},
		[]string{"load-balancer-ingress FromLb Properties"}, "all ports 0 to 65535",
	},
	{
		"load-balancer-ingress", "ingress to instances on all ports of TCP",
		[]edit{{"FromLb.Properties.FromPort", "0"}},
		[]string{"load-balancer-ingress FromLb Properties"}, "tcp ports 0 to 65535",
	},
	{
		"load-balancer-ingress", "ingress to instances for nothing",
		[]edit{{"Service.Properties.LoadBalancers", ""}},
		[]string{"load-balancer-ingress FromLb Properties"}, "narrow it",
	},
	{
		"load-balancer-ingress", "no egress to instances",
		[]edit{{"ToInstances", ""}},
		[]string{entry}, "does not let requests out to the security groups ${Shop/InstanceGroup}",
	},
	{
		"load-balancer-ingress", "fixed host port",
		[]edit{{appPort + ".HostPort", "8080"}},
		[]string{"load-balancer-ingress FromLb Properties", entry, entry}, "tcp port 8080",
	},
	{
		"load-balancer-ingress", "network mode host",
		[]edit{{"Task.Properties.NetworkMode", `"host"`}},
		[]string{"load-balancer-ingress FromLb Properties", entry, entry}, "tcp port 8080",
	},
	{
		"load-balancer-ingress", "fixed port for the health checks of varying ports",
		[]edit{{"Targets.Properties.HealthCheckPort", `"9090"`}},
		[]string{"load-balancer-ingress Targets Properties.HealthCheckPort"}, "go to port 9090",
	},
	{
		"load-balancer-ingress", "health checks on another fixed port",
		and(fixedPort, edit{"Targets.Properties.HealthCheckPort", `"9090"`}),
		[]string{entry, entry}, "tcp port 9090",
	},
	{
		"load-balancer-ingress", "UDP to instances",
		[]edit{{"Targets.Properties.Protocol", `"UDP"`}},
		[]string{entry, entry}, "udp ports 32768 to 65535",
	},
	{
		"load-balancer-ingress", "load balancer elsewhere, too many ports of instances",
		[]edit{
			{"Rule.Properties.ListenerArn", `"arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shop/1/2"`},
			{"FromLb.Properties.SourceSecurityGroupId", `"sg-0123456789abcdef0"`},
			{"FromLb.Properties.FromPort", "1024"},
		},
		[]string{entry}, "for exactly tcp ports 32768 to 65535",
	},
	{
		"load-balancer-ingress", "instances of several launch templates",
		[]edit{
			{"Instances.Properties.LaunchTemplate", ""},
			{"Instances.Properties.MixedInstancesPolicy.LaunchTemplate", `{
				"LaunchTemplateSpecification": {"LaunchTemplateName": "shop", "Version": "$Latest"},
				"Overrides": [{"InstanceType": "m7i.large", "LaunchTemplateSpecification": {
					"LaunchTemplateId": {"Fn::GetAtt": "Other.LaunchTemplateId"}, "Version": "$Latest"}}]}`},
			{"Template.Properties.LaunchTemplateName", `"shop"`},
			{"Other", otherTemplate},
			{"OtherGroup.Type", `"AWS::EC2::SecurityGroup"`},
		},
		[]string{entry, entry}, "the instances that Shop/Other starts do not admit",
	},
	{
		"load-balancer-ingress", "instances with a network interface",
		[]edit{
			{instance + ".SecurityGroupIds", ""},
			{instance + ".NetworkInterfaces", `[{"DeviceIndex": 0, "Groups": [{"Fn::GetAtt": "InstanceGroup.GroupId"}]}]`},
			{"FromLb", ""},
		},
		[]string{entry}, "${Shop/InstanceGroup}",
	},
	{
		"load-balancer-ingress", "instances by launch type",
		[]edit{
			{"Service.Properties.CapacityProviderStrategy", ""}, {"Service.Properties.LaunchType", `"EC2"`}, {"FromLb", ""},
		},
		[]string{entry}, "do not admit",
	},
	{
		"load-balancer-ingress", "instances of either pool by launch type",
		[]edit{
			{"OtherPool", otherPool}, {"OtherInstances", otherInstances}, {"Other", otherTemplate},
			{"OtherGroup.Type", `"AWS::EC2::SecurityGroup"`},
			{"Association.Properties.CapacityProviders[2]", `{"Ref": "OtherPool"}`},
			{"Service.Properties.CapacityProviderStrategy", ""}, {"Service.Properties.LaunchType", `"EC2"`},
			{"Service.Properties.PlacementConstraints", `[{"Type": "distinctInstance"}]`},
		},
		[]string{entry, entry}, "the instances that Shop/Other starts",
	},
	{
		"load-balancer-ingress", "instances of the only pool by launch type, with a constraint",
		[]edit{
			{"Service.Properties.CapacityProviderStrategy", ""}, {"Service.Properties.LaunchType", `"EC2"`},
			{"Task.Properties.PlacementConstraints", `[{"Type": "memberOf", "Expression": "attribute:pool == a"}]`},
			{"FromLb", ""},
		},
		[]string{entry}, "do not admit",
	},
	{
		"load-balancer-ingress", "ingress to instances of another pool",
		[]edit{
			{"OtherPool", otherPool}, {"OtherInstances", otherInstances}, {"Other", otherTemplate},
			{"OtherGroup.Type", `"AWS::EC2::SecurityGroup"`},
			{"ToOther.Type", `"AWS::EC2::SecurityGroupIngress"`},
			{"ToOther.Properties", `{"GroupId": {"Ref": "OtherGroup"}, "SourceSecurityGroupId": {"Ref": "LbGroup"},
				"IpProtocol": "tcp", "FromPort": 32768, "ToPort": 65535}`},
			{userData, `{"Fn::Base64": ""}`},
			{"Other.Properties.LaunchTemplateData.UserData", `{"Fn::Base64": "awsvpc-block-imds = true"}`},
			{"Worker.Properties.CapacityProviderStrategy", `[{"CapacityProvider": {"Ref": "OtherPool"}, "Weight": 1}]`},
			{"Service.Properties.CapacityProviderStrategy", ""}, {"Service.Properties.LaunchType", `"EC2"`},
		},
		[]string{"load-balancer-ingress ToOther Properties"}, "narrow it",
	},
	{
		"load-balancer-ingress", "ingress to instances on other ports than they have, if one is unknown",
		[]edit{{appPort + ".HostPort", parameter}, {"FromLb.Properties.ToPort", "40000"}},
		[]string{"load-balancer-ingress FromLb Properties"}, "tcp ports 32768 to 40000",
	},
	{
		"load-balancer-ingress", "ingress to instances on more ports than they have, if one is unknown",
		[]edit{{appPort + ".HostPort", parameter}, {"FromLb.Properties.FromPort", "1024"}},
		[]string{"load-balancer-ingress FromLb Properties"}, "tcp ports 1024 to 65535",
	},
	{
		"load-balancer-ingress", "instances by the default strategy",
		[]edit{{"Service.Properties.CapacityProviderStrategy", ""}, {"FromLb", ""}},
		[]string{entry}, "do not admit",
	},
	{
		"load-balancer-ingress", "instances by the cluster's own capacity providers",
		[]edit{
			{"Association", ""},
			{"Cluster.Properties.CapacityProviders", `[{"Ref": "Pool"}]`},
			{"Service.Properties.Cluster", `{"Fn::GetAtt": "Cluster.Arn"}`},
			{"Service.Properties.CapacityProviderStrategy", ""},
			{"FromLb", ""},
		},
		[]string{entry}, "do not admit",
	},
	{
		"load-balancer-ingress", "instances of the default cluster",
		[]edit{
			{"Association.Properties.Cluster", `"default"`},
			{"Service.Properties.Cluster", ""},
			{"Service.Properties.CapacityProviderStrategy", ""},
			{"FromLb", ""},
		},
		[]string{entry}, "do not admit",
	},
	{
		"load-balancer-ingress", "instances by the ARN of their group",
		[]edit{{provider + ".AutoScalingGroupArn", `{"Fn::GetAtt": "Instances.AutoScalingGroupARN"}`}, {"FromLb", ""}},
		[]string{entry}, "do not admit",
	},
	{
		"load-balancer-ingress", "instances by names",
		[]edit{
			{"Pool.Properties.Name", `"shop-pool"`},
			{"Service.Properties.CapacityProviderStrategy[0].CapacityProvider", `"shop-pool"`},
			{"Instances.Properties.AutoScalingGroupName", `"shop"`},
			{provider + ".AutoScalingGroupArn",
				`"arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1234:autoScalingGroupName/shop"`},
			{"FromLb", ""},
		},
		[]string{entry}, "do not admit",
	},

	{
		"load-balancer-ingress", "ingress to instances that run no service with a load balancer",
		[]edit{
			{"Service.Properties.CapacityProviderStrategy[0].CapacityProvider", `{"Ref": "Managed"}`},
			{"Managed", `{"Type": "AWS::ECS::CapacityProvider", "Properties": {"ManagedInstancesProvider": {}}}`},
		},
		[]string{"load-balancer-ingress FromLb Properties"}, "tcp ports 32768 to 65535",
	},

	{
		"open-ingress", "of instances",
		[]edit{{"InstanceGroup.Properties.SecurityGroupIngress",
			`[{"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}]`}},
		[]string{"open-ingress InstanceGroup Properties.SecurityGroupIngress[0].CidrIp"}, "belongs to no load balancer",
	},

	{
		"host-port", "twice in network mode host",
		[]edit{{"AgentTask.Properties.ContainerDefinitions[1]", `{"Name": "proxy", "Image": "envoy", "Memory": 64,
			"PortMappings": [{"ContainerPort": "8126", "Protocol": "TCP"}]}`}},
		[]string{"host-port AgentTask Properties.ContainerDefinitions[1].PortMappings[0].ContainerPort"},
		"Properties.ContainerDefinitions[0].PortMappings[0] has tcp port 8126 in network mode host already",
	},
	{
		"host-port", "twice in network mode awsvpc",
		[]edit{{"WorkerTask.Properties.ContainerDefinitions[1]", `{"Name": "proxy", "Image": "envoy",
			"PortMappings": [{"ContainerPort": 8080}]}`}},
		[]string{"host-port WorkerTask Properties.ContainerDefinitions[1].PortMappings[0].ContainerPort"},
		"network mode awsvpc",
	},
	{
		"host-port", "twice in network mode bridge",
		[]edit{
			{app + ".PortMappings[1].HostPort", "9090"},
			{"Task.Properties.ContainerDefinitions[1].PortMappings", `[{"ContainerPort": 80, "HostPort": 9090}]`},
		},
		[]string{"host-port Task Properties.ContainerDefinitions[1].PortMappings[0].HostPort"}, "tcp port 9090",
	},
	{
		"host-port", "tasks on all instances",
		and(fixedPort, edit{"Service.Properties.DesiredCount", "10"}),
		[]string{"host-port Service Properties.DesiredCount"}, "10 tasks of the service take a fixed port",
	},
	{
		"host-port", "tasks on all instances of the default strategy, with percents of less than a task",
		and(fixedPort,
			edit{"Service.Properties.DesiredCount", `"3"`},
			edit{"Instances.Properties.MaxSize", "3"},
			edit{"Service.Properties.CapacityProviderStrategy", ""},
			edit{"Service.Properties.DeploymentConfiguration.MinimumHealthyPercent", "67"}),
		[]string{"host-port Service Properties.DesiredCount"}, "at most 3 instances",
	},
	{
		"host-port", "tasks on more than all instances in network mode host",
		[]edit{
			{"Service.Properties.LoadBalancers", ""},
			{"FromLb", ""},
			{"Task.Properties.NetworkMode", `"host"`},
			{"Service.Properties.DesiredCount", "20"},
			{"Service.Properties.DeploymentConfiguration", ""},
		},
		[]string{"host-port Service Properties.DesiredCount"}, "20 tasks",
	},

	{
		"stop-timeout", "left at the agent's default",
		[]edit{{"Targets.Properties.TargetGroupAttributes[0].Value", `"31"`}},
		[]string{"stop-timeout Task Properties.ContainerDefinitions[0].StopTimeout"}, "30 s after",
	},

	{
		"launch-type", "beside a strategy",
		[]edit{{"Service.Properties.LaunchType", `"EC2"`}},
		[]string{"launch-type Service Properties.LaunchType"}, "found EC2",
	},
	{
		"launch-type", "strategy of a DAEMON",
		[]edit{
			{"Agent.Properties.LaunchType", ""}, {"Agent.Properties.CapacityProviderStrategy", "[" + pool + "]"},
			{"Agent.DependsOn", `"Association"`},
		},
		[]string{"launch-type Agent Properties.CapacityProviderStrategy"}, "set LaunchType to EC2",
	},
	{
		"launch-type", "default strategy for a DAEMON",
		[]edit{{"Agent.Properties.LaunchType", ""}, {"Agent.DependsOn", `"Association"`}},
		[]string{"launch-type Agent Properties.LaunchType"}, "the default strategy of Shop/Association",
	},

	{
		"mixed-strategy", "Fargate beside instances",
		[]edit{{"Service.Properties.CapacityProviderStrategy[1]", `{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}`}},
		[]string{"mixed-strategy Service Properties.CapacityProviderStrategy[1].CapacityProvider"},
		"refuses FARGATE_SPOT beside ${Shop/Pool.Name}",
	},
	{
		"mixed-strategy", "instances beside Fargate by default",
		[]edit{{"Association.Properties.DefaultCapacityProviderStrategy",
			`[{"CapacityProvider": "FARGATE", "Weight": "1"}, ` + pool + "]"}},
		[]string{"mixed-strategy Association Properties.DefaultCapacityProviderStrategy[1].CapacityProvider"}, "FARGATE",
	},
	{
		"mixed-strategy", "one provider twice in a cluster",
		[]edit{
			{"Association", ""},
			{"Cluster.Properties.DefaultCapacityProviderStrategy", "[" + pool + ", " + pool + "]"},
		},
		[]string{"mixed-strategy Cluster Properties.DefaultCapacityProviderStrategy[1].CapacityProvider"}, "twice",
	},
	{
		"mixed-strategy", "two bases",
		[]edit{{"Service.Properties.CapacityProviderStrategy[1]",
			`{"CapacityProvider": "other", "Base": "2", "Weight": 1}`}},
		[]string{"mixed-strategy Service Properties.CapacityProviderStrategy[1].Base"}, "a second of 2",
	},
	{
		"mixed-strategy", "no weight",
		[]edit{{"Service.Properties.CapacityProviderStrategy[0].Weight", ""}},
		[]string{"mixed-strategy Service Properties.CapacityProviderStrategy"}, "set Weight for",
	},
	{
		"mixed-strategy", "weights of zero",
		[]edit{{"Association.Properties.DefaultCapacityProviderStrategy",
			`[{"CapacityProvider": {"Ref": "Pool"}, "Weight": 0}, {"CapacityProvider": "other", "Weight": "0"}]`}},
		[]string{"mixed-strategy Association Properties.DefaultCapacityProviderStrategy"}, "weight above 0",
	},
	{
		"mixed-strategy", "too many providers",
		[]edit{{"Service.Properties.CapacityProviderStrategy", providers(21)}},
		[]string{"mixed-strategy Service Properties.CapacityProviderStrategy"}, "found 21 capacity providers",
	},

	{
		"association-dependency", "none",
		[]edit{{"Service.DependsOn", `["Rule"]`}},
		[]string{"association-dependency Service DependsOn"}, "does not wait for Shop/Association",
	},
	{
		"association-dependency", "none for the default strategy",
		[]edit{{"Worker.DependsOn", ""}},
		[]string{"association-dependency Worker DependsOn"}, "add it to DependsOn",
	},
	{
		"association-dependency", "none on Fargate, in a cluster by its ARN",
		[]edit{
			{"Worker.DependsOn", ""},
			{"Worker.Properties.Cluster", `{"Fn::GetAtt": "Cluster.Arn"}`},
			{"Worker.Properties.CapacityProviderStrategy", `[{"CapacityProvider": "FARGATE", "Weight": 1}]`},
		},
		[]string{"association-dependency Worker DependsOn"}, "Shop/Association",
	},

	{
		"daemon", "number of tasks",
		[]edit{{"Agent.Properties.DesiredCount", "1"}},
		[]string{"daemon Agent Properties.DesiredCount"}, "found 1",
	},
	{
		"daemon", "numbers for a deployment",
		[]edit{{"Agent.Properties.DeploymentConfiguration", `{"MaximumPercent": 200, "MinimumHealthyPercent": 100}`}},
		[]string{
			"daemon Agent Properties.DeploymentConfiguration.MaximumPercent",
			"daemon Agent Properties.DeploymentConfiguration.MinimumHealthyPercent",
		},
		"found 200",
	},
	{
		"daemon", "placement",
		[]edit{
			{"Agent.Properties.PlacementStrategies", `[{"Type": "random"}]`},
			{"Agent.Properties.AvailabilityZoneRebalancing", `"ENABLED"`},
		},
		[]string{
			"daemon Agent Properties.AvailabilityZoneRebalancing", "daemon Agent Properties.PlacementStrategies",
		},
		"set DISABLED",
	},
	{
		"daemon", "on Fargate",
		[]edit{{"Agent.Properties.LaunchType", `"FARGATE"`}},
		[]string{"daemon Agent Properties.LaunchType"}, "Fargate has no instances",
	},
	{
		"daemon", "scaled",
		[]edit{{"Scaling", `{"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": {"ServiceNamespace": "ecs",
			"ResourceId": {"Fn::Sub": "service/${Cluster}/${Agent.Name}"}}}`}},
		[]string{"daemon Scaling Properties.ResourceId"}, "Shop/Agent is a DAEMON",
	},

	{
		"bin-packing", "no memory",
		[]edit{{app + ".MemoryReservation", ""}},
		[]string{"bin-packing Task Properties.ContainerDefinitions[0].MemoryReservation"},
		"Shop/Service packs its tasks by memory",
	},
	{
		"bin-packing", "no CPU",
		[]edit{
			{"Service.Properties.PlacementStrategies[1].Field", `"CPU"`},
			{app + ".Cpu", "0"},
		},
		[]string{
			"bin-packing Task Properties.ContainerDefinitions[0].Cpu",
			"bin-packing Task Properties.ContainerDefinitions[1].Cpu",
		},
		"set Cpu",
	},

	{
		"zone-rebalancing", "packed first",
		[]edit{{"Service.Properties.PlacementStrategies", `[{"Type": "binpack", "Field": "memory"},
			{"Type": "spread", "Field": "attribute:ecs.availability-zone"}]`}},
		[]string{"zone-rebalancing Service Properties.PlacementStrategies[0]"}, "is binpack on memory",
	},
	{
		"zone-rebalancing", "spread over instances",
		[]edit{{"Service.Properties.PlacementStrategies[0].Field", `"instanceId"`}},
		[]string{"zone-rebalancing Service Properties.PlacementStrategies[0]"}, "is spread on instanceId",
	},
	{
		"zone-rebalancing", "no task beside the desired ones",
		[]edit{{"Service.Properties.DeploymentConfiguration", `{"MaximumPercent": 100, "MinimumHealthyPercent": 50}`}},
		[]string{"zone-rebalancing Service Properties.DeploymentConfiguration.MaximumPercent"}, "100 percent",
	},
	{
		"zone-rebalancing", "constraint to zones",
		[]edit{{"Service.Properties.PlacementConstraints", `[{"Type": "distinctInstance"},
			{"Type": "memberOf", "Expression": "attribute:ecs.availability-zone in [eu-west-1a, eu-west-1b]"}]`}},
		[]string{"zone-rebalancing Service Properties.PlacementConstraints[1].Expression"}, "in [eu-west-1a, eu-west-1b]",
	},
	{
		"zone-rebalancing", "Classic Load Balancer",
		[]edit{{"Service.Properties.LoadBalancers[1]", `{"ContainerName": "app", "ContainerPort": 8080, "LoadBalancerName":
			"old"}`}},
		[]string{"zone-rebalancing Service Properties.LoadBalancers[1].LoadBalancerName"}, "Classic Load Balancer (old)",
	},

	{
		"capacity-provider", "no scaling",
		[]edit{{provider + ".ManagedScaling", ""}},
		[]string{"capacity-provider Pool Properties.AutoScalingGroupProvider.ManagedScaling.Status"}, "no value",
	},
	{
		"capacity-provider", "scaling off, to no target",
		[]edit{{provider + ".ManagedScaling", `{"Status": "DISABLED", "TargetCapacity": 0}`}},
		[]string{
			"capacity-provider Pool Properties.AutoScalingGroupProvider.ManagedScaling.Status",
			"capacity-provider Pool Properties.AutoScalingGroupProvider.ManagedScaling.TargetCapacity",
		},
		"found DISABLED",
	},
	{
		"capacity-provider", "target beyond all",
		[]edit{{provider + ".ManagedScaling.TargetCapacity", `"101"`}},
		[]string{"capacity-provider Pool Properties.AutoScalingGroupProvider.ManagedScaling.TargetCapacity"},
		"cannot use 101 percent",
	},
	{
		"capacity-provider", "protection and draining left open",
		[]edit{{provider + ".ManagedTerminationProtection", ""}, {provider + ".ManagedDraining", ""}},
		[]string{
			"capacity-provider Pool Properties.AutoScalingGroupProvider.ManagedDraining",
			"capacity-provider Pool Properties.AutoScalingGroupProvider.ManagedTerminationProtection",
		},
		"found no value",
	},
	{
		"capacity-provider", "no draining",
		[]edit{{provider + ".ManagedDraining", `"DISABLED"`}},
		[]string{"capacity-provider Pool Properties.AutoScalingGroupProvider.ManagedDraining"}, "found DISABLED",
	},
	{
		"capacity-provider", "protection of nothing",
		[]edit{{"Instances.Properties.NewInstancesProtectedFromScaleIn", ""}},
		[]string{"capacity-provider Instances Properties.NewInstancesProtectedFromScaleIn"}, "Shop/Pool has managed",
	},
	{
		"capacity-provider", "refresh that waits",
		[]edit{{"Instances.UpdatePolicy.AutoScalingInstanceRefresh.Preferences", ""}},
		[]string{"capacity-provider Instances " +
			"UpdatePolicy.AutoScalingInstanceRefresh.Preferences.ScaleInProtectedInstances"},
		"set Refresh",
	},
	{
		"capacity-provider", "refresh that ignores protected instances",
		[]edit{{"Instances.UpdatePolicy.AutoScalingInstanceRefresh.Preferences.ScaleInProtectedInstances", `"Ignore"`}},
		[]string{"capacity-provider Instances " +
			"UpdatePolicy.AutoScalingInstanceRefresh.Preferences.ScaleInProtectedInstances"},
		"found Ignore",
	},
	{
		"capacity-provider", "rolling update",
		[]edit{{"Instances.UpdatePolicy", `{"AutoScalingRollingUpdate": {"MinInstancesInService": 1}}`}},
		[]string{"capacity-provider Instances UpdatePolicy.AutoScalingRollingUpdate"}, "AutoScalingInstanceRefresh instead",
	},
	{
		"capacity-provider", "number of instances",
		[]edit{{"Instances.Properties.DesiredCapacity", `"2"`}},
		[]string{"capacity-provider Instances Properties.DesiredCapacity"}, "back to 2",
	},
	{
		"capacity-provider", "no instances",
		[]edit{{"Instances.Properties.MaxSize", `"0"`}, {"Service.Properties.DesiredCount", ""}},
		[]string{"capacity-provider Instances Properties.MaxSize"}, "MaxSize has 0",
	},
	{
		"capacity-provider", "name of AWS",
		[]edit{{"Pool.Properties.Name", `"Ecs-pool"`}},
		[]string{"capacity-provider Pool Properties.Name"}, "begins with ecs, as in Ecs-pool",
	},

	{
		"instance-metadata", "without tokens",
		[]edit{{instance + ".MetadataOptions.HttpTokens", `"optional"`}},
		[]string{"instance-metadata Template Properties.LaunchTemplateData.MetadataOptions.HttpTokens"}, "found optional",
	},
	{
		"instance-metadata", "left at its defaults",
		[]edit{{instance + ".MetadataOptions", ""}},
		[]string{
			"instance-metadata Template Properties.LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
			"instance-metadata Template Properties.LaunchTemplateData.MetadataOptions.HttpTokens",
		},
		"no value",
	},
	{
		"instance-metadata", "two hops",
		[]edit{{instance + ".MetadataOptions.HttpPutResponseHopLimit", "2"}},
		[]string{"instance-metadata Template Properties.LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit"},
		"the tasks of Shop/Service, in network mode bridge",
	},
	{
		"instance-metadata", "not blocked",
		[]edit{{userData, `{"Fn::Base64": {"Fn::Sub": "#!/bin/bash\necho ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config\n"}}`}},
		[]string{"instance-metadata Template Properties.LaunchTemplateData.UserData"}, "the tasks of Shop/Worker",
	},
	{
		"instance-metadata", "blocked in a comment",
		[]edit{{userData, `{"Fn::Base64": "#!/bin/bash\n# ECS_AWSVPC_BLOCK_IMDS=true\n"}`}},
		[]string{"instance-metadata Template Properties.LaunchTemplateData.UserData"}, "ECS_AWSVPC_BLOCK_IMDS=true",
	},
	{
		"instance-metadata", "not blocked by Bottlerocket, in Base64",
		// [settings.ecs]
		// awsvpc-block-imds = false
		[]edit{{userData, `"W3NldHRpbmdzLmVjc10KYXdzdnBjLWJsb2NrLWltZHMgPSBmYWxzZQo="`}},
		[]string{"instance-metadata Template Properties.LaunchTemplateData.UserData"}, "awsvpc-block-imds = true",
	},

	{
		"encrypted-volumes", "those of the AMI",
		[]edit{{instance + ".BlockDeviceMappings", ""}},
		[]string{"encrypted-volumes Template Properties.LaunchTemplateData.BlockDeviceMappings"}, "map the root device",
	},
	{
		"encrypted-volumes", "none encrypted",
		[]edit{
			{instance + ".BlockDeviceMappings[0].Ebs.Encrypted", ""},
			{instance + ".BlockDeviceMappings[1]", `{"DeviceName": "/dev/xvdb", "Ebs": {"Encrypted": false}}`},
		},
		[]string{
			"encrypted-volumes Template Properties.LaunchTemplateData.BlockDeviceMappings[0].Ebs.Encrypted",
			"encrypted-volumes Template Properties.LaunchTemplateData.BlockDeviceMappings[1].Ebs.Encrypted",
		},
		"found false",
	},
}

// providers returns a strategy of n capacity providers.
func providers(n int) string {
	var items []string
	for i := range n {
		items = append(items, `{"CapacityProvider": "pool-`+string(rune('a'+i))+`", "Weight": 1}`)
	}
	return "[" + strings.Join(items, ", ") + "]"
}

var ec2NearMisses = []change{
	{rule: "fargate-size", name: "size that Fargate does not offer", edits: []edit{
		{"Task.Properties.Cpu", `"300"`}, {"Task.Properties.Memory", `"513"`},
	}},

	{rule: "target-type", name: "instance on Windows", edits: onWindows},
	{rule: "target-type", name: "network mode of an operating system of a parameter", edits: []edit{
		{"Task.Properties.NetworkMode", ""}, {"Task.Properties.RuntimePlatform.OperatingSystemFamily", parameter},
		{"Targets.Properties.TargetType", `"ip"`},
	}},

	{rule: "load-balancer-ingress", name: "no host port", edits: []edit{{appPort + ".HostPort", ""}}},
	{rule: "load-balancer-ingress", name: "fixed host port", edits: fixedPort},
	{rule: "load-balancer-ingress", name: "fixed host port and that of health checks", edits: and(fixedPort,
		edit{"Targets.Properties.HealthCheckPort", `"8081"`},
		edit{"FromLb.Properties.ToPort", "8081"}, edit{"ToInstances.Properties.ToPort", "8081"},
	)},
	{rule: "load-balancer-ingress", name: "network mode host", edits: and(fixedPort,
		edit{"Task.Properties.NetworkMode", `"host"`},
	)},
	{rule: "load-balancer-ingress", name: "host port of a parameter", edits: []edit{{appPort + ".HostPort", parameter}}},
	{rule: "load-balancer-ingress", name: "one host port of a parameter", edits: and(fixedPort,
		edit{appPort + ".HostPort", parameter},
	)},
	{rule: "load-balancer-ingress", name: "task definition elsewhere, one port", edits: and(fixedPort,
		edit{"Service.Properties.TaskDefinition", `{"Fn::ImportValue": "task"}`},
	)},
	{rule: "load-balancer-ingress", name: "health check port of a parameter for varying ports", edits: []edit{
		{"Targets.Properties.HealthCheckPort", parameter},
	}},
	{rule: "load-balancer-ingress", name: "ports of instances in two parts", edits: []edit{
		{"FromLb.Properties.ToPort", "49152"},
		{"Rest.Type", `"AWS::EC2::SecurityGroupIngress"`},
		{"Rest.Properties", `{"GroupId": {"Ref": "InstanceGroup"}, "SourceSecurityGroupId": {"Ref": "LbGroup"},
			"IpProtocol": "tcp", "FromPort": 49153, "ToPort": 65535}`},
	}},
	{rule: "load-balancer-ingress", name: "ports of instances of a parameter", edits: []edit{
		{"FromLb.Properties.FromPort", parameter},
	}},
	{rule: "load-balancer-ingress", name: "Windows", edits: and(onWindows,
		edit{"FromLb.Properties.FromPort", "8080"}, edit{"FromLb.Properties.ToPort", "8080"},
	)},
	{rule: "load-balancer-ingress", name: "instances' security group elsewhere", edits: []edit{
		{instance + ".SecurityGroupIds", `["sg-0123456789abcdef0"]`},
		{"FromLb", ""}, {"ToInstances.Properties.DestinationSecurityGroupId", `"sg-0123456789abcdef0"`},
	}},
	{rule: "load-balancer-ingress", name: "instances without a security group", edits: []edit{
		{instance + ".SecurityGroupIds", ""}, {"FromLb", ""}, {"ToInstances", ""},
	}},
	{rule: "load-balancer-ingress", name: "group of instances of a parameter", edits: []edit{
		{provider + ".AutoScalingGroupArn", parameter}, {"FromLb", ""},
	}},
	{rule: "load-balancer-ingress", name: "managed instances", edits: []edit{
		{provider, ""}, {"Pool.Properties.ManagedInstancesProvider.PropagateTags", `"CAPACITY_PROVIDER"`}, {"FromLb", ""},
	}},
	{rule: "load-balancer-ingress", name: "launch template elsewhere", edits: []edit{
		{"Instances.Properties.LaunchTemplate.LaunchTemplateId", `"lt-0123456789abcdef0"`}, {"FromLb", ""},
	}},
	{rule: "load-balancer-ingress", name: "instances by the launch type of a parameter", edits: []edit{
		{"Service.Properties.CapacityProviderStrategy", ""}, {"Service.Properties.LaunchType", parameter}, {"FromLb", ""},
	}},
	{rule: "load-balancer-ingress", name: "service that may run on the instances of a parameter", edits: []edit{
		{"OtherPool", otherPool}, {"OtherPool.Properties.AutoScalingGroupProvider.AutoScalingGroupArn", parameter},
		{"Service.Properties.CapacityProviderStrategy[0].CapacityProvider", `{"Ref": "OtherPool"}`},
	}},
	{rule: "load-balancer-ingress", name: "service that may run on any instance", edits: []edit{
		{"Service.Properties.CapacityProviderStrategy", ""}, {"Service.Properties.LaunchType", parameter},
	}},
	{rule: "load-balancer-ingress", name: "launch type EC2 with a constraint to one of two pools", edits: []edit{
		{"OtherPool", otherPool}, {"OtherInstances", otherInstances}, {"Other", otherTemplate},
		{"OtherGroup.Type", `"AWS::EC2::SecurityGroup"`},
		{"Association.Properties.CapacityProviders[2]", `{"Ref": "OtherPool"}`},
		{"Service.Properties.CapacityProviderStrategy", ""}, {"Service.Properties.LaunchType", `"EC2"`},
		{"Service.Properties.PlacementConstraints", `[{"Type": "memberOf", "Expression": "attribute:pool == a"}]`},
	}},
	{rule: "load-balancer-ingress", name: "launch type EC2 with a task for one of two pools", edits: []edit{
		{"OtherPool", otherPool}, {"OtherInstances", otherInstances}, {"Other", otherTemplate},
		{"OtherGroup.Type", `"AWS::EC2::SecurityGroup"`},
		{"Association.Properties.CapacityProviders[2]", `{"Ref": "OtherPool"}`},
		{"Service.Properties.CapacityProviderStrategy", ""}, {"Service.Properties.LaunchType", `"EC2"`},
		{"Task.Properties.PlacementConstraints", `[{"Type": "memberOf", "Expression": "attribute:pool == a"}]`},
	}},
	{rule: "load-balancer-ingress", name: "launch type EC2 in a cluster elsewhere", edits: []edit{
		{"Service.Properties.CapacityProviderStrategy", ""}, {"Service.Properties.LaunchType", `"EC2"`},
		{"Service.Properties.Cluster", parameter},
	}},
	{rule: "load-balancer-ingress", name: "load balancer of the instances themselves", edits: []edit{
		{"Instances.Properties.TargetGroupARNs", `[{"Ref": "ProxyTargets"}]`},
		{"ProxyTargets", `{"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"Port": 80}}`},
		{"Proxy.Type", `"AWS::EC2::SecurityGroupIngress"`},
		{"Proxy.Properties", `{"GroupId": {"Ref": "InstanceGroup"}, "SourceSecurityGroupId": {"Ref": "LbGroup"},
			"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}`},
	}},
	{rule: "load-balancer-ingress", name: "no service on instances in the templates", edits: []edit{
		{"Service", ""}, {"Worker", ""}, {"Agent", ""}, {"FromLb.Properties.IpProtocol", `"-1"`},
	}},

	{rule: "host-port", name: "of different protocols", edits: []edit{
		{appPort, `{"ContainerPort": 53, "HostPort": 53}`},
		{app + ".PortMappings[1]", `{"ContainerPort": 53, "HostPort": 53, "Protocol": "udp"}`},
		{"Service.Properties.LoadBalancers", ""}, {"FromLb", ""},
	}},
	{rule: "host-port", name: "left to Amazon ECS twice", edits: []edit{
		{app + ".PortMappings[1]", `{"ContainerPort": 9090, "HostPort": "0"}`},
	}},
	{rule: "host-port", name: "of parameters", edits: []edit{
		{app + ".PortMappings[1].HostPort", parameter},
		{"Task.Properties.ContainerDefinitions[1].PortMappings", `[{"ContainerPort": 80, "HostPort": {"Ref": "Size"}}]`},
	}},
	{rule: "host-port", name: "protocol of a parameter", edits: []edit{
		{"WorkerTask.Properties.ContainerDefinitions[0].PortMappings[1].Protocol", parameter},
	}},
	{rule: "host-port", name: "network mode of a parameter", edits: []edit{
		{"AgentTask.Properties.NetworkMode", parameter},
		{"AgentTask.Properties.ContainerDefinitions[0].PortMappings[1]", `{"ContainerPort": 8126, "HostPort": 8126}`},
	}},
	{rule: "host-port", name: "ranges", edits: []edit{
		{"WorkerTask.Properties.ContainerDefinitions[0].PortMappings", `[{"ContainerPortRange": "1-2"},
			{"ContainerPortRange": "3-4"}]`},
	}},
	{rule: "host-port", name: "room for one more task", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", "9"},
	)},
	{rule: "host-port", name: "tasks on all instances, of which one may stop", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", "10"},
		edit{"Service.Properties.DeploymentConfiguration.MinimumHealthyPercent", "90"},
	)},
	{rule: "host-port", name: "tasks on all instances, by a parameter", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", "10"},
		edit{"Service.Properties.DeploymentConfiguration.MinimumHealthyPercent", parameter},
	)},
	{rule: "host-port", name: "number of instances of a parameter", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", "10"}, edit{"Instances.Properties.MaxSize", parameter},
	)},
	{rule: "host-port", name: "number of tasks of a parameter", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", parameter},
	)},
	{rule: "host-port", name: "no tasks", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", "0"},
	)},
	{rule: "host-port", name: "other capacity elsewhere", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", "10"},
		edit{"Service.Properties.CapacityProviderStrategy[1]", `{"CapacityProvider": "other", "Weight": 1}`},
	)},
	{rule: "host-port", name: "other instances of managed capacity", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", "10"},
		edit{"Managed.Type", `"AWS::ECS::CapacityProvider"`},
		edit{"Service.Properties.CapacityProviderStrategy[1]", `{"CapacityProvider": {"Ref": "Managed"}, "Weight": 1}`},
	)},
	{rule: "host-port", name: "any instances of the cluster", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", "10"},
		edit{"Service.Properties.CapacityProviderStrategy", ""}, edit{"Service.Properties.LaunchType", `"EC2"`},
	)},
	{rule: "host-port", name: "tasks on all instances, without a fixed port", edits: []edit{
		{"Service.Properties.DesiredCount", "10"}, {"Worker.Properties.DesiredCount", "10"},
	}},
	{rule: "host-port", name: "scheduling strategy of a parameter", edits: and(fixedPort,
		edit{"Service.Properties.DesiredCount", "10"}, edit{"Service.Properties.SchedulingStrategy", parameter},
	)},

	{rule: "stop-timeout", name: "of the agent", edits: []edit{
		{"Targets.Properties.TargetGroupAttributes[0].Value", `"60"`},
		{userData, `{"Fn::Base64": "echo ECS_CONTAINER_STOP_TIMEOUT=60s; echo ECS_AWSVPC_BLOCK_IMDS=true"}`},
	}},
	{rule: "stop-timeout", name: "of an agent elsewhere", edits: []edit{
		{"Targets.Properties.TargetGroupAttributes[0].Value", `"60"`},
		{"Instances.Properties.LaunchTemplate.LaunchTemplateId", `"lt-0123456789abcdef0"`},
	}},
	{rule: "stop-timeout", name: "of the AMI's agent", edits: []edit{
		{"Targets.Properties.TargetGroupAttributes[0].Value", `"60"`}, {userData, ""},
	}},
	{rule: "stop-timeout", name: "as long as the delay, on EC2", edits: []edit{
		{"Targets.Properties.TargetGroupAttributes", ""}, {app + ".StopTimeout", "300"},
	}},

	{rule: "launch-type", name: "of a parameter", edits: []edit{{"Service.Properties.LaunchType", parameter}}},
	{rule: "launch-type", name: "beside a strategy under a condition", edits: []edit{
		{"Service.Properties.LaunchType", `"EC2"`},
		{"Service.Properties.CapacityProviderStrategy", `{"Fn::If": ["Pool", [` + pool + `], {"Ref": "AWS::NoValue"}]}`},
	}},
	{rule: "launch-type", name: "beside an empty strategy", edits: []edit{
		{"Service.Properties.LaunchType", `"EC2"`}, {"Service.Properties.CapacityProviderStrategy", "[]"},
	}},
	{rule: "launch-type", name: "no default strategy for a DAEMON", edits: []edit{
		{"Agent.Properties.LaunchType", ""}, {"Association.Properties.DefaultCapacityProviderStrategy", "[]"},
	}},
	{rule: "launch-type", name: "strategy of what a parameter schedules", edits: []edit{
		{"Service.Properties.SchedulingStrategy", parameter},
	}},

	{rule: "mixed-strategy", name: "providers of parameters", edits: []edit{
		{"Service.Properties.CapacityProviderStrategy", `[{"CapacityProvider": {"Ref": "Size"}, "Weight": {"Ref": "Size"},
			"Base": 1}, {"CapacityProvider": "FARGATE", "Base": {"Ref": "Size"}}]`},
	}},
	{rule: "mixed-strategy", name: "under a condition", edits: []edit{
		{"Service.Properties.CapacityProviderStrategy[0].Weight", ""},
		{"Service.Properties.CapacityProviderStrategy[1]", `{"Fn::If": ["A", ` + pool + `, {"Ref": "AWS::NoValue"}]}`},
		{"Service.Properties.CapacityProviderStrategy[2]", `{"Fn::If": ["A", ` + pool + `, {"Ref": "AWS::NoValue"}]}`},
	}},
	{rule: "mixed-strategy", name: "as many providers as there may be", edits: []edit{
		{"Association.Properties.DefaultCapacityProviderStrategy", providers(20)},
	}},
	{rule: "mixed-strategy", name: "base without a weight", edits: []edit{
		{"Service.Properties.CapacityProviderStrategy", `[{"CapacityProvider": {"Ref": "Pool"}, "Base": 1},
			{"CapacityProvider": "other", "Weight": 1, "Base": 0}]`},
	}},
	{rule: "mixed-strategy", name: "Fargate Spot", edits: []edit{
		{"Association.Properties.DefaultCapacityProviderStrategy", `[{"CapacityProvider": "FARGATE", "Base": 1},
			{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]`},
	}},

	{rule: "association-dependency", name: "by another resource", edits: []edit{
		{"Service.DependsOn", `["Rule"]`}, {"Rule.DependsOn", `"Association"`},
	}},
	{rule: "association-dependency", name: "of a cluster elsewhere", edits: []edit{
		{"Worker.DependsOn", ""}, {"Worker.Properties.Cluster", parameter},
		{"Worker.Properties.CapacityProviderStrategy", "[" + pool + "]"},
	}},
	{rule: "association-dependency", name: "launch type", edits: []edit{
		{"Worker.DependsOn", ""}, {"Worker.Properties.LaunchType", `"FARGATE"`},
	}},

	{rule: "daemon", name: "as little as can be said", edits: []edit{{"Agent.Properties.DeploymentConfiguration", ""}}},
	{rule: "daemon", name: "of parameters", edits: []edit{
		{"Agent.Properties.DesiredCount", parameter},
		{"Agent.Properties.PlacementStrategies", parameter},
		{"Agent.Properties.DeploymentConfiguration", `{"MaximumPercent": {"Ref": "Size"}, "MinimumHealthyPercent": {"Ref":
			"Size"}}`},
		{"Agent.Properties.AvailabilityZoneRebalancing", parameter},
	}},
	{rule: "daemon", name: "scalable target of something else", edits: []edit{
		{"Scaling", `{"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": {"ServiceNamespace": "ecs",
			"ResourceId": {"Fn::Sub": "service/${Cluster}/${Worker.Name}"}}}`},
		{"Worker.Properties.DesiredCount", ""},
	}},

	{rule: "bin-packing", name: "memory of all containers", edits: []edit{
		{app + ".MemoryReservation", ""}, {"Task.Properties.Memory", `"512"`},
	}},
	{rule: "bin-packing", name: "CPU", edits: []edit{
		{"Service.Properties.PlacementStrategies[1].Field", `"cpu"`},
		{app + ".Cpu", "128"}, {"Task.Properties.ContainerDefinitions[1].Cpu", parameter},
	}},
	{rule: "bin-packing", name: "CPU of one container", edits: []edit{
		{"Service.Properties.PlacementStrategies[1].Field", `"cpu"`}, {app + ".Cpu", "128"},
		{"Task.Properties.ContainerDefinitions[1].Cpu", ""},
	}},
	{rule: "bin-packing", name: "none", edits: []edit{
		{"Service.Properties.PlacementStrategies[1]", `{"Type": "random"}`}, {app + ".MemoryReservation", ""},
	}},
	{rule: "bin-packing", name: "by a parameter", edits: []edit{
		{"Service.Properties.PlacementStrategies[1].Field", parameter}, {app + ".MemoryReservation", ""},
	}},
	{rule: "bin-packing", name: "task definition elsewhere", edits: []edit{
		{"Service.Properties.TaskDefinition", `{"Fn::ImportValue": "task"}`}, {app + ".MemoryReservation", ""},
	}},
	{rule: "bin-packing", name: "container under a condition", edits: []edit{
		{"Task.Properties.ContainerDefinitions[1]", `{"Fn::If": ["A", {"Name": "a"}, {"Name": "b"}]}`},
	}},

	{rule: "zone-rebalancing", name: "off", edits: []edit{
		{"Service.Properties.AvailabilityZoneRebalancing", `"DISABLED"`},
		{"Service.Properties.PlacementStrategies", `[{"Type": "binpack", "Field": "memory"}]`},
		{"Service.Properties.DeploymentConfiguration", `{"MaximumPercent": 100, "MinimumHealthyPercent": 50}`},
	}},
	{rule: "zone-rebalancing", name: "placed by default", edits: []edit{
		{"Service.Properties.PlacementStrategies", ""}, {"Service.Properties.DeploymentConfiguration", ""},
	}},
	{rule: "zone-rebalancing", name: "of parameters", edits: []edit{
		{"Service.Properties.PlacementStrategies[0].Type", parameter},
		{"Service.Properties.DeploymentConfiguration.MaximumPercent", parameter},
		{"Service.Properties.PlacementConstraints", parameter},
	}},
	{rule: "zone-rebalancing", name: "constraint to instances", edits: []edit{
		{"Service.Properties.PlacementConstraints", `[{"Type": "memberOf", "Expression":
			"attribute:ecs.instance-type =~ m7g.*"}]`},
	}},

	{rule: "capacity-provider", name: "no protection", edits: []edit{
		{provider + ".ManagedTerminationProtection", `"DISABLED"`},
		{"Instances.Properties.NewInstancesProtectedFromScaleIn", ""},
		{"Instances.UpdatePolicy", `{"AutoScalingRollingUpdate": {}, "AutoScalingInstanceRefresh": {}}`},
	}},
	{rule: "capacity-provider", name: "of parameters", edits: []edit{
		{provider + ".ManagedScaling", `{"Status": {"Ref": "Size"}, "TargetCapacity": {"Ref": "Size"}}`},
		{provider + ".ManagedTerminationProtection", parameter},
		{provider + ".ManagedDraining", parameter},
		{"Instances.Properties.MaxSize", parameter},
		{"Instances.Properties.DesiredCapacity", parameter},
		{"Pool.Properties.Name", parameter},
	}},
	{rule: "capacity-provider", name: "update policy under a condition", edits: []edit{
		{"Instances.UpdatePolicy", `{"Fn::If": ["A", {"AutoScalingRollingUpdate": {}}, {"Ref": "AWS::NoValue"}]}`},
		{"Instances.Properties.NewInstancesProtectedFromScaleIn", parameter},
	}},
	{rule: "capacity-provider", name: "no update policy, and the target of Amazon ECS", edits: []edit{
		{"Instances.UpdatePolicy", ""}, {provider + ".ManagedScaling.TargetCapacity", ""},
	}},
	{rule: "capacity-provider", name: "one instance, to the last percent", edits: []edit{
		{provider + ".ManagedScaling.TargetCapacity", "100"}, {"Instances.Properties.MaxSize", "1"},
	}},
	{rule: "capacity-provider", name: "room for more instances than there are", edits: []edit{
		{provider + ".ManagedScaling.TargetCapacity", "1"},
	}},
	{rule: "capacity-provider", name: "group of something else", edits: []edit{
		{"Other", `{"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {"DesiredCapacity": "2", "MaxSize": "0"}}`},
	}},
	{rule: "capacity-provider", name: "name of its own", edits: []edit{{"Pool.Properties.Name", `"shop-ecs"`}}},

	{rule: "instance-metadata", name: "two hops to no service in network mode bridge", edits: and(fixedPort,
		edit{"Task.Properties.NetworkMode", `"host"`},
		edit{instance + ".MetadataOptions.HttpPutResponseHopLimit", "2"},
	)},
	{rule: "instance-metadata", name: "of parameters", edits: []edit{
		{instance + ".MetadataOptions", `{"HttpTokens": {"Ref": "Size"}, "HttpPutResponseHopLimit": {"Ref": "Size"}}`},
		{userData, parameter},
	}},
	{rule: "instance-metadata", name: "data of a parameter", edits: []edit{{instance, parameter}, {"FromLb", ""}}},
	{rule: "instance-metadata", name: "user data with a parameter", edits: []edit{
		{userData, `{"Fn::Base64": {"Fn::Sub": "#!/bin/bash\n${Size}"}}`},
	}},
	{rule: "instance-metadata", name: "no user data", edits: []edit{{userData, ""}}},
	{rule: "instance-metadata", name: "compressed user data", edits: []edit{{userData, `"H4sIAAAAAAAAAw=="`}}},
	{rule: "instance-metadata", name: "blocked in quotes, after a comment", edits: []edit{
		{userData, `{"Fn::Base64": "#!/bin/sh\n# IMDS\nsed s#a#b# c | tee 'ECS_AWSVPC_BLOCK_IMDS'=\"True\""}`},
	}},
	{rule: "instance-metadata", name: "blocked by Bottlerocket", edits: []edit{
		{userData, `{"Fn::Base64": "[settings.ecs]\nawsvpc-block-imds=true\n"}`},
	}},
	{rule: "instance-metadata", name: "blocked by Bottlerocket, in Base64", edits: []edit{
		// [settings.ecs]
		// awsvpc-block-imds = true
		{userData, `"W3NldHRpbmdzLmVjc10KYXdzdnBjLWJsb2NrLWltZHMgPSB0cnVlCg=="`},
	}},
	{rule: "instance-metadata", name: "blocked on Windows", edits: []edit{
		{userData, `{"Fn::Base64": "<powershell>\nInitialize-ECSAgent -EnableTaskENI -AwsvpcBlockIMDS\n</powershell>"}`},
	}},
	{rule: "instance-metadata", name: "not blocked from no service in network mode awsvpc", edits: and(notWorker,
		edit{userData, `{"Fn::Base64": "#!/bin/bash\n"}`},
	)},
	{rule: "instance-metadata", name: "launch template of something else", edits: []edit{
		{"Other", `{"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {}}}`},
	}},

	{rule: "encrypted-volumes", name: "of a snapshot, and none", edits: []edit{
		{instance + ".BlockDeviceMappings[1]", `{"DeviceName": "/dev/xvdb", "Ebs": {"SnapshotId": "snap-1"}}`},
		{instance + ".BlockDeviceMappings[2]", `{"DeviceName": "/dev/xvdc", "NoDevice": ""}`},
		{instance + ".BlockDeviceMappings[3]", `{"DeviceName": "/dev/xvdd", "Ebs": {"Encrypted": {"Ref": "Size"}}}`},
	}},
	{rule: "encrypted-volumes", name: "of a parameter", edits: []edit{{instance + ".BlockDeviceMappings", parameter}}},
}

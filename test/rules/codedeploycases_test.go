package rules_test

// Paths that many changes around CodeDeploy have in common.
const (
	groupPair = "Group.Properties.LoadBalancerInfo.TargetGroupPairInfoList[0]"
	spec      = "Release.Properties.AppSpec.Resources[0].TargetService.Properties"
	deployed  = "code-deploy Service Properties."
	waits     = "Group.Properties.BlueGreenDeploymentConfiguration"
)

// byCodeDeploy has CodeDeploy deploy the service.
var byCodeDeploy = []edit{
	{"Service.Properties.DeploymentController", `{"Type": "CODE_DEPLOY"}`},
	{"Service.Properties.TaskDefinition", `"shop-api"`},
	{"Service.Properties.DeploymentConfiguration", ""},
	{"Service.DependsOn[3]", `"Task"`},
	{"Task.UpdateReplacePolicy", `"Retain"`},
	{"Green", `{"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"TargetType": "ip", "Protocol": "HTTP",
		"TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}]}}`},
	{"Test", `{"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {"LoadBalancerArn": {"Ref": "Lb"}, "Port": 80, "Protocol": "HTTP",
		"DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]}}`},
	{"Deployer", `{"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [
		{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "codedeploy.amazonaws.com"}}]}}}`},
	{"Steps", `{"Type": "AWS::CodeDeploy::DeploymentConfig", "Properties": {"ComputePlatform": "ECS", "TrafficRoutingConfig": {
		"Type": "TimeBasedLinear", "TimeBasedLinear": {"LinearPercentage": 25, "LinearInterval": 2}}}}`},
	{"Group", `{"Type": "AWS::CodeDeploy::DeploymentGroup", "Properties": {"DeploymentConfigName": {"Ref": "Steps"},
		"ServiceRoleArn": {"Fn::GetAtt": ["Deployer", "Arn"]}, "ECSServices": [{"ServiceName": {"Fn::GetAtt": ["Service", "Name"]}}],
		"LoadBalancerInfo": {"TargetGroupPairInfoList": [{
			"TargetGroups": [{"Name": {"Fn::GetAtt": ["Targets", "TargetGroupName"]}}, {"Name": {"Fn::GetAtt": ["Green", "TargetGroupName"]}}],
			"ProdTrafficRoute": {"ListenerArns": [{"Ref": "Https"}]}, "TestTrafficRoute": {"ListenerArns": [{"Ref": "Test"}]}}]},
		"BlueGreenDeploymentConfiguration": {"DeploymentReadyOption": {"ActionOnTimeout": "STOP_DEPLOYMENT", "WaitTimeInMinutes": 20},
			"TerminateBlueInstancesOnDeploymentSuccess": {"Action": "TERMINATE", "TerminationWaitTimeInMinutes": 30}}}}`},
	{"Release", `{"Type": "Custom::Release", "Properties": {"Group": {"Ref": "Group"}, "AppSpec": {"version": 0, "Resources": [{"TargetService": {
		"Type": "AWS::ECS::Service", "Properties": {"TaskDefinition": {"Ref": "Task"},
			"LoadBalancerInfo": {"ContainerName": "app", "ContainerPort": 8080}}}}]}}}`},
}

var codeDeployBreakages = []change{
	{
		"code-deploy", "circuit breaker, alarms and strategy",
		and(byCodeDeploy, edit{"Service.Properties.DeploymentConfiguration", `{"DeploymentCircuitBreaker": {"Enable": true, "Rollback": true},
			"Alarms": {"Enable": true, "Rollback": true, "AlarmNames": ["a"]}, "Strategy": "BLUE_GREEN", "BakeTimeInMinutes": 5}`},
			edit{"Service.Properties.LoadBalancers[0].AdvancedConfiguration", `{"AlternateTargetGroupArn": {"Ref": "Green"},
				"ProductionListenerRule": {"Ref": "Size"}, "RoleArn": {"Ref": "Size"}}`}),
		[]string{
			deployed + "DeploymentConfiguration.Alarms.Enable", deployed + "DeploymentConfiguration.DeploymentCircuitBreaker.Enable",
			deployed + "DeploymentConfiguration.Strategy",
		}, "AlarmConfiguration of the deployment group",
	},
	{
		"code-deploy", "forced deployment, Service Connect and volumes",
		and(byCodeDeploy, edit{"Service.Properties.ForceNewDeployment", `{"EnableForceNewDeployment": true}`},
			edit{"Service.Properties.ServiceConnectConfiguration", `{"Enabled": true}`},
			edit{"Service.Properties.VolumeConfigurations", `[{"Name": "data"}]`}),
		[]string{deployed + "ForceNewDeployment", deployed + "ServiceConnectConfiguration.Enabled", deployed + "VolumeConfigurations"},
		"deploy another revision",
	},
	{
		"code-deploy", "two load balancers",
		and(byCodeDeploy, edit{"Service.Properties.LoadBalancers[1]",
			`{"ContainerName": "app", "ContainerPort": 8080, "TargetGroupArn": {"Ref": "Size"}}`}),
		[]string{deployed + "LoadBalancers"}, "the service has 2",
	},
	{
		"code-deploy", "a revision",
		and(byCodeDeploy, edit{"Service.Properties.TaskDefinition", `{"Ref": "Task"}`}),
		[]string{deployed + "TaskDefinition"}, "give Shop/Task a Family and name that",
	},
	{
		"code-deploy", "a revision that goes with its replacement",
		and(byCodeDeploy, edit{"Task.UpdateReplacePolicy", ""}),
		[]string{"code-deploy Task UpdateReplacePolicy"}, "set Retain",
	},
	{
		"code-deploy", "container that is none",
		and(byCodeDeploy, edit{spec + ".LoadBalancerInfo.ContainerName", `"web"`}),
		[]string{"code-deploy Release Properties.AppSpec.Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerName"}, "no container of the name web",
	},
	{
		"code-deploy", "port that is none",
		and(byCodeDeploy, edit{spec + ".LoadBalancerInfo.ContainerPort", "9090"}, edit{"FromLb.Properties.FromPort", "9090"},
			edit{"FromLb.Properties.ToPort", "9090"}, edit{"ToService.Properties.FromPort", "9090"}, edit{"ToService.Properties.ToPort", "9090"}),
		[]string{"code-deploy Release Properties.AppSpec.Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort"}, "container app has no port 9090",
	},
	{
		"code-deploy", "role of tasks",
		and(byCodeDeploy, edit{"Deployer.Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service", `"ecs.amazonaws.com"`}),
		[]string{"code-deploy Deployer Properties.AssumeRolePolicyDocument"}, "codedeploy.amazonaws.com cannot assume it",
	},
	{
		"code-deploy", "one target group",
		and(byCodeDeploy, edit{groupPair + ".TargetGroups[1]", `{"Name": {"Fn::GetAtt": "Targets.TargetGroupName"}}`}),
		[]string{"code-deploy Group Properties.LoadBalancerInfo.TargetGroupPairInfoList[0].TargetGroups"}, "name two",
	},
	{
		"code-deploy", "tests in production",
		and(byCodeDeploy, edit{groupPair + ".TestTrafficRoute.ListenerArns[0]", `{"Ref": "Https"}`}),
		[]string{"code-deploy Group Properties.LoadBalancerInfo.TargetGroupPairInfoList[0].TestTrafficRoute.ListenerArns"}, "same listener",
	},
	{
		"code-deploy", "waits longer than CloudFormation",
		and(byCodeDeploy, edit{waits + ".DeploymentReadyOption.WaitTimeInMinutes", "24"}),
		[]string{"code-deploy Group Properties.BlueGreenDeploymentConfiguration"}, "takes 60 min",
	},
	{
		"code-deploy", "waits longer than the custom resource",
		and(byCodeDeploy, edit{"Release.Properties.ServiceTimeout", `"1800"`}, edit{"Group.Properties.DeploymentConfigName", `"CodeDeployDefault.ECSAllAtOnce"`}),
		[]string{"code-deploy Group Properties.BlueGreenDeploymentConfiguration"}, "gives up Shop/Release after 30",
	},
	{
		"code-deploy", "waits longer than CloudFormation with a canary",
		and(byCodeDeploy, edit{"Steps.Properties.TrafficRoutingConfig", `{"Type": "TimeBasedCanary", "TimeBasedCanary": {"CanaryPercentage": 5, "CanaryInterval": 15}}`}),
		[]string{"code-deploy Group Properties.BlueGreenDeploymentConfiguration"}, "takes 65 min",
	},
	{
		"stop-timeout", "of the second target group of CodeDeploy",
		and(byCodeDeploy, edit{"Green.Properties.TargetGroupAttributes[0].Value", `"300"`}),
		[]string{"stop-timeout Task Properties.ContainerDefinitions[0].StopTimeout"}, "Green still lets requests",
	},
}

var codeDeployNearMisses = []change{
	{rule: "code-deploy", name: "CodeDeploy", edits: byCodeDeploy},
	{rule: "code-deploy", name: "what is off", edits: and(byCodeDeploy, edit{"Service.Properties.DeploymentConfiguration", `{"Strategy": "ROLLING",
		"DeploymentCircuitBreaker": {"Enable": false, "Rollback": false}, "Alarms": {"Enable": false, "Rollback": false, "AlarmNames": []}}`},
		edit{"Service.Properties.ServiceConnectConfiguration", `{"Enabled": false}`})},
	{rule: "code-deploy", name: "controller of a parameter", edits: and(byCodeDeploy, edit{"Service.Properties.DeploymentController.Type", parameter},
		edit{"Task.UpdateReplacePolicy", ""})},
	{rule: "code-deploy", name: "family of a parameter", edits: and(byCodeDeploy, edit{"Service.Properties.TaskDefinition", parameter}, edit{"Service.DependsOn[3]", ""},
		edit{"Task.UpdateReplacePolicy", ""})},
	{rule: "code-deploy", name: "container and port of parameters", edits: and(byCodeDeploy, edit{spec + ".LoadBalancerInfo", `{"ContainerName": {"Ref": "Size"},
		"ContainerPort": {"Ref": "Size"}}`})},
	{rule: "code-deploy", name: "service made with another port", edits: and(byCodeDeploy, edit{"Service.Properties.LoadBalancers[0].ContainerPort", "9090"})},
	{rule: "code-deploy", name: "nothing but a pipeline", edits: and(byCodeDeploy, edit{"Release", ""}, edit{waits + ".DeploymentReadyOption.WaitTimeInMinutes", "2880"})},
	{rule: "code-deploy", name: "release of another group", edits: and(byCodeDeploy, edit{"Release.Properties.Group", ""}, edit{waits + ".DeploymentReadyOption.WaitTimeInMinutes", "2880"})},
	{rule: "code-deploy", name: "one minute less than CloudFormation waits", edits: and(byCodeDeploy, edit{waits + ".DeploymentReadyOption.WaitTimeInMinutes", "23"})},
	{rule: "code-deploy", name: "waits of parameters", edits: and(byCodeDeploy, edit{waits + ".DeploymentReadyOption.WaitTimeInMinutes", parameter})},
	{rule: "code-deploy", name: "no listener for tests", edits: and(byCodeDeploy, edit{groupPair + ".TestTrafficRoute", ""}, edit{"Test", ""})},
	{rule: "code-deploy", name: "target groups of parameters", edits: and(byCodeDeploy, edit{groupPair + ".TargetGroups", `[{"Name": {"Ref": "Size"}}, {"Name": {"Ref": "Flags"}}]`})},
}

var policyBreakages = []change{
	{
		"policy-names", "two policies of one name",
		[]edit{{"ExecutionPolicy.Properties.PolicyName", `"Rights"`}, {"More", `{"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "Rights",
			"Roles": [{"Ref": "ExecutionRole"}], "PolicyDocument": {"Statement": []}}}`}, {"Service.DependsOn[3]", `"More"`}},
		[]string{"policy-names More Properties.PolicyName"}, "give them two names",
	},
	{
		"code-deploy", "tasks of the next revision on nothing in particular",
		and(byCodeDeploy, edit{"Service.Properties.LaunchType", ""}, edit{"Service.Properties.CapacityProviderStrategy", `[{"CapacityProvider": "FARGATE", "Weight": 1}]`}),
		[]string{"code-deploy Release Properties.AppSpec.Resources[0].TargetService.Properties.CapacityProviderStrategy"}, "repeat it",
	},
}

var policyNearMisses = []change{
	{rule: "policy-names", name: "one name on two roles", edits: []edit{{"ExecutionPolicy.Properties.PolicyName", `"Rights"`}, {"TaskPolicy.Properties.PolicyName", `"Rights"`}}},
	{rule: "policy-names", name: "names of parameters", edits: []edit{{"ExecutionPolicy.Properties.PolicyName", parameter}, {"More", `{"Type": "AWS::IAM::Policy", "Properties": {
		"PolicyName": {"Ref": "Size"}, "Roles": [{"Ref": "ExecutionRole"}], "PolicyDocument": {"Statement": []}}}`}, {"Service.DependsOn[3]", `"More"`}}},
}

package rules_test

// Paths that many changes around shifted traffic have in common.
const (
	advanced = "Service.Properties.LoadBalancers[0].AdvancedConfiguration"
	shiftAt  = "shifted-traffic Service Properties.LoadBalancers[0].AdvancedConfiguration"
	hooks    = "Service.Properties.DeploymentConfiguration.LifecycleHooks"
	trust    = "Infrastructure.Properties.AssumeRolePolicyDocument.Statement"
	forward  = "Rule.Properties.Actions[0].ForwardConfig.TargetGroups"
)

// canary shifts the traffic of the service.
var canary = []edit{
	{"Service.Properties.DeploymentConfiguration", `{"Strategy": "CANARY", "BakeTimeInMinutes": "10"}`},
	{advanced, `{"AlternateTargetGroupArn": {"Ref": "Green"}, "ProductionListenerRule": {"Ref": "Rule"},
		"TestListenerRule": {"Ref": "TestRule"}, "RoleArn": {"Fn::GetAtt": ["Infrastructure", "Arn"]}}`},
	{"Green", `{"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"TargetType": "ip", "Protocol": "HTTP",
		"TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}]}}`},
	{"Rule.Properties.Actions", `[{"Type": "forward", "ForwardConfig": {"TargetGroups": [
		{"TargetGroupArn": {"Ref": "Targets"}, "Weight": 1}, {"TargetGroupArn": {"Ref": "Green"}, "Weight": "0"}]}}]`},
	{"TestRule", `{"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": {"ListenerArn": {"Ref": "Https"},
		"Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Green"}}]}}`},
	{"Infrastructure", `{"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [
		{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs.amazonaws.com"}}]}}}`},
}

var shiftBreakages = []change{
	{
		"shifted-traffic", "no second target group",
		and(canary, edit{advanced, ""}),
		[]string{shiftAt}, "CANARY moves requests",
	},
	{
		"shifted-traffic", "no time to bake",
		and(canary, edit{"Service.Properties.DeploymentConfiguration.BakeTimeInMinutes", ""}),
		[]string{"shifted-traffic Service Properties.DeploymentConfiguration.BakeTimeInMinutes"}, "36 hours",
	},
	{
		"shifted-traffic", "one target group twice",
		and(canary, edit{advanced + ".AlternateTargetGroupArn", `{"Fn::GetAtt": ["Targets", "TargetGroupArn"]}`}),
		[]string{shiftAt + ".AlternateTargetGroupArn"}, "cannot share",
	},
	{
		"shifted-traffic", "one rule for production and tests",
		and(canary, edit{advanced + ".TestListenerRule", `{"Fn::GetAtt": "Rule.RuleArn"}`}),
		[]string{shiftAt + ".TestListenerRule"}, "same rule",
	},
	{
		"shifted-traffic", "listener instead of a rule",
		and(canary, edit{advanced + ".ProductionListenerRule", `{"Ref": "Https"}`}),
		[]string{shiftAt + ".ProductionListenerRule"}, "/Https is a listener",
	},
	{
		"shifted-traffic", "rule with one target group and no test",
		and(canary, edit{advanced + ".TestListenerRule", ""}, edit{"TestRule", ""},
			edit{"Rule.Properties.Actions", `[{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}]`}),
		[]string{"shifted-traffic Rule Properties.Actions"}, "does not name Shop/Green",
	},
	{
		"shifted-traffic", "two target groups with requests",
		and(canary, edit{forward + "[1].Weight", "1"}),
		[]string{"shifted-traffic Rule Properties.Actions[0].ForwardConfig.TargetGroups"}, "2 of the target groups",
	},
	{
		"shifted-traffic", "no target group with requests",
		and(canary, edit{forward + "[0].Weight", "0"}),
		[]string{"shifted-traffic Rule Properties.Actions[0].ForwardConfig.TargetGroups"}, "0 of the target groups",
	},
	{
		"shifted-traffic", "role of tasks",
		and(canary, edit{trust + "[0].Principal.Service", `["ecs-tasks.amazonaws.com"]`}),
		[]string{"shifted-traffic Infrastructure Properties.AssumeRolePolicyDocument"}, "Shop/Service needs the role",
	},
	{
		"shifted-traffic", "role of a hook",
		and(canary, edit{hooks, `[{"TargetType": "AWS_LAMBDA", "RoleArn": {"Fn::GetAtt": "HookRole.Arn"}}]`},
			edit{"HookRole", `{"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": {
				"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}}}}`}),
		[]string{"shifted-traffic HookRole Properties.AssumeRolePolicyDocument"}, "ecs.amazonaws.com cannot assume it",
	},
	{
		"shifted-traffic", "pause in the middle of a shift",
		and(canary, edit{hooks, `[{"TargetType": "PAUSE", "LifecycleStages": ["PRE_SCALE_UP", "TEST_TRAFFIC_SHIFT"]}]`}),
		[]string{"shifted-traffic Service Properties.DeploymentConfiguration.LifecycleHooks[0].LifecycleStages[1]"},
		"found TEST_TRAFFIC_SHIFT",
	},
}

var shiftNearMisses = []change{
	{rule: "shifted-traffic", name: "canary", edits: canary},
	{rule: "shifted-traffic", name: "strategy of a parameter", edits: and(canary, edit{"Service.Properties.DeploymentConfiguration", `{"Strategy": {"Ref": "Strategy"}}`}, edit{advanced, ""},
		edit{"Rule.Properties.Actions", `[{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}]`})},
	{rule: "shifted-traffic", name: "rolling with a second target group", edits: and(canary, edit{"Service.Properties.DeploymentConfiguration", `{"Strategy": "ROLLING"}`})},
	{rule: "shifted-traffic", name: "no load balancer", edits: and(canary, edit{"Service.Properties.LoadBalancers", ""}, edit{"FromLb", ""}, edit{"ToService", ""})},
	{rule: "shifted-traffic", name: "rule with one target group and a test", edits: and(canary, edit{"Rule.Properties.Actions", `[{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}]`})},
	{rule: "shifted-traffic", name: "rule and test of parameters", edits: and(canary, edit{advanced + ".ProductionListenerRule", parameter}, edit{advanced + ".TestListenerRule", ""})},
	{rule: "shifted-traffic", name: "weights of parameters", edits: and(canary, edit{forward + "[1].Weight", parameter})},
	{rule: "shifted-traffic", name: "listener of a Network Load Balancer", edits: and(canary, edit{"Lb.Properties.Type", `"network"`}, edit{advanced + ".ProductionListenerRule", `{"Ref": "Https"}`})},
	{rule: "shifted-traffic", name: "role that others have too", edits: and(canary, edit{trust + "[0].Principal.Service", `["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"]`})},
	{rule: "shifted-traffic", name: "role whose trust is of a parameter", edits: and(canary, edit{trust + "[0].Principal.Service", parameter})},
	{rule: "shifted-traffic", name: "pause before a shift", edits: and(canary, edit{hooks, `[{"TargetType": "PAUSE", "LifecycleStages": ["PRE_PRODUCTION_TRAFFIC_SHIFT"]}]`})},
	{rule: "shifted-traffic", name: "hook at a shift", edits: and(canary, edit{hooks, `[{"TargetType": "AWS_LAMBDA", "LifecycleStages": ["PRODUCTION_TRAFFIC_SHIFT"],
			"RoleArn": {"Fn::GetAtt": ["Infrastructure", "Arn"]}}]`})},
}

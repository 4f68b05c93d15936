package rules_test

// stream makes the load balancer one for connections, whose listener on port 5000 takes TCP and UDP and shifts them.
var stream = []edit{
	{"Lb.Properties.Type", `"network"`},
	{"Rule", ""},
	{"Http", ""},
	{"LbGroup.Properties.SecurityGroupIngress", `[{"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 5000, "ToPort": 5000},
		{"CidrIp": "192.0.2.0/24", "IpProtocol": "udp", "FromPort": 5000, "ToPort": 5000}]`},
	{"Https.Properties", `{"LoadBalancerArn": {"Ref": "Lb"}, "Port": 5000, "Protocol": "TCP_UDP", "DefaultActions": [
		{"Type": "forward", "ForwardConfig": {"TargetGroups": [
			{"TargetGroupArn": {"Ref": "Targets"}, "Weight": 1}, {"TargetGroupArn": {"Ref": "Green"}, "Weight": 0}]}}]}`},
	{"Targets.Properties.Protocol", `"TCP"`},
	{"Green", `{"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"TargetType": "ip", "Protocol": "TCP",
		"TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}]}}`},
	{"Service.Properties.DeploymentConfiguration", `{"Strategy": "LINEAR", "BakeTimeInMinutes": 10}`},
	{advanced, `{"AlternateTargetGroupArn": {"Ref": "Green"}, "ProductionListenerRule": {"Ref": "Https"},
		"RoleArn": {"Fn::GetAtt": ["Infrastructure", "Arn"]}}`},
	{"Infrastructure", `{"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [
		{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs.amazonaws.com"}}]}}}`},
}

const streamTuples = "Https.Properties.DefaultActions[0].ForwardConfig.TargetGroups"

var streamBreakages = []change{
	{
		"listener-ingress", "nobody",
		[]edit{{"LbGroup.Properties.SecurityGroupIngress[2]", ""}},
		[]string{"listener-ingress Http Properties.Port"}, "lets anybody in on tcp port 80",
	},
	{
		"listener-ingress", "no datagrams",
		and(stream, edit{"LbGroup.Properties.SecurityGroupIngress[1]", ""}),
		[]string{"listener-ingress Https Properties.Port"}, "udp port 5000",
	},
	{
		"listener-ingress", "into another group",
		and(stream, edit{"LbGroup.Properties.SecurityGroupIngress[1]", ""}, edit{"Clients", `{"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {
			"GroupId": {"Fn::GetAtt": ["ServiceGroup", "GroupId"]}, "CidrIp": "10.0.0.0/8", "IpProtocol": "udp", "FromPort": 5000, "ToPort": 5000}}`}),
		[]string{"listener-ingress Https Properties.Port"}, "udp port 5000",
	},
	{
		"shifted-traffic", "listener with both target groups at once",
		and(stream, edit{streamTuples + "[1].Weight", "1"}),
		[]string{"shifted-traffic Https Properties.DefaultActions[0].ForwardConfig.TargetGroups"}, "2 of the target groups",
	},
	{
		"shifted-traffic", "listener with one target group",
		and(stream, edit{"Https.Properties.DefaultActions[0]", `{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}`}),
		[]string{"shifted-traffic Https Properties.DefaultActions"}, "does not name Shop/Green",
	},
	{
		"load-balancer-ingress", "datagrams from a Network Load Balancer",
		and(stream, edit{"Targets.Properties.Protocol", `"TCP_UDP"`}),
		[]string{entry, entry}, "udp port 8080",
	},
}

var streamNearMisses = []change{
	{rule: "shifted-traffic", name: "listener of a Network Load Balancer", edits: stream},
	{rule: "listener-ingress", name: "rule of its own", edits: and(stream, edit{"LbGroup.Properties.SecurityGroupIngress[1]", ""},
		edit{"Clients", `{"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {
			"GroupId": {"Fn::GetAtt": ["LbGroup", "GroupId"]}, "CidrIp": "10.0.0.0/8", "IpProtocol": 17, "FromPort": 5000, "ToPort": 5000}}`})},
	{rule: "listener-ingress", name: "no security group", edits: []edit{{"Lb.Properties.SecurityGroups", ""}, {"LbGroup.Properties.SecurityGroupIngress", "[]"}}},
	{rule: "listener-ingress", name: "security group of others", edits: []edit{
		{"Lb.Properties.SecurityGroups[0]", parameter}, {"LbGroup.Properties.SecurityGroupIngress", "[]"},
	}},
	{rule: "listener-ingress", name: "ports of a parameter", edits: []edit{{"Http.Properties.Port", parameter}}},
}

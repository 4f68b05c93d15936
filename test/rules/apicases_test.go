package rules_test

// api puts an HTTP API before the load balancer.
var api = []edit{
	{"Api", `{"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "api", "ProtocolType": "HTTP"}}`},
	{"LinkGroup", `{"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "link", "SecurityGroupEgress": [
		{"CidrIp": "255.255.255.255/32", "IpProtocol": "icmp", "FromPort": 252, "ToPort": 86}]}}`},
	{"Link", `{"Type": "AWS::ApiGatewayV2::VpcLink", "Properties": {"Name": "link", "SubnetIds": {"Ref": "Subnets"},
		"SecurityGroupIds": [{"Fn::GetAtt": ["LinkGroup", "GroupId"]}]}}`},
	{"FromLink", `{"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {"GroupId": {"Fn::GetAtt": ["LbGroup", "GroupId"]},
		"SourceSecurityGroupId": {"Fn::GetAtt": ["LinkGroup", "GroupId"]}, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}}`},
	{"ToLb", `{"Type": "AWS::EC2::SecurityGroupEgress", "Properties": {"DestinationSecurityGroupId": {"Fn::GetAtt": ["LbGroup", "GroupId"]},
		"GroupId": {"Fn::GetAtt": ["LinkGroup", "GroupId"]}, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}}`},
	{"Integration", `{"Type": "AWS::ApiGatewayV2::Integration", "Properties": {"ApiId": {"Ref": "Api"}, "IntegrationType": "HTTP_PROXY",
		"ConnectionType": "VPC_LINK", "ConnectionId": {"Ref": "Link"}, "IntegrationUri": {"Ref": "Https"},
		"TlsConfig": {"ServerNameToVerify": "example.com"}}}`},
	{"LbGroup.Properties.SecurityGroupIngress", `[{"SourceSecurityGroupId": "sg-0123456789abcdef0", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80},
		{"SourceSecurityGroupId": "sg-0123456789abcdef0", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}]`},
}

const connection = "private-api Integration Properties.ConnectionId"

var apiBreakages = []change{
	{
		"private-api", "HTTP to a listener for HTTPS",
		and(api, edit{"Integration.Properties.TlsConfig", ""}),
		[]string{"private-api Integration Properties.TlsConfig"}, "answers with 400",
	},
	{"private-api", "not admitted", and(api, edit{"FromLink", ""}), []string{connection}, "does not admit"},
	{
		"private-api", "admitted elsewhere",
		and(api, edit{"FromLink.Properties.FromPort", "80"}, edit{"FromLink.Properties.ToPort", "80"}), []string{connection}, "tcp port 443",
	},
	{"private-api", "not let out", and(api, edit{"ToLb", ""}), []string{connection}, "does not let requests out"},
}

var apiNearMisses = []change{
	{rule: "private-api", name: "before a listener", edits: api},
	{rule: "private-api", name: "admitted by its addresses", edits: and(api, edit{"FromLink", ""},
		edit{"LbGroup.Properties.SecurityGroupIngress[1]", `{"CidrIp": "10.0.0.0/16", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}`})},
	{rule: "private-api", name: "let out to everywhere", edits: and(api, edit{"ToLb", ""}, edit{"LinkGroup.Properties.SecurityGroupEgress", ""})},
	{rule: "private-api", name: "group of a parameter", edits: and(api, edit{"FromLink", ""}, edit{"ToLb", ""}, edit{"Link.Properties.SecurityGroupIds[0]", parameter})},
	{rule: "private-api", name: "on the internet", edits: and(api, edit{"FromLink", ""}, edit{"Integration.Properties.ConnectionType", ""})},
}

package rules_test

// Paths that many changes around load balancers have in common.
const (
	aclRules   = "Acl.Properties.Rules"
	asks       = "Rule.Properties.Actions[0]"
	askProblem = "sign-in Rule Properties.Actions[0]"
)

// guarded puts a firewall before the load balancer.
var guarded = []edit{
	{"Acl", `{"Type": "AWS::WAFv2::WebACL", "Properties": {"Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "Rules": [
		{"Name": "Common", "Priority": 0, "OverrideAction": {"None": {}}, "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}},
		{"Name": "Rate", "Priority": 1, "Action": {"Count": {}}, "Statement": {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}}]}}`},
	{"AclAssociation", `{"Type": "AWS::WAFv2::WebACLAssociation", "Properties": {"ResourceArn": {"Ref": "Lb"}, "WebACLArn": {"Fn::GetAtt": ["Acl", "Arn"]}}}`},
}

// members lets users sign in before a request comes to the service.
var members = []edit{
	{"Rule.Properties.Actions", `[{"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {"Issuer": "https://id.example.com", "ClientId": "shop",
		"ClientSecret": "{{resolve:secretsmanager:shop/client}}"}}, {"Type": "forward", "Order": 2, "TargetGroupArn": {"Ref": "Targets"}}]`},
	{"LbGroup.Properties.SecurityGroupEgress[1]", `{"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}`},
}

var doorBreakages = []change{
	{
		"listener-certificate", "HTTPS without a certificate",
		[]edit{{"Https.Properties.Certificates", ""}},
		[]string{"listener-certificate Https Properties.Certificates"}, "for HTTPS",
	},
	{
		"listener-certificate", "TLS with no certificates",
		[]edit{{"Https.Properties.Protocol", `"TLS"`}, {"Https.Properties.Certificates", "[]"}},
		[]string{"listener-certificate Https Properties.Certificates"}, "ListenerCertificate only adds",
	},
	{
		"web-acl", "before nothing",
		and(guarded, edit{"AclAssociation", ""}),
		[]string{"web-acl Acl Properties"}, "every request goes past it",
	},
	{
		"web-acl", "before something else",
		and(guarded, edit{"AclAssociation.Properties.WebACLArn", `"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b"`}),
		[]string{"web-acl Acl Properties"}, "associated with nothing",
	},
	{
		"web-acl", "beside one that is before something",
		and(guarded, edit{"Other", `{"Type": "AWS::WAFv2::WebACL", "Properties": {"Scope": "REGIONAL", "DefaultAction": {"Block": {}}}}`}),
		[]string{"web-acl Other Properties"}, "associated with nothing",
	},
	{
		"web-acl", "all counted",
		and(guarded, edit{aclRules + "[0].OverrideAction", `{"Count": {}}`}),
		[]string{"web-acl Acl Properties.Rules"}, "only count",
	},
	{
		"web-acl", "no rules",
		and(guarded, edit{aclRules, ""}),
		[]string{"web-acl Acl Properties.Rules"}, "let it through",
	},
	{
		"sign-in", "over HTTP",
		and(members, edit{"Rule.Properties.ListenerArn", `{"Ref": "Http"}`}),
		[]string{askProblem}, "Shop/Http is for HTTP",
	},
	{
		"sign-in", "no way out",
		and(members, edit{"LbGroup.Properties.SecurityGroupEgress[1]", `{"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}`}),
		[]string{askProblem}, "answers 500",
	},
	{
		"sign-in", "no way out to Cognito",
		and(members, edit{asks, `{"Type": "authenticate-cognito", "AuthenticateCognitoConfig": {"UserPoolArn": "a", "UserPoolClientId": "b", "UserPoolDomain": "c"}}`},
			edit{"LbGroup.Properties.SecurityGroupEgress[1].CidrIp", `"10.1.2.3/32"`}),
		[]string{askProblem}, "tcp port 443",
	},
	{
		"sign-in", "way out to tasks alone",
		and(members, edit{"LbGroup.Properties.SecurityGroupEgress[1]", `{"DestinationSecurityGroupId": "sg-0123456789abcdef0", "IpProtocol": "-1"}`}),
		[]string{askProblem}, "SecurityGroupEgress",
	},
	{
		"sign-in", "secret that is written out",
		and(members, edit{asks + ".AuthenticateOidcConfig.ClientSecret", `"GOCSPX-4u9z0wq2"`}),
		[]string{askProblem + ".AuthenticateOidcConfig.ClientSecret"}, "Secrets Manager",
	},
	{
		"sign-in", "default action of a listener for HTTP",
		and(members, edit{"Http.Properties.DefaultActions", `[{"Type": "authenticate-cognito", "AuthenticateCognitoConfig": {"UserPoolArn": "a"}},
			{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]`}),
		[]string{"sign-in Http Properties.DefaultActions[0]"}, "HTTPS alone",
	},
}

var doorNearMisses = []change{
	{rule: "listener-certificate", name: "HTTP without a certificate", edits: []edit{{"Https.Properties.Protocol", `"HTTP"`}, {"Https.Properties.Certificates", ""}}},
	{rule: "listener-certificate", name: "certificate of a condition", edits: []edit{{"Https.Properties.Certificates", `{"Fn::If": ["A", [], []]}`}}},
	{rule: "listener-certificate", name: "protocol of a parameter", edits: []edit{{"Https.Properties.Protocol", parameter}, {"Https.Properties.Certificates", ""}}},
	{rule: "web-acl", name: "firewall", edits: guarded},
	{rule: "web-acl", name: "of a distribution", edits: and(guarded, edit{"Acl.Properties.Scope", `"CLOUDFRONT"`}, edit{"AclAssociation", ""})},
	{rule: "web-acl", name: "association of a parameter", edits: and(guarded, edit{"AclAssociation.Properties.WebACLArn", parameter})},
	{rule: "web-acl", name: "passed on", edits: and(guarded, edit{"AclAssociation", ""}, edit{"Child", `{"Type": "AWS::CloudFormation::Stack", "Properties": {
		"Parameters": {"Acl": {"Fn::GetAtt": ["Acl", "Arn"]}}}}`})},
	{rule: "web-acl", name: "blocks what nothing allows", edits: and(guarded, edit{"Acl.Properties.DefaultAction", `{"Block": {}}`}, edit{aclRules, ""})},
	{rule: "web-acl", name: "counts but for a limit", edits: and(guarded, edit{aclRules + "[0].OverrideAction", `{"Count": {}}`}, edit{aclRules + "[1].Action", `{"Block": {}}`})},
	{rule: "web-acl", name: "asks for a puzzle", edits: and(guarded, edit{aclRules + "[0].OverrideAction", `{"Count": {}}`}, edit{aclRules + "[1].Action", `{"Captcha": {}}`})},
	{rule: "web-acl", name: "action of a condition", edits: and(guarded, edit{aclRules + "[0].OverrideAction", `{"Fn::If": ["A", {"Count": {}}, {"None": {}}]}`})},
	{rule: "sign-in", name: "members", edits: members},
	{rule: "sign-in", name: "secret of a parameter", edits: and(members, edit{asks + ".AuthenticateOidcConfig.ClientSecret", parameter})},
	{rule: "sign-in", name: "secret that is kept as it is", edits: and(members, edit{asks + ".AuthenticateOidcConfig.ClientSecret", ""})},
	{rule: "sign-in", name: "way out of its own", edits: and(members, edit{"LbGroup.Properties.SecurityGroupEgress[1]", `{"CidrIp": "10.0.0.0/8", "IpProtocol": "-1"}`})},
	{rule: "sign-in", name: "everything let out", edits: and(members, edit{"LbGroup.Properties.SecurityGroupEgress", ""}, edit{"ToService", ""})},
	{rule: "sign-in", name: "listener elsewhere", edits: and(members, edit{"Rule.Properties.ListenerArn", `"arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shop/1/2"`},
		edit{"LbGroup.Properties.SecurityGroupEgress[1].FromPort", "80"}, edit{"FromLb.Properties.SourceSecurityGroupId", `"sg-0123456789abcdef0"`})},
	{rule: "sign-in", name: "protocol of a parameter", edits: and(members, edit{"Https.Properties.Protocol", parameter})},
}

package property

import (
	"reflect"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
)

// words are the values of the types that are enumerations.
var words = map[reflect.Type][]string{
	typeOf[cluster.OS]():           {"AL2023", "Bottlerocket"},
	typeOf[cluster.Allocation]():   {"price-capacity-optimized", "lowest-price"},
	typeOf[deployment.Stage]():     {"PRE_SCALE_UP", "POST_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"},
	typeOf[deployment.Event]():     {"BeforeInstall", "AfterAllowTestTraffic", "AfterAllowTraffic"},
	typeOf[deployment.Trigger]():   {"", "PIPELINE"},
	typeOf[discovery.Protocol]():   {"http", "http2", "grpc", "tcp"},
	typeOf[ingress.Protocol]():     {"HTTP1", "HTTP2", "GRPC"},
	typeOf[ingress.Transport]():    {"TCP", "TLS", "UDP", "TCP_UDP"},
	typeOf[ingress.FirewallMode](): {"Block", "Count", "Off"},
	typeOf[service.Strategy](): {
		string(service.SpreadZones), string(service.SpreadInstances), string(service.BinpackCPU), string(service.Random),
	},
	typeOf[service.Constraint](): {string(service.DistinctInstances), "attribute:ecs.instance-type =~ m7g.*"},
	typeOf[task.Architecture]():  {"X86_64", "ARM64"},
	typeOf[task.OS]():            {"LINUX", "WINDOWS_SERVER_2022_CORE"},
	typeOf[task.LaunchType]():    {"FARGATE", "EC2", "MANAGED_INSTANCES"},
	typeOf[task.NetworkMode]():   {"awsvpc", "bridge", "host", "none"},
	typeOf[task.Condition]():     {"START", "COMPLETE", "SUCCESS", "HEALTHY"},
}

// goodTexts are what fields of these names are usually set to.
var goodTexts = map[string][]string{
	"ACLARN":                {"arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b"},
	"AMI":                   {"ami-0123456789abcdef0", "/shop/image"},
	"ARN":                   {secretARN, "arn:aws:ssm:us-east-1:123456789012:parameter/shop/a", albARN},
	"AllowFrom":             {"10.0.0.0/8", "192.0.2.0/24"},
	"AltHosts":              {"b.shop.example.com"},
	"AltPaths":              {"/b/*"},
	"AuthorityARN":          {"arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/12345678-abcd"},
	"AuthorizationEndpoint": {"https://id.example.com/authorize"},
	"Body":                  {"closed"},
	"Bus":                   {"orders"},
	"CIDR":                  {"10.0.0.0/16", "10.3.0.0/20"},
	"CertificateARN":        {aCertificate},
	"Characters":            {"abcdefghij", "0123456789abcdef"},
	"ClientID":              {"client"},
	"ClusterName":           {"shop"},
	"Codes":                 {"200", "200-299", "200,204"},
	"Command":               {"CMD-SHELL", "true", "serve"},
	"Config":                {"CodeDeployDefault.ECSAllAtOnce", "mine"},
	"Container":             {task.Main, "proxy"},
	"ContentType":           {"text/plain", "text/html"},
	"DNSName":               {"alb.example.com"},
	"DatetimeFormat":        {"%Y-%m-%d"},
	"Domain":                {"staff"},
	"Domains":               {"shop.example.com"},
	"Emails":                {"ops@example.com", "dev@example.com"},
	"Environment":           {"MODE", "LEVEL"},
	"Filter":                {"kind"},
	"From":                  {"192.0.2.0/24", "2001:db8::/32"},
	"Headers":               {"X-Test", "yes"},
	"Host":                  {"a.shop.example.com", "shop.example.com"},
	"HostPath":              {"/proc", "/var/run"},
	"ID":                    {"Z0123456789ABCDEFGHIJ", "ns-0123456789abcdef"},
	"Image":                 {"shop:1", "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/api:42"},
	"InstanceTypes":         {"m7i.large", "m7i.xlarge", "c7i.large", "m7g.large"},
	"Issuer":                {"https://id.example.com"},
	"Items":                 {"detail.items"},
	"Key":                   {"shop.env"},
	"KeyARN":                {"arn:aws:kms:us-east-1:123456789012:key/12345678-abcd"},
	"ListenerARN":           {albListener + "0123456789abcdef"},
	"Methods":               {"GET", "POST"},
	"More":                  {"sqs", "monitoring"},
	"Name":                  {"shop", "shop.example.com", "/shop/a", "orders"},
	"Namespace":             {"shop.internal", "AWS/SQS"},
	"Origins":               {"https://shop.example.com"},
	"Path":                  {"/a/*", "/a", "/"},
	"Query":                 {"q", "a"},
	"Registries":            {"registry.example.com"},
	"Routes":                {"GET /orders/{id}", "ANY /cart/{rest+}"},
	"Scope":                 {"openid email"},
	"Secrets":               {"DB_PASSWORD", "TOKEN"},
	"SecurityGroupID":       {"sg-0123456789abcdef0"},
	"Statistic":             {"Average", "p90"},
	"TestListenerARN":       {albListener + "fedcba9876543210"},
	"TimeZone":              {"Europe/Rome", "UTC"},
	"Tmpfs":                 {"/tmp", "/run"},
	"TokenEndpoint":         {"https://id.example.com/token"},
	"URL":                   {"https://splunk.example.com:8088"},
	"User":                  {"1000", "app:app"},
	"UserInfoEndpoint":      {"https://id.example.com/userinfo"},
	"UserPoolARN":           {"arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf"},
	"Variables":             {"KEY", "detail.object.key"},
	"VersionID":             {"01234567-0123-0123-0123-0123456789ab"},
	"When":                  {"cron(0 8 ? * MON-FRI *)", "rate(1 hour)", "at(2030-01-02T03:04:05)"},
	"WorkingDirectory":      {"/srv"},
}

const (
	secretARN   = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db-AbCdEf"
	albARN      = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/0123456789abcdef"
	albListener = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/0123456789abcdef/"
)

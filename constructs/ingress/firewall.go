package ingress

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/logs"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// Firewall says which requests AWS WAF keeps from a load balancer. The zero value blocks what AWS's rules against common
// attacks, known bad inputs and addresses of ill repute find, and whoever sends too many requests.
// https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
type Firewall struct {
	// ACLARN is the ARN of a regional web ACL of your own, in the region of the load balancer. No other field goes with it. To change
	// from one web ACL to another, see to it afterwards that the load balancer has it (aws wafv2 get-web-acl-for-resource), or
	// deploy once without a firewall: CloudFormation takes the old one away after it has put the new one there.
	// Zero: one is made.
	ACLARN string
	// Common is AWS's rules against common attacks. Zero: Block.
	Common FirewallMode
	// AllowLargeBodies lets requests with bodies of more than 8 KB through, such as uploads, which Common would block. What
	// comes after the first 8 KB is not looked at. Zero: blocked.
	AllowLargeBodies bool
	// BadInputs is AWS's rules against requests that are known to exploit something. Zero: Block.
	BadInputs FirewallMode
	// Reputation is AWS's list of addresses of ill repute. Zero: Block.
	Reputation FirewallMode
	// SQL is AWS's rules against SQL injection. Zero: Off.
	SQL FirewallMode
	// Bots is AWS's rules against bots that do not hide, for a fee for each request. Zero: Off.
	Bots FirewallMode
	// RequestsPerIP is how many requests one address may send in five minutes, 10-2000000000; it is blocked until it sends
	// fewer. Behind a proxy all have the proxy's address: set Rate to Off there. Zero: 2000.
	RequestsPerIP int
	// Rate is the limit of RequestsPerIP. Zero: Block.
	Rate FirewallMode
	// Groups are further rule groups, tried after all others in this order. Zero: none.
	Groups []RuleGroup
	// Logs keeps a log of the requests that are blocked or counted, without cookies and credentials, for 90 days. Zero: no
	// log; metrics and samples of requests are kept either way.
	Logs bool
}

// RuleGroup is a rule group of AWS WAF of your own.
type RuleGroup struct {
	// ARN of the regional rule group. Required.
	ARN string
	// Capacity of the rule group, in web ACL capacity units, 1-5000. Required.
	Capacity int
	// Mode says what is done with requests that its rules block. Zero: Block.
	Mode FirewallMode
}

// FirewallMode says what becomes of a request that rules find.
type FirewallMode string

// What becomes of a request that rules find.
const (
	// Block keeps it from the load balancer.
	Block FirewallMode = "Block"
	// Count lets it through and counts it, to see what Block would keep away.
	Count FirewallMode = "Count"
	// Off leaves the rules out.
	Off FirewallMode = "Off"
)

const (
	capacityPage = "https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html"
	ratePage     = "https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html"
)

// What AWS WAF takes, and what it costs nothing extra for.
const (
	DefaultRequestsPerIP = 2000

	maxRequestsPerIP = 2000000000
	rateCapacity     = 2
	freeCapacity     = 1500
	maxCapacity      = 5000
)

var (
	// webACL and ruleGroup match ARNs and capture their regions.
	webACL    = regexp.MustCompile(`^arn:aws[a-z-]*:wafv2:([a-z0-9-]+):\d{12}:regional/webacl/[\w-]{1,128}/[\w-]{1,36}$`)
	ruleGroup = regexp.MustCompile(`^arn:aws[a-z-]*:wafv2:([a-z0-9-]+):\d{12}:regional/rulegroup/[\w-]{1,128}/[\w-]{1,36}$`)
)

// managed is a rule group of AWS.
type managed struct {
	field, name string
	capacity    int
	mode        FirewallMode
}

// managed returns the rule groups of AWS, cheap ones first: what they block, no other has to look at.
func (f Firewall) managed() []managed {
	return []managed{
		{"Reputation", "AWSManagedRulesAmazonIpReputationList", 25, cmp.Or(f.Reputation, Block)},
		{"BadInputs", "AWSManagedRulesKnownBadInputsRuleSet", 200, cmp.Or(f.BadInputs, Block)},
		{"Common", "AWSManagedRulesCommonRuleSet", 700, cmp.Or(f.Common, Block)},
		{"SQL", "AWSManagedRulesSQLiRuleSet", 200, cmp.Or(f.SQL, Off)},
		{"Bots", "AWSManagedRulesBotControlRuleSet", 50, cmp.Or(f.Bots, Off)},
	}
}

// Capacity returns how many web ACL capacity units the rules take: 1500 are free, 5000 the most there are.
func (f Firewall) Capacity() int {
	n := 0
	for _, g := range f.managed() {
		if g.mode != Off {
			n += g.capacity
		}
	}
	if f.Rate != Off {
		n += rateCapacity
	}
	for _, g := range f.Groups {
		if g.Mode != Off {
			n += g.Capacity
		}
	}
	return n
}

// Problems names unknown modes, limits and capacities out of AWS's range, and a firewall that keeps nothing away.
func (f Firewall) Problems() check.Problems {
	var ps check.Problems
	if f.ACLARN != "" {
		if !check.IsToken(f.ACLARN) && !webACL.MatchString(f.ACLARN) {
			ps.Add("ACLARN", f.ACLARN, "must be arn:<partition>:wafv2:<region>:<account>:regional/webacl/<name>/<id>")
		}
		if f.configured() {
			ps.Add("ACLARN", f.ACLARN, "must be the only field set: a web ACL that exists has rules of its own")
		}
		return ps
	}
	for _, g := range append(f.managed(), managed{field: "Rate", mode: f.Rate}) {
		ps.In(g.field, g.mode.Problems())
	}
	for i, g := range f.Groups {
		ps.In(fmt.Sprintf("Groups[%d]", i), g.Problems())
	}
	if !f.has(Block) && !f.has(Count) {
		ps.Add("", nil, "must have rules that are not Off, or there is nothing that it keeps away")
	}
	if f.RequestsPerIP != 0 {
		ps.Range("RequestsPerIP", f.RequestsPerIP, 10, maxRequestsPerIP).See(ratePage)
	}
	if f.RequestsPerIP != 0 && f.Rate == Off {
		ps.Add("RequestsPerIP", f.RequestsPerIP, "must not be set while Rate is Off")
	}
	if f.AllowLargeBodies && f.Common == Off {
		ps.Add("AllowLargeBodies", f.AllowLargeBodies, "must not be set while Common is Off, which alone would block them")
	}
	if n := f.Capacity(); n > maxCapacity {
		ps.Add("Groups", n, "must leave the capacity of all rules at %d units or less", maxCapacity).See(capacityPage)
	}
	return ps
}

// Problems names a missing ARN or capacity, and an unknown mode.
func (g RuleGroup) Problems() check.Problems {
	var ps check.Problems
	if !check.IsToken(g.ARN) && !ruleGroup.MatchString(g.ARN) {
		ps.Add("ARN", g.ARN, "must be arn:<partition>:wafv2:<region>:<account>:regional/rulegroup/<name>/<id>")
	}
	ps.Range("Capacity", g.Capacity, 1, maxCapacity).See(capacityPage)
	ps.In("Mode", g.Mode.Problems())
	return ps
}

// Problems names a mode that is none.
func (m FirewallMode) Problems() check.Problems {
	var ps check.Problems
	if !slices.Contains([]FirewallMode{"", Block, Count, Off}, m) {
		ps.Add("", string(m), "must be %s, %s or %s", Block, Count, Off)
	}
	return ps
}

// has reports whether any rules have a mode.
func (f Firewall) has(mode FirewallMode) bool {
	return cmp.Or(f.Rate, Block) == mode ||
		slices.ContainsFunc(f.managed(), func(g managed) bool { return g.mode == mode }) ||
		slices.ContainsFunc(f.Groups, func(g RuleGroup) bool { return cmp.Or(g.Mode, Block) == mode })
}

// configured reports whether any field beside ACLARN is set.
func (f Firewall) configured() bool {
	rest := f
	rest.ACLARN, rest.Groups = "", nil
	return !reflect.DeepEqual(rest, Firewall{}) || len(f.Groups) > 0
}

// problemsIn names what is of another region than the stack, where that is known.
func (f Firewall) problemsIn(scope constructs.Construct) check.Problems {
	var ps check.Problems
	if !check.InStack(scope) {
		return ps
	}
	region := check.EnvOf(scope).Region
	foreign := func(field, arn string, pattern *regexp.Regexp) {
		if m := pattern.FindStringSubmatch(arn); m != nil && !check.IsToken(region) && m[1] != region {
			ps.Add(field, arn, "must be of the stack's region (%s)", region)
		}
	}
	foreign("ACLARN", f.ACLARN, webACL)
	for i, g := range f.Groups {
		foreign(fmt.Sprintf("Groups[%d].ARN", i), g.ARN, ruleGroup)
	}
	return ps
}

// protect puts the firewall before the load balancer.
func (a *ALB) protect(f Firewall) {
	arn := &f.ACLARN
	if f.ACLARN == "" {
		a.WebACL = awscdk.NewCfnResource(a, jsii.String("WebACL"), &awscdk.CfnResourceProps{
			Type: jsii.String("AWS::WAFv2::WebACL"),
			Properties: &map[string]any{
				"Scope": "REGIONAL", "DefaultAction": map[string]any{"Allow": map[string]any{}},
				"Rules": f.rules(), "VisibilityConfig": visible(metricName(a.gate.place)),
			},
		})
		arn = awscdk.Token_AsString(a.WebACL.GetAtt(jsii.String("Arn"), awscdk.ResolutionTypeHint_STRING), nil)
		if f.Logs {
			a.logFirewall(arn)
		}
		a.advise(f)
	}
	awscdk.NewCfnResource(a, jsii.String("WebACLAssociation"), &awscdk.CfnResourceProps{
		Type:       jsii.String("AWS::WAFv2::WebACLAssociation"),
		Properties: &map[string]any{"ResourceArn": a.LoadBalancer.LoadBalancerArn(), "WebACLArn": arn},
	})
}

// advise warns of what is allowed and seldom meant.
func (a *ALB) advise(f Firewall) {
	if !f.has(Block) {
		awscdk.Annotations_Of(a).AddWarningV2(jsii.String("@ecskit/ingress:firewallCounts"), jsii.String(
			"Firewall counts what it finds and keeps nothing away: set what has proved right to Block"))
	}
	if n := f.Capacity(); n > freeCapacity {
		awscdk.Annotations_Of(a).AddWarningV2(jsii.String("@ecskit/ingress:firewallCapacity"), jsii.String(fmt.Sprintf(
			"Firewall takes %d web ACL capacity units: what is beyond %d costs a fee for each request", n, freeCapacity)))
	}
}

// Places of the rules, the same whichever of them are off.
const (
	ratePlace  = 1
	groupPlace = 10
)

func (f Firewall) rules() []any {
	var rules []any
	for i, g := range f.managed() {
		if g.mode == Off {
			continue
		}
		if i >= ratePlace {
			i++
		}
		statement := map[string]any{"VendorName": "AWS", "Name": g.name}
		if g.field == "Common" && f.AllowLargeBodies {
			statement["RuleActionOverrides"] = []any{
				map[string]any{"Name": "SizeRestrictions_BODY", "ActionToUse": map[string]any{"Count": map[string]any{}}},
			}
		}
		if g.field == "Bots" {
			statement["ManagedRuleGroupConfigs"] = []any{
				map[string]any{"AWSManagedRulesBotControlRuleSet": map[string]any{"InspectionLevel": "COMMON"}},
			}
		}
		rules = append(rules, rule(g.field, i, "OverrideAction", override(g.mode), map[string]any{"ManagedRuleGroupStatement": statement}))
	}
	if mode := cmp.Or(f.Rate, Block); mode != Off {
		rules = append(rules, rule("Rate", ratePlace, "Action", string(mode), map[string]any{"RateBasedStatement": map[string]any{
			"Limit": cmp.Or(f.RequestsPerIP, DefaultRequestsPerIP), "AggregateKeyType": "IP", "EvaluationWindowSec": 300,
		}}))
	}
	for i, g := range f.Groups {
		if mode := cmp.Or(g.Mode, Block); mode != Off {
			rules = append(rules, rule(fmt.Sprint("Group", i+1), groupPlace+i, "OverrideAction", override(mode),
				map[string]any{"RuleGroupReferenceStatement": map[string]any{"Arn": g.ARN}}))
		}
	}
	return rules
}

// override is what becomes of a rule group's own actions.
func override(mode FirewallMode) string {
	if mode == Count {
		return string(Count)
	}
	return "None"
}

func rule(name string, priority int, kind, action string, statement map[string]any) map[string]any {
	return map[string]any{
		"Name": name, "Priority": priority, kind: map[string]any{action: map[string]any{}}, "Statement": statement,
		"VisibilityConfig": visible(name),
	}
}

func visible(metric string) map[string]any {
	return map[string]any{"CloudWatchMetricsEnabled": true, "SampledRequestsEnabled": true, "MetricName": metric}
}

// metricName is the place in characters that a metric of AWS WAF may have, at most 128.
func metricName(place string) string {
	name := names.Family(place)
	return name[:min(len(name), 128)]
}

// logFirewall logs what is blocked or counted. AWS WAF writes to log groups of a certain name alone, and knows an ARN
// only without the asterisk at the end of CloudFormation's.
// https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
func (a *ALB) logFirewall(acl *string) {
	group := awslogs.NewLogGroup(a, jsii.String("WebACLLogGroup"), &awslogs.LogGroupProps{
		LogGroupName: jsii.String("aws-waf-logs-" + names.Family(a.gate.place)),
		Retention:    logs.Retention(logs.DefaultRetentionDays), RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	arn := check.EnvOf(a).ARN("logs", "log-group:"+*group.LogGroupName())
	header := func(name string) any { return map[string]any{"SingleHeader": map[string]any{"Name": name}} }
	action := func(name string) any { return map[string]any{"ActionCondition": map[string]any{"Action": name}} }
	awscdk.NewCfnResource(a, jsii.String("WebACLLogs"), &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::WAFv2::LoggingConfiguration"),
		Properties: &map[string]any{
			"ResourceArn": acl, "LogDestinationConfigs": []string{arn},
			"RedactedFields": []any{header("authorization"), header("cookie")},
			"LoggingFilter": map[string]any{"DefaultBehavior": "DROP", "Filters": []any{map[string]any{
				"Behavior": "KEEP", "Requirement": "MEETS_ANY",
				"Conditions": []any{action("BLOCK"), action("COUNT"), action("EXCLUDED_AS_COUNT")},
			}}},
		},
	})
}

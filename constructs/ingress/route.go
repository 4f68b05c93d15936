package ingress

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// Route says which requests a target receives: those that meet all of its conditions. The zero value receives every
// request that no other route of the load balancer receives.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#rule-condition-types
//
// Of two routes that a request meets, the more specific one receives it: first by host (exact, then with a wildcard,
// then any), then by path (exact, then by number of segments before the wildcard, then any), then by how many of
// Methods, Headers, Query and From are set. Where this would not try a route before another one that receives all that it receives,
// which is rare, it is a problem that names both. Two routes of which neither receives all of the other's requests keep
// whatever order they have: set Priority if a request that meets both matters.
type Route struct {
	// Host is the host of the request: api.example.com, or *.example.com for any below it. Zero: any.
	Host string
	// AltHosts are further hosts that do as well as Host.
	AltHosts []string
	// Path is the path of the request, case-sensitive: /health exactly, /api/* for all below /api/. Zero: any.
	Path string
	// AltPaths are further paths that do as well as Path, such as /api beside /api/*.
	AltPaths []string
	// Methods are the methods of the request, any of them: GET, POST. Zero: any.
	Methods []string
	// Headers are request headers, each with a value that it must have; * and ? are wildcards. Zero: any.
	Headers map[string]string
	// Query are parameters of the query, each with a value that it must have; * and ? are wildcards in values, and case does
	// not matter. Zero: any.
	Query map[string]string
	// From are the ranges of addresses that the request comes from, any of them: 192.0.2.0/24, 2001:db8::/32. Behind a proxy
	// that is the proxy's address. Zero: any.
	From []string
	// Priority is the number of the listener rule, 1-50000, the lower one being tried first. Set it only to resolve a
	// collision, or to order two routes that the rule above does not order: a route that another one hides completely stays
	// a problem. Numbers below 1000 and above 48999 are never allocated by this library. Zero: allocated from what the route says and where its service stands in the tree, so
	// that no other service can change it.
	Priority int
}

const (
	rulePage      = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-update-rules.html"
	conditionPage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html"
	quotaPage     = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"
)

// What AWS takes in one rule.
const (
	maxValues    = 5
	maxWildcards = 6
)

var (
	hostPattern   = regexp.MustCompile(`^([a-z0-9*?]([a-z0-9*?-]*[a-z0-9*?])?\.)+[a-z]+$`)
	pathPattern   = regexp.MustCompile(`^/[A-Za-z0-9_.$/~"'@:+&*?-]{0,127}$`)
	methodPattern = regexp.MustCompile(`^[A-Z_-]{1,40}$`)
	headerValue   = regexp.MustCompile(`^[ -~]{1,128}$`)
	headerPattern = regexp.MustCompile(`^[A-Za-z0-9!#$%&'+.^_|~-]{1,40}$`)
	queryKey      = regexp.MustCompile(`^[!-)+->@-\[\]-~]{1,128}$`) // printable but for wildcards and the backslash
	queryValue    = regexp.MustCompile(`^[!-\[\]-~]{1,128}$`)       // printable but for the backslash, which escapes
)

// Problems names conditions that AWS refuses, and alternatives to nothing.
func (r Route) Problems() check.Problems {
	var ps check.Problems
	for _, host := range r.hosts() {
		if !check.IsToken(host) && !isHost(strings.ToLower(host)) {
			ps.Add("Host", host, "must be a host name such as api.example.com, or a pattern such as *.example.com, with only "+
				"letters after the last dot").See(conditionPage)
		}
	}
	for _, path := range r.paths() {
		if !check.IsToken(path) && !pathPattern.MatchString(path) {
			ps.Add("Path", path, "must start with a slash (/*.jpg, not *.jpg) and hold at most 128 of the characters that AWS takes, without a query").
				See(conditionPage)
		}
	}
	if r.Host == "" && len(r.AltHosts) > 0 {
		ps.Add("AltHosts", r.AltHosts, "must be empty if Host is, which means any host")
	}
	if r.Path == "" && len(r.AltPaths) > 0 {
		ps.Add("AltPaths", r.AltPaths, "must be empty if Path is, which means any path")
	}
	for _, method := range r.Methods {
		if !methodPattern.MatchString(method) {
			ps.Add("Methods", method, "must be method names in capitals, such as GET").See(conditionPage)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		if !headerPattern.MatchString(name) || strings.EqualFold(name, "host") {
			ps.Add("Headers", name, "must have names of 1-40 characters as keys; for the host use Host").See(conditionPage)
		}
		if v := r.Headers[name]; !check.IsToken(v) && !headerValue.MatchString(v) {
			ps.Add("Headers", v, "must give %s a value of 1-128 printable characters", name).See(conditionPage)
		}
	}
	ps = append(ps, r.queryProblems()...)
	ps = append(ps, r.fromProblems()...)
	if r.Priority != 0 {
		ps.Range("Priority", r.Priority, 1, maxPriority).See(rulePage)
	}
	if n := r.values(); n > maxValues {
		ps.Add("", n, "must have at most %d condition values in all", maxValues).See(quotaPage)
	}
	if n := r.wildcards(); n > maxWildcards {
		ps.Add("", n, "must have at most %d wildcards in all", maxWildcards).See(quotaPage)
	}
	return ps
}

func (r Route) queryProblems() check.Problems {
	var ps check.Problems
	seen := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(r.Query)) {
		if folded := strings.ToLower(key); !queryKey.MatchString(key) || seen[folded] {
			ps.Add("Query", key, "must have names of 1-128 printable characters as keys, without wildcards and each once, whatever its case").
				See(conditionPage)
		} else {
			seen[folded] = true
		}
		if v := r.Query[key]; !check.IsToken(v) && !queryValue.MatchString(v) {
			ps.Add("Query", v, "must give %s a value of 1-128 printable characters, or * for any", key).See(conditionPage)
		}
	}
	return ps
}

func (r Route) fromProblems() check.Problems {
	var ps check.Problems
	for _, cidr := range r.From {
		if check.IsToken(cidr) {
			continue
		}
		switch prefix, err := netip.ParsePrefix(cidr); {
		case err != nil || prefix != prefix.Masked() || prefix.Addr().Is4In6():
			ps.Add("From", cidr, "must be ranges of addresses such as 192.0.2.0/24 or 2001:db8::/32").See(conditionPage)
		case prefix.Bits() == 0:
			ps.Add("From", cidr, "must be narrower: for any address leave it empty")
		case cidr == "255.255.255.255/32":
			ps.Add("From", cidr, "must be another address, for AWS refuses this one").See(conditionPage)
		}
	}
	return ps
}

func isHost(host string) bool { return len(host) <= 128 && hostPattern.MatchString(host) }

func (r Route) hosts() []string { return alternatives(r.Host, r.AltHosts) }
func (r Route) paths() []string { return alternatives(r.Path, r.AltPaths) }

func alternatives(first string, others []string) []string {
	if first == "" {
		return others
	}
	return append([]string{first}, others...)
}

// values counts the condition values of the rule; a rule has at least one.
func (r Route) values() int {
	return max(1, len(r.hosts())+len(r.paths())+r.others())
}

// others counts the condition values beside hosts and paths.
func (r Route) others() int { return len(r.Methods) + len(r.Headers) + len(r.Query) + len(r.From) }

func (r Route) wildcards() int {
	n := 0
	for _, pattern := range slices.Concat(r.hosts(), r.paths(), slices.Collect(maps.Values(r.Headers)),
		slices.Collect(maps.Values(r.Query))) {
		n += strings.Count(pattern, "*") + strings.Count(pattern, "?")
	}
	return n
}

// String returns the route as people write it: [GET] api.example.com/v1/*.
func (r Route) String() string {
	var b strings.Builder
	if len(r.Methods) > 0 {
		b.WriteString(strings.Join(r.Methods, "|") + " ")
	}
	b.WriteString(strings.Join(r.hosts(), "|"))
	if paths := r.paths(); len(paths) > 0 {
		b.WriteString(strings.Join(paths, "|"))
	} else {
		b.WriteString("/*")
	}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		fmt.Fprintf(&b, " %s: %s", name, r.Headers[name])
	}
	for _, key := range slices.Sorted(maps.Keys(r.Query)) {
		fmt.Fprintf(&b, " ?%s=%s", key, r.Query[key])
	}
	if len(r.From) > 0 {
		b.WriteString(" from " + strings.Join(r.From, "|"))
	}
	return b.String()
}

// conditions renders the route. A route without any has a path that every request has, for a rule needs a condition.
func (r Route) conditions() []*awselasticloadbalancingv2.CfnListenerRule_RuleConditionProperty {
	var conditions []*awselasticloadbalancingv2.CfnListenerRule_RuleConditionProperty
	add := func(field string, c awselasticloadbalancingv2.CfnListenerRule_RuleConditionProperty) {
		c.Field = &field
		conditions = append(conditions, &c)
	}
	if hosts := r.hosts(); len(hosts) > 0 {
		add("host-header", awselasticloadbalancingv2.CfnListenerRule_RuleConditionProperty{
			HostHeaderConfig: &awselasticloadbalancingv2.CfnListenerRule_HostHeaderConfigProperty{Values: jsii.Strings(hosts...)},
		})
	}
	paths := r.paths()
	if len(paths) == 0 && len(r.hosts())+r.others() == 0 {
		paths = []string{"/*"}
	}
	if len(paths) > 0 {
		add("path-pattern", awselasticloadbalancingv2.CfnListenerRule_RuleConditionProperty{
			PathPatternConfig: &awselasticloadbalancingv2.CfnListenerRule_PathPatternConfigProperty{Values: jsii.Strings(paths...)},
		})
	}
	if len(r.Methods) > 0 {
		add("http-request-method", awselasticloadbalancingv2.CfnListenerRule_RuleConditionProperty{
			HttpRequestMethodConfig: &awselasticloadbalancingv2.CfnListenerRule_HttpRequestMethodConfigProperty{
				Values: jsii.Strings(r.Methods...),
			},
		})
	}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		add("http-header", awselasticloadbalancingv2.CfnListenerRule_RuleConditionProperty{
			HttpHeaderConfig: &awselasticloadbalancingv2.CfnListenerRule_HttpHeaderConfigProperty{
				HttpHeaderName: jsii.String(name), Values: jsii.Strings(r.Headers[name]),
			},
		})
	}
	for _, key := range slices.Sorted(maps.Keys(r.Query)) {
		add("query-string", awselasticloadbalancingv2.CfnListenerRule_RuleConditionProperty{
			QueryStringConfig: &awselasticloadbalancingv2.CfnListenerRule_QueryStringConfigProperty{
				Values: []*awselasticloadbalancingv2.CfnListenerRule_QueryStringKeyValueProperty{
					{Key: jsii.String(key), Value: jsii.String(r.Query[key])},
				},
			},
		})
	}
	if len(r.From) > 0 {
		add("source-ip", awselasticloadbalancingv2.CfnListenerRule_RuleConditionProperty{
			SourceIpConfig: &awselasticloadbalancingv2.CfnListenerRule_SourceIpConfigProperty{Values: jsii.Strings(r.From...)},
		})
	}
	return conditions
}

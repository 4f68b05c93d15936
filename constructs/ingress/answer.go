package ingress

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// ResponseProps says which requests a load balancer answers itself, and what.
type ResponseProps struct {
	// LoadBalancer is the one that answers. Required.
	LoadBalancer *ALB
	// Route says which requests. Zero: all that no other route receives.
	Route Route
	// Code of the response, 200-299 or 400-599. Zero: 404.
	Code int
	// Body of the response, at most 1024 bytes. Zero: none.
	Body string
	// ContentType of the body: text/plain, text/css, text/html, application/javascript or application/json.
	// Zero: text/plain.
	ContentType string
	// Override lets the response hide routes of services completely, as a notice that a shop is closed does. It needs
	// Route.Priority. Zero: a route that is never reached is a problem.
	Override bool
}

// RedirectProps says which requests a load balancer sends elsewhere, and where. What is not said stays as it is in the
// request; #{host}, #{path} (without its first slash) and #{query} stand for parts of it.
type RedirectProps struct {
	// LoadBalancer is the one that redirects. Required.
	LoadBalancer *ALB
	// Route says which requests. Zero: all that no other route receives.
	Route Route
	// Host that the client is to ask: www.example.com, or www.#{host}. Zero: the same.
	Host string
	// Path that the client is to ask for: /new/#{path}. Zero: the same.
	Path string
	// Query of the new request, without the question mark: from=old&#{query}. Zero: the same.
	Query string
	// HTTPS leads to HTTPS on port 443, from a load balancer that serves plain HTTP itself. Zero: the protocol stays.
	HTTPS bool
	// Permanent lets browsers remember the way for good (301), whatever is here later. Zero: they ask again (302).
	Permanent bool
	// Override lets the redirect hide routes of services completely. It needs Route.Priority. Zero: a route that is never
	// reached is a problem.
	Override bool
}

// Answer is a listener rule by which a load balancer answers requests itself. Its test listener has none.
type Answer struct {
	constructs.Construct
	// Rule is the listener rule, an L1 construct of the CDK.
	Rule awselasticloadbalancingv2.CfnListenerRule

	priority int
}

const (
	responsePage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html"
	redirectPage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html"
)

// What a response of a load balancer can be, and the lengths that AWS takes.
const (
	defaultCode   = 404
	maxBody       = 1024
	maxRedirectTo = 128
)

var contentTypes = []string{"text/plain", "text/css", "text/html", "application/javascript", "application/json"}

// Problems names a missing load balancer, a wrong route, and a response that AWS does not let a load balancer give.
func (p ResponseProps) Problems() check.Problems {
	ps := answerProblems(p.LoadBalancer, p.Route, p.Override)
	if code := cmp.Or(p.Code, defaultCode); code < 200 || code > 599 || code/100 == 3 {
		ps.Add("Code", p.Code, "must be 200-299 or 400-599, or 0 for %d", defaultCode).See(responsePage)
	}
	if len(p.Body) > maxBody {
		ps.Add("Body", len(p.Body), "must have at most %d bytes", maxBody).See(responsePage)
	}
	if p.ContentType != "" && !slices.Contains(contentTypes, p.ContentType) {
		ps.Add("ContentType", p.ContentType, "must be one of %s", strings.Join(contentTypes, ", ")).See(responsePage)
	}
	if p.ContentType != "" && p.Body == "" {
		ps.Add("ContentType", p.ContentType, "must not be set without a Body")
	}
	return ps
}

// Problems names a missing load balancer, a wrong route, and a redirect that leads nowhere or back to where it starts.
func (p RedirectProps) Problems() check.Problems {
	ps := answerProblems(p.LoadBalancer, p.Route, p.Override)
	if p.HTTPS && p.LoadBalancer != nil && p.LoadBalancer.secure() {
		ps.Add("HTTPS", p.HTTPS, "must not be set, for the load balancer serves HTTPS already")
	}
	if host := p.Host; host != "" && !check.IsToken(host) && (len(host) > maxRedirectTo || strings.ContainsAny(host, wildcards) ||
		!isHost(strings.ToLower(strings.ReplaceAll(host, "#{host}", "a.b")))) {
		ps.Add("Host", host, "must be a host name such as www.example.com, or www.#{host}").See(redirectPage)
	}
	if path := p.Path; path != "" && !check.IsToken(path) &&
		(len(path) > maxRedirectTo || path[0] != '/' || strings.ContainsAny(placeholders.Replace(path), "?#{} ")) {
		ps.Add("Path", path, "must start with a slash and have at most %d characters, without a query", maxRedirectTo).See(redirectPage)
	}
	if len(p.Query) > maxRedirectTo || strings.HasPrefix(p.Query, "?") {
		ps.Add("Query", p.Query, "must have at most %d characters and no question mark before them", maxRedirectTo).See(redirectPage)
	}
	switch {
	case p.Host == "" && p.path() == "" && !p.HTTPS:
		ps.Add("Path", nil, "must be set, or Host, or HTTPS: AWS refuses a redirect that changes no more than the query").See(redirectPage)
	case len(p.Route.Problems()) == 0 && p.returns():
		ps.Add("Path", p.Path, "must not lead to requests that are redirected too (%s), or clients go round in circles", p.Route)
	}
	return ps
}

// placeholders turns what stands for a part of the request into a pattern for all that it can stand for.
var placeholders = strings.NewReplacer("#{host}", "*", "#{path}", "*", "#{query}", "*", "#{port}", "*", "#{protocol}", "*")

// path is the path of the new request; empty if it stays the same.
func (p RedirectProps) path() string {
	if p.Path == "/#{path}" {
		return ""
	}
	return p.Path
}

// returns reports whether all that the redirect leads to is redirected again. A host that the load balancer is not known
// to serve is elsewhere.
func (p RedirectProps) returns() bool {
	switch get := func(method string) bool { return method == "GET" || method == "HEAD" }; {
	case p.HTTPS, p.Query != "" && len(p.Route.Query) > 0:
		return false
	case len(p.Route.Methods) > 0 && !slices.ContainsFunc(p.Route.Methods, get): // clients follow with GET
		return false
	}
	to := Route{Host: strings.ToLower(placeholders.Replace(p.Host)), Path: placeholders.Replace(p.path())}
	return slices.ContainsFunc(p.Route.single(), func(from Route) bool {
		here := to.Host == "" || from.Host != "" && coversPattern(strings.ToLower(from.Host), to.Host) ||
			from.Host == "" && p.LoadBalancer != nil && p.LoadBalancer.serves(to.Host)
		return here &&
			(to.Path == "" || coversPattern(cmp.Or(from.Path, "/*"), to.Path))
	})
}

func answerProblems(alb *ALB, r Route, override bool) check.Problems {
	var ps check.Problems
	ps.In("Route", r.Problems())
	if alb == nil || alb.Network == nil {
		ps.Add("LoadBalancer", nil, "must be set, to one that ingress.NewALB or ingress.ImportALB made")
	} else {
		ps.In("Route", alb.routeProblems(r))
	}
	if override && r.Priority == 0 {
		ps.Add("Route.Priority", nil, "must be set with Override: a number below those of the routes to hide")
	}
	return ps
}

// NewResponse lets a load balancer answer requests with always the same, in place of a service: with 403 what is not for
// everyone, with 503 what is closed. It has the child "Rule", followed by a key of the load balancer. It panics with a
// *[check.Error] if props have problems or the route collides.
func NewResponse(scope constructs.Construct, id string, props ResponseProps) *Answer {
	response := &awselasticloadbalancingv2.CfnListenerRule_FixedResponseConfigProperty{
		StatusCode: jsii.String(strconv.Itoa(cmp.Or(props.Code, defaultCode))),
	}
	if props.Body != "" {
		response.ContentType, response.MessageBody = jsii.String(cmp.Or(props.ContentType, contentTypes[0])), &props.Body
	}
	return newAnswer(scope, id, props.LoadBalancer, props.Route, props.Override, props.Problems(),
		&awselasticloadbalancingv2.CfnListenerRule_ActionProperty{Type: jsii.String("fixed-response"), FixedResponseConfig: response})
}

// NewRedirect lets a load balancer send clients elsewhere. It has the child "Rule", followed by a key of the load balancer.
// It panics with a *[check.Error] if props have problems or the route collides.
func NewRedirect(scope constructs.Construct, id string, props RedirectProps) *Answer {
	to := &awselasticloadbalancingv2.CfnListenerRule_RedirectConfigProperty{StatusCode: jsii.String("HTTP_302")}
	if props.Permanent {
		to.StatusCode = jsii.String("HTTP_301")
	}
	if props.HTTPS {
		to.Protocol, to.Port = jsii.String("HTTPS"), jsii.String("443")
	}
	set := func(field **string, value string) {
		if value != "" {
			*field = &value
		}
	}
	set(&to.Host, props.Host)
	set(&to.Path, props.Path)
	set(&to.Query, props.Query)
	return newAnswer(scope, id, props.LoadBalancer, props.Route, props.Override, props.Problems(),
		&awselasticloadbalancingv2.CfnListenerRule_ActionProperty{Type: jsii.String("redirect"), RedirectConfig: to})
}

func newAnswer(
	scope constructs.Construct, id string, alb *ALB, r Route, hides bool, ps check.Problems,
	action *awselasticloadbalancingv2.CfnListenerRule_ActionProperty,
) *Answer {
	var mine placed
	if len(ps) == 0 {
		mine = alb.at(check.Place(scope, id), r)
		mine.hides = hides
		ps.In("LoadBalancer", check.Refer(scope, alb))
		ps.In("Route", alb.collisions(alb.routes, mine))
	}
	check.Must(scope, id, ps)
	a := &Answer{priority: mine.priority}
	check.Construct(a, scope, id)
	a.Rule = awselasticloadbalancingv2.NewCfnListenerRule(a, jsii.String("Rule"+alb.gate.key),
		&awselasticloadbalancingv2.CfnListenerRuleProps{
			ListenerArn: alb.listenerARN,
			Priority:    jsii.Number(float64(mine.priority)),
			Conditions:  r.conditions(),
			Actions:     []*awselasticloadbalancingv2.CfnListenerRule_ActionProperty{action},
		})
	alb.routes = append(alb.routes, mine)
	return a
}

// Priority returns the number of the listener rule.
func (a *Answer) Priority() int { return a.priority }

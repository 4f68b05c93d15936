package httpapi

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/logs"
)

const (
	quotaPage       = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"
	domainPage      = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html"
	integrationPage = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html"
)

var (
	certificateARN = regexp.MustCompile(`^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate/[A-Za-z0-9-]+$`)
	hostName       = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// Problems names a load balancer that the API would not be before, routes that are none, and what is wrong with the rest.
func (p Props) Problems() check.Problems {
	ps := p.balancerProblems()
	switch open := len(p.Routes) == 0 && p.Authorizer == nil; {
	case open && !p.Everything:
		ps.Add("Routes", nil, "must be set, or Authorizer, or all that is behind the load balancer is open to the internet: if it should be, set Everything")
	case !open && p.Everything:
		ps.Add("Everything", p.Everything, "must not be set with Routes or Authorizer")
	}
	if p.KeepAWSName && p.Domain == nil {
		ps.Add("KeepAWSName", p.KeepAWSName, "must not be set without Domain, for there is no other name")
	}
	for i, subnet := range p.Subnets {
		if check.IsNil(subnet) {
			ps.Add(fmt.Sprintf("Subnets[%d]", i), nil, "must not be nil")
		}
	}
	seen := map[string]bool{}
	for _, key := range p.Routes {
		switch {
		case !routeKey.MatchString(key):
			ps.Add("Routes", key, "must be a method or ANY and a path, such as GET /orders/{id} or ANY /cart/{rest+}; for all requests "+
				"set Everything, or leave Routes empty with an Authorizer").See(routePage)
		case seen[key]:
			ps.Add("Routes", key, "must be in the list once")
		}
		seen[key] = true
	}
	if p.Domain != nil {
		ps.In("Domain", p.Domain.Problems())
	}
	switch {
	case p.Authorizer == nil:
	case check.IsNil(p.Authorizer):
		ps.Add("Authorizer", nil, "must not be a nil pointer")
	default:
		ps.In("Authorizer", p.Authorizer.Problems())
	}
	if p.CORS != nil {
		ps.In("CORS", p.CORS.Problems())
	}
	ps.In("Throttle", p.Throttle.Problems())
	if p.Timeout != 0 && (p.Timeout < 50*time.Millisecond || p.Timeout > 30*time.Second || p.Timeout%time.Millisecond != 0) {
		ps.Add("Timeout", p.Timeout, "must be 50 ms to 30 s, in whole milliseconds").See(quotaPage)
	}
	if p.NoAccessLogs && p.LogRetentionDays != 0 {
		ps.Add("LogRetentionDays", p.LogRetentionDays, "must not be set with NoAccessLogs")
	}
	return append(ps, logs.Problems("LogRetentionDays", p.LogRetentionDays)...)
}

func (p Props) balancerProblems() check.Problems {
	var ps check.Problems
	if p.LoadBalancer == nil || p.LoadBalancer.Network == nil {
		ps.Add("LoadBalancer", nil, "must be set, to one that ingress.NewALB made")
		return ps
	}
	entrance := p.LoadBalancer.Entrance()
	switch {
	case entrance.Imported:
		ps.Add("LoadBalancer", nil, "must be of this app: of another app's it is not known where it listens")
	case !entrance.Internal:
		ps.Add("LoadBalancer", nil, "must be Internal, or requests reach it without the API").See(integrationPage)
	}
	switch {
	case p.Host == "" || check.IsToken(p.Host):
	case !hostName.MatchString(p.Host):
		ps.Add("Host", p.Host, "must be a domain name in lower case, such as shop.example.com")
	case len(entrance.Domains) > 0 && !p.LoadBalancer.Serves(p.Host):
		ps.Add("Host", p.Host, "must be of the load balancer's domains (%s)", strings.Join(entrance.Domains, "; "))
	}
	return ps
}

// problemsIn names a load balancer that an API in scope cannot refer to, and a certificate of another region than the
// stack's, where that is known.
func (p Props) problemsIn(scope constructs.Construct) check.Problems {
	var ps check.Problems
	if p.LoadBalancer != nil {
		ps.In("LoadBalancer", check.Refer(scope, p.LoadBalancer))
	}
	if p.Domain == nil || !check.InStack(scope) {
		return ps
	}
	m, region := certificateARN.FindStringSubmatch(p.Domain.CertificateARN), check.EnvOf(scope).Region
	if m != nil && !check.IsToken(region) && m[1] != region {
		ps.Add("Domain.CertificateARN", p.Domain.CertificateARN, "must be of the stack's region (%s)", region)
	}
	return ps
}

func (p Props) withDefaults() Props {
	if len(p.Routes) == 0 {
		p.Routes = []string{everything}
	}
	if p.Authorizer != nil {
		p.Authorizer = p.Authorizer.authorizer()
	}
	p.Timeout = cmp.Or(p.Timeout, DefaultTimeout)
	p.Throttle.Rate = cmp.Or(p.Throttle.Rate, DefaultRate)
	p.Throttle.Burst = cmp.Or(p.Throttle.Burst, DefaultBurst)
	if domains := p.LoadBalancer.Entrance().Domains; p.Host == "" && len(domains) > 0 {
		p.Host = domains[0]
	}
	return p
}

// Problems names negative numbers.
func (t Throttle) Problems() check.Problems {
	var ps check.Problems
	if t.Rate < 0 {
		ps.Add("Rate", t.Rate, "must not be negative")
	}
	if t.Burst < 0 {
		ps.Add("Burst", t.Burst, "must not be negative")
	}
	return ps
}

// Problems names a name and a certificate that are none, and what is wrong with the zone.
func (d Domain) Problems() check.Problems {
	var ps check.Problems
	if !check.IsToken(d.Name) && !hostName.MatchString(d.Name) {
		ps.Add("Name", d.Name, "must be a domain name in lower case, such as api.example.com").See(domainPage)
	}
	if !check.IsToken(d.CertificateARN) && !certificateARN.MatchString(d.CertificateARN) {
		ps.Add("CertificateARN", d.CertificateARN, "must be arn:<partition>:acm:<region>:<account>:certificate/<id>").See(domainPage)
	}
	if d.Zone == nil {
		return ps
	}
	ps.In("Zone", d.Zone.Problems())
	if zone := d.Zone.Name; zone != "" && !check.IsToken(d.Name+zone) && d.Name != zone && !strings.HasSuffix(d.Name, "."+zone) {
		ps.Add("Zone.Name", zone, "must be the zone that holds %s", d.Name)
	}
	return ps
}

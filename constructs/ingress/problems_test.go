package ingress

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/network"
)

const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"

// fakeVPC stands for a VPC where it only has to be there.
type fakeVPC struct{ awsec2.IVpc }

// anyALB is a load balancer without anything of its own.
var anyALB = &ALB{}

func fields(ps check.Problems) []string {
	var fields []string
	for _, p := range ps {
		fields = append(fields, p.Field)
	}
	return fields
}

func TestRouteProblems(t *testing.T) {
	for name, c := range map[string]struct {
		route Route
		want  []string
	}{
		"zero": {Route{}, nil},
		"every field": {Route{
			Host: "*.example.com", Path: "/api/*", Methods: []string{"GET"}, Headers: map[string]string{"X-Env": "test*"}, Priority: 1,
		}, nil},
		"alternatives":         {Route{Host: "a.b", AltHosts: []string{"www.a.b"}, Path: "/a", AltPaths: []string{"/b", "/c"}}, nil},
		"token":                {Route{Host: "${Token[TOKEN.1]}"}, nil},
		"host without a dot":   {Route{Host: "localhost"}, []string{"Host"}},
		"host with a path":     {Route{Host: "a.b/c"}, []string{"Host"}},
		"relative path":        {Route{Path: "api/*"}, []string{"Path"}},
		"path with a query":    {Route{Path: "/a b"}, []string{"Path"}},
		"long path":            {Route{Path: "/" + strings.Repeat("a", 128)}, []string{"Path"}},
		"alternative to any":   {Route{AltHosts: []string{"a.b"}, AltPaths: []string{"/a"}}, []string{"AltHosts", "AltPaths"}},
		"method":               {Route{Methods: []string{"get"}}, []string{"Methods"}},
		"header name":          {Route{Headers: map[string]string{"a b": "c"}}, []string{"Headers"}},
		"host as a header":     {Route{Headers: map[string]string{"Host": "a.b"}}, []string{"Headers"}},
		"header without value": {Route{Headers: map[string]string{"X": ""}}, []string{"Headers"}},
		"priority":             {Route{Priority: 50001}, []string{"Priority"}},
		"header value":         {Route{Headers: map[string]string{"X": "a\nb"}}, []string{"Headers"}},
		"seven wildcards":      {Route{Path: "/*/*/*/*/*/*/*"}, []string{""}},
		"query and addresses": {Route{
			Query: map[string]string{"v": "2*", "debug": "*"}, From: []string{"192.0.2.0/24", "2001:db8::/32", "${Token[TOKEN.1]}"},
		}, nil},
		"query names":           {Route{Query: map[string]string{"a*": "1", "b": "", "C": "1", "c": "2"}}, []string{"Query", "Query", "Query"}},
		"query values":          {Route{Query: map[string]string{"a": "b c", "d": `\*`}}, []string{"Query", "Query"}},
		"addresses":             {Route{From: []string{"192.0.2.1/24", "::/0", "192.0.2.1", "255.255.255.255/32"}}, []string{"From", "From", "From", "From"}},
		"six values of all":     {Route{Query: map[string]string{"a": "1", "b": "2"}, From: []string{"10.0.0.0/8", "11.0.0.0/8"}, Methods: []string{"GET", "PUT"}}, []string{""}},
		"wildcards in a query":  {Route{Query: map[string]string{"a": "*?*?*?*"}}, []string{""}},
		"no letters at the end": {Route{Host: "api.*", AltHosts: []string{"a.c0m", "a..b.com", "a.com-"}}, []string{"Host", "Host", "Host", "Host"}},
		"six values":            {Route{Path: "/a", AltPaths: []string{"/b", "/c", "/d", "/e"}, Methods: []string{"GET"}}, []string{""}},
	} {
		if diff := cmp.Diff(c.want, fields(c.route.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestRouteString(t *testing.T) {
	for want, r := range map[string]Route{
		"/*":                                   {},
		"example.com/*":                        {Host: "example.com"},
		"/a|/a/*":                              {Path: "/a", AltPaths: []string{"/a/*"}},
		"/* ?a=1 ?b=* from 10.0.0.0/8|::1/128": {Query: map[string]string{"b": "*", "a": "1"}, From: []string{"10.0.0.0/8", "::1/128"}},
		"GET|PUT a.b/c X: 1*":                  {Host: "a.b", Path: "/c", Methods: []string{"GET", "PUT"}, Headers: map[string]string{"X": "1*"}},
	} {
		if got := r.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestALBProblems(t *testing.T) {
	domain := &Domain{Name: "shop.example.com", CertificateARN: certificate}
	n := &network.Network{VPC: fakeVPC{}, PublicSubnets: make([]awsec2.ISubnet, 2)}
	private := &network.Network{VPC: fakeVPC{}}
	for name, c := range map[string]struct {
		props ALBProps
		want  []string
	}{
		"HTTPS":             {ALBProps{Network: n, Domain: domain, AllowFrom: []string{"192.0.2.0/24"}, IdleTimeout: time.Hour}, nil},
		"HTTP":              {ALBProps{Network: n, PlainHTTP: true}, nil},
		"no public subnet":  {ALBProps{Network: private, PlainHTTP: true}, []string{"Network"}},
		"internal":          {ALBProps{Network: private, PlainHTTP: true, Internal: true}, nil},
		"literal network":   {ALBProps{Network: &network.Network{}, PlainHTTP: true}, []string{"Network"}},
		"zero":              {ALBProps{}, []string{"Network", "Domain"}},
		"both":              {ALBProps{Network: n, Domain: domain, PlainHTTP: true}, []string{"PlainHTTP"}},
		"tests":             {ALBProps{Network: n, Domain: domain, Test: &TestListener{AllowFrom: []string{"10.0.0.0/8"}}}, nil},
		"tests by everyone": {ALBProps{Network: n, Domain: domain, Test: &TestListener{AllowFrom: []string{"0.0.0.0/1", "128.0.0.0/1"}}}, []string{"Test.AllowFrom", "Test.AllowFrom"}},
		"ranges":            {ALBProps{Network: n, Domain: domain, AllowFrom: []string{"192.0.2.1/24", "::/0", "all"}}, []string{"AllowFrom", "AllowFrom", "AllowFrom"}},
		"idle timeout":      {ALBProps{Network: n, Domain: domain, IdleTimeout: 4001 * time.Second}, []string{"IdleTimeout"}},
		"connections":       {ALBProps{Network: n, Domain: domain, ConnectionLogs: true, NoAccessLogs: true}, []string{"ConnectionLogs"}},
		"parts":             {ALBProps{Network: n, Domain: domain, Firewall: &Firewall{SQL: "x"}, Partition: Partition{Of: 1}}, []string{"Firewall.SQL", "Partition.Of"}},
		"domain":            {ALBProps{Network: n, Domain: &Domain{}}, []string{"Domain.Name", "Domain.CertificateARN"}},
		"wildcard domain":   {ALBProps{Network: n, Domain: &Domain{Name: "*.example.com", CertificateARN: certificate}}, []string{"Domain.Name"}},
		"other kind of ARN": {ALBProps{Network: n, Domain: &Domain{Name: "a.b", CertificateARN: "arn:aws:iam::123456789012:role/x"}}, []string{
			"Domain.CertificateARN",
		}},
	} {
		if diff := cmp.Diff(c.want, fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTargetProblems(t *testing.T) {
	n := &network.Network{}
	plain := &ALB{Network: n}
	secure := &ALB{Network: n, domains: []Domain{{Name: "example.com"}}}
	for name, c := range map[string]struct {
		props TargetProps
		want  []string
	}{
		"least":              {TargetProps{LoadBalancer: plain}, nil},
		"zero":               {TargetProps{}, []string{"LoadBalancer"}},
		"port":               {TargetProps{LoadBalancer: plain, Port: 65536}, []string{"Port"}},
		"route":              {TargetProps{LoadBalancer: plain, Route: Route{Path: "a"}}, []string{"Route.Path"}},
		"host of the domain": {TargetProps{LoadBalancer: secure, Route: Route{Host: "API.example.com"}}, nil},
		"another host":       {TargetProps{LoadBalancer: secure, Route: Route{Host: "example.org", AltHosts: []string{"badexample.com"}}}, []string{"Route.Host", "Route.Host"}},
		"gRPC":               {TargetProps{LoadBalancer: secure, Group: TargetGroup{Protocol: GRPC}}, nil},
		"gRPC without TLS":   {TargetProps{LoadBalancer: plain, Group: TargetGroup{Protocol: GRPC}}, []string{"Group.Protocol"}},
		"unknown protocol":   {TargetProps{LoadBalancer: secure, Group: TargetGroup{Protocol: "HTTP3"}}, []string{"Group.Protocol"}},
		"times": {TargetProps{LoadBalancer: plain, Group: TargetGroup{
			DeregistrationDelay: 2 * time.Hour, SlowStart: time.Second, Stickiness: 8 * 24 * time.Hour,
		}}, []string{"Group.DeregistrationDelay", "Group.SlowStart", "Group.Stickiness"}},
		"health check": {TargetProps{LoadBalancer: plain, Group: TargetGroup{HealthCheck: HealthCheck{
			Path: "health", Codes: "ok", Port: -1, Interval: time.Second, Timeout: time.Second, Healthy: 1, Unhealthy: 11,
		}}}, []string{
			"Group.HealthCheck.Path", "Group.HealthCheck.Codes", "Group.HealthCheck.Port", "Group.HealthCheck.Interval",
			"Group.HealthCheck.Timeout", "Group.HealthCheck.Healthy", "Group.HealthCheck.Unhealthy",
		}},
	} {
		if diff := cmp.Diff(c.want, fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestCollisions(t *testing.T) {
	api := Route{Path: "/api/*"}
	number := anyALB.at("Shop/Api/Route", api).priority
	alb := &ALB{routes: []placed{{place: "Shop/Api/Route", route: api, priority: number}}}
	for name, c := range map[string]struct {
		targets []TargetProps
		want    []string // field and a part of the text, alternating
	}{
		"none": {[]TargetProps{{LoadBalancer: alb, Route: Route{Path: "/cart/*"}}}, nil},
		"same route": {
			[]TargetProps{{LoadBalancer: alb, Route: api}},
			[]string{"[0].Route", "must not receive the same requests as the route of Shop/Api/Route (/api/*)"},
		},
		"same route, ordered":          {[]TargetProps{{LoadBalancer: alb, Route: Route{Path: "/api/*", Priority: 2}}}, nil},
		"same route, another method":   {[]TargetProps{{LoadBalancer: alb, Route: Route{Path: "/api/*", Methods: []string{"PUT"}}}}, nil},
		"same route, another balancer": {[]TargetProps{{LoadBalancer: &ALB{}, Route: api}}, nil},
		"other one ordered": {
			[]TargetProps{{LoadBalancer: &ALB{routes: []placed{{place: "A", route: Route{Path: "/x/*", Priority: 3}, priority: 3}}}, Route: Route{Path: "/x/*"}}},
			nil,
		},
		"hosts in two cases": {
			[]TargetProps{{LoadBalancer: alb, Route: Route{Host: "a.example.com"}}, {LoadBalancer: alb, Route: Route{Host: "A.Example.com"}}},
			[]string{"[1].Route", "Shop/New/0 (a.example.com/*)"},
		},
		"headers that exclude each other": {[]TargetProps{
			{LoadBalancer: alb, Route: Route{Headers: map[string]string{"X-Env": "a*"}}},
			{LoadBalancer: alb, Route: Route{Headers: map[string]string{"x-env": "b*"}}},
		}, nil},
		"queries that exclude each other": {[]TargetProps{
			{LoadBalancer: alb, Route: Route{Query: map[string]string{"v": "1"}}}, {LoadBalancer: alb, Route: Route{Query: map[string]string{"v": "2"}}},
		}, nil},
		"same query in another case": {[]TargetProps{
			{LoadBalancer: alb, Route: Route{Query: map[string]string{"v": "a"}}}, {LoadBalancer: alb, Route: Route{Query: map[string]string{"V": "A"}}},
		}, []string{"[1].Route", "must not receive the same requests as the route of Shop/New/0 (/* ?v=a)"}},
		"addresses apart": {[]TargetProps{
			{LoadBalancer: alb, Route: Route{From: []string{"10.0.0.0/9"}}}, {LoadBalancer: alb, Route: Route{From: []string{"10.128.0.0/9"}}},
		}, nil},
		"same addresses in two halves": {[]TargetProps{
			{LoadBalancer: alb, Route: Route{From: []string{"10.0.0.0/8"}}}, {LoadBalancer: alb, Route: Route{From: []string{"10.128.0.0/9", "10.0.0.0/9"}}},
		}, []string{"[1].Route", "must not receive the same requests"}},
		"same number": {
			[]TargetProps{{LoadBalancer: alb, Route: Route{Path: "/x/*", Priority: number}}},
			[]string{"[0].Route", "must have another priority than the route of Shop/Api/Route (/api/*)"},
		},
		"two of one service": {
			[]TargetProps{{LoadBalancer: alb, Route: Route{Path: "/x/*"}}, {LoadBalancer: alb, Route: Route{Path: "/x/*"}}},
			[]string{"[1].Route", "Shop/New/0 (/x/*)"},
		},
		"two with one host each": {[]TargetProps{
			{LoadBalancer: alb, Route: Route{Host: "a.example.com"}}, {LoadBalancer: alb, Route: Route{Host: "b.example.com"}},
		}, nil},
		"two in one wildcard host": {[]TargetProps{
			{LoadBalancer: alb, Route: Route{Host: "*.example.com"}}, {LoadBalancer: alb, Route: Route{Host: "a*.example.com"}},
		}, nil},
		"neither within the other": {[]TargetProps{
			{LoadBalancer: alb, Route: Route{Path: "/users/*/orders/*"}}, {LoadBalancer: alb, Route: Route{Path: "/users/*/tables/*"}},
		}, nil},
		"headers of which neither is within the other": {[]TargetProps{
			{LoadBalancer: alb, Route: Route{Headers: map[string]string{"User-Agent": "*iPhone*"}}},
			{LoadBalancer: alb, Route: Route{Headers: map[string]string{"User-Agent": "*Android*"}}},
		}, nil},
		"any path twice": {
			[]TargetProps{{LoadBalancer: alb}, {LoadBalancer: alb, Route: Route{Path: "/*"}}},
			[]string{"[1].Route", "must not receive the same requests as the route of Shop/New/0 (/*)"},
		},
	} {
		ps := Collisions(c.targets, []string{"Shop/New/0", "Shop/New/1"}[:len(c.targets)])
		if len(ps) != len(c.want)/2 {
			t.Errorf("%s: got %v, want %q", name, ps, c.want)
			continue
		}
		for i, p := range ps {
			if p.Field != c.want[2*i] || !strings.Contains(p.Rule, c.want[2*i+1]) {
				t.Errorf("%s: got %v, want %q", name, p, c.want)
			}
		}
	}
}

func TestAFreeNumberIsNamed(t *testing.T) {
	b := band{2000, 2003}
	routes := []placed{{priority: 2000}, {priority: 2002}, {priority: 5000}}
	if got := suggestion(routes, Partition{}.of(b), "Shop/A"); got != ", for example to 2001, which is free" {
		t.Errorf("got %q", got)
	}
	if got := suggestion(append(routes, placed{priority: 2001}), Partition{}.of(b), "Shop/A"); got != "" {
		t.Errorf("got %q, but no number of the band is free", got)
	}
}

// TestHiddenRoutes has routes that are never reached, for an explicit priority puts a more general one before them.
func TestHiddenRoutes(t *testing.T) {
	general, specific := Route{Path: "/admin/*", Priority: 10}, Route{Path: "/admin/reports/*"}
	for _, pair := range [][2]Route{{general, specific}, {specific, general}} {
		first := anyALB.at("Shop/A", pair[0])
		if ps := anyALB.collisions([]placed{first}, anyALB.at("Shop/B", pair[1])); len(ps) != 1 {
			t.Errorf("%s after %s: got %v, want one problem", pair[1], pair[0], ps)
		}
	}
	specific.Priority = 9
	first := anyALB.at("Shop/A", general)
	if ps := anyALB.collisions([]placed{first}, anyALB.at("Shop/B", specific)); len(ps) > 0 {
		t.Errorf("the specific one comes first, but: %v", ps)
	}
}

func TestHealthCheckOfShortIntervals(t *testing.T) {
	for interval, want := range map[time.Duration][]string{
		5 * time.Second:   nil,
		5*time.Second + 1: {"Interval"},
		time.Second:       {"Interval"}, // the timeout is nobody's
	} {
		if diff := cmp.Diff(want, fields(HealthCheck{Interval: interval}.Problems())); diff != "" {
			t.Errorf("%v: %s", interval, diff)
		}
	}
	want := []string{"Path", "Timeout"}
	h := HealthCheck{Path: "x", Interval: 10 * time.Second, Timeout: 10 * time.Second}
	if diff := cmp.Diff(want, fields(h.Problems())); diff != "" {
		t.Error(diff)
	}
}

// TestAlternativesOnBothSides has routes whose alternatives would have to come both before and after another route's.
func TestAlternativesOnBothSides(t *testing.T) {
	for _, c := range []struct {
		a, b     Route
		collides bool
	}{
		{Route{Path: "/shop/api/search/*", AltPaths: []string{"/search/*"}}, Route{Path: "/shop/api/*"}, true},
		{Route{Path: "/v1/users/status", AltPaths: []string{"/status/*"}}, Route{Path: "/v1/users/*"}, true},
		{Route{Host: "admin.eu.example.com", AltHosts: []string{"*.example.com"}}, Route{Host: "*.eu.example.com"}, true},
		{Route{Path: "/api/*", AltPaths: []string{"/api"}}, Route{}, false},
		{Route{From: []string{"10.0.0.0/8"}}, Route{Path: "/a/*"}, false},
		{Route{Path: "/a/*", Query: map[string]string{"a": "1"}}, Route{Path: "/a/*"}, false},
		{Route{Path: "/a/b/*", AltPaths: []string{"/c/*"}}, Route{Path: "/d/*"}, false},
		{Route{Path: "/api/*", AltPaths: []string{"/api"}}, Route{Path: "/api/v1/*"}, false},
		{Route{Path: "/api/*", AltPaths: []string{"/api"}}, Route{Path: "/web/*", AltPaths: []string{"/web"}}, false},
	} {
		for _, pair := range [][2]Route{{c.a, c.b}, {c.b, c.a}} {
			first := anyALB.at("Shop/A", pair[0])
			if ps := anyALB.collisions([]placed{first}, anyALB.at("Shop/B", pair[1])); len(ps) > 0 != c.collides {
				t.Errorf("%s after %s: got %v", pair[1], pair[0], ps)
			}
		}
	}
}

func TestHealthCodes(t *testing.T) {
	for _, c := range []struct {
		codes    string
		protocol Protocol
		want     bool
	}{
		{"200", HTTP1, true}, {"200-299", HTTP2, true}, {"200,204,301-302", HTTP1, true}, {"499", HTTP1, true},
		{"199", HTTP1, false}, {"500", HTTP1, false}, {"299-200", HTTP1, false}, {"200-", HTTP1, false}, {"-,-", HTTP1, false},
		{"ok", HTTP1, false}, {"+200", HTTP1, false}, {"0", GRPC, true}, {"0-99", GRPC, true}, {"100", GRPC, false}, {"200", GRPC, false},
	} {
		g := TargetGroup{Protocol: c.protocol, HealthCheck: HealthCheck{Codes: c.codes}}
		if got := len(g.Problems()) == 0; got != c.want {
			t.Errorf("%s with %s: accepted is %t, want %t", c.codes, c.protocol, got, c.want)
		}
	}
}

func TestCoversRange(t *testing.T) {
	for _, c := range []struct {
		ranges []string
		cidr   string
		want   bool
	}{
		{[]string{"10.0.0.0/8"}, "10.1.0.0/16", true},
		{[]string{"10.1.0.0/16"}, "10.0.0.0/8", false},
		{[]string{"10.0.0.0/9", "10.128.0.0/10", "10.192.0.0/10"}, "10.0.0.0/8", true},
		{[]string{"10.0.0.0/9", "10.192.0.0/10"}, "10.0.0.0/8", false},
		{[]string{"192.0.2.0/32", "192.0.2.1/32"}, "192.0.2.0/31", true},
		{[]string{"2001:db8::/33", "2001:db8:8000::/33"}, "2001:db8::/32", true},
		{[]string{"::/1"}, "10.0.0.0/8", false},
		{[]string{"${Token[TOKEN.1]}"}, "${Token[TOKEN.1]}", true},
		{[]string{"10.0.0.0/8"}, "${Token[TOKEN.1]}", false},
		{[]string{"${Token[TOKEN.1]}"}, "10.0.0.0/8", false},
	} {
		if got := coversRange(c.ranges, c.cidr); got != c.want {
			t.Errorf("coversRange(%q, %q) = %t", c.ranges, c.cidr, got)
		}
	}
}

package ingress

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/network"
)

func TestResponseProblems(t *testing.T) {
	n := &network.Network{}
	plain, secure := &ALB{Network: n}, &ALB{Network: n, domains: []Domain{{Name: "example.com"}}}
	for name, c := range map[string]struct {
		props ResponseProps
		want  []string
	}{
		"least":            {ResponseProps{LoadBalancer: plain}, nil},
		"every field":      {ResponseProps{LoadBalancer: secure, Route: Route{Host: "a.example.com", Priority: 1}, Code: 503, Body: "{}", ContentType: "application/json", Override: true}, nil},
		"zero":             {ResponseProps{}, []string{"LoadBalancer"}},
		"foreign host":     {ResponseProps{LoadBalancer: secure, Route: Route{Host: "example.org"}}, []string{"Route.Host"}},
		"redirecting code": {ResponseProps{LoadBalancer: plain, Code: 302}, []string{"Code"}},
		"code":             {ResponseProps{LoadBalancer: plain, Code: 600}, []string{"Code"}},
		"long body":        {ResponseProps{LoadBalancer: plain, Body: strings.Repeat("a", 1025)}, []string{"Body"}},
		"image":            {ResponseProps{LoadBalancer: plain, Body: "a", ContentType: "image/png"}, []string{"ContentType"}},
		"type of nothing":  {ResponseProps{LoadBalancer: plain, ContentType: "text/html"}, []string{"ContentType"}},
		"hides by chance":  {ResponseProps{LoadBalancer: plain, Override: true}, []string{"Route.Priority"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestRedirectProblems(t *testing.T) {
	n := &network.Network{}
	plain, secure := &ALB{Network: n}, &ALB{Network: n, domains: []Domain{{Name: "example.com"}}}
	for name, c := range map[string]struct {
		props RedirectProps
		want  []string
	}{
		"from nowhere":           {RedirectProps{LoadBalancer: secure, Route: Route{Path: "/ "}, Path: "/new"}, []string{"Route.Path"}},
		"to another host":        {RedirectProps{LoadBalancer: secure, Route: Route{Host: "example.com"}, Host: "www.example.com", Permanent: true}, nil},
		"to a host below":        {RedirectProps{LoadBalancer: secure, Route: Route{Host: "example.com"}, Host: "www.#{host}"}, nil},
		"to another path":        {RedirectProps{LoadBalancer: plain, Route: Route{Path: "/old/*"}, Path: "/new/#{path}", Query: "from=old&#{query}"}, nil},
		"to HTTPS":               {RedirectProps{LoadBalancer: plain, HTTPS: true}, nil},
		"from HTTPS to HTTPS":    {RedirectProps{LoadBalancer: secure, HTTPS: true}, []string{"HTTPS"}},
		"nothing":                {RedirectProps{LoadBalancer: plain}, []string{"Path"}},
		"the same path":          {RedirectProps{LoadBalancer: plain, Route: Route{Path: "/a/*"}, Path: "/#{path}"}, []string{"Path"}},
		"no more than the query": {RedirectProps{LoadBalancer: plain, Query: "a=1"}, []string{"Path"}},
		"to where it starts":     {RedirectProps{LoadBalancer: plain, Route: Route{Path: "/a/*"}, Path: "/a/#{path}"}, []string{"Path"}},
		"any host to one":        {RedirectProps{LoadBalancer: secure, Host: "www.example.com"}, []string{"Path"}},
		"any host to elsewhere":  {RedirectProps{LoadBalancer: secure, Host: "www.example.org"}, nil},
		"of what is written":     {RedirectProps{LoadBalancer: plain, Route: Route{Path: "/a", Methods: []string{"POST"}}, Path: "/a"}, nil},
		"of a version":           {RedirectProps{LoadBalancer: plain, Route: Route{Path: "/a", Query: map[string]string{"v": "1"}}, Path: "/a", Query: "v=2"}, nil},
		"an alternative":         {RedirectProps{LoadBalancer: plain, Route: Route{Path: "/a", AltPaths: []string{"/b"}}, Path: "/b"}, []string{"Path"}},
		"wrong parts":            {RedirectProps{LoadBalancer: plain, Host: "*.example.com", Path: "a?b", Query: "?a"}, []string{"Host", "Path", "Query"}},
		"unknown placeholder":    {RedirectProps{LoadBalancer: plain, Path: "/#{method}"}, []string{"Path", "Path"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestAnswersThatHide has an answer in place of services, which are made before it and after it.
func TestAnswersThatHide(t *testing.T) {
	closed, cart := anyALB.at("Shop/Closed", Route{Priority: 1}), anyALB.at("Shop/Cart", Route{Path: "/cart/*"})
	for _, hides := range []bool{false, true} {
		closed.hides = hides
		for _, ps := range [][]placed{{closed, cart}, {cart, closed}} {
			if got := len(anyALB.collisions(ps[:1], ps[1])) == 0; got != hides {
				t.Errorf("%s after %s: accepted is %t, want %t", ps[1].route, ps[0].route, got, hides)
			}
		}
	}
}

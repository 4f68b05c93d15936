package platform_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/patterns/platform"
)

func TestProblems(t *testing.T) {
	domain := &ingress.Domain{
		Name: "example.com", CertificateARN: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef",
	}
	for name, c := range map[string]struct {
		props platform.Props
		want  []string
	}{
		"HTTPS":                  {platform.Props{Domain: domain}, nil},
		"HTTP":                   {platform.Props{PlainHTTP: true}, nil},
		"HTTPS outside, HTTP in": {platform.Props{Domain: domain, Internal: true, PlainHTTP: true}, nil},
		"HTTPS everywhere":       {platform.Props{Domain: domain, Internal: true, InternalDomain: domain}, nil},
		"no load balancer":       {platform.Props{NoPublic: true}, nil},
		"zero":                   {platform.Props{}, []string{"Domain"}},
		"HTTP for nobody":        {platform.Props{Domain: domain, PlainHTTP: true}, []string{"PlainHTTP"}},
		"HTTP with nothing":      {platform.Props{NoPublic: true, PlainHTTP: true}, []string{"PlainHTTP"}},
		"ranges inside":          {platform.Props{Domain: domain, Internal: true, PlainHTTP: true, InternalAllowFrom: []string{"x"}}, []string{"InternalAllowFrom"}},
		"internal without":       {platform.Props{Domain: domain, Internal: true}, []string{"InternalDomain"}},
		"internal alone":         {platform.Props{NoPublic: true, Internal: true}, []string{"InternalDomain"}},
		"domains of nothing": {
			platform.Props{NoPublic: true, Domain: domain, InternalDomain: domain, AllowFrom: []string{"10.0.0.0/8"}, InternalAllowFrom: []string{"10.0.0.0/8"}},
			[]string{"Domain", "AllowFrom", "InternalDomain", "InternalAllowFrom"},
		},
		"more domains of nothing": {
			platform.Props{NoPublic: true, MoreDomains: []ingress.Domain{*domain}, InternalMoreDomains: []ingress.Domain{*domain}},
			[]string{"MoreDomains", "InternalMoreDomains"},
		},
		"firewall of nothing": {platform.Props{NoPublic: true, Firewall: &ingress.Firewall{}}, []string{"Firewall"}},
		"firewall":            {platform.Props{PlainHTTP: true, Firewall: &ingress.Firewall{RequestsPerIP: 1}}, []string{"Firewall.RequestsPerIP"}},
		"users of one":        {platform.Props{Domain: domain, Internal: true, PlainHTTP: true, SignIn: true}, nil},
		"users of nothing":    {platform.Props{PlainHTTP: true, SignIn: true}, []string{"SignIn"}},
		"shared fields": {
			platform.Props{PlainHTTP: true, Internal: true, NoAccessLogs: true, ConnectionLogs: true, Partition: ingress.Partition{Number: 1}},
			[]string{"Partition.Of", "ConnectionLogs"},
		},
		"more domains": {
			platform.Props{Domain: domain, MoreDomains: []ingress.Domain{{Name: "x"}}, Internal: true, InternalDomain: domain, InternalMoreDomains: []ingress.Domain{{Name: "x"}}},
			[]string{
				"MoreDomains[0].Name", "MoreDomains[0].CertificateARN", "InternalMoreDomains[0].Name", "InternalMoreDomains[0].CertificateARN",
			},
		},
		"parts": {platform.Props{
			Network: network.Props{Zones: 5}, Domain: &ingress.Domain{Name: "example.com"}, AllowFrom: []string{"x"},
			Internal: true, InternalDomain: &ingress.Domain{Name: "example.com"}, IdleTimeout: 2 * time.Hour,
		}, []string{"Network.Zones", "Domain.CertificateARN", "AllowFrom", "IdleTimeout", "InternalDomain.CertificateARN"}},
		"network": {platform.Props{
			PlainHTTP: true, Network: network.Props{NoNAT: true, NATGateways: 1, Endpoints: &network.Endpoints{More: []string{"s3"}}},
		}, []string{"Network.NATGateways", "Network.Endpoints.More[0]"}},
		"idle timeout of the internal one": {
			platform.Props{NoPublic: true, Internal: true, PlainHTTP: true, IdleTimeout: 2 * time.Hour}, []string{"IdleTimeout"},
		},
	} {
		var fields []string
		for _, p := range c.props.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

package ingress

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/network"
)

var zone = Zone{ID: "Z0123456789ABCDEFGHIJ", Name: "example.com"}

func TestDomainProblems(t *testing.T) {
	long := strings.Repeat("a", 60) + ".example.com"
	for name, c := range map[string]struct {
		domain Domain
		want   []string
	}{
		"certificate":               {Domain{Name: "a.example.com", CertificateARN: certificate}, nil},
		"zone":                      {Domain{Name: "a.example.com", Zone: &zone, Subdomains: true}, nil},
		"zone's own name":           {Domain{Name: "example.com", Zone: &zone}, nil},
		"both":                      {Domain{Name: "a.example.com", CertificateARN: certificate, Zone: &zone, Subdomains: true}, nil},
		"certificate alone":         {Domain{Name: "a.example.com", Zone: &zone, NoRecords: true}, nil},
		"tokens":                    {Domain{Name: "${Token[TOKEN.1]}", Zone: &Zone{ID: "${Token[TOKEN.2]}", Name: "${Token[TOKEN.3]}"}}, nil},
		"certificate without zone":  {Domain{Name: "a.example.com"}, []string{"CertificateARN"}},
		"zone of another name":      {Domain{Name: "a.example.org", Zone: &zone}, []string{"Zone.Name"}},
		"zone that ends like it":    {Domain{Name: "badexample.com", Zone: &zone}, []string{"Zone.Name"}},
		"zone below":                {Domain{Name: "com.com", Zone: &Zone{ID: "Z1", Name: "a.com.com"}}, []string{"Zone.Name"}},
		"zone of nothing":           {Domain{Name: "a.example.com", Zone: &Zone{}}, []string{"Zone.ID", "Zone.Name"}},
		"zone as a path":            {Domain{Name: "a.example.com", Zone: &Zone{ID: "/hostedzone/Z1", Name: "example.com."}}, []string{"Zone.ID", "Zone.Name", "Zone.Name"}},
		"wildcard":                  {Domain{Name: "*.example.com", Zone: &zone}, []string{"Name"}},
		"subdomains without zone":   {Domain{Name: "a.b", CertificateARN: certificate, Subdomains: true, NoRecords: true}, []string{"Subdomains", "NoRecords"}},
		"zone for nothing":          {Domain{Name: "a.example.com", CertificateARN: certificate, Zone: &zone, NoRecords: true}, []string{"NoRecords"}},
		"long name":                 {Domain{Name: long, Zone: &zone}, []string{"Name"}},
		"long name, certificate":    {Domain{Name: long, CertificateARN: certificate}, nil},
		"certificate of no purpose": {Domain{Name: "a.example.com", CertificateARN: "arn", Zone: &zone}, []string{"CertificateARN"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.domain.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestMoreDomainProblems(t *testing.T) {
	n := &network.Network{VPC: fakeVPC{}, PublicSubnets: make([]awsec2.ISubnet, 2)}
	first, second := Domain{Name: "a.example.com", Zone: &zone}, Domain{Name: "b.example.com", Zone: &zone}
	for name, c := range map[string]struct {
		props ALBProps
		want  []string
	}{
		"two":     {ALBProps{Domain: &first, MoreDomains: []Domain{second}}, nil},
		"twice":   {ALBProps{Domain: &first, MoreDomains: []Domain{second, first, second}}, []string{"MoreDomains[1].Name", "MoreDomains[2].Name"}},
		"wrong":   {ALBProps{Domain: &first, MoreDomains: []Domain{{}}}, []string{"MoreDomains[0].Name", "MoreDomains[0].CertificateARN"}},
		"token":   {ALBProps{Domain: &first, MoreDomains: []Domain{{Name: "${Token[TOKEN.1]}", Zone: &zone}}}, []string{"MoreDomains[0].Name"}},
		"none":    {ALBProps{PlainHTTP: true, MoreDomains: []Domain{second}}, []string{"MoreDomains"}},
		"too few": {ALBProps{MoreDomains: []Domain{second}}, []string{"Domain", "MoreDomains"}},
	} {
		c.props.Network = n
		if diff := cmp.Diff(c.want, fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	many := ALBProps{Network: n, Domain: &first}
	for i := range 26 {
		many.MoreDomains = append(many.MoreDomains, Domain{Name: strings.Repeat("a", i+2) + ".example.com", Zone: &zone})
	}
	if got := fields(many.Problems()); !cmp.Equal(got, []string{"MoreDomains"}) {
		t.Errorf("26 more: got %q", got)
	}
}

func TestHostsOfDomains(t *testing.T) {
	alb := &ALB{Network: &network.Network{}, domains: []Domain{
		{Name: "given.example.org", CertificateARN: certificate},
		{Name: "made.example.com", Zone: &zone},
		{Name: "wide.example.com", Zone: &zone, Subdomains: true},
	}}
	for host, want := range map[string]bool{
		"given.example.org": true, "a.b.given.example.org": true, "example.org": false, "notgiven.example.org": false,
		"made.example.com": true, "a.made.example.com": false,
		"WIDE.example.com": true, "a.wide.example.com": true, "*.wide.example.com": true, "a.b.wide.example.com": false,
		"${Token[TOKEN.1]}": true,
	} {
		if got := len(alb.hostProblems(Route{Host: host})) == 0; got != want {
			t.Errorf("%s: accepted is %t, want %t", host, got, want)
		}
	}
}

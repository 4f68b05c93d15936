package ingress

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// Domain is a name that a load balancer serves, the certificate that proves it, and the DNS records that lead there. With
// CertificateARN alone the records are yours to make; with Zone alone everything is made.
type Domain struct {
	// Name of the domain, such as shop.example.com; routes may name it and hosts below it. Required.
	Name string
	// CertificateARN is the ARN of an ACM certificate for the name, in the region of the load balancer. Required, unless Zone
	// is set. Zero: a certificate is made, which the deployment waits for until it finds its proof in Zone.
	CertificateARN string
	// Zone is where the DNS records are made and, without CertificateARN, the proof for the certificate. For that it must be
	// a public zone. Zero: no records.
	Zone *Zone
	// Subdomains serves the hosts right below Name too: the certificate that is made is for *.Name as well, and so is a
	// record. Only with Zone. Zero: the certificate and the record are for Name alone.
	Subdomains bool
	// NoRecords leaves out the records in Zone, for as long as the name leads elsewhere. Zero: they are made.
	NoRecords bool
}

// Zone is a hosted zone of Route 53 in the account of the load balancer.
type Zone struct {
	// ID of the hosted zone, such as Z0123456789ABCDEFGHIJ. Required.
	ID string
	// Name of the hosted zone, such as example.com. Required.
	Name string
}

const (
	certificatePage = "https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html"

	maxMoreDomains     = 25 // certificates of a load balancer beside the default one
	maxCertificateName = 64 // characters of the first name of a certificate
)

// Problems names a domain name or a certificate ARN that is none, and a zone that does not hold the name.
func (d Domain) Problems() check.Problems {
	var ps check.Problems
	switch {
	case check.IsToken(d.Name):
	case strings.HasPrefix(d.Name, "*.") && isHost(d.Name):
		ps.Add("Name", d.Name, "must be a domain name without a wildcard: for the hosts right below it set Subdomains")
	case strings.ContainsAny(d.Name, wildcards) || !isHost(d.Name):
		ps.Add("Name", d.Name, "must be a domain name in lower case, such as shop.example.com")
	case d.makesCertificate() && len(d.Name) > maxCertificateName:
		ps.Add("Name", d.Name, "must have at most %d characters for a certificate", maxCertificateName).See(certificatePage)
	}
	if !check.IsToken(d.CertificateARN) && !certificateARN.MatchString(d.CertificateARN) && !d.makesCertificate() {
		ps.Add("CertificateARN", d.CertificateARN, "must be arn:<partition>:acm:<region>:<account>:certificate/<id>, or Zone must "+
			"be set to have one made")
	}
	if d.Zone == nil {
		if d.Subdomains {
			ps.Add("Subdomains", d.Subdomains, "must not be set without Zone: routes may name hosts below Name anyway")
		}
		if d.NoRecords {
			ps.Add("NoRecords", d.NoRecords, "must not be set without Zone, where they would be")
		}
		return ps
	}
	ps.In("Zone", d.Zone.Problems())
	zone := d.Zone.Name
	if !check.IsToken(d.Name+zone) && zone != "" && d.Name != zone && !strings.HasSuffix(d.Name, "."+zone) {
		ps.Add("Zone.Name", zone, "must be the zone that holds %s", d.Name)
	}
	if d.NoRecords && !d.makesCertificate() {
		ps.Add("NoRecords", d.NoRecords, "must not be set with CertificateARN, or there is nothing to do in Zone")
	}
	return ps
}

// Problems names an id or a name that is none.
func (z Zone) Problems() check.Problems {
	var ps check.Problems
	if !check.IsToken(z.ID) && !zoneID.MatchString(z.ID) {
		ps.Add("ID", z.ID, "must be the id of a hosted zone, such as Z0123456789ABCDEFGHIJ, without /hostedzone/")
	}
	if !check.IsToken(z.Name) && (strings.ContainsAny(z.Name, wildcards) || !isHost(z.Name)) {
		ps.Add("Name", z.Name, "must be the name of the hosted zone, such as example.com, in lower case and without a dot at the end")
	}
	return ps
}

var (
	// certificateARN matches the ARN of a certificate and captures its region.
	certificateARN = regexp.MustCompile(`^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate/[A-Za-z0-9-]+$`)
	zoneID         = regexp.MustCompile(`^Z[A-Z0-9]{1,31}$`)
)

func (d Domain) makesCertificate() bool { return d.CertificateARN == "" && d.Zone != nil }

// domains are all that the load balancer serves.
func (p ALBProps) domains() []Domain {
	if p.Domain == nil {
		return nil
	}
	return append([]Domain{*p.Domain}, p.MoreDomains...)
}

// moreDomainProblems names what is wrong with the further domains, and names that are served twice.
func (p ALBProps) moreDomainProblems() check.Problems {
	var ps check.Problems
	if n := len(p.MoreDomains); n > maxMoreDomains {
		ps.Add("MoreDomains", n, "must be at most %d", maxMoreDomains).See(quotaPage)
	}
	if len(p.MoreDomains) > 0 && p.Domain == nil {
		ps.Add("MoreDomains", len(p.MoreDomains), "must not be set without Domain, which is the first one")
	}
	var names []string
	if p.Domain != nil {
		names = append(names, p.Domain.Name)
	}
	for i, d := range p.MoreDomains {
		var inner check.Problems
		switch {
		case check.IsToken(d.Name):
			inner.Add("Name", nil, "must not be a token, for ids of resources are made from it")
		case slices.Contains(names, d.Name):
			inner.Add("Name", d.Name, "must be another one, for this is among the domains already")
		}
		names = append(names, d.Name)
		ps.In(fmt.Sprintf("MoreDomains[%d]", i), append(inner, d.Problems()...))
	}
	return ps
}

// certificateProblemsIn names certificates of another region than the stack's, where that is known.
func (p ALBProps) certificateProblemsIn(scope constructs.Construct) check.Problems {
	var ps check.Problems
	if len(p.domains()) == 0 || !check.InStack(scope) {
		return ps
	}
	region := check.EnvOf(scope).Region
	for i, d := range p.domains() {
		if m := certificateARN.FindStringSubmatch(d.CertificateARN); m != nil && !check.IsToken(region) && m[1] != region {
			path := "Domain"
			if i > 0 {
				path = fmt.Sprintf("MoreDomains[%d]", i-1)
			}
			ps.Add(path+".CertificateARN", d.CertificateARN, "must be of the stack's region (%s)", region)
		}
	}
	return ps
}

// covers reports whether host is the domain or below it, as far as can be told; no more than right below it, and only
// with Subdomains, where the certificate is known.
func (d Domain) covers(host string) bool {
	if check.IsToken(host) || check.IsToken(d.Name) {
		return true
	}
	host = strings.ToLower(host)
	if host == d.Name {
		return true
	}
	below, found := strings.CutSuffix(host, "."+d.Name)
	if !d.makesCertificate() {
		return found
	}
	return found && d.Subdomains && !strings.Contains(below, ".")
}

// hosts says what routes may name.
func (d Domain) hosts() string {
	switch {
	case !d.makesCertificate():
		return d.Name + " or below it"
	case d.Subdomains:
		return d.Name + " or right below it"
	}
	return d.Name + ", without Subdomains"
}

// hostProblems names the hosts of a route that the load balancer does not serve.
func (a *ALB) hostProblems(r Route) check.Problems {
	var ps check.Problems
	var served []string
	for _, d := range a.domains {
		served = append(served, d.hosts())
	}
	for _, host := range r.hosts() {
		if len(served) > 0 && !a.serves(host) {
			ps.Add("Host", host, "must be of the load balancer's domains (%s)", strings.Join(served, "; "))
		}
	}
	return ps
}

// secure reports whether the load balancer serves HTTPS.
func (a *ALB) secure() bool { return len(a.domains) > 0 }

// serves reports whether a host is of the load balancer's domains.
func (a *ALB) serves(host string) bool {
	return slices.ContainsFunc(a.domains, func(d Domain) bool { return d.covers(host) })
}

// prove returns the ARNs of the domains' certificates, after making those that are missing.
func (a *ALB) prove() []*string {
	var arns []*string
	for i, d := range a.domains {
		if !d.makesCertificate() {
			arns = append(arns, &d.CertificateARN)
			continue
		}
		// The proof for *.Name is the same record as that for Name, and ACM refuses to look for it twice.
		properties := map[string]any{
			"DomainName": d.Name, "ValidationMethod": "DNS",
			"DomainValidationOptions": []any{map[string]any{"DomainName": d.Name, "HostedZoneId": d.Zone.ID}},
		}
		if d.Subdomains {
			properties["SubjectAlternativeNames"] = []string{"*." + d.Name}
		}
		c := awscdk.NewCfnResource(a, jsii.String("Certificate"+a.suffix(i)), &awscdk.CfnResourceProps{
			Type: jsii.String("AWS::CertificateManager::Certificate"), Properties: &properties,
		})
		a.Certificates = append(a.Certificates, c)
		arns = append(arns, c.Ref())
	}
	return arns
}

// addCertificates adds the certificates of the further domains to a listener, beside it: the listener itself stays as it
// is when one comes or goes. Domains that share a certificate share what adds it too, for whichever went first would take
// it from the others.
func (a *ALB) addCertificates(id string, listener awselasticloadbalancingv2.ApplicationListener, certificates []*string) {
	added := map[string]bool{*certificates[0]: true}
	for i, arn := range certificates {
		if added[*arn] {
			continue
		}
		added[*arn] = true
		key := a.domains[i].Name
		if !check.IsToken(*arn) {
			key = names.Key("", *arn)
		}
		awselasticloadbalancingv2.NewCfnListenerCertificate(a, jsii.String(id+"Certificate"+key),
			&awselasticloadbalancingv2.CfnListenerCertificateProps{
				ListenerArn: listener.ListenerArn(),
				Certificates: []*awselasticloadbalancingv2.CfnListenerCertificate_CertificateProperty{
					{CertificateArn: arn},
				},
			})
	}
}

// lead makes the records that lead from the domains' names to the load balancer.
func (a *ALB) lead() {
	for i, d := range a.domains {
		if d.Zone == nil || d.NoRecords {
			continue
		}
		a.addRecord("Record"+a.suffix(i), d.Name, *d.Zone)
		if d.Subdomains {
			a.addRecord("SubdomainRecord"+a.suffix(i), "*."+d.Name, *d.Zone)
		}
	}
}

func (a *ALB) addRecord(id, name string, zone Zone) {
	a.Records = append(a.Records, awscdk.NewCfnResource(a, &id, &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::Route53::RecordSet"),
		Properties: &map[string]any{
			"HostedZoneId": zone.ID, "Name": name + ".", "Type": "A",
			"AliasTarget": map[string]any{
				"DNSName":      "dualstack." + *a.LoadBalancer.LoadBalancerDnsName(),
				"HostedZoneId": a.LoadBalancer.LoadBalancerCanonicalHostedZoneId(),
			},
		},
	}))
}

// suffix tells the children for a domain from those for others, by its name: its place among them can change, and of a record that came
// before the one of the same name went, DNS would have two.
func (a *ALB) suffix(i int) string {
	if check.IsToken(a.domains[i].Name) {
		return strconv.Itoa(i)
	}
	return a.domains[i].Name
}

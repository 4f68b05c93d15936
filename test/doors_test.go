package test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

// TestAHundredServicesOnOneLoadBalancer makes the targets of 100 services, in stacks of their own and in a random order,
// and then those of most of them and of some new ones, in another order. No template of a service that stays changes,
// nor that of what they share, and no two rules have one number.
func TestAHundredServicesOnOneLoadBalancer(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	priorities := map[int]int{} // of those who were told to set one
	before := files(t, hundredServices(random.Perm(100), priorities))
	stay := random.Perm(100)[:85]
	after := files(t, hundredServices(append(stay, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111), priorities))
	if len(before) != 101 || len(after) != 98 {
		t.Fatalf("got %d and %d templates, want 101 and 98", len(before), len(after))
	}
	for _, name := range append([]string{"Shared.template.json"}, templateNames(stay)...) {
		if diff := cmp.Diff(before[name], after[name]); diff != "" {
			t.Errorf("%s changed (-before +after):\n%s", name, diff)
		}
	}
	for _, templates := range []map[string]string{before, after} {
		rules := map[string]string{}
		for _, name := range slices.Sorted(maps.Keys(templates)) {
			for _, m := range priorityPattern.FindAllStringSubmatch(templates[name], -1) {
				if other, taken := rules[m[1]]; taken {
					t.Errorf("%s and %s have rules with the number %s", other, name, m[1])
				}
				rules[m[1]] = name
			}
		}
		if len(rules) != len(templates)-1 {
			t.Errorf("%d templates have %d rules", len(templates), len(rules))
		}
	}
	t.Logf("%d of 112 services were told to set a priority", len(priorities))
}

var (
	priorityPattern = regexp.MustCompile(`"Priority": (\d+)`)
	freePattern     = regexp.MustCompile(`for example to (\d+), which is free`)
)

func templateNames(services []int) []string {
	var names []string
	for _, i := range services {
		names = append(names, fmt.Sprintf("Service%d.template.json", i))
	}
	return names
}

// hundredServices makes a load balancer and targets by the numbers of their services. Who is told of a number that is
// taken sets the one that is named as free, for good.
func hundredServices(services []int, priorities map[int]int) cases.Build {
	return func(app awscdk.App) {
		shared := newStack(app, "Shared")
		alb := ingress.NewALB(shared, "Public", ingress.ALBProps{Network: network.New(shared, "Network", network.Props{}), PlainHTTP: true})
		for _, i := range services {
			route := ingress.Route{Path: fmt.Sprintf("/service%d/*", i), Priority: priorities[i]}
			if i%3 == 0 {
				route = ingress.Route{Host: fmt.Sprintf("service%d.example.com", i), Priority: priorities[i]}
			}
			place := fmt.Sprintf("Service%d/Route", i)
			for _, p := range ingress.Collisions([]ingress.TargetProps{{LoadBalancer: alb, Route: route}}, []string{place}) {
				route.Priority = remedy(p)
				priorities[i] = route.Priority
			}
			ingress.NewTarget(newStack(app, fmt.Sprint("Service", i)), "Route", ingress.TargetProps{LoadBalancer: alb, Route: route})
		}
	}
}

// remedy returns the number that a problem names as free.
func remedy(p *check.Problem) int {
	n, _ := strconv.Atoi(freePattern.FindStringSubmatch(p.Rule)[1])
	return n
}

// TestDomainsComeAndGo adds a domain with a firewall, a response and a way to identity providers to a load balancer that has
// been deployed, and takes the domain away again. Nothing that was there changes but what it is about.
func TestDomainsComeAndGo(t *testing.T) {
	deploy := func(more []ingress.Domain, firewall *ingress.Firewall, signIn bool) map[string]any {
		return synthStack(t, func(stack awscdk.Stack) {
			p := newPlatform(stack, platform.Props{
				Domain:      &ingress.Domain{Name: "shop.example.com", CertificateARN: cases.CertificateARN},
				MoreDomains: more, Firewall: firewall, SignIn: signIn,
			})
			web.New(stack, "Web", web.Props{Platform: p, Task: task.Props{Image: "web:1", Port: 8080}})
			if signIn {
				ingress.NewResponse(stack, "Closed", ingress.ResponseProps{LoadBalancer: p.Public, Route: ingress.Route{Path: "/closed"}})
			}
		})["Resources"].(map[string]any)
	}
	zone := &ingress.Zone{ID: "Z0123456789ABCDEFGHIJ", Name: "example.org"}
	before := deploy(nil, nil, false)
	after := deploy([]ingress.Domain{{Name: "example.org", Zone: zone}, {Name: "www.example.org", CertificateARN: cases.CertificateARN}}, &ingress.Firewall{}, true)
	for id, resource := range before {
		if diff := cmp.Diff(resource, after[id]); diff != "" {
			t.Errorf("%s changed (-before +after):\n%s", id, diff)
		}
	}
	added := map[any]int{}
	for id, resource := range after {
		if before[id] == nil {
			added[resource.(map[string]any)["Type"]]++
		}
	}
	want := map[any]int{
		"AWS::CertificateManager::Certificate": 1, "AWS::Route53::RecordSet": 1, "AWS::ElasticLoadBalancingV2::ListenerCertificate": 1,
		"AWS::WAFv2::WebACL": 1, "AWS::WAFv2::WebACLAssociation": 1, "AWS::EC2::SecurityGroupEgress": 1, "AWS::ElasticLoadBalancingV2::ListenerRule": 1,
	}
	if diff := cmp.Diff(want, added); diff != "" {
		t.Error(diff)
	}
}

// TestDomainsSwap exchanges the first domain with another: records and certificates stay what they are, for DNS refuses a second record of one
// name while the first is there.
func TestDomainsSwap(t *testing.T) {
	zone := &ingress.Zone{ID: "Z0123456789ABCDEFGHIJ", Name: "example.org"}
	deploy := func(names ...string) map[string]map[string]any {
		template := synthStack(t, func(stack awscdk.Stack) {
			var more []ingress.Domain
			for _, name := range names[1:] {
				more = append(more, ingress.Domain{Name: name, Zone: zone})
			}
			newPlatform(stack, platform.Props{Domain: &ingress.Domain{Name: names[0], Zone: zone}, MoreDomains: more})
		})
		all := resourcesOf(template, "AWS::Route53::RecordSet")
		maps.Copy(all, resourcesOf(template, "AWS::CertificateManager::Certificate"))
		return all
	}
	before := deploy("one.example.org", "two.example.org")
	if len(before) != 4 {
		t.Fatalf("got %d records and certificates, want two of each", len(before))
	}
	if diff := cmp.Diff(before, deploy("two.example.org", "one.example.org")); diff != "" {
		t.Error(diff)
	}
	for path, resource := range deploy("two.example.org") {
		if diff := cmp.Diff(before[path], resource); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

// TestFirewallsAreAdvisedOn reads the warnings of a firewall that keeps nothing away, and of one that costs extra.
func TestFirewallsAreAdvisedOn(t *testing.T) {
	const rules = "arn:aws:wafv2:us-east-1:123456789012:regional/rulegroup/partners/12345678-90ab-cdef-1234-567890abcdef"
	app := snapshot.NewApp(t)
	stack := newStack(app, "Stack")
	n := network.New(stack, "Network", network.Props{})
	for id, firewall := range map[string]ingress.Firewall{
		"Standard": {},
		"Watching": {Common: ingress.Count, BadInputs: ingress.Count, Reputation: ingress.Count, Rate: ingress.Count},
		"Large":    {Groups: []ingress.RuleGroup{{ARN: rules, Capacity: 600}}},
	} {
		ingress.NewALB(stack, id, ingress.ALBProps{Network: n, PlainHTTP: true, Firewall: &firewall})
	}
	app.Synth(nil)
	content, err := os.ReadFile(filepath.Join(*app.Outdir(), "Stack.metadata.json"))
	if err != nil {
		t.Fatal(err)
	}
	var metadata map[string][]struct{ Type, Data any }
	if err := json.Unmarshal(content, &metadata); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for path, entries := range metadata {
		for _, entry := range entries {
			if text, _ := entry.Data.(string); entry.Type == "aws:cdk:warning" {
				got[path] += ackPattern.FindStringSubmatch(text)[1]
			}
		}
	}
	want := map[string]string{
		"/Stack/Watching": "@ecskit/ingress:firewallCounts", "/Stack/Large": "@ecskit/ingress:firewallCapacity",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

var ackPattern = regexp.MustCompile(`\[ack: ([^]]+)\]`)

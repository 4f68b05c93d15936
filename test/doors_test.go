package test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
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
func hundredServices(services []int, priorities map[int]int) build {
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

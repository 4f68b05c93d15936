package ingress

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/network"
)

const elb = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"

func TestALBAttributesProblems(t *testing.T) {
	good := ALBAttributes{
		Network: &network.Network{VPC: fakeVPC{}}, ARN: elb + "loadbalancer/app/shop/1234567890abcdef",
		ListenerARN: elb + "listener/app/shop/1234567890abcdef/aaaaaaaaaaaaaaaa", SecurityGroupID: "sg-0123456789abcdef0",
		TestListenerARN: elb + "listener/app/shop/1234567890abcdef/bbbbbbbbbbbbbbbb", Domains: []string{"shop.example.com"},
		Partition: Partition{Number: 2, Of: 3},
	}
	with := func(change func(a *ALBAttributes)) ALBAttributes {
		a := good
		change(&a)
		return a
	}
	token := "${Token[TOKEN.1]}"
	for name, c := range map[string]struct {
		attributes ALBAttributes
		want       []string
	}{
		"all":    {good, nil},
		"tokens": {ALBAttributes{Network: good.Network, ARN: token, ListenerARN: token, SecurityGroupID: token, DNSName: token}, nil},
		"zero":   {ALBAttributes{}, []string{"Network", "ARN", "ListenerARN", "SecurityGroupID", "DNSName"}},
		"listener of another one": {with(func(a *ALBAttributes) {
			a.ListenerARN = elb + "listener/app/shop/fedcba0987654321/aaaaaaaaaaaaaaaa"
		}), []string{"ListenerARN"}},
		"network load balancer":    {with(func(a *ALBAttributes) { a.ARN = elb + "loadbalancer/net/shop/1234567890abcdef" }), []string{"ARN"}},
		"one listener for both":    {with(func(a *ALBAttributes) { a.TestListenerARN = a.ListenerARN }), []string{"TestListenerARN"}},
		"rule in place of a group": {with(func(a *ALBAttributes) { a.SecurityGroupID = "sgr-0123456789abcdef0" }), []string{"SecurityGroupID"}},
		"wildcard":                 {with(func(a *ALBAttributes) { a.Domains = []string{"*.example.com"} }), []string{"Domains"}},
		"partition":                {with(func(a *ALBAttributes) { a.Partition.Number = 4 }), []string{"Partition.Number"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.attributes.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestPartitionProblems(t *testing.T) {
	for _, c := range []struct {
		partition Partition
		want      []string
	}{
		{Partition{}, nil}, {Partition{1, 2}, nil}, {Partition{10, 10}, nil},
		{Partition{0, 2}, []string{"Number"}}, {Partition{3, 2}, []string{"Number"}}, {Partition{1, 1}, []string{"Of"}}, {Partition{1, 11}, []string{"Of"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.partition.Problems())); diff != "" {
			t.Errorf("%v: %s", c.partition, diff)
		}
	}
}

// TestPartitionsShareTheNumbers gives each number of each band to one partition.
func TestPartitionsShareTheNumbers(t *testing.T) {
	for of := 2; of <= maxPartitions; of++ {
		for _, b := range bands() {
			owner := map[int]int{}
			for number := 1; number <= of; number++ {
				all := Partition{number, of}.of(b)
				for i := range all.count {
					n := all.first + i*all.step
					if n < b.first || n >= b.end || owner[n] != 0 || n%of != number-1 {
						t.Fatalf("%d of %v is given to partition %d of %d, after %d", n, b, number, of, owner[n])
					}
					owner[n] = number
				}
			}
			if len(owner) != b.end-b.first {
				t.Fatalf("of %v, %d numbers are given to one of %d partitions", b, len(owner), of)
			}
		}
	}
}

// TestAppsThatShareAListener never give two rules one number, and have narrower routes tried first across apps too.
func TestAppsThatShareAListener(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.IntRange(2, maxPartitions).Draw(t, "partitions")
		first := rapid.IntRange(1, of-1).Draw(t, "first")
		a, b := &ALB{partition: Partition{first, of}}, &ALB{foreign: true, partition: Partition{first + 1, of}}
		specific := drawRoute(t)
		general := drawGeneralization(t, specific)
		if len(a.routeProblems(specific)) > 0 || len(b.routeProblems(general)) > 0 {
			return // a number is asked for
		}
		x, y := a.at("Shop/A", specific), b.at("Pay/B", general)
		if x.priority == y.priority || bandOf(specific) != bandOf(general) && x.priority > y.priority {
			t.Fatalf("%s has %d in one app, %s has %d in the other", specific, x.priority, general, y.priority)
		}
	})
}

// TestCommonRoutesAreInEveryPartition has numbers for the routes that services usually have, in the smallest partition.
func TestCommonRoutesAreInEveryPartition(t *testing.T) {
	for _, r := range []Route{
		{}, {Path: "/a"}, {Path: "/a/*"}, {Path: "/a*"}, {Path: "/a/b/*"}, {Path: "/a/*", Methods: []string{"GET"}}, {Host: "a.example.com"},
		{Host: "a.example.com", Path: "/a/*"}, {Host: "*.example.com"}, {Path: "/a/*", AltPaths: []string{"/a"}},
	} {
		for number := 1; number <= maxPartitions; number++ {
			if n := (Partition{number, maxPartitions}).of(bandOf(r)).count; n < 5 {
				t.Errorf("%s has %d numbers in partition %d", r, n, number)
			}
		}
	}
}

func TestForeignLoadBalancerWantsPriorities(t *testing.T) {
	n := &network.Network{}
	for _, c := range []struct {
		partition Partition
		route     Route
		want      []string
	}{
		{Partition{}, Route{Path: "/a/*"}, []string{"Route.Priority"}},
		{Partition{}, Route{Path: "/a/*", Priority: 10}, nil},
		{Partition{1, 2}, Route{Path: "/a/*"}, nil},
		{Partition{10, 10}, rare(), []string{"Route.Priority"}},
	} {
		alb := &ALB{Network: n, foreign: true, partition: c.partition}
		target := TargetProps{LoadBalancer: alb, Route: c.route}
		if diff := cmp.Diff(c.want, fields(target.Problems())); diff != "" {
			t.Errorf("%v %s: %s", c.partition, c.route, diff)
		}
		if ps := Collisions([]TargetProps{target, target}, []string{"A", "B"}); len(c.want) > 0 && len(ps) > 0 {
			t.Errorf("%v %s: got %v for a route without a number", c.partition, c.route, ps)
		}
	}
}

// rare is a route of a kind that the tenth of ten partitions has no number for.
func rare() Route {
	for literals := range maxLiterals {
		r := Route{Host: "a*.b.c.d.e.com", Path: fmt.Sprintf("/%0*d*", literals+1, 0), Methods: []string{"GET"}}
		if (Partition{maxPartitions, maxPartitions}).of(bandOf(r)).count == 0 {
			return r
		}
	}
	return Route{}
}

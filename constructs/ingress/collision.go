package ingress

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/ecskit/ecskit/constructs/check"
)

// placed is a route that a service of the app has on the load balancer, or an answer that the load balancer gives itself.
type placed struct {
	place    string // of its target: see check.Place
	route    Route
	priority int
	hides    bool // other routes completely, on purpose
}

// at returns the route as one that is made at place.
func (a *ALB) at(place string, r Route) placed {
	p := placed{place: place, route: r, priority: r.Priority}
	if p.priority == 0 {
		p.priority = a.numbersFor(r).at(place)
	}
	return p
}

// numbersFor returns the numbers that a route may have, unless it says one.
func (a *ALB) numbersFor(r Route) numbers {
	if a.unpartitioned() {
		return numbers{}
	}
	return a.partition.of(bandOf(r))
}

// unpartitioned reports whether nobody knows which numbers are taken.
func (a *ALB) unpartitioned() bool { return a.foreign && a.partition == (Partition{}) }

// routeProblems names hosts that the load balancer does not serve, and a route that it has no number for.
func (a *ALB) routeProblems(r Route) check.Problems {
	ps := a.hostProblems(r)
	switch {
	case r.Priority != 0:
	case a.unpartitioned():
		ps.Add("Priority", nil, "must be set, or Partition of the load balancer, which is another app's: its routes are not known here")
	case a.numbersFor(r).count == 0:
		ps.Add("Priority", nil, "must be set, for partition %d of %d has no number for routes as rare as this one",
			a.partition.Number, a.partition.Of)
	}
	return ps
}

// Collisions names the routes that stand in the way of targets, were these made at places (see [check.Place]): those of
// other services on their load balancers, and those of targets before them. The path of a problem starts with the index
// of its target.
func Collisions(targets []TargetProps, places []string) check.Problems {
	var ps check.Problems
	for i, t := range targets {
		if t.LoadBalancer == nil || len(t.Route.Problems()) > 0 || len(t.LoadBalancer.routeProblems(t.Route)) > 0 {
			continue
		}
		routes := slices.Clone(t.LoadBalancer.routes)
		for j, earlier := range targets[:i] {
			if earlier.LoadBalancer == t.LoadBalancer {
				routes = append(routes, t.LoadBalancer.at(places[j], earlier.Route))
			}
		}
		ps.In(fmt.Sprintf("[%d].Route", i), t.LoadBalancer.collisions(routes, t.LoadBalancer.at(places[i], t.Route)))
	}
	return ps
}

// collisions names the routes that another one collides with.
func (a *ALB) collisions(routes []placed, mine placed) check.Problems {
	var ps check.Problems
	r := mine.route
	for _, other := range routes {
		switch rule := disorder(mine, other); {
		case other.place == mine.place: // the id is taken, which is another problem
		case rule != "":
			ps.Add("", r.String(), "%s: change a condition of one of the two, give alternatives targets of their own, or set a "+
				"Priority, the lower number being tried first", rule)
		case other.priority == mine.priority:
			ps.Add("", r.String(), "must have another priority than the route of %s (%s), which has %d too: set Priority of one of "+
				"the two%s", other.place, other.route, mine.priority, suggestion(routes, a.numbersFor(r), mine.place))
		}
	}
	return ps
}

// disorder says which rule two routes break that one request can meet; empty if none. Each alternative of a route is
// compared with each of the other, for their rules have one number each. That two receive the same requests can be meant,
// while one takes over from the other, and is if either has a Priority; that a narrower one is never reached cannot, but by
// an answer that is there to hide it.
func disorder(mine, other placed) string {
	meant := mine.route.Priority != 0 || other.route.Priority != 0
	for _, x := range mine.route.single() {
		for _, y := range other.route.single() {
			switch inside, around := y.covers(x), x.covers(y); {
			case inside && around && meant:
			case inside && around:
				return fmt.Sprintf("must not receive the same requests as the route of %s (%s)", other.place, other.route)
			case inside && other.hides, around && mine.hides:
			case inside && mine.priority > other.priority:
				return fmt.Sprintf("must come before the route of %s (%s), which is more general and would be tried first (%d before %d)",
					other.place, other.route, other.priority, mine.priority)
			case around && other.priority > mine.priority:
				return fmt.Sprintf("must come after the route of %s (%s), which is more specific and would be tried later (%d after %d)",
					other.place, other.route, other.priority, mine.priority)
			}
		}
	}
	return ""
}

// suggestion names a free number, where a route keeps its order with all others; nothing if none is free.
func suggestion(routes []placed, all numbers, place string) string {
	if n := free(routes, all, place); n != 0 {
		return fmt.Sprintf(", for example to %d, which is free", n)
	}
	return ""
}

// free returns a free number; 0 if there is none. Two places seldom get the same one: those who are told at the same time,
// on two branches, would meet again.
func free(routes []placed, all numbers, place string) int {
	if all.count == 0 {
		return 0
	}
	start := hashOf(place+"/", all.count)
	for i := range all.count {
		n := all.first + all.step*((start+i)%all.count)
		if !slices.ContainsFunc(routes, func(p placed) bool { return p.priority == n }) {
			return n
		}
	}
	return 0
}

// single returns a route for each of r's hosts with each of its paths.
func (r Route) single() []Route {
	var all []Route
	for _, host := range orAny(r.hosts()) {
		for _, path := range orAny(r.paths()) {
			all = append(all, Route{Host: host, Path: path, Methods: r.Methods, Headers: r.Headers, Query: r.Query, From: r.From})
		}
	}
	return all
}

func orAny(patterns []string) []string {
	if len(patterns) == 0 {
		return []string{""}
	}
	return patterns
}

// covers reports whether every request that other receives would be received by r too. Both are single routes.
func (r Route) covers(other Route) bool {
	return coversPattern(cmp.Or(strings.ToLower(r.Host), "*"), cmp.Or(strings.ToLower(other.Host), "*")) &&
		coversPattern(cmp.Or(r.Path, "/*"), cmp.Or(other.Path, "/*")) &&
		r.coversMethods(other) && coversPairs(r.Headers, other.Headers) && coversPairs(r.Query, other.Query) && r.coversFrom(other)
}

func (r Route) coversMethods(other Route) bool {
	if len(r.Methods) == 0 {
		return true
	}
	foreign := func(method string) bool { return !slices.Contains(r.Methods, method) }
	return len(other.Methods) > 0 && !slices.ContainsFunc(other.Methods, foreign)
}

// coversPairs reports whether all of the names in a are in b too, each with a value that is within the one in a. Case
// matters in neither.
func coversPairs(a, b map[string]string) bool {
	for name, value := range a {
		covered := false
		for otherName, otherValue := range b {
			covered = covered || strings.EqualFold(name, otherName) &&
				coversPattern(strings.ToLower(value), strings.ToLower(otherValue))
		}
		if !covered {
			return false
		}
	}
	return true
}

func (r Route) coversFrom(other Route) bool {
	if len(r.From) == 0 {
		return true
	}
	outside := func(cidr string) bool { return !coversRange(r.From, cidr) }
	return len(other.From) > 0 && !slices.ContainsFunc(other.From, outside)
}

// coversRange reports whether ranges hold all addresses of another one. A range that is a token holds itself.
func coversRange(ranges []string, cidr string) bool {
	if slices.Contains(ranges, cidr) {
		return true
	}
	var prefixes []netip.Prefix
	for _, r := range ranges {
		if prefix, err := netip.ParsePrefix(r); err == nil {
			prefixes = append(prefixes, prefix)
		}
	}
	prefix, err := netip.ParsePrefix(cidr)
	return err == nil && coversPrefix(prefixes, prefix)
}

// coversPrefix tries a range as a whole and then its halves, as long as a narrower one is inside.
func coversPrefix(prefixes []netip.Prefix, p netip.Prefix) bool {
	inside := false
	for _, q := range prefixes {
		if q.Overlaps(p) {
			if q.Bits() <= p.Bits() {
				return true
			}
			inside = true
		}
	}
	if !inside {
		return false
	}
	lower := netip.PrefixFrom(p.Addr(), p.Bits()+1)
	return coversPrefix(prefixes, lower) && coversPrefix(prefixes, upperHalf(lower))
}

// upperHalf returns the range of the same size that follows a lower half.
func upperHalf(lower netip.Prefix) netip.Prefix {
	bytes, bit := lower.Addr().AsSlice(), lower.Bits()-1
	bytes[bit/8] |= 0x80 >> (bit % 8)
	addr, _ := netip.AddrFromSlice(bytes)
	return netip.PrefixFrom(addr, lower.Bits())
}

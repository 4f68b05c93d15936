package ingress

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ecskit/ecskit/constructs/check"
)

// placed is a route that a service of the app has on the load balancer.
type placed struct {
	place    string // of its target: see check.Place
	route    Route
	priority int
}

// Collisions names the routes that stand in the way of targets, were these made at places (see [check.Place]): those of
// other services on their load balancers, and those of targets before them. The path of a problem starts with the index
// of its target.
func Collisions(targets []TargetProps, places []string) check.Problems {
	var ps check.Problems
	for i, t := range targets {
		if t.LoadBalancer == nil || len(t.Route.Problems()) > 0 {
			continue
		}
		routes := slices.Clone(t.LoadBalancer.routes)
		for j, earlier := range targets[:i] {
			if earlier.LoadBalancer == t.LoadBalancer {
				routes = append(routes, placed{places[j], earlier.Route, earlier.Route.priority(places[j])})
			}
		}
		ps.In(fmt.Sprintf("[%d].Route", i), collisions(routes, t.Route, places[i]))
	}
	return ps
}

// collisions names the routes that r, were it made at place, collides with.
func collisions(routes []placed, r Route, place string) check.Problems {
	var ps check.Problems
	mine := placed{place, r, r.priority(place)}
	for _, other := range routes {
		allocated := r.Priority == 0 && other.route.Priority == 0
		switch order := disorder(mine, other); {
		case allocated && order != "":
			ps.Add("", r.String(), "%s the route of %s (%s), which receives the same requests: change a condition of one of "+
				"the two, give alternatives targets of their own, or set a Priority, the lower number being tried first",
				order, other.place, other.route)
		case other.priority == mine.priority:
			ps.Add("", r.String(), "must have another priority than the route of %s (%s), which has %d too: set Priority of one "+
				"of the two, for example to %d, which is free", other.place, other.route, mine.priority, free(append(routes, mine)))
		}
	}
	return ps
}

// disorder says what is wrong with the order of two routes where one request can meet both; empty if nothing is. Each
// alternative of a route is compared with each of the other: their rules have one number each, which cannot be right for
// a route with alternatives on both sides of the other.
func disorder(a, b placed) string {
	for _, x := range a.route.single() {
		for _, y := range b.route.single() {
			if !x.meets(y) {
				continue
			}
			switch bx, by := bandOf(x), bandOf(y); {
			case bx == by:
				return "must be more or less specific than"
			case bx.first < by.first && a.priority > b.priority, by.first < bx.first && b.priority > a.priority:
				return "must not be more specific by one alternative, and less by another, than"
			}
		}
	}
	return ""
}

// single returns a route for each of r's hosts with each of its paths.
func (r Route) single() []Route {
	var all []Route
	for _, host := range orAny(r.hosts()) {
		for _, path := range orAny(r.paths()) {
			all = append(all, Route{Host: host, Path: path, Methods: r.Methods, Headers: r.Headers})
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

// free returns the greatest number before the allocated ones that no rule has.
func free(routes []placed) int {
	n := firstAllocated - 1
	for slices.ContainsFunc(routes, func(p placed) bool { return p.priority == n }) {
		n--
	}
	return n
}

// meets reports whether one request can meet the conditions of both routes.
func (r Route) meets(other Route) bool {
	return anyMeet(r.hosts(), other.hosts(), strings.ToLower) &&
		anyMeet(r.paths(), other.paths(), nil) &&
		anyMeet(r.Methods, other.Methods, nil) &&
		r.headersMeet(other)
}

func (r Route) headersMeet(other Route) bool {
	for name, value := range r.Headers {
		for otherName, otherValue := range other.Headers {
			if strings.EqualFold(name, otherName) && !patternsMeet(strings.ToLower(value), strings.ToLower(otherValue)) {
				return false
			}
		}
	}
	return true
}

// anyMeet reports whether one string can match a pattern of each list; an empty list matches all.
func anyMeet(a, b []string, fold func(string) string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	if fold == nil {
		fold = func(s string) string { return s }
	}
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return patternsMeet(fold(x), fold(y)) })
	})
}

// patternsMeet reports whether one string can match both patterns, in which * stands for any characters and ? for one.
// reach[j] tells whether the patterns so far and b[:j] can match the same string.
func patternsMeet(a, b string) bool {
	reach := make([]bool, len(b)+1)
	reach[0] = true
	for j := 0; j < len(b) && b[j] == '*'; j++ {
		reach[j+1] = true
	}
	for i := range len(a) {
		next := make([]bool, len(b)+1)
		next[0] = reach[0] && a[i] == '*'
		for j := range len(b) {
			switch {
			case a[i] == '*':
				next[j+1] = reach[j+1] || next[j] || reach[j]
			case b[j] == '*':
				next[j+1] = next[j] || reach[j+1] || reach[j]
			default:
				next[j+1] = reach[j] && (a[i] == b[j] || a[i] == '?' || b[j] == '?')
			}
		}
		reach = next
	}
	return reach[len(b)]
}

package ingress

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ecskit/ecskit/constructs/check"
)

// placed is a route that a service of the app has on the load balancer.
type placed struct {
	path     string // of its target in the construct tree
	route    Route
	priority int
}

// Collisions names the routes that stand in the way of targets, were these placed at paths in the construct tree: those
// of other services on their load balancers, and those of targets before them. The path of a problem starts with the
// index of its target.
func Collisions(targets []TargetProps, paths []string) check.Problems {
	var ps check.Problems
	for i, t := range targets {
		if t.LoadBalancer == nil || len(t.Route.Problems()) > 0 {
			continue
		}
		routes := slices.Clone(t.LoadBalancer.routes)
		for j, earlier := range targets[:i] {
			if earlier.LoadBalancer == t.LoadBalancer {
				routes = append(routes, placed{paths[j], earlier.Route, earlier.Route.priority(paths[j])})
			}
		}
		ps.In(fmt.Sprintf("[%d].Route", i), collisions(routes, t.Route, paths[i]))
	}
	return ps
}

// collisions names the routes that have the number of r's rule, were it placed at path, and those that are as specific
// and receive requests of r's, so that chance would decide.
func collisions(routes []placed, r Route, path string) check.Problems {
	var ps check.Problems
	priority := r.priority(path)
	for _, other := range routes {
		switch {
		case r.Priority == 0 && other.route.Priority == 0 && bandOf(r) == bandOf(other.route) && r.meets(other.route):
			ps.Add("", r.String(), "must be more or less specific than the route of %s (%s), which receives the same requests: "+
				"change a condition of one of the two, or set its Priority, the lower number being tried first",
				other.path, other.route)
		case other.priority == priority:
			ps.Add("", r.String(), "must have another priority than the route of %s (%s), which has %d too: "+
				"set Priority of one of the two, for example to %d, which is free", other.path, other.route, priority,
				free(routes, bandOf(r)))
		}
	}
	return ps
}

// free returns a number of the band that no rule has.
func free(routes []placed, b band) int {
	n := b.first
	for slices.ContainsFunc(routes, func(p placed) bool { return p.priority == n }) {
		n++
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

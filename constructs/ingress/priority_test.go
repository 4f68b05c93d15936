package ingress

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// bands lists the bands of all combinations of classes, in the order of classes.
func bands() []band {
	var all []band
	for host := range hostWeights {
		for path := range pathAny + 1 {
			for extra := range extraWeights {
				all = append(all, bandOfClasses(host, path, extra))
			}
		}
	}
	return all
}

func TestBandsShareTheNumbers(t *testing.T) {
	next := firstAllocated
	for i, b := range bands() {
		if b.first != next || b.end-b.first < leastExtra {
			t.Fatalf("band %d is %v, want it to start at %d and hold at least %d numbers", i, b, next, leastExtra)
		}
		next = b.end
	}
	if next != endAllocated {
		t.Errorf("the last band ends at %d, want %d", next, endAllocated)
	}
}

// TestNumbersAreFrozen compares all bands, and the numbers of some routes, with what users have deployed: another one would
// move rules in production.
func TestNumbersAreFrozen(t *testing.T) {
	hash := sha256.New()
	for _, b := range bands() {
		fmt.Fprintln(hash, b.first, b.end)
	}
	if got, want := hex.EncodeToString(hash.Sum(nil)[:8]), "bf5b1469234138ff"; got != want {
		t.Errorf("the bands have changed: %s, want %s", got, want)
	}
	for want, r := range map[int]Route{
		48892: {}, 41766: {Path: "/api/*"}, 10592: {Host: "api.example.com"}, 48480: {Headers: map[string]string{"X-A": "1", "X-B": "2"}},
		21379: {Host: "*.example.com", Path: "/v1/*", Methods: []string{"GET"}},
	} {
		if got := anyALB.at("Shop/Api/Service/Route", r).priority; got != want {
			t.Errorf("%s has %d, want %d", r, got, want)
		}
	}
}

func TestMoreSpecificRoutesComeFirst(t *testing.T) {
	// Each route receives only requests that the next one would receive too.
	for _, chain := range [][]Route{
		{{Path: "/api"}, {Path: "/api*"}, {Path: "/a*"}, {}},
		{{Path: "/api/v1/users"}, {Path: "/api/v1/*"}, {Path: "/api/*"}, {}},
		{{Path: "/a/b/c/d/e/f/g"}, {Path: "/a/b/c/d/e/f/*"}, {Path: "/a/b/c/d/e/f*"}, {Path: "/a/b/c/d/e/*"}, {Path: "/a/*"}},
		{{Path: "/a/x/b"}, {Path: "/a/*/b"}, {Path: "/a/*"}},
		{{Host: "x.a.example.com", Path: "/a"}, {Host: "x.a.example.com"}, {Host: "*.a.example.com"}, {Host: "*.example.com"}, {}},
		{{Host: "pr-1.example.com"}, {Host: "pr-*.example.com"}, {Host: "*.example.com"}},
		{{Path: "/a/*", Methods: []string{"GET"}, Headers: map[string]string{"X": "1"}}, {Path: "/a/*", Methods: []string{"GET"}},
			{Path: "/a/*"}},
		{{Query: map[string]string{"a": "1"}, From: []string{"10.0.0.0/8"}}, {Query: map[string]string{"a": "1"}}, {}},
		{{Methods: []string{"GET"}, From: []string{"10.0.0.0/8", "11.0.0.0/8"}}, {From: []string{"10.0.0.0/8", "11.0.0.0/8", "::1/128"}}, {}},
		{{Path: "/a"}, {Path: "/a", AltPaths: []string{"/a/*"}}, {Path: "/a*"}},
	} {
		for i := 1; i < len(chain); i++ {
			specific, general := bandOf(chain[i-1]), bandOf(chain[i])
			if specific.end > general.first {
				t.Errorf("%s has %v, which is not before %s with %v", chain[i-1], specific, chain[i], general)
			}
		}
	}
}

// TestGeneralizingNeverComesFirst takes a route and makes one of its conditions weaker, which can only widen it.
func TestGeneralizingNeverComesFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		specific := drawRoute(t)
		general := drawGeneralization(t, specific)
		if s, g := bandOf(specific), bandOf(general); s != g && s.end > g.first {
			t.Fatalf("%s has %v, which comes after %s with %v", specific, s, general, g)
		}
	})
}

func drawRoute(t *rapid.T) Route {
	path := rapid.StringMatching(`(/[ab?*]{0,3}){1,8}`).Draw(t, "path")
	r := Route{Path: path, Host: rapid.SampledFrom([]string{"", "a.b.example.com", "*.b.example.com"}).Draw(t, "host")}
	if rapid.Bool().Draw(t, "method") {
		r.Methods = []string{"GET"}
	}
	if rapid.Bool().Draw(t, "header") {
		r.Headers = map[string]string{"X-A": "1"}
	}
	if rapid.Bool().Draw(t, "query") {
		r.Query = map[string]string{"a": "1", "b": "2"}
	}
	if rapid.Bool().Draw(t, "from") {
		r.From = []string{"10.0.0.0/9", "10.128.0.0/9"}
	}
	return r
}

func drawGeneralization(t *rapid.T, r Route) Route {
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		r.Methods = nil
	case 1:
		r.Headers = nil
	case 2:
		if r.Host != "" {
			r.Host = rapid.SampledFrom([]string{"", "*" + r.Host[1:], "*.example.com"}).Draw(t, "wider host")
		}
	case 3:
		r.AltPaths = []string{rapid.StringMatching(`(/[ab?*]{0,3}){1,8}`).Draw(t, "other path")}
	case 4: // replace a part of the path by *, which can be any part
		from := rapid.IntRange(1, len(r.Path)).Draw(t, "from")
		to := rapid.IntRange(from, len(r.Path)).Draw(t, "to")
		r.Path = r.Path[:from] + "*" + r.Path[to:]
	case 5:
		if r.Query != nil {
			r.Query = rapid.SampledFrom([]map[string]string{nil, {"a": "1"}, {"A": "*", "b": "?"}}).Draw(t, "wider query")
		}
	case 6:
		if r.From != nil {
			r.From = rapid.SampledFrom([][]string{nil, {"10.0.0.0/8"}, {"8.0.0.0/5", "::1/128"}}).Draw(t, "wider ranges")
		}
	}
	return r
}

func TestPriorityDependsOnThePlaceAndTheRouteAlone(t *testing.T) {
	r := Route{Path: "/api/*"}
	if a, b := anyALB.at("Shop/Api/Route", r).priority, anyALB.at("Shop/Api/Route", r).priority; a != b {
		t.Errorf("one place has two numbers: %d and %d", a, b)
	}
	if a, b := anyALB.at("Shop/Api/Route", r).priority, anyALB.at("Shop/Cart/Route", r).priority; a == b {
		t.Errorf("a route that moves keeps its number %d, which is still in use where it was", a)
	}
	if got := anyALB.at("Shop/Api/Route", (Route{Path: "/api/*", Priority: 7})).priority; got != 7 {
		t.Errorf("got %d, want the explicit 7", got)
	}
}

func TestTwentyServicesSeldomCollide(t *testing.T) {
	const runs = 2000
	collided := 0
	for run := range runs {
		taken := map[int]bool{}
		for service := range 20 {
			n := anyALB.at(fmt.Sprintf("App%d/S%d/Service/Route", run, service), Route{Path: fmt.Sprintf("/s%d/*", service)}).priority
			if taken[n] {
				collided++
				break
			}
			taken[n] = true
		}
	}
	// 190 pairs in a band of 7,700 numbers: 2.5 %.
	if share := float64(collided) / runs; share > 0.04 {
		t.Errorf("of apps with 20 services, %.1f %% have a collision, want about 2", 100*share)
	}
}

// TestServicesOfCommonKindsHaveRoom counts the numbers of kinds of routes in which services meet.
func TestServicesOfCommonKindsHaveRoom(t *testing.T) {
	for r, least := range map[string]int{"/api/*": 7000, "/api*": 290, "/a/b*": 130, "/v1/*/items": 130, "/*.png": 290, "/api/v1/*": 1000} {
		if b := bandOf(Route{Path: r}); b.end-b.first < least {
			t.Errorf("%s has %d numbers, want at least %d", r, b.end-b.first, least)
		}
	}
}

// TestNarrowerRoutesAreTriedFirst makes two routes of which one lies within the other, and finds it with the lower number
// or refused.
func TestNarrowerRoutesAreTriedFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		specific := drawRoute(t)
		general := drawGeneralization(t, specific)
		a, b := anyALB.at("Shop/A", specific), anyALB.at("Shop/B", general)
		if len(general.AltPaths) == 0 && !general.covers(specific) {
			t.Fatalf("%s does not cover %s", general, specific)
		}
		if len(anyALB.collisions([]placed{a}, b)) == 0 && a.priority >= b.priority {
			t.Fatalf("%s has %d, and %s, which covers it, has %d", specific, a.priority, general, b.priority)
		}
	})
}

// TestAHundredServicesGetAlong puts up to 100 services on a load balancer, in any order, and takes and adds some. Who is
// told of a number that is taken does as told. Then all numbers differ, more specific routes come first, none has moved,
// and whoever was let in would be let in whatever the order.
func TestAHundredServicesGetAlong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var here []placed
		first := map[string]int{}
		for i := range rapid.IntRange(1, 100).Draw(t, "services") {
			if len(here) > 0 && rapid.IntRange(0, 9).Draw(t, "leaves") == 0 {
				gone := rapid.IntRange(0, len(here)-1).Draw(t, "gone")
				here = slices.Delete(here, gone, gone+1)
			}
			if p, fits := join(here, drawServiceRoute(t, i), fmt.Sprintf("S%d/Api/Route", rapid.IntRange(0, 9999).Draw(t, "place"))); fits {
				here = append(here, p)
				first[p.place] = p.priority
			}
		}
		taken := map[int]bool{}
		for i, p := range here {
			if others := slices.Delete(slices.Clone(here), i, i+1); len(anyALB.collisions(others, p)) > 0 {
				t.Fatalf("%s was let in and would not be in another order: %v", p.route, anyALB.collisions(others, p))
			}
			if now := anyALB.at(p.place, p.route).priority; now != first[p.place] || taken[now] {
				t.Fatalf("%s had %d and has %d, which is taken: %t", p.route, first[p.place], now, taken[now])
			}
			taken[p.priority] = true
			for _, q := range here {
				if one, other := p.route.single(), q.route.single(); p.place != q.place && len(one) == 1 && len(other) == 1 &&
					one[0].covers(other[0]) && !other[0].covers(one[0]) && p.priority < q.priority {
					t.Fatalf("%s has %d, before %s with %d", p.route, p.priority, q.route, q.priority)
				}
			}
		}
	})
}

// join lets a route in, if need be with the number that its author is told is free; not one that collides otherwise.
func join(here []placed, r Route, place string) (placed, bool) {
	p := anyALB.at(place, r)
	if slices.ContainsFunc(here, func(other placed) bool { return other.place == place }) {
		return p, false
	}
	if slices.ContainsFunc(here, func(other placed) bool { return other.priority == p.priority }) {
		r.Priority = free(here, anyALB.numbersFor(r), place)
		p = anyALB.at(place, r)
	}
	return p, r.Priority <= maxPriority && len(anyALB.collisions(here, p)) == 0
}

// drawServiceRoute draws a route as services have them: mostly by a path or a host of its own.
func drawServiceRoute(t *rapid.T, i int) Route {
	name := fmt.Sprintf("s%d", i)
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		return drawRoute(t)
	case 1:
		return Route{Host: name + ".example.com"}
	case 2:
		return Route{Host: "*." + name + ".example.com", Path: "/api/*"}
	case 3:
		return Route{Path: "/" + name, AltPaths: []string{"/" + name + "/*"}}
	case 4:
		return Route{Path: "/shared/*", Headers: map[string]string{"X-Tenant": name}}
	case 5:
		return Route{Path: "/shared/*", Query: map[string]string{"tenant": name}}
	case 6:
		return Route{Path: "/shared/*", From: []string{fmt.Sprintf("10.%d.0.0/16", i)}}
	}
	return Route{Path: "/" + name + "/*"}
}

// TestAHundredServicesCollideNowAndThen says how often one of 100 services of one kind is told of a number that is taken.
func TestAHundredServicesCollideNowAndThen(t *testing.T) {
	const runs = 200
	told := 0
	for run := range runs {
		var here []placed
		for service := range 100 {
			r, place := Route{Path: fmt.Sprintf("/s%d/*", service)}, fmt.Sprintf("App%d/S%d/Service/Route", run, service)
			p, fits := join(here, r, place)
			if !fits {
				t.Fatalf("%s is not let in after it did as told", r)
			}
			if p.route.Priority != 0 {
				told++
			}
			here = append(here, p)
		}
	}
	// 4950 pairs in a band of 7,700 numbers: 0.64.
	if mean := float64(told) / runs; mean > 0.8 {
		t.Errorf("in an app of 100 services, %.2f of them collide, want about 0.64", mean)
	}
}

package ingress

import (
	"fmt"
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
	if a, b := r.priority("Shop/Api/Route"), r.priority("Shop/Api/Route"); a != b {
		t.Errorf("one place has two numbers: %d and %d", a, b)
	}
	if a, b := r.priority("Shop/Api/Route"), r.priority("Shop/Cart/Route"); a == b {
		t.Errorf("a route that moves keeps its number %d, which is still in use where it was", a)
	}
	if got := (Route{Path: "/api/*", Priority: 7}).priority("Shop/Api/Route"); got != 7 {
		t.Errorf("got %d, want the explicit 7", got)
	}
}

func TestTwentyServicesSeldomCollide(t *testing.T) {
	const runs = 2000
	collided := 0
	for run := range runs {
		taken := map[int]bool{}
		for service := range 20 {
			n := Route{Path: fmt.Sprintf("/s%d/*", service)}.priority(fmt.Sprintf("App%d/S%d/Service/Route", run, service))
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
		a, b := specific.at("Shop/A"), general.at("Shop/B")
		if len(general.AltPaths) == 0 && !general.covers(specific) {
			t.Fatalf("%s does not cover %s", general, specific)
		}
		if len(collisions([]placed{a}, b)) == 0 && a.priority >= b.priority {
			t.Fatalf("%s has %d, and %s, which covers it, has %d", specific, a.priority, general, b.priority)
		}
	})
}

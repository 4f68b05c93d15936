package ingress

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"github.com/ecskit/ecskit/constructs/check"
)

// Priorities are numbers 1-50000, unique on a listener. They are not counted up: with a counter, a service added in the
// middle would move the numbers of all after it, and CloudFormation, which updates one rule at a time, would find each
// number still in use. Here a rule's number depends on its own route and its own place (see check.Place) alone. The
// route picks a band, more specific bands coming first; a hash of the place picks a number in the band. (The place
// rather than the route: a route that moves to another service, or a rule that is replaced because its id has changed,
// stands beside the old one for a while and must not have its number.) Two rules that pick one number are told so, and a
// number that is free: of apps with 20 services in one band that is one in forty, with 100 of them every other one. A hash
// into 50000 numbers cannot do much better (one in ten if there were no bands), and whatever could would have to know all
// services.
//
// Of a [Partition], a hash picks among every so many numbers of the band.
//
// Every number below is part of what users have deployed: another one moves rules in production.
const (
	maxPriority    = 50000
	firstAllocated = 1000  // numbers below are for explicit priorities that come before every allocated one
	endAllocated   = 49000 // numbers from here on are for explicit ones that come after
)

// Partition is an app's share of the numbers for the rules of a listener that several apps add routes to, none of which
// sees the routes of the others: of the numbers that are allocated, those that leave Number-1 when divided by Of. A
// partition has numbers for nearly every kind of route, from the first to the last, so that of the routes of two apps, too,
// the more specific one is tried first. All apps that share a listener must be of partitions with the same Of; then none is
// given a number of another one's. Numbers below 1000 and above 48999, which are never allocated, belong to all of them: by
// a Priority, a route can come before or after those of all apps.
//
// The zero value is no partition. Another one than before gives all routes other numbers: set it from the start, with room
// for apps to come.
type Partition struct {
	// Number of the partition, 1 to Of.
	Number int
	// Of is how many partitions there are, 2-10.
	Of int
}

const maxPartitions = 10

// Problems names a partition that there is not.
func (p Partition) Problems() check.Problems {
	var ps check.Problems
	if p == (Partition{}) {
		return nil
	}
	ps.Range("Of", p.Of, 2, maxPartitions)
	if len(ps) == 0 {
		ps.Range("Number", p.Number, 1, p.Of)
	}
	return ps
}

// of returns the numbers of a band that are in the partition.
func (p Partition) of(b band) numbers {
	if p == (Partition{}) {
		return numbers{b.first, 1, b.end - b.first}
	}
	first := b.first + ((p.Number-1-b.first)%p.Of+p.Of)%p.Of
	return numbers{first, p.Of, (max(b.end-first, 0) + p.Of - 1) / p.Of}
}

// The dimensions by which routes are ordered, each from specific to general. The weights are how many numbers a class
// gets in proportion: many where many services usually meet. Every class gets at least the number below.
var (
	hostWeights  = hostClasses(34, 1, 61)
	extraWeights = []int{extraMany: 5, extraOne: 15, extraNone: 80}

	// Services that have a host each meet in /*; services that share one, in /a/* and sometimes in /a*.
	pathWeightsOfHost   = pathClasses(1500, []int{150, 200, 300, 900, 2500, 9000}, []int{5, 5, 10, 20, 60, 150})
	pathWeightsOfNoHost = pathClasses(2500, []int{300, 400, 600, 1800, 8500, 500}, []int{10, 10, 20, 50, 150, 350})
)

const (
	leastHost  = 560
	leastPath  = 6
	leastExtra = 2
)

// maxDots is the greatest number of dots in a host with a wildcard that makes a difference.
const maxDots = 5

// The host classes are: an exact host; for each number of dots from maxDots to none, the hosts with other wildcards, such
// as pr-*.example.com, and the regular one, *.example.com; any host.
const (
	hostExact = iota
	hostWildcard
	hostAny = hostWildcard + 2*(maxDots+1)
)

// hostClasses returns the weights of the host classes.
func hostClasses(exact, wildcard, none int) []int {
	weights := make([]int, hostAny+1)
	for i := range weights {
		weights[i] = wildcard
	}
	weights[hostExact], weights[hostAny] = exact, none
	return weights
}

const (
	extraMany = iota
	extraOne
	extraNone
)

const (
	// maxSegments is the greatest number of segments before the wildcard that makes a difference.
	maxSegments = 5
	// maxLiterals is how many literal characters make a difference among patterns of another form than /a/b/*.
	maxLiterals = 12
)

// The path classes are: an exact path; patterns of more than maxSegments segments; then, for each number of segments
// from maxSegments to none, the odd patterns by their literal characters and the regular one.
const (
	pathExact = iota
	pathDeep
	pathSegments
	pathAny = pathSegments + (maxSegments+1)*(maxLiterals+1) - 1
)

// pathClasses returns the weights of the path classes: of exact paths; of the regular patterns /a/b/c/d/e/* to /*; and of
// each class of odd patterns with as many segments.
func pathClasses(exact int, regular, odd []int) []int {
	weights := make([]int, pathAny+1)
	weights[pathExact] = exact
	for i := range regular {
		first := pathSegments + i*(maxLiterals+1)
		for j := range maxLiterals {
			weights[first+j] = odd[i]
		}
		weights[first+maxLiterals] = regular[i]
	}
	return weights
}

// band is the numbers from first up to, not including, end.
type band struct{ first, end int }

// split returns the part of b that the class gets: the least number, and of the rest what its weight says.
func (b band) split(weights []int, class, least int) band {
	before, total := 0, 0
	for i, w := range weights {
		if i < class {
			before += w
		}
		total += w
	}
	rest := b.end - b.first - len(weights)*least
	return band{
		b.first + class*least + rest*before/total,
		b.first + (class+1)*least + rest*(before+weights[class])/total,
	}
}

// bandOf returns the numbers of all routes that are as specific as r. If every request that r receives would be received
// by another route too, that route's band is the same or a later one.
func bandOf(r Route) band { return bandOfClasses(hostClass(r), pathClass(r), extraClass(r)) }

func bandOfClasses(host, path, extra int) band {
	paths := pathWeightsOfHost
	if host == hostAny {
		paths = pathWeightsOfNoHost
	}
	return band{firstAllocated, endAllocated}.
		split(hostWeights, host, leastHost).
		split(paths, path, leastPath).
		split(extraWeights, extra, leastExtra)
}

// numbers are count numbers from first on, each step more than the one before.
type numbers struct{ first, step, count int }

// at returns the number that a hash of the place picks; 0 if there are none.
func (n numbers) at(place string) int {
	if n.count == 0 {
		return 0
	}
	return n.first + n.step*hashOf(place, n.count)
}

// hashOf returns a number below size that depends on the place alone.
func hashOf(place string, size int) int {
	hash := sha256.Sum256([]byte(place))
	return int(binary.BigEndian.Uint64(hash[:]) % uint64(size))
}

// hostClass is that of the most general of the route's hosts. A host with a wildcard that matches only what another one
// matches too has at least as many dots as that one; and if it has no more, it is not the regular one of the two.
func hostClass(r Route) int {
	if len(r.hosts()) == 0 {
		return hostAny
	}
	class := hostExact
	for _, host := range r.hosts() {
		if strings.ContainsAny(host, wildcards) {
			class = max(class, wildcardClass(host))
		}
	}
	return class
}

func wildcardClass(host string) int {
	class := hostWildcard + 2*(maxDots-min(strings.Count(host, "."), maxDots))
	if rest, found := strings.CutPrefix(host, "*."); found && !strings.ContainsAny(rest, wildcards) {
		return class + 1
	}
	return class
}

// pathClass is that of the most general of the route's paths.
func pathClass(r Route) int {
	if len(r.paths()) == 0 {
		return pathAny
	}
	class := pathExact
	for _, path := range r.paths() {
		class = max(class, patternClass(path))
	}
	return class
}

// patternClass orders path patterns: of a pattern that matches only what another one matches too, the class is never the
// later one. The literal start of the other one is then a start of its own, so it has at least as many segments there;
// and if it has no more, and is odd, it has at least as many literal characters.
func patternClass(pattern string) int {
	wildcard := strings.IndexAny(pattern, wildcards)
	if wildcard < 0 {
		return pathExact
	}
	start := pattern[:wildcard]
	segments := max(strings.Count(start, "/")-1, 0)
	if segments > maxSegments {
		return pathDeep
	}
	class := pathSegments + (maxSegments-segments)*(maxLiterals+1)
	if strings.HasSuffix(start, "/") && strings.Trim(pattern[wildcard:], "*") == "" {
		return class + maxLiterals
	}
	literals := len(pattern) - strings.Count(pattern, "*") - strings.Count(pattern, "?")
	return class + maxLiterals - min(literals, maxLiterals)
}

func extraClass(r Route) int {
	switch dimensions := min(len(r.Methods), 1) + len(r.Headers) + len(r.Query) + min(len(r.From), 1); dimensions {
	case 0:
		return extraNone
	case 1:
		return extraOne
	}
	return extraMany
}

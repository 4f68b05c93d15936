// Package deployment holds the ways to bring a new release into service, as values: a service takes one in its props
// and renders it. The zero choice is [Rolling].
package deployment

import (
	"cmp"

	"github.com/ecskit/ecskit/constructs/check"
)

// Policy is how a service goes from one release to the next: one of the types of this package.
type Policy interface {
	// Problems returns what is wrong with the policy itself.
	Problems() check.Problems
	// Settings returns the policy with its defaults filled in.
	Settings() Settings

	policy() // what a service has to know of a policy grows with the kinds of it
}

// AWS's names of the strategies.
const (
	StrategyRolling   = "ROLLING"
	StrategyBlueGreen = "BLUE_GREEN"
	StrategyCanary    = "CANARY"
	StrategyLinear    = "LINEAR"
)

// Settings is what a service renders of a policy.
type Settings struct {
	Strategy          string // AWS's name of the strategy
	MinHealthyPercent int
	MaxPercent        int
	CircuitBreaker    bool        // whether a release is given up that does not become healthy
	Rollback          bool        // whether a release that is given up, or that an alarm stops, is taken back
	Shift             *Shift      // nil but where ECS shifts traffic
	CodeDeploy        *CodeDeploy // nil but where CodeDeploy deploys
}

// TwoGroups reports whether requests move between two target groups.
func (s Settings) TwoGroups() bool { return s.Shift != nil || s.CodeDeploy != nil }

const docs = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html"

// What Rolling does unless it is told otherwise: no task stops before its successor is healthy, and at most a second
// set of tasks runs meanwhile.
const (
	DefaultMinHealthyPercent = 100
	DefaultMaxPercent        = 200
)

// Rolling replaces tasks a few at a time. The zero value starts new tasks first, never has fewer healthy tasks than
// desired, and returns to the last release if the new one does not become healthy.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
type Rolling struct {
	// MinHealthyPercent of the desired count stays healthy, 0-100. Zero: 100; for less use a small number such as 1.
	MinHealthyPercent int
	// MaxPercent of the desired count runs at most, more than MinHealthyPercent. Zero: 200.
	MaxPercent int
	// NoRollback leaves a failed release in place instead of returning to the last one that worked. Zero: return.
	NoRollback bool
	// NoCircuitBreaker lets a release that never becomes healthy be tried for hours. Zero: it is given up.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
	NoCircuitBreaker bool
}

var _ Policy = Rolling{}

// Problems names percentages out of range, or so close that no task could be replaced.
func (r Rolling) Problems() check.Problems {
	var ps check.Problems
	ps.Range("MinHealthyPercent", r.MinHealthyPercent, 0, 100).See(docs)
	if r.MaxPercent != 0 && r.MaxPercent < 100 {
		ps.Add("MaxPercent", r.MaxPercent, "must be at least 100, or the service could not run its desired count").See(docs)
	}
	if s := r.Settings(); len(ps) == 0 && s.MaxPercent <= s.MinHealthyPercent {
		ps.Add("MaxPercent", r.MaxPercent,
			"must be more than MinHealthyPercent (%d), or no task can ever be replaced", s.MinHealthyPercent).See(docs)
	}
	return ps
}

func (Rolling) policy() {}

// Settings returns the policy with its defaults filled in.
func (r Rolling) Settings() Settings {
	s := Settings{
		Strategy:          StrategyRolling,
		MinHealthyPercent: r.MinHealthyPercent,
		MaxPercent:        r.MaxPercent,
		CircuitBreaker:    !r.NoCircuitBreaker,
		Rollback:          !r.NoRollback,
	}
	s.MinHealthyPercent = cmp.Or(s.MinHealthyPercent, DefaultMinHealthyPercent)
	s.MaxPercent = cmp.Or(s.MaxPercent, DefaultMaxPercent)
	return s
}

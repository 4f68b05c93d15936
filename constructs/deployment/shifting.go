package deployment

import (
	"cmp"
	"math"
	"time"

	"github.com/ecskit/ecskit/constructs/check"
)

// BlueGreen starts a whole second set of tasks beside the first and moves all requests over at once. The first set stays for
// Bake, and gets the requests back if an alarm goes off.
//
// A service that is deployed so keeps two target groups, of which now one and now the other is in use: it must not go back
// to Rolling, which knows one of them. Another Route has CloudFormation set the weights of the rule back to the first of them: before, see to it
// that the tasks are there, by one more deployment if they are not.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
type BlueGreen struct {
	// Bake is how long the old tasks stay when the new ones have all requests, in whole minutes, up to 24 h. Zero: 10 min.
	Bake time.Duration
	// Hooks are called at stages of the deployment. Zero: none.
	Hooks []Hook
	// Approvals stop at stages of the deployment until somebody lets it go on. Zero: none.
	Approvals []Approval
	// NoRollback leaves a failed release in place instead of returning to the last one that worked. Zero: return.
	NoRollback bool
}

// Canary moves a part of the requests first, and the rest when nothing has gone wrong with that. It is otherwise like
// [BlueGreen]. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
type Canary struct {
	// Percent of the requests that moves first, in tenths, 0.1-99.9. Zero: 10.
	Percent float64
	// CanaryBake is how long that part is watched, in whole minutes, up to 24 h. Zero: 10 min.
	CanaryBake time.Duration
	// Bake is how long the old tasks stay when the new ones have all requests, in whole minutes, up to 24 h. Zero: 10 min.
	Bake time.Duration
	// Hooks are called at stages of the deployment. Zero: none.
	Hooks []Hook
	// Approvals stop at stages of the deployment until somebody lets it go on. Zero: none.
	Approvals []Approval
	// NoRollback leaves a failed release in place instead of returning to the last one that worked. Zero: return.
	NoRollback bool
}

// Linear moves the requests in equal steps. It is otherwise like [BlueGreen].
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/linear-deployment.html
type Linear struct {
	// StepPercent of the requests moves in each step, in tenths, 3-50. Zero: 20.
	StepPercent float64
	// StepBake is the time between two steps, in whole minutes, up to 24 h. Zero: 5 min.
	StepBake time.Duration
	// Bake is how long the old tasks stay when the new ones have all requests, in whole minutes, up to 24 h. Zero: 10 min.
	Bake time.Duration
	// Hooks are called at stages of the deployment. Zero: none.
	Hooks []Hook
	// Approvals stop at stages of the deployment until somebody lets it go on. Zero: none.
	Approvals []Approval
	// NoRollback leaves a failed release in place instead of returning to the last one that worked. Zero: return.
	NoRollback bool
}

var (
	_ Policy = BlueGreen{}
	_ Policy = Canary{}
	_ Policy = Linear{}
)

// What policies that shift traffic do unless they are told otherwise.
const (
	DefaultBake        = 10 * time.Minute
	DefaultPercent     = 10
	DefaultCanaryBake  = 10 * time.Minute
	DefaultStepPercent = 20
	DefaultStepBake    = 5 * time.Minute
)

const (
	blueGreenPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html"
	canaryPage    = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ecs-service-canaryconfiguration.html"
	linearPage    = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ecs-service-linearconfiguration.html"
)

// maxTotal is how long CloudFormation lets a deployment bake in all, so that it ends within the 36 hours of an update.
const maxTotal = 33 * time.Hour

// Shift is how a policy moves requests from one set of tasks to the other.
type Shift struct {
	// Bake is how long the old tasks stay.
	Bake time.Duration
	// Percent that moves first, or in each step. Zero: all at once.
	Percent float64
	// StepBake is the time after the first part, or after each step.
	StepBake time.Duration
	// Hooks are called at stages of the deployment.
	Hooks []Hook
	// Approvals stop at stages of the deployment.
	Approvals []Approval
}

// Problems names times that are no whole minutes or too long, and what is wrong with hooks and approvals.
func (b BlueGreen) Problems() check.Problems {
	shift := b.Settings().Shift
	return shift.total(shift.problems(), 0)
}

func (b BlueGreen) withDefaults() BlueGreen {
	b.Bake = cmp.Or(b.Bake, DefaultBake)
	return b
}

// Settings returns the policy with its defaults filled in.
func (b BlueGreen) Settings() Settings {
	b = b.withDefaults()
	return shifting(StrategyBlueGreen, b.NoRollback, Shift{Bake: b.Bake, Hooks: b.Hooks, Approvals: b.Approvals})
}

func (BlueGreen) policy() {}

// Problems names percentages and times out of AWS's range, times that are too long together, and what is wrong with hooks
// and approvals.
func (c Canary) Problems() check.Problems {
	d, shift := c.withDefaults(), c.Settings().Shift
	ps := shift.problems()
	minutes(&ps, "CanaryBake", d.CanaryBake, canaryPage)
	if !tenths(d.Percent, 0.1, 99.9) {
		ps.Add("Percent", c.Percent, "must be 0.1-99.9, in tenths").See(canaryPage)
	}
	return shift.total(ps, 1)
}

func (c Canary) withDefaults() Canary {
	c.Percent = cmp.Or(c.Percent, DefaultPercent)
	c.CanaryBake = cmp.Or(c.CanaryBake, DefaultCanaryBake)
	c.Bake = cmp.Or(c.Bake, DefaultBake)
	return c
}

// Settings returns the policy with its defaults filled in.
func (c Canary) Settings() Settings {
	c = c.withDefaults()
	return shifting(StrategyCanary, c.NoRollback, Shift{
		Bake: c.Bake, Percent: c.Percent, StepBake: c.CanaryBake, Hooks: c.Hooks, Approvals: c.Approvals,
	})
}

func (Canary) policy() {}

// Problems names percentages and times out of AWS's range, times that are too long together, and what is wrong with hooks
// and approvals.
func (l Linear) Problems() check.Problems {
	d, shift := l.withDefaults(), l.Settings().Shift
	ps := shift.problems()
	minutes(&ps, "StepBake", d.StepBake, linearPage)
	if !tenths(d.StepPercent, 3, 50) {
		ps.Add("StepPercent", l.StepPercent, "must be 3-50, in tenths: what moves more at once is a Canary").See(linearPage)
		return ps
	}
	return shift.total(ps, int(math.Ceil(100/d.StepPercent))-1)
}

func (l Linear) withDefaults() Linear {
	l.StepPercent = cmp.Or(l.StepPercent, DefaultStepPercent)
	l.StepBake = cmp.Or(l.StepBake, DefaultStepBake)
	l.Bake = cmp.Or(l.Bake, DefaultBake)
	return l
}

// Settings returns the policy with its defaults filled in.
func (l Linear) Settings() Settings {
	l = l.withDefaults()
	return shifting(StrategyLinear, l.NoRollback, Shift{
		Bake: l.Bake, Percent: l.StepPercent, StepBake: l.StepBake, Hooks: l.Hooks, Approvals: l.Approvals,
	})
}

func (Linear) policy() {}

// shifting returns the settings of a policy that starts all new tasks before it stops an old one.
func shifting(strategy string, noRollback bool, shift Shift) Settings {
	return Settings{
		Strategy: strategy, MinHealthyPercent: 100, MaxPercent: 200, CircuitBreaker: true, Rollback: !noRollback, Shift: &shift,
	}
}

// problems names what is wrong with what all such policies have.
func (s *Shift) problems() check.Problems {
	var ps check.Problems
	minutes(&ps, "Bake", s.Bake, blueGreenPage)
	ps = append(ps, hookProblems(s.Hooks)...)
	return append(ps, approvalProblems(s.Approvals)...)
}

// minutes notes a problem if d is no whole number of minutes, or more than ECS bakes.
func minutes(ps *check.Problems, field string, d time.Duration, page string) {
	if d < 0 || d > 24*time.Hour || d%time.Minute != 0 {
		ps.Add(field, d, "must be at most 24 h, in whole minutes").See(page)
	}
}

// total names, beside problems found before, times that together, with a bake after each of so many steps, take longer than
// CloudFormation waits. They add up only if each of them is right.
func (s *Shift) total(ps check.Problems, steps int) check.Problems {
	if len(ps) > 0 {
		return ps
	}
	d := s.Bake + time.Duration(steps)*s.StepBake
	for _, a := range s.Approvals {
		d += time.Duration(len(a.Stages)) * a.Wait()
	}
	for _, h := range s.Hooks {
		d += time.Duration(len(h.Stages)) * h.Timeout
	}
	if d > maxTotal {
		ps.Add("Bake", d, "must leave all times together at most %v, which is what CloudFormation takes", maxTotal).See(canaryPage)
	}
	return ps
}

// tenths reports whether a percentage is in range and has one decimal place at most.
func tenths(percent, least, most float64) bool {
	return percent >= least && percent <= most && math.Abs(percent*10-math.Round(percent*10)) < 1e-9
}

package scaling

import (
	"fmt"
	"slices"
	"time"

	"github.com/ecskit/ecskit/constructs/check"
)

const (
	page = "https://docs.aws.amazon.com/autoscaling/application/APIReference/" +
		"API_TargetTrackingScalingPolicyConfiguration.html"
	zeroPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html"
)

// Problems names bounds that contradict each other, percentages out of range, cooldowns that are not whole seconds, targets that
// nothing can be measured for, and everything that is wrong with what the policy is made of.
func (p Policy) Problems() check.Problems {
	var ps check.Problems
	if p.Min < 0 {
		ps.Add("Min", p.Min, "must not be negative")
	}
	if least := p.Least(); p.Max <= least {
		ps.Add("Max", p.Max, "must be more than Min (%d), or there is nothing to scale", least)
	}
	ps.Range("CPU", p.CPU, 0, 100).See(page)
	ps.Range("Memory", p.Memory, 0, 100).See(page)
	if p.RequestsPerTask < 0 {
		ps.Add("RequestsPerTask", p.RequestsPerTask, "must not be negative")
	}
	if p.ResponseTime < 0 || p.ResponseTime%time.Millisecond != 0 {
		ps.Add("ResponseTime", p.ResponseTime, "must be positive, in whole milliseconds")
	}
	if p.AverageResponse && p.ResponseTime == 0 {
		ps.Add("AverageResponse", p.AverageResponse, "must not be set without ResponseTime, which it is about")
	}
	ps = append(ps, p.zeroProblems()...)
	ps = append(ps, p.partProblems()...)
	ps.Seconds("OutCooldown", p.OutCooldown, 0, 24*time.Hour).See(page)
	ps.Seconds("InCooldown", p.InCooldown, 0, 24*time.Hour).See(page)
	return ps
}

// zeroProblems names what cannot be where no task runs, and what never lets the last one go.
func (p Policy) zeroProblems() check.Problems {
	var ps check.Problems
	if !p.ToZero {
		return ps
	}
	if p.Min > 0 {
		ps.Add("Min", p.Min, "must not be set with ToZero, which makes it zero")
	}
	if p.Backlog == nil && !slices.ContainsFunc(p.Steps, StepScaling.wakes) {
		ps.Add("ToZero", p.ToZero, "must be set with Backlog, or with Steps that add tasks by a metric that is not the service's own: where no task runs "+
			"nothing else is measured, and none would ever start").See(zeroPage)
	}
	if p.NoScaleIn {
		ps.Add("NoScaleIn", p.NoScaleIn, "must not be set with ToZero, which takes the last task away")
	}
	for _, target := range []struct {
		field string
		set   bool
		why   string
	}{
		{"CPU", p.CPU != 0, "for a task that runs uses some, so the last one would stay"},
		{"Memory", p.Memory != 0, "for a task that runs uses some, so the last one would stay"},
		{"RequestsPerTask", p.RequestsPerTask != 0, "for no task would answer the first request"},
		{"ResponseTime", p.ResponseTime != 0, "for no task would answer the first request"},
	} {
		if target.set {
			ps.Add(target.field, nil, "must not be set with ToZero, %s: set Min", target.why).See(zeroPage)
		}
	}
	return ps
}

func (p Policy) partProblems() check.Problems {
	var ps check.Problems
	d := p.withDefaults()
	utilization := d.CPU > 0 || d.Memory > 0
	if p.HighResolution && !utilization {
		ps.Add("HighResolution", p.HighResolution, "must not be set without CPU or Memory, which alone are measured every 20 seconds").See(fastPage)
	}
	if p.Backlog != nil {
		ps.In("Backlog", p.Backlog.Problems())
	}
	names := map[string]bool{}
	for i, s := range p.Steps {
		path := fmt.Sprintf("Steps[%d]", i)
		ps.In(path, s.Problems())
		if names[s.Name] {
			ps.Add(path+".Name", s.Name, "must be the name of no other Steps")
		}
		names[s.Name] = true
		if p.NoScaleIn && s.scalesIn() {
			ps.Add(path+".Steps", nil, "must only add tasks, for NoScaleIn is set")
		}
	}
	ps = append(ps, p.scheduleProblems()...)
	if p.Predictive != nil {
		ps.In("Predictive", p.Predictive.Problems())
		if !utilization {
			ps.Add("Predictive", nil, "must not be set without CPU or Memory, whose load it forecasts").See(predictivePage)
		}
	}
	return ps
}

// RequestProblems names the targets that only a service with a load balancer has.
func (p Policy) RequestProblems() check.Problems {
	var ps check.Problems
	if p.RequestsPerTask > 0 {
		ps.Add("RequestsPerTask", p.RequestsPerTask, "must not be set without Targets, from which requests come")
	}
	if p.ResponseTime > 0 {
		ps.Add("ResponseTime", p.ResponseTime, "must not be set without Targets, from which requests come")
	}
	return ps
}

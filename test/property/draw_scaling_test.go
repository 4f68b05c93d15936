package property

import (
	"math"
	"time"

	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/scaling"
)

// load is what there is to scale by.
type load struct {
	requests bool // from Application Load Balancers
	insights bool // tell the number of tasks, for a backlog
	fast     bool // metrics can be had every 20 seconds
}

// drawScaling draws how many tasks there are: up to five, or fewer than there are instances that hold one each.
func drawScaling(t *rapid.T, l load) *scaling.Policy {
	p := scaling.Policy{
		Max: between(t, 4, 5), OutCooldown: maybe(t, time.Second, time.Hour), InCooldown: maybe(t, time.Second, 24*time.Hour),
	}
	if l.insights {
		p.Backlog = seldom(t, &scaling.Backlog{Queue: jsii.String("orders"), Latency: time.Minute, MessageTime: 7 * time.Second})
	}
	if chance(t, 2) {
		p.Steps = drawSteps(t)
	}
	wakes := p.Backlog != nil || len(p.Steps) > 0 && p.Steps[0].Metric.Namespace != "AWS/ECS"
	if p.ToZero = wakes && chance(t, 1); !p.ToZero {
		p.Min = maybe(t, 1, 3)
		p.CPU, p.Memory = maybe(t, 1, 50, 100), maybe(t, 1, 70, 100)
		if l.requests {
			p.RequestsPerTask = maybe(t, 1, 1000)
			if p.ResponseTime = maybe(t, time.Millisecond, 250*time.Millisecond); p.ResponseTime > 0 {
				p.AverageResponse = chance(t, 1)
			}
		}
	}
	byCPU := !p.ToZero && (p.CPU > 0 || p.RequestsPerTask == 0 && p.ResponseTime == 0 && p.Backlog == nil && len(p.Steps) == 0)
	if byCPU || p.Memory > 0 {
		p.HighResolution = l.fast && chance(t, 1)
		if chance(t, 2) {
			p.Predictive = &scaling.Predictive{Act: chance(t, 1), Ahead: maybe(t, time.Second, time.Hour-time.Second)}
		}
	}
	p.Schedules = drawSchedules(t, p.Least(), p.Max)
	if in := len(p.Steps) > 0 && p.Steps[0].Steps[0].Change < 0; !in && !p.ToZero {
		p.NoScaleIn = chance(t, 2)
	}
	return &p
}

func drawSteps(t *rapid.T) []scaling.StepScaling {
	s := scaling.StepScaling{
		Name: "Age", Datapoints: maybe(t, 1, 3), Percent: chance(t, 1),
		Metric: pick(t,
			scaling.Metric{Namespace: "AWS/ECS", Name: "CPUUtilization", Statistic: maybe(t, "Maximum", "p99.9")},
			scaling.Metric{Namespace: "AWS/Kinesis", Name: "Age", Dimensions: map[string]string{"StreamName": "clicks"}, Period: maybe(t, 10*time.Second, time.Hour)},
		),
		Steps: pick(t,
			[]scaling.Step{scaling.From(85, 50)},
			[]scaling.Step{scaling.Below(10, -1), scaling.From(60.5, 1)},
			[]scaling.Step{scaling.Below(10, -2), scaling.Between(10, 20, -1), scaling.Between(60, 90, 1), {Lower: 90, Upper: math.Inf(1), Change: 4}},
		),
	}
	return []scaling.StepScaling{s}
}

// drawSchedules draws changes of the bounds of a policy.
func drawSchedules(t *rapid.T, least, most int) []scaling.Schedule {
	if !chance(t, 2) {
		return nil
	}
	all := []scaling.Schedule{{Name: "Morning", When: "cron(30 7 ? * MON-FRI *)", TimeZone: maybe(t, "Europe/Rome"), Min: maybe(t, 1, most)}}
	if chance(t, 1) {
		all = append(all, scaling.Schedule{Name: "Night", When: pick(t, "cron(0 22 * * ? *)", "rate(1 day)", "at(2031-11-28T00:00:00)"), Off: true})
	}
	if chance(t, 1) {
		all = append(all, scaling.Schedule{Name: "Noon", When: "cron(0 12 L * ? 2030-2040)", Max: max(1, least)})
	}
	return all
}

package scaling

import (
	"cmp"
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/schedule"
)

// Schedule changes the bounds of a policy at a time, until the next one does. Whenever a deployment changes bounds or schedules, the
// bounds of the policy hold again until then.
// https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
type Schedule struct {
	// Name tells it from others of the service: letters, digits, hyphens and underscores. Required.
	Name string
	// When is cron(minutes hours day-of-month month day-of-week year), such as cron(0 8 ? * MON-FRI *), or rate(value unit), or
	// at(yyyy-mm-ddThh:mm:ss). Required.
	When string
	// TimeZone that When is in, such as Europe/Rome, with its summer time. Not with rate(...). Zero: UTC.
	TimeZone string
	// Min is the least number of tasks from then on. Zero: that of the policy.
	Min int
	// Max is the greatest number of tasks from then on, at most that of the policy. Zero: that of the policy.
	Max int
	// Off stops all tasks, whatever the load. Not with Min or Max. Zero: they run.
	Off bool
}

var scheduleName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

const schedulePage = "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html"

// Problems names an impossible name, time or time zone. What only the policy tells, its own Problems name.
func (s Schedule) Problems() check.Problems {
	var ps check.Problems
	if !scheduleName.MatchString(s.Name) {
		ps.Add("Name", s.Name, "must be 1-256 letters, digits, hyphens and underscores").See(schedulePage)
	}
	ps = append(ps, schedule.Problems("When", s.When)...)
	ps = append(ps, schedule.ZoneProblems("TimeZone", s.TimeZone)...)
	if s.TimeZone != "" && !schedule.HasZone(s.When) {
		ps.Add("TimeZone", s.TimeZone, "must not be set with rate(...), which is the same everywhere")
	}
	if s.Min < 0 {
		ps.Add("Min", s.Min, "must not be negative")
	}
	if s.Max < 0 {
		ps.Add("Max", s.Max, "must not be negative")
	}
	if s.Off && (s.Min != 0 || s.Max != 0) {
		ps.Add("Off", s.Off, "must not be set with Min or Max, which are zero then")
	}
	return ps
}

// scheduleProblems names what is wrong with each schedule, and between it and the policy.
func (p Policy) scheduleProblems() check.Problems {
	var ps check.Problems
	names := map[string]bool{}
	for i, s := range p.Schedules {
		path := fmt.Sprintf("Schedules[%d]", i)
		ps.In(path, s.Problems())
		if names[s.Name] {
			ps.Add(path+".Name", s.Name, "must be the name of no other schedule")
		}
		names[s.Name] = true
		if s.Off || s.Min < 0 || s.Max < 0 {
			continue
		}
		least, most := p.bounds(s)
		switch {
		case s.Max > p.Max:
			ps.Add(path+".Max", s.Max, "must be at most Max of the policy (%d), which is the greatest number at any time", p.Max)
		case s.Min > most:
			ps.Add(path+".Min", s.Min, "must be at most Max (%d)", most)
		case s.Max > 0 && s.Max < least:
			ps.Add(path+".Max", s.Max, "must be at least Min (%d), which is that of the policy unless the schedule has its own", least)
		}
	}
	return ps
}

// bounds are those that a schedule sets: both, so that it says by itself what holds.
func (p Policy) bounds(s Schedule) (least, most int) {
	switch least, most = s.Min, s.Max; {
	case s.Off:
		return 0, 0
	case least == 0:
		least = p.Least()
	}
	most = cmp.Or(most, p.Max)
	return least, most
}

func (p Policy) scheduledActions() []*awsapplicationautoscaling.CfnScalableTarget_ScheduledActionProperty {
	var actions []*awsapplicationautoscaling.CfnScalableTarget_ScheduledActionProperty
	for _, s := range p.Schedules {
		least, most := p.bounds(s)
		action := &awsapplicationautoscaling.CfnScalableTarget_ScheduledActionProperty{
			ScheduledActionName: &s.Name, Schedule: &s.When,
			ScalableTargetAction: &awsapplicationautoscaling.CfnScalableTarget_ScalableTargetActionProperty{
				MinCapacity: jsii.Number(float64(least)), MaxCapacity: jsii.Number(float64(most)),
			},
		}
		if s.TimeZone != "" {
			action.Timezone = &s.TimeZone
		}
		actions = append(actions, action)
	}
	return actions
}

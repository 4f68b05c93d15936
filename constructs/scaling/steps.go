package scaling

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// StepScaling changes the number of tasks by how far a metric has gone. Unlike a target it can be of any metric, one that does not fall
// when tasks are added too.
// https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
type StepScaling struct {
	// Name tells it from others of the service, letters and digits. Required.
	Name string
	// Metric decides. Required.
	Metric Metric
	// Steps ascend: first those that take tasks away, from [Below] on, then those that add tasks, up to [From]. Between the two is
	// room in which nothing happens. At most twenty of each. Required: at least one.
	Steps []Step
	// Percent has each Change be a percentage of the tasks that run, one task at least. Zero: it is a number of tasks.
	Percent bool
	// Datapoints is how many values in a row have to be beyond a step. Zero: 1.
	Datapoints int
}

// Metric is any metric of CloudWatch.
type Metric struct {
	// Namespace such as AWS/Kinesis. Required.
	Namespace string
	// Name such as GetRecords.IteratorAgeMilliseconds. Required.
	Name string
	// Statistic such as Average, Sum, Maximum or p90. Zero: Average.
	Statistic string
	// Dimensions by name. Zero: those of the service itself in AWS/ECS and ECS/ContainerInsights, or else none.
	Dimensions map[string]string
	// Period of a value: 10, 20 or 30 s, or whole minutes up to a day. Zero: 1 minute.
	Period time.Duration
}

// Step is a range of a metric and what comes of it.
type Step struct {
	// Lower is where it begins; math.Inf(-1) for no bound.
	Lower float64
	// Upper is where it ends; math.Inf(1) for no bound.
	Upper float64
	// Change is the number of tasks, or the percentage, to add, or if negative to take away. Required.
	Change int
}

// Below is everything up to a value, for the first step that takes tasks away.
func Below(upper float64, change int) Step { return Step{math.Inf(-1), upper, change} }

// Between is a range of values.
func Between(lower, upper float64, change int) Step { return Step{lower, upper, change} }

// From is everything from a value on, for the last step that adds tasks.
func From(lower float64, change int) Step { return Step{lower, math.Inf(1), change} }

const (
	stepPage   = "https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html"
	metricPage = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html"
	maxSteps   = 20
)

var (
	stepName  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,63}$`)
	statistic = regexp.MustCompile(`^(Average|Sum|Minimum|Maximum|SampleCount|IQM|(p|tm|tc|ts|wm)\d{1,2}(\.\d{1,10})?|p100)$`)
)

// Problems names an impossible metric or name, and steps that overlap, leave gaps, do not ascend or have no end.
func (s StepScaling) Problems() check.Problems {
	var ps check.Problems
	if !stepName.MatchString(s.Name) {
		ps.Add("Name", s.Name, "must be 1-64 letters and digits, a letter first")
	}
	ps.In("Metric", s.Metric.Problems())
	if period := s.Metric.withDefaults().Period; s.Datapoints < 0 || period > 0 && s.Datapoints > int(24*time.Hour/period) {
		ps.Add("Datapoints", s.Datapoints, "must not be negative, nor take more than a day").See(alarmPage)
	}
	if len(s.Steps) == 0 {
		ps.Add("Steps", nil, "must be at least one")
	}
	for i := range s.Steps {
		ps.In(fmt.Sprintf("Steps[%d]", i), s.stepProblems(i))
	}
	out, in := s.out(), s.in()
	if len(out) > maxSteps || len(in) > maxSteps {
		ps.Add("Steps", len(s.Steps), "must be at most %d that add tasks, and as many that take them away", maxSteps).See(stepPage)
	}
	return ps
}

const alarmPage = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"

// stepProblems names what is wrong with a step, and between it and those before.
func (s StepScaling) stepProblems(i int) check.Problems {
	var ps check.Problems
	step := s.Steps[i]
	if math.IsNaN(step.Lower) || math.IsNaN(step.Upper) || step.Lower >= step.Upper {
		ps.Add("Upper", step.Upper, "must be more than Lower (%v)", step.Lower).See(stepPage)
		return ps
	}
	if step.Change == 0 {
		ps.Add("Change", step.Change, "must not be zero: leave the step out")
		return ps
	}
	if s.Percent && step.Change < -100 {
		ps.Add("Change", step.Change, "must be at least -100 with Percent")
	}
	first, last := i == 0, i == len(s.Steps)-1
	switch {
	case step.Change > 0 && math.IsInf(step.Lower, -1):
		ps.Add("Lower", step.Lower, "must be a number, from which on tasks are added").See(stepPage)
	case step.Change < 0 && math.IsInf(step.Upper, 1):
		ps.Add("Upper", step.Upper, "must be a number, up to which tasks are taken away").See(stepPage)
	case step.Change > 0 && last && !math.IsInf(step.Upper, 1):
		ps.Add("Upper", step.Upper, "must be math.Inf(1), or above it nothing would be added").See(stepPage)
	case step.Change < 0 && first && !math.IsInf(step.Lower, -1):
		ps.Add("Lower", step.Lower, "must be math.Inf(-1), or below it nothing would be taken away").See(stepPage)
	}
	if first {
		return ps
	}
	before := s.Steps[i-1]
	switch {
	case step.Lower < before.Upper:
		ps.Add("Lower", step.Lower, "must not be below where the step before ends (%v), for steps ascend and do not overlap", before.Upper).See(stepPage)
	case step.Change < before.Change:
		ps.Add("Change", step.Change, "must not be less than that of the step before (%d), for steps ascend", before.Change)
	case (step.Change > 0) == (before.Change > 0) && step.Lower > before.Upper:
		ps.Add("Lower", step.Lower, "must be where the step before ends (%v), for steps leave no gap", before.Upper).See(stepPage)
	case (step.Change > 0) != (before.Change > 0) && step.Lower == before.Upper:
		ps.Add("Lower", step.Lower, "must be more than where the step before ends, or tasks are added and taken away in turn")
	}
	return ps
}

// Problems names a metric without a name, and periods and statistics that CloudWatch does not have.
func (m Metric) Problems() check.Problems {
	var ps check.Problems
	if m.Namespace == "" {
		ps.Add("Namespace", m.Namespace, "must be set")
	}
	if m.Name == "" {
		ps.Add("Name", m.Name, "must be set")
	}
	d := m.withDefaults()
	if !statistic.MatchString(d.Statistic) {
		ps.Add("Statistic", m.Statistic, "must be Average, Sum, Minimum, Maximum, SampleCount, IQM, or a percentile such as p90").See(metricPage)
	}
	short := slices.Contains([]time.Duration{10 * time.Second, 20 * time.Second, 30 * time.Second}, d.Period)
	if !short && (d.Period < time.Minute || d.Period > 24*time.Hour || d.Period%time.Minute != 0) {
		ps.Add("Period", m.Period, "must be 10, 20 or 30 s, or whole minutes up to a day").See(metricPage)
	}
	return ps
}

func (m Metric) withDefaults() Metric {
	m.Statistic = cmp.Or(m.Statistic, "Average")
	m.Period = cmp.Or(m.Period, time.Minute)
	return m
}

// query is the metric, of the service itself where the metric does not say of what.
func (m Metric) query(p Props) query {
	q := query{id: "m", namespace: m.Namespace, name: m.Name, statistic: m.Statistic}
	if m.own() {
		q.dimensions = []dimension{{"ClusterName", p.Cluster}, {"ServiceName", p.Service}}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Dimensions)) {
		q.dimensions = append(q.dimensions, dimension{name, jsii.String(m.Dimensions[name])})
	}
	return q
}

// own reports whether the metric is of the service itself.
func (m Metric) own() bool {
	return (m.Namespace == "AWS/ECS" || m.Namespace == "ECS/ContainerInsights") && len(m.Dimensions) == 0
}

// wakes reports whether the first task can be started by the steps.
func (s StepScaling) wakes() bool { return len(s.out()) > 0 && !s.Metric.own() }

func (s StepScaling) out() []Step {
	return slices.DeleteFunc(slices.Clone(s.Steps), func(s Step) bool { return s.Change <= 0 })
}

func (s StepScaling) in() []Step {
	return slices.DeleteFunc(slices.Clone(s.Steps), func(s Step) bool { return s.Change >= 0 })
}

func (s StepScaling) scalesIn() bool { return len(s.in()) > 0 }

// step makes a policy and an alarm for the steps that add tasks, and for those that take them away. At its bound a step that adds
// begins, and one that takes away ends, with the value itself, as Application Auto Scaling has it.
func (s *Scaling) step(steps StepScaling, p Policy, props Props) {
	steps.Metric = steps.Metric.withDefaults()
	a := alarm{queries: []query{steps.Metric.query(props)}, period: steps.Metric.Period, datapoints: max(steps.Datapoints, 1)}
	if out := steps.out(); len(out) > 0 {
		a.threshold, a.comparison = out[0].Lower, "GreaterThanOrEqualToThreshold"
		a.policy = s.stepPolicy(steps.Name+"Out", steps, out, a.threshold, p.OutCooldown)
		a.description = fmt.Sprintf("%s %s asks for more tasks.", steps.Metric.Namespace, steps.Metric.Name)
		s.alarm(steps.Name+"OutAlarm", a)
	}
	if in := steps.in(); len(in) > 0 {
		a.threshold, a.comparison = in[len(in)-1].Upper, "LessThanOrEqualToThreshold"
		a.policy = s.stepPolicy(steps.Name+"In", steps, in, a.threshold, p.InCooldown)
		a.description = fmt.Sprintf("%s %s asks for fewer tasks.", steps.Metric.Namespace, steps.Metric.Name)
		s.alarm(steps.Name+"InAlarm", a)
	}
}

func (s *Scaling) stepPolicy(id string, steps StepScaling, of []Step, threshold float64, cooldown time.Duration) awsapplicationautoscaling.CfnScalingPolicy {
	c := &awsapplicationautoscaling.CfnScalingPolicy_StepScalingPolicyConfigurationProperty{
		AdjustmentType: jsii.String("ChangeInCapacity"), Cooldown: jsii.Number(cooldown.Seconds()),
		MetricAggregationType: jsii.String(steps.Metric.aggregation()),
	}
	if steps.Percent {
		c.AdjustmentType, c.MinAdjustmentMagnitude = jsii.String("PercentChangeInCapacity"), jsii.Number(1)
	}
	var adjustments []*awsapplicationautoscaling.CfnScalingPolicy_StepAdjustmentProperty
	for _, step := range of {
		adjustments = append(adjustments, &awsapplicationautoscaling.CfnScalingPolicy_StepAdjustmentProperty{
			ScalingAdjustment:        jsii.Number(float64(step.Change)),
			MetricIntervalLowerBound: interval(step.Lower, threshold), MetricIntervalUpperBound: interval(step.Upper, threshold),
		})
	}
	c.StepAdjustments = adjustments
	return s.policy(id, "StepScaling", awsapplicationautoscaling.CfnScalingPolicyProps{StepScalingPolicyConfiguration: c})
}

// interval is a bound as its distance from the threshold; nil for none.
func interval(bound, threshold float64) *float64 {
	if math.IsInf(bound, 0) {
		return nil
	}
	return jsii.Number(bound - threshold)
}

func (m Metric) aggregation() string {
	if m.Statistic == "Maximum" || m.Statistic == "Minimum" {
		return m.Statistic
	}
	return "Average"
}

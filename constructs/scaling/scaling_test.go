package scaling_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/scaling"
)

func TestPolicyProblems(t *testing.T) {
	for name, c := range map[string]struct {
		policy scaling.Policy
		want   []string
	}{
		"least":         {scaling.Policy{Max: 3}, nil},
		"every field":   {scaling.Policy{Min: 1, Max: 2, CPU: 100, Memory: 1, RequestsPerTask: 1, OutCooldown: time.Second, InCooldown: time.Hour}, nil},
		"zero":          {scaling.Policy{}, []string{"Max"}},
		"Max is Min":    {scaling.Policy{Min: 4, Max: 4}, []string{"Max"}},
		"default Min":   {scaling.Policy{Max: 2}, []string{"Max"}},
		"negative Min":  {scaling.Policy{Min: -1, Max: 3}, []string{"Min"}},
		"above 100 %":   {scaling.Policy{Max: 3, CPU: 101, Memory: 101}, []string{"CPU", "Memory"}},
		"negative":      {scaling.Policy{Max: 3, CPU: -1, RequestsPerTask: -1}, []string{"CPU", "RequestsPerTask"}},
		"half a second": {scaling.Policy{Max: 3, OutCooldown: time.Second / 2, InCooldown: -time.Second}, []string{"OutCooldown", "InCooldown"}},
		"everything": {scaling.Policy{
			Min: 1, Max: 9, CPU: 50, Memory: 70, HighResolution: true, RequestsPerTask: 9, ResponseTime: time.Second, AverageResponse: true,
			Backlog: backlog(time.Minute, time.Second), Steps: []scaling.StepScaling{steps(scaling.From(1, 1))},
			Schedules:  []scaling.Schedule{{Name: "Day", When: "cron(0 8 ? * MON-FRI *)", TimeZone: "Europe/Rome", Min: 4, Max: 9}, {Name: "Night", When: "rate(1 day)", Off: true}},
			Predictive: &scaling.Predictive{Act: true, Ahead: time.Minute}, NoScaleIn: true,
		}, nil},
		"response":           {scaling.Policy{Max: 3, ResponseTime: time.Microsecond, AverageResponse: true}, []string{"ResponseTime"}},
		"average of nothing": {scaling.Policy{Max: 3, AverageResponse: true}, []string{"AverageResponse"}},
		"to zero by backlog": {scaling.Policy{ToZero: true, Max: 1, Backlog: backlog(time.Minute, time.Minute)}, nil},
		"to zero by steps":   {scaling.Policy{ToZero: true, Max: 1, Steps: []scaling.StepScaling{steps(scaling.Below(0, -1), scaling.From(1, 1))}}, nil},
		"to zero by steps that only go down": {
			scaling.Policy{ToZero: true, Max: 1, Steps: []scaling.StepScaling{steps(scaling.Below(0, -1))}}, []string{"ToZero"},
		},
		"to zero by its own CPU": {scaling.Policy{ToZero: true, Max: 1, Steps: []scaling.StepScaling{{
			Name: "CPU", Metric: scaling.Metric{Namespace: "AWS/ECS", Name: "CPUUtilization"}, Steps: []scaling.Step{scaling.From(80, 1)},
		}}}, []string{"ToZero"}},
		"to zero and never down": {
			scaling.Policy{ToZero: true, Max: 2, NoScaleIn: true, Backlog: backlog(time.Minute, time.Minute)}, []string{"NoScaleIn"},
		},
		"to zero for good": {scaling.Policy{ToZero: true, Max: 3}, []string{"ToZero"}},
		"not to zero": {
			scaling.Policy{ToZero: true, Min: 1, Max: 3, CPU: 50, Memory: 50, RequestsPerTask: 5, ResponseTime: time.Second, Backlog: backlog(time.Minute, time.Minute)},
			[]string{"Min", "CPU", "Memory", "RequestsPerTask", "ResponseTime"},
		},
		"fast without":       {scaling.Policy{Max: 3, RequestsPerTask: 5, HighResolution: true}, []string{"HighResolution"}},
		"fast":               {scaling.Policy{Max: 3, HighResolution: true}, nil},
		"forecast of nobody": {scaling.Policy{Max: 3, RequestsPerTask: 5, Predictive: &scaling.Predictive{}}, []string{"Predictive"}},
		"forecast too early": {scaling.Policy{Max: 3, Predictive: &scaling.Predictive{Ahead: time.Hour}}, []string{"Predictive.Ahead"}},
		"backlog":            {scaling.Policy{Max: 3, Backlog: &scaling.Backlog{}}, []string{"Backlog.Queue", "Backlog.MessageTime", "Backlog.Latency"}},
		"slow messages":      {scaling.Policy{Max: 3, Backlog: backlog(time.Second, time.Minute)}, []string{"Backlog.Latency"}},
		"same steps twice":   {scaling.Policy{Max: 3, Steps: []scaling.StepScaling{steps(scaling.From(1, 1)), steps(scaling.From(1, 1))}}, []string{"Steps[1].Name"}},
		"steps in": {
			scaling.Policy{Max: 3, NoScaleIn: true, Steps: []scaling.StepScaling{steps(scaling.Below(1, -1))}}, []string{"Steps[0].Steps"},
		},
		"schedules": {scaling.Policy{Min: 2, Max: 6, Schedules: []scaling.Schedule{
			{},
			{Name: "a", When: "cron(0 8 * * MON *)", TimeZone: "Europe/Roma", Min: 7},
			{Name: "a", When: "rate(1 day)", TimeZone: "Europe/Rome", Max: 7},
			{Name: "b", When: "at(2030-01-01T00:00:00)", Min: 5, Max: 4},
			{Name: "c", When: "at(2030-01-01T00:00:00)", Max: 1},
			{Name: "d", When: "at(2030-01-01T00:00:00)", Off: true, Max: 1},
			{Name: "e", When: "at(2030-01-01T00:00:00)", Min: 1, Max: 1},
			{Name: "f", When: "at(2030-01-01T00:00:00)", Min: -1, Max: -1},
			{Name: "g", When: "at(2030-01-01T00:00:00)", Max: -1},
			{Name: "h", When: "at(2030-01-01T00:00:00)", Off: true, Min: 3},
		}}, []string{
			"Schedules[0].Name", "Schedules[0].When", "Schedules[1].When", "Schedules[1].TimeZone", "Schedules[1].Min", "Schedules[2].TimeZone",
			"Schedules[2].Name", "Schedules[2].Max", "Schedules[3].Min", "Schedules[4].Max", "Schedules[5].Off", "Schedules[7].Min", "Schedules[7].Max",
			"Schedules[8].Max", "Schedules[9].Off",
		}},
	} {
		if diff := cmp.Diff(c.want, fieldsOf(c.policy.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func backlog(latency, each time.Duration) *scaling.Backlog {
	queue := "queue"
	return &scaling.Backlog{Queue: &queue, Latency: latency, MessageTime: each}
}

func steps(s ...scaling.Step) scaling.StepScaling {
	return scaling.StepScaling{Name: "Age", Metric: scaling.Metric{Namespace: "AWS/Kinesis", Name: "Age"}, Steps: s}
}

func fieldsOf(ps check.Problems) []string {
	var fields []string
	for _, p := range ps {
		fields = append(fields, p.Field)
	}
	return fields
}

func TestStepProblems(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		steps []scaling.Step
		want  []string
	}{
		"out":      {[]scaling.Step{scaling.Between(10, 20, 1), scaling.From(20, 3)}, nil},
		"in":       {[]scaling.Step{scaling.Below(-5, -2), scaling.Between(-5, 0, -1)}, nil},
		"both":     {[]scaling.Step{scaling.Below(0, -1), scaling.From(1, 1)}, nil},
		"none":     {nil, []string{"Steps"}},
		"overlaps": {[]scaling.Step{scaling.Between(10, 21, 1), scaling.From(20, 3)}, []string{"Steps[1].Lower"}},
		"descends": {[]scaling.Step{scaling.From(20, 3), scaling.Between(10, 20, 1)}, []string{"Steps[1].Upper", "Steps[1].Lower"}},
		"gap":      {[]scaling.Step{scaling.Between(10, 19, 1), scaling.From(20, 3)}, []string{"Steps[1].Lower"}},
		"no room":  {[]scaling.Step{scaling.Below(1, -1), scaling.From(1, 1)}, []string{"Steps[1].Lower"}},
		"fewer at more": {
			[]scaling.Step{scaling.Between(10, 20, 3), scaling.From(20, 1)}, []string{"Steps[1].Change"},
		},
		"out before in":   {[]scaling.Step{scaling.Between(1, 2, 1), scaling.Between(3, 4, -1)}, []string{"Steps[1].Change"}},
		"no upper end":    {[]scaling.Step{scaling.Between(10, 20, 1)}, []string{"Steps[0].Upper"}},
		"no lower end":    {[]scaling.Step{scaling.Between(10, 20, -1)}, []string{"Steps[0].Lower"}},
		"always out":      {[]scaling.Step{scaling.Below(20, 1)}, []string{"Steps[0].Lower"}},
		"always in":       {[]scaling.Step{scaling.From(20, -1)}, []string{"Steps[0].Upper"}},
		"nothing":         {[]scaling.Step{scaling.From(20, 0)}, []string{"Steps[0].Change"}},
		"upside down":     {[]scaling.Step{scaling.Between(20, 10, 1)}, []string{"Steps[0].Upper"}},
		"not a number":    {[]scaling.Step{scaling.From(math.NaN(), 1)}, []string{"Steps[0].Upper"}},
		"bound of itself": {[]scaling.Step{{Lower: inf, Upper: inf, Change: 1}}, []string{"Steps[0].Upper"}},
		"too many":        {many(21), []string{"Steps"}},
		"enough":          {many(20), nil},
	} {
		if diff := cmp.Diff(c.want, fieldsOf(steps(c.steps...).Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	bad := scaling.StepScaling{
		Name: "a b", Datapoints: 1441, Metric: scaling.Metric{Statistic: "Median", Period: 90 * time.Second}, Steps: []scaling.Step{scaling.From(1, 1)},
	}
	long := scaling.StepScaling{
		Name: "a", Datapoints: math.MaxInt, Metric: scaling.Metric{Namespace: "A", Name: "B"}, Steps: []scaling.Step{scaling.From(1, 1)},
	}
	if diff := cmp.Diff([]string{"Datapoints"}, fieldsOf(long.Problems())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Name", "Metric.Namespace", "Metric.Name", "Metric.Statistic", "Metric.Period", "Datapoints"}, fieldsOf(bad.Problems())); diff != "" {
		t.Error(diff)
	}
	percent := steps(scaling.Below(0, -101))
	percent.Percent = true
	if diff := cmp.Diff([]string{"Steps[0].Change"}, fieldsOf(percent.Problems())); diff != "" {
		t.Error(diff)
	}
}

func many(n int) []scaling.Step {
	var s []scaling.Step
	for i := range n - 1 {
		s = append(s, scaling.Between(float64(i), float64(i+1), i+1))
	}
	return append(s, scaling.From(float64(n-1), n))
}

func TestFastMetrics(t *testing.T) {
	for _, c := range []struct {
		policy scaling.Policy
		want   []string
	}{
		{scaling.Policy{}, nil},
		{scaling.Policy{HighResolution: true}, []string{"CPUUtilization"}},
		{scaling.Policy{HighResolution: true, Memory: 50}, []string{"MemoryUtilization"}},
		{scaling.Policy{HighResolution: true, CPU: 50, Memory: 50}, []string{"CPUUtilization", "MemoryUtilization"}},
	} {
		if diff := cmp.Diff(c.want, c.policy.FastMetrics()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestPropsProblems(t *testing.T) {
	ps := scaling.Props{Policy: scaling.Policy{Max: 3}}.Problems()
	if len(ps) != 2 || ps[0].Field != "Cluster" || ps[1].Field != "Service" {
		t.Errorf("got %v, want Cluster and Service", ps)
	}
	name := "a"
	ps = scaling.Props{Policy: scaling.Policy{Max: 3, RequestsPerTask: 1}, Cluster: &name, Service: &name}.Problems()
	if len(ps) != 1 || ps[0].Field != "Groups" {
		t.Errorf("got %v, want Groups", ps)
	}
	ps = scaling.Props{Policy: scaling.Policy{Max: 3, ResponseTime: time.Second}, Cluster: &name, Service: &name}.Problems()
	if len(ps) != 1 || ps[0].Field != "Groups" {
		t.Errorf("got %v, want Groups", ps)
	}
	ps = scaling.Props{Policy: scaling.Policy{Max: 3}, Cluster: &name, Service: &name, Groups: []scaling.Group{{}}}.Problems()
	if len(ps) != 2 || ps[0].Field != "Groups[0].LoadBalancer" || ps[1].Field != "Groups[0].Name" {
		t.Errorf("got %v, want both of the group", ps)
	}
	if ps = (scaling.Props{Keep: 3, Cluster: &name, Service: &name}).Problems(); len(ps) > 0 {
		t.Errorf("got %v", ps)
	}
	for _, props := range []scaling.Props{{Keep: -1}, {Keep: 1, Policy: scaling.Policy{Max: 3}}} {
		props.Cluster, props.Service = &name, &name
		if ps = props.Problems(); len(ps) != 1 || ps[0].Field != "Keep" {
			t.Errorf("%+v: got %v, want Keep", props, ps)
		}
	}
}

package job_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/job"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
)

func fields(ps check.Problems) []string {
	var fields []string
	for _, p := range ps {
		fields = append(fields, p.Field)
	}
	return fields
}

func TestScheduleProblems(t *testing.T) {
	for name, c := range map[string]struct {
		schedule job.Schedule
		want     []string
	}{
		"nightly":        {job.Schedule{When: "cron(0 3 * * ? *)", TimeZone: "Europe/Zurich", Window: time.Hour}, nil},
		"hourly":         {job.Schedule{When: "rate(1 hour)"}, nil},
		"once":           {job.Schedule{When: "at(2026-12-24T18:00:00)"}, nil},
		"zero":           {job.Schedule{}, []string{"When"}},
		"five fields":    {job.Schedule{When: "cron(0 3 * * *)"}, []string{"When"}},
		"no such place":  {job.Schedule{When: "cron(0 3 * * ? *)", TimeZone: "Europe/Nowhere"}, []string{"TimeZone"}},
		"zone of a rate": {job.Schedule{When: "rate(1 hour)", TimeZone: "Europe/Zurich"}, []string{"TimeZone"}},
		"input":          {job.Schedule{When: "rate(1 hour)", Input: map[string]any{"a": func() {}}}, []string{"Input"}},
		"window":         {job.Schedule{When: "rate(1 hour)", Window: 90 * time.Second}, []string{"Window"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.schedule.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestProblems(t *testing.T) {
	for name, c := range map[string]struct {
		props job.Props
		want  []string
	}{
		"zero":     {job.Props{}, []string{"Cluster", "Task.Image"}},
		"right":    {job.Props{Variables: map[string]string{"KEY": "detail.object.key"}, Retries: 3}, []string{"Cluster"}},
		"elements": {job.Props{ForEach: &job.ForEach{Items: "files"}, Variables: map[string]string{"FILE": ""}}, []string{"Cluster"}},
		"paths": {job.Props{ForEach: &job.ForEach{Items: "$.files", AtOnce: 41}, Variables: map[string]string{"A B": "a", "C": "a[0]"}}, []string{
			"Cluster", "ForEach.Items", "ForEach.AtOnce", "Variables[A B]", "Variables[C]",
		}},
		"list from nowhere": {job.Props{ForEach: &job.ForEach{Items: "files"}, Schedule: &job.Schedule{When: "rate(1 day)"}}, []string{"Cluster", "Schedule.Input"}},
		"whole input":       {job.Props{Variables: map[string]string{"INPUT": ""}}, []string{"Cluster", "Variables[INPUT]"}},
		"twice": {job.Props{Variables: map[string]string{"A": "a", "B": "b"}, Task: task.Props{
			Environment: map[string]string{"A": "1"}, Secrets: secret.Map{"B": secret.ParameterStore{Name: "/b"}},
		}}, []string{"Cluster", "Variables[A]", "Variables[B]"}},
		"numbers":      {job.Props{Timeout: 31 * 24 * time.Hour, Retries: 11, Events: []job.Event{{}}}, []string{"Cluster", "Events[0].Pattern", "Timeout", "Retries"}},
		"all pools":    {job.Props{Capacity: cluster.AllPools{}}, []string{"Cluster", "Capacity"}},
		"at deploy":    {job.Props{AtDeploy: true, Retries: 1}, []string{"Cluster"}},
		"long deploy":  {job.Props{AtDeploy: true, Timeout: 30 * time.Minute, Retries: 1}, []string{"Cluster", "AtDeploy"}},
		"for ever":     {job.Props{AtDeploy: true, Timeout: math.MaxInt64, Retries: math.MaxInt}, []string{"Cluster", "Timeout", "Retries"}},
		"each deploy":  {job.Props{AtDeploy: true, ForEach: &job.ForEach{Items: "a"}}, []string{"Cluster", "AtDeploy"}},
		"never deploy": {job.Props{AtDeploy: true, NoOverlap: true}, []string{"Cluster", "AtDeploy"}},
	} {
		if name != "zero" {
			c.props.Task.Image = "a:1"
		}
		if diff := cmp.Diff(c.want, fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

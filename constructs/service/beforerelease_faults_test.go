package service_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

// tasks are what ECS runs.
type tasks struct {
	all  []*oneTask
	exit int
	take time.Duration // how long each runs
	room time.Duration // how long there is none for any, since the first was asked for
	runs int           // how many there must be when the request is done

	asked time.Time
}

type oneTask struct {
	arn, token, by string
	began, ends    time.Time
	exit           any
}

func (ts *tasks) Call(name string, input map[string]any, now time.Time) (map[string]any, error) {
	switch name {
	case "RunTask":
		return ts.start(fmt.Sprint(input["clientToken"]), fmt.Sprint(input["startedBy"]), now), nil
	case "StopTask":
		if t := ts.find(input["task"]); t != nil && now.Before(t.ends) {
			t.ends, t.exit = now.Add(4*time.Second), 137
		}
	case "ListTasks":
		arns := []string{}
		for _, t := range ts.all {
			if t.by == input["startedBy"] && now.Before(t.ends) {
				arns = append(arns, t.arn)
			}
		}
		return map[string]any{"taskArns": arns}, nil
	case "DescribeTasks":
		described := []answer{}
		for _, arn := range input["tasks"].([]any) {
			if t := ts.find(arn); t != nil {
				described = append(described, t.describe(now))
			}
		}
		return map[string]any{"tasks": described}, nil
	}
	return map[string]any{}, nil
}

// start starts a task, but for a token that has started one.
func (ts *tasks) start(token, by string, now time.Time) map[string]any {
	if ts.asked.IsZero() {
		ts.asked = now
	}
	for _, t := range ts.all {
		if t.token == token {
			return map[string]any{"tasks": []answer{t.describe(now)}}
		}
	}
	if now.Sub(ts.asked) < ts.room {
		return map[string]any{"failures": []answer{{"reason": "RESOURCE:MEMORY"}}}
	}
	t := &oneTask{arn: fmt.Sprintf("task-%d", len(ts.all)), token: token, by: by, began: now, ends: now.Add(ts.take), exit: ts.exit}
	ts.all = append(ts.all, t)
	return map[string]any{"tasks": []answer{t.describe(now)}}
}

func (ts *tasks) find(arn any) *oneTask {
	for _, t := range ts.all {
		if t.arn == arn {
			return t
		}
	}
	return nil
}

func (t *oneTask) describe(now time.Time) answer {
	if now.Before(t.ends) {
		return answer{"taskArn": t.arn, "lastStatus": "RUNNING"}
	}
	return answer{"taskArn": t.arn, "lastStatus": "STOPPED", "containers": []answer{{"name": "main", "exitCode": t.exit}}}
}

func (*tasks) Missing(string) string { return "ClusterNotFoundException" }

// Made lists the requests that tasks were started for.
func (ts *tasks) Made() []string {
	var requests []string
	for _, t := range ts.all {
		request, _, _ := strings.Cut(t.token, "-")
		requests = append(requests, request)
	}
	return requests
}

func (*tasks) Secrets() []string { return nil }

func (ts *tasks) Wrong(done bool, now time.Time) string {
	if done && len(ts.all) != ts.runs {
		return fmt.Sprintf("%d tasks, want %d", len(ts.all), ts.runs)
	}
	for _, t := range ts.all {
		if now.Before(t.ends) || done && t.exit != 0 && t.token != "given-up" {
			return fmt.Sprintf("%s: %v", t.token, t.describe(now))
		}
	}
	return ""
}

// TestTaskBeforeReleaseWithFaults meets every fault at every call of what CloudFormation may ask for.
func TestTaskBeforeReleaseWithFaults(t *testing.T) {
	t.Parallel()
	world := func(ts tasks) func() functiontest.World {
		return func() functiontest.World {
			fresh := ts
			return &fresh
		}
	}
	// left is a world with a task that an update has left, which CloudFormation has given up.
	left := func() functiontest.World {
		ts := &tasks{take: 20 * time.Minute, runs: 1}
		ts.start("given-up", "Resource/stack", time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
		return ts
	}
	late := create()
	late.Properties["TimeoutSeconds"] = "15"
	remove := functiontest.Event{Kind: "Delete", PhysicalID: "Resource", Properties: wantedTask("3")}
	short := tasks{take: 8 * time.Second, runs: 1}
	functiontest.Faults(t, "function/beforerelease.js", []functiontest.Scenario{
		{Name: "create", World: world(short), Event: create()},
		{Name: "later", World: world(short), Event: update("9", "10")},
		{Name: "longer than a function", World: world(tasks{take: 80 * time.Second, runs: 1}), Event: create(), Limit: 90 * time.Second},
		{Name: "no room yet", World: world(tasks{take: 8 * time.Second, room: 8 * time.Second, runs: 1}), Event: create(), Once: true},
		{Name: "fails", World: world(tasks{take: 8 * time.Second, exit: 1}), Event: update("1", "2"), Fails: true},
		{Name: "too long", World: world(tasks{take: 20 * time.Hour}), Event: late, Fails: true},
		{Name: "nothing new", World: world(tasks{}), Event: update("3", "3")},
		{Name: "back", World: left, Event: update("10", "9"), Within: 2 * time.Minute},
		{Name: "delete", World: world(tasks{}), Event: remove},
		{Name: "delete what runs", World: left, Event: remove, Within: 2 * time.Minute},
	})
}

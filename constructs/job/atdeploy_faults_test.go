package job_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

// executions are what Step Functions runs, by their names.
type executions struct {
	all  map[string]*run
	ends string // how each ends
	take time.Duration
	runs int // how many there must be when the request is done
}

type run struct {
	began   time.Time
	stopped bool
	others  bool // who it is that started it: it must go on
	left    bool // by an update that was given up
}

func (e *executions) Call(name string, input map[string]any, now time.Time) (map[string]any, error) {
	switch name {
	case "ListExecutions":
		return e.list(now), nil
	case "StartExecution":
		id := fmt.Sprint(input["name"])
		if id != "stack-request" { // by which it is found again
			return nil, functiontest.Refuse("InvalidName")
		}
		if r := e.all[id]; r == nil {
			e.all[id] = &run{began: now}
		} else if e.status(r, now) != "RUNNING" {
			return nil, functiontest.Refuse("ExecutionAlreadyExists")
		}
		return map[string]any{"executionArn": "arn:aws:states:us-east-1:123456789012:execution:Job:" + id}, nil
	}
	for id, r := range e.all {
		if input["executionArn"] != "arn:aws:states:us-east-1:123456789012:execution:Job:"+id {
			continue
		}
		if name == "StopExecution" {
			r.stopped = true
		}
		return map[string]any{"status": e.status(r, now), "error": "States.TaskFailed", "cause": "so it ended"}, nil
	}
	return nil, functiontest.Refuse(e.Missing(name))
}

// list lists what runs.
func (e *executions) list(now time.Time) map[string]any {
	listed := []answer{}
	for _, id := range e.Made() {
		if e.status(e.all[id], now) == "RUNNING" {
			listed = append(listed, answer{"name": id, "executionArn": "arn:aws:states:us-east-1:123456789012:execution:Job:" + id})
		}
	}
	return answer{"executions": listed}
}

func (e *executions) status(r *run, now time.Time) string {
	switch {
	case r.stopped:
		return "ABORTED"
	case now.Sub(r.began) < e.take:
		return "RUNNING"
	}
	return e.ends
}

func (*executions) Missing(name string) string {
	if name == "DescribeExecution" || name == "StopExecution" {
		return "ExecutionDoesNotExist"
	}
	return "StateMachineDoesNotExist"
}

func (e *executions) Made() []string { return slices.Sorted(maps.Keys(e.all)) }

func (*executions) Secrets() []string { return nil }

func (e *executions) Wrong(done bool, now time.Time) string {
	if done && len(e.all) != e.runs {
		return fmt.Sprintf("%d executions, want %d", len(e.all), e.runs)
	}
	for id, r := range e.all {
		status := e.status(r, now)
		running, well := status == "RUNNING", status == "SUCCEEDED" || r.left || r.others
		if running != r.others || done && !well {
			return id + " " + status
		}
	}
	return ""
}

// TestAtDeployWithFaults meets every fault at every call of what CloudFormation may ask for.
func TestAtDeployWithFaults(t *testing.T) {
	t.Parallel()
	world := func(ends string, take time.Duration, runs int) func() functiontest.World {
		return func() functiontest.World {
			return &executions{all: map[string]*run{}, ends: ends, take: take, runs: runs}
		}
	}
	// left is a world with what an update has left, which CloudFormation has given up, beside what somebody else has started.
	left := func() functiontest.World {
		began := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
		return &executions{ends: "SUCCEEDED", take: 20 * time.Hour, runs: 3, all: map[string]*run{
			"stack-given-up": {began: began, left: true}, "1b4c8a52": {began: began, others: true}, "stacked": {began: began, others: true},
		}}
	}
	create := functiontest.Event{Kind: "Create", Properties: wanted("1")}
	late := functiontest.Event{Kind: "Create", Properties: wanted("1")}
	late.Properties["TimeoutSeconds"] = "15"
	remove := functiontest.Event{Kind: "Delete", PhysicalID: "Resource", Properties: wanted("1")}
	update := func(from, to string) functiontest.Event {
		return functiontest.Event{Kind: "Update", PhysicalID: "Resource", Properties: wanted(to), OldProperties: wanted(from)}
	}
	functiontest.Faults(t, "function/atdeploy.js", []functiontest.Scenario{
		{Name: "create", World: world("SUCCEEDED", 8*time.Second, 1), Event: create},
		{Name: "later", World: world("SUCCEEDED", 8*time.Second, 1), Event: update("9", "10")},
		{Name: "longer than a function", World: world("SUCCEEDED", 90*time.Second, 1), Event: create, Limit: 90 * time.Second},
		{Name: "fails", World: world("FAILED", 8*time.Second, 1), Event: update("1", "2"), Fails: true},
		{Name: "too long", World: world("SUCCEEDED", 20*time.Hour, 1), Event: late, Fails: true},
		{Name: "back", World: world("SUCCEEDED", 0, 0), Event: update("10", "9")},
		{Name: "nothing new", World: world("SUCCEEDED", 0, 0), Event: update("9", "9")},
		{Name: "back from what runs", World: left, Event: update("10", "9"), Within: 5 * time.Minute},
		{Name: "delete", World: world("SUCCEEDED", 0, 0), Event: remove},
		{Name: "delete what runs", World: left, Event: remove, Within: 5 * time.Minute},
	})
}

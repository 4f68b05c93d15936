package functiontest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// run is a scenario with a fault, in a world of its own.
type run struct {
	*worker
	scenario Scenario
	fault    fault
	at       int // the call that it happens to
	world    World
	calls    []string // of the request, without those that its repetition makes
	told     []map[string]any
	queue    []map[string]any // of what Lambda is to call
	counting bool
	all      int    // calls of any kind
	problem  string // with the function itself
	clock    int64  // in milliseconds
	text     string // of all that the function wrote and told
}

const (
	maxCalls = 5000 // of one run: there is no end to one that makes more
	retries  = 2    // of Lambda, after a call that has thrown something
	answer   = "the answer"

	responseURL = "https://cloudformation/"
)

func (w *worker) begin(s Scenario, f fault, at int) *run {
	start := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	return &run{worker: w, scenario: s, fault: f, at: at, world: s.World(), clock: start.UnixMilli()}
}

func (r *run) String() string {
	return fmt.Sprintf("%s, %s (late: %t) at %d, %s", r.scenario.Name, r.fault.name, r.fault.late, r.at, r.hit())
}

// hit is the call that the fault has happened to.
func (r *run) hit() string {
	if r.at >= 0 && r.at < len(r.calls) {
		return r.calls[r.at]
	}
	return "no call"
}

func (r *run) now() time.Time { return time.UnixMilli(r.clock).UTC() }

// request has Lambda call the function for an event, until all calls that come of it have ended.
func (r *run) request(e Event) {
	r.told, r.queue = nil, nil
	r.lambda(eventOf(e))
}

func (r *run) lambda(event map[string]any) {
	outer := r.queue
	r.queue = []map[string]any{event}
	for len(r.queue) > 0 {
		next := r.queue[0]
		r.queue = r.queue[1:]
		for attempt := range retries + 1 {
			began := r.clock
			limit := r.scenario.limit()
			ended := r.call(next, limit)
			r.text += ended.Log
			if r.clock-began > limit.Milliseconds() && r.fault.name != twice {
				r.problem = "Lambda ends it before it is done"
			}
			if ended.Left > 0 && ended.Thrown != killed {
				r.problem = "it does not wait for what it has asked"
			}
			if ended.Thrown == "" {
				break
			}
			r.text += "thrown: " + ended.Thrown + "\n"
			r.clock += int64(attempt+1) * time.Minute.Milliseconds()
		}
	}
	r.queue = outer
}

func eventOf(e Event) map[string]any {
	event := map[string]any{
		"RequestType": e.Kind, "ResponseURL": responseURL, "StackId": "stack", "RequestId": e.RequestID, "LogicalResourceId": "Resource",
		"ResourceProperties": e.Properties,
	}
	if e.RequestID == "" {
		event["RequestId"] = "request"
	}
	if e.Kind != "Create" {
		event["PhysicalResourceId"] = e.PhysicalID
	}
	if e.Kind == "Update" {
		event["OldResourceProperties"] = e.OldProperties
	}
	return event
}

// ask is a call of AWS, or the answer to CloudFormation, and returns what is said to it.
func (r *run) ask(name string, input map[string]any) map[string]any {
	if name == "PUT "+responseURL {
		name = answer
	}
	if r.all++; r.all > maxCalls {
		r.problem = "it calls AWS without end"
		return map[string]any{"killed": true}
	}
	happens := r.happens(name)
	if happens && !r.fault.late && r.fault.name == twice {
		r.again()
	}
	said := map[string]any{}
	if !happens || r.fault.late || r.fault.name == twice {
		said = r.carryOut(name, input)
	}
	switch {
	case !happens:
	case r.fault.name == killed:
		return map[string]any{"killed": true}
	case r.fault.name == twice && r.fault.late:
		r.again()
	case r.fault.err != nil:
		said = map[string]any{"error": r.errorOf(name, input)}
	}
	return said
}

// happens counts a call, and reports whether the fault happens to it.
func (r *run) happens(name string) bool {
	if !r.counting {
		return false
	}
	r.calls = append(r.calls, name)
	return len(r.calls)-1 == r.at
}

// again has Lambda call the function for the same event, while it is called.
func (r *run) again() {
	r.counting = false
	r.lambda(eventOf(r.scenario.Event))
	r.counting = true
}

func (r *run) carryOut(name string, input map[string]any) map[string]any {
	switch name {
	case answer:
		r.told = append(r.told, input)
		text, _ := json.Marshal(input)
		r.text += string(text) + "\n"
		return map[string]any{"output": http.StatusOK}
	case "Invoke":
		var event map[string]any
		payload, _ := input["Payload"].(string)
		if err := json.Unmarshal([]byte(payload), &event); err != nil {
			r.problem = err.Error()
		}
		r.queue = append(r.queue, event)
		return map[string]any{"output": map[string]any{}}
	}
	output, err := r.world.Call(name, input, r.now())
	var refused *Error
	if errors.As(err, &refused) {
		return map[string]any{"error": refused}
	}
	return map[string]any{"output": output}
}

// errorOf is the error that the function gets, with what it has asked in it.
func (r *run) errorOf(name string, input map[string]any) *Error {
	e := *r.fault.err
	if r.fault.name == missing {
		e.Name = "ResourceNotFoundException"
		if name != "Invoke" {
			e.Name = r.world.Missing(name)
		}
	}
	if len(r.world.Secrets()) > 0 {
		asked, _ := json.Marshal(input)
		e.Message += ": " + string(asked)
	}
	return &e
}

// answer is what CloudFormation was told.
func (r *run) answer(report func(string, ...any)) (status, id, reason string) {
	if r.problem != "" {
		report("%s", r.problem)
		r.problem = ""
	}
	if len(r.told) == 0 {
		report("CloudFormation is told nothing")
		return "", "", ""
	}
	if r.fault.name != twice && r.fault.name != killed && len(r.told) > 1 && !r.fault.late {
		report("CloudFormation is told %d times", len(r.told))
	}
	first := r.told[0]
	for _, other := range r.told[1:] {
		if other["Status"] != first["Status"] || other["PhysicalResourceId"] != first["PhysicalResourceId"] {
			report("CloudFormation is told %v and then %v", first, other)
		}
	}
	status, _ = first["Status"].(string)
	id, _ = first["PhysicalResourceId"].(string)
	reason, _ = first["Reason"].(string)
	if id == "" || status == "FAILED" && reason == "" {
		report("incomplete: %v", first)
	}
	return status, id, reason
}

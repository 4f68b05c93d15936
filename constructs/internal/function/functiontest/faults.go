package functiontest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// World is the part of AWS that a function calls, and all that there is in it.
type World interface {
	// Call does what AWS does when it is called, at a time. An error is an [Error].
	Call(name string, input map[string]any, now time.Time) (map[string]any, error)
	// Missing is the name of the error by which a call says that there is no such thing.
	Missing(name string) string
	// Made lists what the calls have made, by the request for which it was: one of a kind for each.
	Made() []string
	// Secrets are what must be told nobody.
	Secrets() []string
	// Wrong says what is not as it should be, at a time after the request was done, or taken back.
	Wrong(done bool, now time.Time) string
}

// Error is an error as the SDK throws it.
type Error struct {
	Name    string `json:"name"`
	Message string `json:"message"`
	// Code is that of node, for an error of the network.
	Code string `json:"code,omitempty"`
	// Fault is client or server. All errors that the model of a service does not have are the client's for the SDK.
	Fault string   `json:"$fault,omitempty"`
	Meta  Metadata `json:"$metadata"`
}

// Metadata is what the SDK says of an answer.
type Metadata struct {
	Status int `json:"httpStatusCode,omitempty"`
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

// Refuse returns an error by which a service refuses a call.
func Refuse(name string) *Error {
	return &Error{Name: name, Message: "no", Fault: "client", Meta: Metadata{Status: 400}}
}

// Scenario is a request of CloudFormation.
type Scenario struct {
	Name  string
	World func() World
	Event Event
	// Limit is how long Lambda lets the function run. Zero: 15 minutes.
	Limit time.Duration
	// Within is how long CloudFormation waits. Zero: an hour.
	Within time.Duration
	// Fails says that the request fails, whether or not there is a fault.
	Fails bool
	// Starts is the call that starts what takes longer than a second call of the function could have before it: such second calls are
	// left out.
	Starts string
	// Back says that the request takes back another: CloudFormation asks for nothing after its failure.
	Back bool
	// Once says that the function makes more when it is called a second time, which is known: second calls are left out.
	Once bool
}

// skips reports whether a fault at a call is left out.
func (s Scenario) skips(f fault, calls []string, at int) bool {
	if f.name == missing && strings.HasPrefix(calls[at], "Stop") { // it would not be true
		return true
	}
	if s.Once {
		return f.name == twice || f.name == killed
	}
	starts := slices.Index(calls, s.Starts)
	return f.name == twice && (at > 0 || f.late) && (at < starts || at == starts && !f.late)
}

func (s Scenario) limit() time.Duration  { return cmp.Or(s.Limit, 15*time.Minute) }
func (s Scenario) within() time.Duration { return cmp.Or(s.Within, time.Hour) }

// fault is what happens to one call.
type fault struct {
	name string
	err  *Error // what the function gets
	// passes says that it goes away by itself, and must not change how the request ends.
	passes bool
	// late says that it happens after the call was carried out.
	late bool
}

const (
	missing = "missing" // there is no such thing; each service has a name of its own for it
	killed  = "killed"  // Lambda ends the function, and calls it again
	twice   = "twice"   // Lambda calls the function for the same event meanwhile
)

var faults = []fault{
	{name: "throttled", err: Refuse("ThrottlingException"), passes: true},
	{name: "denied", err: Refuse("AccessDeniedException")},
	{name: missing, err: Refuse("")},
	{name: "broken", err: &Error{Name: "InternalServerError", Message: "no", Fault: "server", Meta: Metadata{Status: 500}}, passes: true},
	{name: "unavailable", err: &Error{Name: "ServiceUnavailable", Message: "no", Fault: "client", Meta: Metadata{Status: 503}}, passes: true},
	{name: "reset", err: &Error{Name: "TimeoutError", Code: "ECONNRESET", Message: "socket hang up"}, passes: true},
	{name: "unresolved", err: &Error{Name: "Error", Code: "ENOTFOUND", Message: "no such host"}, passes: true},
	{name: "lost", err: &Error{Name: "TimeoutError", Message: "no answer"}, passes: true, late: true},
	{name: killed, passes: true},
	{name: killed, passes: true, late: true},
	{name: twice, passes: true},
	{name: twice, passes: true, late: true},
}

// Faults runs the scenarios of the function of a file, and then each of them with each fault at each call, the answer to CloudFormation
// among them. Whatever happens, CloudFormation is told in time what has become of the request, and nothing else later; what is
// tried again makes nothing twice; and what has failed is taken back by what CloudFormation asks for then.
func Faults(t *testing.T, file string, scenarios []Scenario) {
	t.Helper()
	w := newWorker(t, file)
	calls, runs := 0, 0
	for _, s := range scenarios {
		healthy := w.begin(s, fault{passes: true}, -1)
		healthy.check()
		calls += len(healthy.calls)
		for at := range healthy.calls {
			for _, f := range faults {
				if !s.skips(f, healthy.calls, at) {
					w.begin(s, f, at).check()
					runs++
				}
			}
		}
	}
	t.Logf("%s: %d scenarios, %d calls, %d faults", file, len(scenarios), calls, runs)
}

// check sends the request, sends it again, and takes back what has failed, and compares what happens with what must.
func (r *run) check() {
	r.t.Helper()
	event, began := r.scenario.Event, r.clock
	r.counting = true
	r.request(event)
	r.counting = false
	report := func(format string, args ...any) {
		r.t.Helper()
		r.t.Errorf("%s: %s\n%s", r, fmt.Sprintf(format, args...), r.text)
	}
	status, id, reason := r.answer(report)
	if r.fault.passes && r.scenario.Fails != (status == "FAILED") {
		report("got %s: %s", status, reason)
	}
	if took := time.Duration(r.clock-began) * time.Millisecond; took > r.scenario.within() {
		report("CloudFormation waits for %v", took)
	}
	if status == "FAILED" {
		r.checkFailure(id, reason, report)
	}
	if status == "SUCCESS" && !r.scenario.Once {
		if wrong := r.world.Wrong(true, r.now()); r.fault.passes && wrong != "" {
			report("before the second request: %s", wrong)
		}
		r.repeat(id, report)
	}
	if made := r.world.Made(); repeats(made) {
		report("made more than once for a request: %v", made)
	}
	if status == "FAILED" && r.scenario.Back {
		return
	}
	if status == "FAILED" && event.Kind != "Delete" {
		r.request(back(event, id))
		if status, _, reason := r.answer(report); status != "SUCCESS" {
			report("on the way back: %s", reason)
		}
	}
	if wrong := r.world.Wrong(status == "SUCCESS", r.now()); wrong != "" {
		report("%s: %s", status, wrong)
	}
	for _, secret := range r.world.Secrets() {
		if strings.Contains(r.text, secret) {
			report("a secret was told")
		}
	}
}

// repeat sends the request again, which makes nothing more.
func (r *run) repeat(id string, report func(string, ...any)) {
	made := r.world.Made()
	r.request(r.scenario.Event)
	if status, other, _ := r.answer(report); r.fault.passes && (status != "SUCCESS" || other != id) {
		report("the second answer is %s for %s, the first was for %s", status, other, id)
	}
	if got := r.world.Made(); more(got, made) {
		report("the second call made more: %v, after %v", got, made)
	}
}

// checkFailure looks at how CloudFormation is told of a failure.
func (r *run) checkFailure(id, reason string, report func(string, ...any)) {
	event, at := r.scenario.Event, r.hit()
	if event.PhysicalID != "" && id != event.PhysicalID {
		report("the id is %s, after %s before", id, event.PhysicalID)
	}
	if event.Kind == "Delete" {
		report("the stack cannot be deleted: %s", reason)
	}
	if err := r.fault.err; err != nil && at != answer && !r.scenario.Fails && strings.Contains(reason, r.errorOf(at, nil).Name) && !strings.Contains(reason, at) {
		report("the reason does not name the call: %s", reason)
	}
}

// more reports whether there are names now that were not there before.
func more(now, before []string) bool {
	return slices.ContainsFunc(now, func(name string) bool { return !slices.Contains(before, name) })
}

func repeats(names []string) bool {
	sorted := slices.Sorted(slices.Values(names))
	return len(slices.Compact(sorted)) < len(names)
}

// back is what CloudFormation asks for after a failure.
func back(e Event, id string) Event {
	if e.Kind == "Create" {
		return Event{Kind: "Delete", RequestID: "back", PhysicalID: id, Properties: e.Properties}
	}
	return Event{Kind: e.Kind, RequestID: "back", PhysicalID: id, Properties: e.OldProperties, OldProperties: e.Properties}
}

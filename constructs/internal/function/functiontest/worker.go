package functiontest

import (
	_ "embed"
	"testing"
	"time"
)

//go:embed worker.js
var workerScript string

// worker is a process that runs a function again and again, by a clock of its own.
type worker struct {
	*process
	t *testing.T
}

// said is what the function asks of AWS or tells CloudFormation, or how a call of it has ended.
type said struct {
	end
	Name  string
	Input map[string]any
	Left  int // questions that the call has ended before
	Now   int64
}

func newWorker(t *testing.T, file string) *worker {
	t.Helper()
	// The pauses are in milliseconds of the clock that only they move; a fourth of the calls says the same.
	p := start(t, workerScript, source(t, file), "PAUSE=20000")
	t.Cleanup(p.stop)
	return &worker{t: t, process: p}
}

// call calls the function with an event, answers what it asks for, and returns its end. A process with nothing left to do ends.
func (r *run) call(event map[string]any, limit time.Duration) said {
	say := map[string]any{"event": event, "limit": limit.Milliseconds(), "now": r.clock}
	for {
		var s said
		if err := r.say(say, &s); err != nil {
			r.t.Fatalf("%s: the function does nothing more: %v\n%s", r, err, r.text)
		}
		r.clock = max(r.clock, s.Now)
		if s.Ended {
			return s
		}
		say = r.ask(s.Name, s.Input)
	}
}

package functiontest

import (
	_ "embed"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/ecskit/ecskit/constructs/internal/function"
)

//go:embed worker.js
var workerScript string

// worker is a process that runs a function again and again, by a clock of its own.
type worker struct {
	t      *testing.T
	input  *json.Encoder
	output *json.Decoder
}

// said is what the function asks of AWS or tells CloudFormation, or how a call of it has ended.
type said struct {
	Name  string
	Input map[string]any

	Ended       bool
	Thrown, Log string

	Now int64
}

func newWorker(t *testing.T, file string) *worker {
	t.Helper()
	code, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "-e", workerScript, function.Source(string(code)))
	node.Env = append(os.Environ(), "PAUSE=20000") // in milliseconds of the clock that only pauses move; a fourth of the calls says the same
	node.Stderr = os.Stderr
	input, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = input.Close()
		_ = node.Wait()
	})
	return &worker{t: t, input: json.NewEncoder(input), output: json.NewDecoder(output)}
}

// call calls the function with an event, answers what it asks for, and returns its end. A process with nothing left to do ends.
func (r *run) call(event map[string]any, limit time.Duration) said {
	say := map[string]any{"event": event, "limit": limit.Milliseconds(), "now": r.clock}
	for {
		var s said
		if err := errors.Join(r.input.Encode(say), r.output.Decode(&s)); err != nil {
			r.t.Fatalf("%s: the function does nothing more: %v\n%s", r, err, r.text)
		}
		r.clock = max(r.clock, s.Now)
		if s.Ended {
			return s
		}
		say = r.ask(s.Name, s.Input)
	}
}

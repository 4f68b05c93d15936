package functiontest

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ecskit/ecskit/constructs/internal/function"
)

//go:embed process.js
var processScript string

// process is one of node that runs functions, and talks to the test in lines.
type process struct {
	node   *exec.Cmd
	pipe   io.Closer
	input  *json.Encoder
	output *json.Decoder
	// wrote is what came of its stderr. On the test's own, node would turn off waiting for who reads it, and what a failing test says is lost.
	wrote *strings.Builder
}

// end is how a call of a function has ended.
type end struct {
	Ended       bool
	Thrown, Log string
}

// start starts a process with a script that is given an argument, and with further variables of its environment.
func start(t *testing.T, script, argument string, environment ...string) *process {
	t.Helper()
	node := exec.Command("node", "-e", processScript+script, argument)
	node.Env = append(os.Environ(), environment...)
	wrote := &strings.Builder{}
	node.Stderr = wrote
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
	return &process{node: node, pipe: input, input: json.NewEncoder(input), output: json.NewDecoder(output), wrote: wrote}
}

// say says something to the process, and hears what it says next. One that is not told anything more ends, as does one that has
// nothing left to do, or that says nothing for a minute.
func (p *process) say(say, hear any) error {
	silence := time.AfterFunc(time.Minute, func() { _ = p.node.Process.Kill() })
	err := p.input.Encode(say)
	if err == nil {
		err = p.output.Decode(hear)
	}
	if !silence.Stop() {
		err = errors.New("it has said nothing for a minute")
	}
	if err != nil {
		p.stop()
		return fmt.Errorf("%w\n%s", err, p.wrote)
	}
	return nil
}

func (p *process) stop() {
	_ = p.pipe.Close()
	_ = p.node.Wait()
}

// source returns the module that runs the code of a file.
func source(t *testing.T, file string) string {
	t.Helper()
	code, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return function.Source(string(code))
}

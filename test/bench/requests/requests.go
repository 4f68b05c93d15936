// Package requests counts what a program asks of node, by standing in node's place: jsii starts what JSII_NODE says.
package requests

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// logVariable is the file that requests are noted in, a line each.
const logVariable = "ECSKIT_BENCH_REQUESTS"

// Stand does what node is asked to, and notes the requests, if this process was started in its place: then it does not return.
// It comes first in a main function or a TestMain whose program is to stand there.
func Stand() {
	name := File()
	if name == "" || len(os.Args) < 2 || !strings.HasSuffix(os.Args[1], ".js") {
		return
	}
	log, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	node := exec.Command("node", os.Args[1:]...)
	node.Stdin, node.Stdout, node.Stderr = io.TeeReader(os.Stdin, log), os.Stdout, os.Stderr
	if err := node.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			os.Exit(exit.ExitCode())
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// File returns the file that the requests of this process are noted in; empty if they are not.
func File() string { return os.Getenv(logVariable) }

// Environment returns what a program has to have in its environment for its requests to be noted in a file, by this program.
func Environment(file string) ([]string, error) {
	self, err := os.Executable()
	return []string{"JSII_NODE=" + self, logVariable + "=" + file}, err
}

// Counts are how often a program asked for what, such as "get Stack.account".
type Counts map[string]int

// Read returns the counts of what a file notes.
func Read(file string) (Counts, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	counts := Counts{}
	lines := bufio.NewReader(f)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return counts, nil
		}
		if err != nil {
			return nil, err
		}
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		counts[r.String()]++
	}
}

// request is what is read of a request, see the API of @jsii/kernel.
type request struct {
	API      string `json:"api"`
	Class    string `json:"fqn"`
	Method   string `json:"method"`
	Property string `json:"property"`
	Object   struct {
		Ref string `json:"$jsii.byref"`
	} `json:"objref"`
	Complete json.RawMessage `json:"complete"`
}

// String returns what was asked for: the kind, the class without its library, and the member.
func (r request) String() string {
	if r.Complete != nil {
		return "complete" // the answer to a question of node's
	}
	class, _, _ := strings.Cut(r.Object.Ref, "@")
	class = strings.TrimPrefix(class+r.Class, "aws-cdk-lib.")
	if member := r.Method + r.Property; member != "" {
		class += "." + member
	}
	return strings.TrimSpace(r.API + " " + class)
}

// Total returns the number of requests.
func (c Counts) Total() int {
	total := 0
	for _, n := range c {
		total += n
	}
	return total
}

// Beyond returns what c has more than less.
func (c Counts) Beyond(less Counts) Counts {
	beyond := Counts{}
	for what, n := range c {
		if more := n - less[what]; more != 0 {
			beyond[what] = more
		}
	}
	return beyond
}

package test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProgram runs the example program as a user does, with and without what the CDK's command line passes, and finds
// the goldens' logical ids, the flags of cdk.json and the paths of the constructs in what it wrote.
func TestProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("it links the example program and runs it three times")
	}
	program := filepath.Join(t.TempDir(), "examples")
	if out, err := exec.Command("go", "build", "-o", program, "../examples").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(dir string, environment ...string) {
		command := exec.Command(program)
		command.Dir, command.Env = dir, append(os.Environ(), environment...)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}

	// A user's own directory, with the repository's flags: the assembly goes to cdk.out.
	alone := t.TempDir()
	flags, err := os.ReadFile("../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(alone, "cdk.json"), flags, 0o600); err != nil {
		t.Fatal(err)
	}
	run(alone)
	template := helloIn(t, filepath.Join(alone, "cdk.out"))
	if !strings.Contains(template, `"aws:cdk:path"`) {
		t.Error("without the command line, resources have no path")
	}

	// What the command line passes goes before: where to write, and context.
	out := t.TempDir()
	run("..", "CDK_OUTDIR="+out, `CDK_CONTEXT_JSON={"aws:cdk:enable-path-metadata":false}`)
	if strings.Contains(helloIn(t, out), `"aws:cdk:path"`) {
		t.Error("the command line's context is not honoured")
	}
	run("..", "CDK_OUTDIR="+out)
	if diff := cmp.Diff(template, helloIn(t, out)); diff != "" {
		t.Errorf("the program writes another template where CDK_OUTDIR is set: %s", diff)
	}
}

func helloIn(t *testing.T, assembly string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(assembly, "Hello.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(content) {
		t.Errorf("%s is not JSON", assembly)
	}
	return string(content)
}

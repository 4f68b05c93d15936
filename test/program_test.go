package test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProgram runs the example program as a user does, with and without what the CDK's command line passes, and finds
// the goldens' logical ids, the flags of cdk.json and the paths of the constructs in what it wrote.
func TestProgram(t *testing.T) {
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
	if takePaths(template) == 0 {
		t.Error("without the command line, resources have no path")
	}

	// What the command line passes goes before: where to write, and context. Nothing else differs.
	out := t.TempDir()
	run("..", "CDK_OUTDIR="+out, `CDK_CONTEXT_JSON={"aws:cdk:enable-path-metadata":false}`)
	other := helloIn(t, out)
	if takePaths(other) > 0 {
		t.Error("the command line's context is not honoured")
	}
	if diff := cmp.Diff(template, other); diff != "" {
		t.Errorf("the program writes another template for the command line: %s", diff)
	}
}

func helloIn(t *testing.T, assembly string) map[string]any {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(assembly, "Hello.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	var template map[string]any
	if err := json.Unmarshal(content, &template); err != nil {
		t.Fatalf("%s: %v", assembly, err)
	}
	return template
}

// takePaths takes the paths of constructs from a template, and returns how many those are.
func takePaths(template map[string]any) int {
	paths := 0
	for _, r := range template["Resources"].(map[string]any) {
		resource := r.(map[string]any)
		metadata, _ := resource["Metadata"].(map[string]any)
		if _, found := metadata["aws:cdk:path"]; !found {
			continue
		}
		paths++
		if delete(metadata, "aws:cdk:path"); len(metadata) == 0 {
			delete(resource, "Metadata")
		}
	}
	return paths
}

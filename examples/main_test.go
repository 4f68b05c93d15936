package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"
)

// TestRun runs the program as a user does, with and without what the CDK's command line passes, and finds the flags of cdk.json and the
// paths of the constructs in what it wrote.
func TestRun(t *testing.T) {
	t.Setenv("CDK_VALIDATION", "false")
	t.Setenv("CDK_OUTDIR", "")
	t.Setenv("CDK_CONTEXT_JSON", "")
	t.Cleanup(jsii.Close)
	flags, err := filepath.Abs("../cdk.json")
	if err != nil {
		t.Fatal(err)
	}

	// A user's own directory, with the repository's flags: the assembly goes to cdk.out.
	alone := t.TempDir()
	t.Chdir(alone)
	if status := run(); status != 1 {
		t.Errorf("got the status %d without a cdk.json", status)
	}
	content, err := os.ReadFile(flags)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("cdk.json", content, 0o600); err != nil {
		t.Fatal(err)
	}
	template := helloIn(t, "cdk.out")
	if takePaths(template) == 0 {
		t.Error("without the command line, resources have no path")
	}

	// What the command line passes goes before: where to write, and context. Nothing else differs.
	out := t.TempDir()
	t.Setenv("CDK_OUTDIR", out)
	t.Setenv("CDK_CONTEXT_JSON", `{"aws:cdk:enable-path-metadata":false}`)
	other := helloIn(t, out)
	if takePaths(other) > 0 {
		t.Error("the command line's context is not honoured")
	}
	props, err := appProps("cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	if (*props.Context)["aws:cdk:enable-path-metadata"] != true || props.Outdir != nil {
		t.Error("where the command line says nothing of paths, resources have none, or the assembly goes elsewhere than it says")
	}
	if diff := cmp.Diff(template, other); diff != "" {
		t.Errorf("the program writes another template for the command line: %s", diff)
	}
}

// helloIn runs the program and returns a template that it wrote.
func helloIn(t *testing.T, assembly string) map[string]any {
	t.Helper()
	jsii.Close() // node reads the environment when it starts
	if status := run(); status != 0 {
		t.Fatalf("got the status %d", status)
	}
	content, err := os.ReadFile(filepath.Join(assembly, "Hello.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	var template map[string]any
	if err := json.Unmarshal(content, &template); err != nil {
		t.Fatal(err)
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

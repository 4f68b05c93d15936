package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the lists of modules")

// TestModules lists the modules of the CDK that each pattern has compiled and linked into a program that uses it, and node
// load the classes of. They cost every user's build and start; one more needs a reason.
func TestModules(t *testing.T) {
	patterns, err := filepath.Glob("../../patterns/*")
	if err != nil || len(patterns) == 0 {
		t.Fatalf("found no patterns (%v)", err)
	}
	for _, dir := range patterns {
		name := filepath.Base(dir)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := modulesOf(t, "./"+dir)
			golden := filepath.Join("testdata", "modules", name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("it needs fewer (-) or more (+) modules of the CDK:\n%s", diff)
			}
		})
	}
}

// modulesOf returns the modules of the CDK that a package needs, in lines.
func modulesOf(t *testing.T, pattern string) string {
	t.Helper()
	const cdk = "github.com/aws/aws-cdk-go/awscdk/v2/"
	out, err := exec.Command("go", "list", "-deps", pattern).Output()
	if err != nil {
		t.Fatal(err)
	}
	var modules []string
	for line := range strings.Lines(string(out)) {
		if strings.TrimSpace(line) == "net/http" {
			t.Errorf("%s imports net/http, which takes as long to compile as the whole library", pattern)
		}
		module, found := strings.CutPrefix(strings.TrimSpace(line), cdk)
		if found && !strings.Contains(module, "/") { // not what is inside of a module
			modules = append(modules, module)
		}
	}
	slices.Sort(modules)
	return strings.Join(modules, "\n") + "\n"
}

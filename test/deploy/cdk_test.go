package deploy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// cdk runs the CDK's command line, and returns how long it took.
func cdk(t *testing.T, arguments ...string) time.Duration {
	t.Helper()
	program := strings.Fields(os.Getenv("CDK"))
	if len(program) == 0 {
		program = []string{"npx", "--yes", "aws-cdk@2.1148.1"}
	}
	start := time.Now()
	// Not t.Context: the stacks are to be destroyed whatever happens to the test.
	command := exec.Command(program[0], append(program[1:], arguments...)...)
	command.Env = append(os.Environ(), "CI=true")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command.Args, err, out)
	}
	return time.Since(start)
}

// assembly is the directory that templates are deployed from.
type assembly string

// synthesize runs the example program.
func synthesize(t *testing.T) assembly {
	t.Helper()
	out := t.TempDir()
	program := exec.Command("go", "run", "./examples")
	program.Dir, program.Env = "../..", append(os.Environ(), "CDK_OUTDIR="+out)
	if text, err := program.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return assembly(out)
}

// copied returns a copy, to be changed.
func (a assembly) copied(t *testing.T) assembly {
	t.Helper()
	out := filepath.Join(t.TempDir(), "assembly")
	if err := os.CopyFS(out, os.DirFS(string(a))); err != nil {
		t.Fatal(err)
	}
	return assembly(out)
}

// stackNames returns the names of its stacks, which are those of its templates.
func (a assembly) stackNames(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(string(a), "*.template.json"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no templates in ", a, err)
	}
	var names []string
	for _, path := range paths {
		names = append(names, strings.TrimSuffix(filepath.Base(path), ".template.json"))
	}
	return names
}

// template reads the template of a stack.
func (a assembly) template(t *testing.T, stack string) object {
	t.Helper()
	template, isObject := parsed(a.read(t, stack+".template.json")).(object)
	if !isObject {
		t.Fatalf("%s: no JSON", stack)
	}
	return template
}

// edit changes the templates. A template is uploaded under its hash, which two other files name.
func (a assembly) edit(t *testing.T, change func(template object) (changed bool)) {
	t.Helper()
	for _, stack := range a.stackNames(t) {
		file := stack + ".template.json"
		before, template := hash(a.read(t, file)), a.template(t, stack)
		if !change(template) {
			continue
		}
		text, err := json.MarshalIndent(template, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		a.write(t, file, string(text))
		for _, other := range []string{stack + ".assets.json", "manifest.json"} {
			content := a.read(t, other)
			if !strings.Contains(content, before) {
				t.Fatalf("%s does not name the hash of %s", other, file)
			}
			a.write(t, other, strings.ReplaceAll(content, before, hash(string(text))))
		}
	}
}

func (a assembly) read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(string(a), file))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func (a assembly) write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(string(a), file), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// texts replaces the strings anywhere in a template, in place.
func texts(v any, replace func(string) string) (changed bool) {
	put := func(item any, set func(string)) {
		text, isText := item.(string)
		if !isText {
			changed = texts(item, replace) || changed
		} else if now := replace(text); now != text {
			set(now)
			changed = true
		}
	}
	switch v := v.(type) {
	case object:
		for key, item := range v {
			put(item, func(now string) { v[key] = now })
		}
	case []any:
		for i, item := range v {
			put(item, func(now string) { v[i] = now })
		}
	}
	return changed
}

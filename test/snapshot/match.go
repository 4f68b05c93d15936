package snapshot

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
)

// Match synthesizes the app of the stack and fails the test if the stack's template differs from its golden, or if a
// construct of the stack is annotated with an error, for which the CDK's command line would refuse the stack. The golden
// is in testdata, in the directory of the test, under the stack's construct path: Shop.json for the stack Shop of an
// app, Prod-Shop.json for the one in the stage Prod. Any app will do, not only one of [NewApp].
//
// An app is synthesized once: a construct added after the first Match is an error of the CDK, and a property changed
// after it is not seen.
func Match(t testing.TB, stack awscdk.Stack) {
	t.Helper()
	MatchAs(t, stack, "")
}

// MatchAs is [Match] with the golden under another name, for a test that builds one stack in several ways. Characters
// that a file name should not have become "-". An empty name is the construct path.
func MatchAs(t testing.TB, stack awscdk.Stack, name string) {
	t.Helper()
	match(t, locate(t, stack), name)
}

// MatchAll is [Match] for each stack of an app, or of a stage of one, with those of the stages within.
func MatchAll(t testing.TB, stage awscdk.Stage) {
	t.Helper()
	all := locateAll(t, stage)
	if len(all) == 0 {
		t.Fatal("there is no stack to match")
	}
	for _, s := range all {
		match(t, s, "")
	}
}

// Template returns the synthesized template of the stack as it is, for assertions of the test's own.
func Template(t testing.TB, stack awscdk.Stack) map[string]any {
	t.Helper()
	template, err := readTemplate(locate(t, stack).file)
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func match(t testing.TB, s synthesized, name string) {
	t.Helper()
	if name == "" {
		name = s.path
	}
	annotations, err := errorAnnotations(s.file)
	if err != nil {
		t.Fatal(err)
	}
	for _, annotation := range annotations {
		t.Errorf("%s", annotation)
	}
	assets, err := readAssets(s.dir())
	if err != nil {
		t.Fatal(err)
	}
	whole, err := assets.wholeTemplate(s.file)
	if err != nil {
		t.Fatal(err)
	}
	goldenOf(name).match(t, subject{path: s.path, whole: whole, template: normalise(whole, assets.hashes)})
}

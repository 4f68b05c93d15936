package snapshot

import (
	"maps"
	"os"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// contextVariables are those of the command line's variables that node reads when an app is made.
func contextVariables() []string {
	return []string{"CDK_CONTEXT_JSON", "CONTEXT_OVERFLOW_LOCATION_ENV"}
}

// commandLineVariables are what the CDK's command line hands an app through the environment.
func commandLineVariables() []string {
	return append(contextVariables(), "CDK_OUTDIR", "CDK_DEFAULT_ACCOUNT", "CDK_DEFAULT_REGION")
}

// NewApp returns an app for one test. Its context is the one of the nearest cdk.json, as [Context] finds it from the
// directory of the test, or instead of it the given maps, of which a later one wins: an empty map is an app without any
// feature flag. The templates carry the paths of their constructs, as with the command line. The app is synthesized
// into a directory that is removed with the test, without what no template has and tools read: the construct tree and
// the stack traces of resources.
//
// Until the test ends, the environment lacks what the command line would set: a program that reads CDK_DEFAULT_ACCOUNT
// gets nothing.
func NewApp(t testing.TB, context ...map[string]any) awscdk.App {
	t.Helper()
	isolate(t)
	if len(context) == 0 {
		nearest, err := Context(".")
		if err != nil {
			t.Fatal(err)
		}
		context = append(context, nearest)
	}
	all := map[string]any{
		"aws:cdk:enable-path-metadata":          true,
		"aws:cdk:disable-creation-stack-traces": true, // which know no Go, and take time
	}
	for _, c := range context {
		maps.Copy(all, c)
	}
	return awscdk.NewApp(&awscdk.AppProps{
		AutoSynth:    jsii.Bool(false),
		TreeMetadata: jsii.Bool(false), // which is for tools, and takes time
		Context:      &all,
		Outdir:       jsii.String(t.TempDir()),
	})
}

// isolate takes the command line's variables from the environment until the test ends. Setenv, which brings them back,
// is also the guard against parallel tests: it panics in one.
func isolate(t testing.TB) {
	t.Helper()
	for _, name := range contextVariables() {
		if os.Getenv(name) != "" {
			t.Fatalf("%s is set and would change the app: unset it, or call snapshot.Main in TestMain", name)
		}
	}
	for _, name := range commandLineVariables() {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
}

package snapshot

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"

	"github.com/aws/jsii-runtime-go"
)

const validation = "CDK_VALIDATION"

// Main runs the tests of a package in one node process and returns the exit code, for TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(snapshot.Main(m)) }
//
// It registers the flag -update and unsets what the CDK's command line puts into the environment of an app. It turns
// off the CDK's validation of templates, which takes seconds in each process, unless the environment sets
// CDK_VALIDATION, and has Go collect garbage less often, unless it sets GOGC. In the end it removes the temporary files
// of node.
//
// It starts node anew: constructs that were made before, in the variables of a package, no longer work.
func Main(m *testing.M) int {
	registerFlag()
	prepareEnvironment()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	// jsii copied the environment for node when its package was initialised: only a new process has this one.
	jsii.Close()
	defer jsii.Close()
	return m.Run()
}

// registerFlag runs in Main and not in an init function, which would come before the package under test registers a
// flag of its own and make that one panic.
func registerFlag() {
	if flag.Lookup(updateFlag) == nil {
		flag.Bool(updateFlag, false, "rewrite the golden files of snapshot tests")
	}
}

func prepareEnvironment() {
	for _, name := range commandLineVariables() {
		os.Unsetenv(name)
	}
	if _, set := os.LookupEnv(validation); !set {
		os.Setenv(validation, "false")
	}
}

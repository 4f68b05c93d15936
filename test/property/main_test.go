// Package property draws valid apps at random and proves what holds for every one of them: it has no problems, is synthesized, breaks no
// rule of test/rules, passes the CDK's validator (which looks at some of a run of a hundred or more), is the same byte for byte each
// time, and with the next release differs in the tag of its images alone; and services reach each other exactly as they are let in.
//
// An app is an appPlan: plain props of a platform with its network, pools, load balancers and queues, and of one to four services of all
// patterns, drawn so that they keep to the rules that the documentation of their fields tells. Whatever a rule of it forbids is not
// drawn; so what Problems names, a constructor panics at, or a rule finds is a fault of the library, of its documentation or of its
// rules. (One thing is drawn all the same: two routes of which the hash picks the same number, as the documentation announces. Such a
// draw is put aside and counted.)
//
// A run draws few apps, for the sake of time, and others each time. Many of them, in some hours:
//
//	go test ./test/property -run Apps -rapid.checks=5000 -timeout 6h -v
//
// A failure prints what rapid has shrunk it to: the plan as Go source, and the flags that repeat it, such as -rapid.failfile. That holds
// for as long as nobody changes what is drawn. To keep it for good, make it a case of test/internal/cases, as Drawn is: a function with the
// plan's props, constructs in place of the stand-ins (see standin_test.go), whose template is the golden; a problem that is missing or
// wrong goes beside the code, into the table of its Problems. Then take the file in testdata/rapid away.
package property

import (
	"flag"
	"os"
	"testing"

	"github.com/ecskit/ecskit/test/snapshot"
)

// checks is how many apps a run draws unless its flags say otherwise.
const checks = "10"

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", checks); err != nil { // before flags are parsed
		panic(err)
	}
	os.Exit(snapshot.Main(m))
}

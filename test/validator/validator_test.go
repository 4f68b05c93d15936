// Package validator has the CDK's validation of templates and cdk-nag look at every example and every case. It is a package of its own
// for the validation, which each process that has it takes seconds to start, and so that it runs beside the other tests.
package validator

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/internal/proof"
	"github.com/ecskit/ecskit/test/nag"
	"github.com/ecskit/ecskit/test/rules"
	"github.com/ecskit/ecskit/test/snapshot"
)

func TestMain(m *testing.M) {
	os.Setenv("CDK_VALIDATION", "true")
	os.Exit(snapshot.Main(m))
}

// TestFinds proves that the validation is on and that its findings are errors.
func TestFinds(t *testing.T) {
	app := snapshot.NewApp(t)
	awscdk.NewCfnResource(awscdk.NewStack(app, jsii.String("Wrong"), nil), jsii.String("Group"), &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::Logs::LogGroup"), Properties: &map[string]any{"Retention": 1},
	})
	defer func() {
		if recover() == nil {
			t.Error("a property that does not exist passed the validation")
		}
	}()
	app.Synth(nil)
}

// TestContent validates every example and every case, in one app, and has cdk-nag look at them too: no finding of either is not
// accepted at its resource, for a reason. Each decision of the library is about a finding that there is.
func TestContent(t *testing.T) {
	app := snapshot.NewApp(t)
	cases.Everything(app)
	report := nag.Assert(t, app, nagExceptions...)
	reasons := map[string]bool{} // by which a decision is known
	for _, d := range nag.Decisions() {
		if reasons[d.Reason] {
			t.Errorf("two decisions have the reason %q", d.Reason)
		}
		reasons[d.Reason] = true
		if !slices.ContainsFunc(report.Suppressed, func(s nag.Suppression) bool { return s.Reason == d.Reason }) {
			t.Errorf("nothing breaks %s %s at %s of %s any more: the decision would hide the next finding", d.Rule, d.Finding, d.Path, d.Construct)
		}
	}
	proof.State(t, "../PROOF.md", report.String())

	content, err := os.ReadFile(filepath.Join(*app.Outdir(), "validation-report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var validated struct{ PluginReports []any }
	if err := json.Unmarshal(content, &validated); err != nil {
		t.Fatal(err)
	}
	if len(validated.PluginReports) > 0 {
		t.Errorf("the validator's findings:\n%s", content)
	}
	templates, err := rules.Assembly(*app.Outdir())
	if err != nil {
		t.Fatal(err)
	}
	proof.State(t, "../PROOF.md", fmt.Sprintf("%d stacks, no finding", len(templates)))
}

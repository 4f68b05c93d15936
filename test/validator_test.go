package test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/test/internal/proof"
	"github.com/ecskit/ecskit/test/snapshot"
)

// TestValidator runs the CDK's validation of templates, which other tests do without for its seconds.
func TestValidator(t *testing.T) {
	t.Setenv("CDK_VALIDATION", "true")
	jsii.Close()          // node reads the environment when it starts
	t.Cleanup(jsii.Close) // before the variable is as it was
	t.Run("finds an error", validatorFinds)
	t.Run("is content", validatorIsContent)
}

// validatorFinds proves that the validation is on and that its findings are errors.
func validatorFinds(t *testing.T) {
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

// validatorIsContent validates every example and every case in one app.
func validatorIsContent(t *testing.T) {
	app := snapshot.NewApp(t)
	everything(app)
	stacks := len(*app.Synth(nil).StacksRecursively())
	content, err := os.ReadFile(filepath.Join(*app.Outdir(), "validation-report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ PluginReports []any }
	if err := json.Unmarshal(content, &report); err != nil {
		t.Fatal(err)
	}
	if len(report.PluginReports) > 0 {
		t.Errorf("the validator's findings:\n%s", content)
	}
	proof.State(t, "PROOF.md", fmt.Sprintf("%d stacks, no finding", stacks))
}

package snapshot

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// TestCleanEnvironment matches a stack that shows what it sees of the environment: TestHostileEnvironment runs it in
// one that the command line filled.
func TestCleanEnvironment(t *testing.T) {
	t.Setenv("CI", "true")
	app := NewApp(t, noFlags)
	leak, _ := app.Node().TryGetContext(jsii.String("leak")).(string)
	stack := awscdk.NewStack(app, jsii.String("Environment"), &awscdk.StackProps{
		Env: &awscdk.Environment{
			Account: jsii.String(cmp.Or(os.Getenv("CDK_DEFAULT_ACCOUNT"), "111111111111")),
			Region:  jsii.String(cmp.Or(os.Getenv("CDK_DEFAULT_REGION"), "eu-west-1")),
		},
	})
	awscdk.NewCfnOutput(stack, jsii.String("Leak"), &awscdk.CfnOutputProps{Value: jsii.String(cmp.Or(leak, "none"))})
	awscdk.NewCfnOutput(stack, jsii.String("Account"), &awscdk.CfnOutputProps{Value: stack.Account()})
	awscdk.NewCfnOutput(stack, jsii.String("Region"), &awscdk.CfnOutputProps{Value: stack.Region()})
	Match(t, stack)
	if _, err := os.Stat(filepath.Join(*app.Outdir(), "validation-report.json")); err == nil {
		t.Error("the CDK validated the template: Main's environment did not reach node")
	}
}

func TestHostileEnvironment(t *testing.T) {
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	outdir := t.TempDir()
	temporary := t.TempDir()
	test := exec.Command(executable, "-test.run=^TestCleanEnvironment$", "-test.v")
	test.Env = append(os.Environ(),
		`CDK_CONTEXT_JSON={"leak":"leaked"}`,
		"CDK_OUTDIR="+outdir,
		"CDK_DEFAULT_ACCOUNT=222222222222",
		"CDK_DEFAULT_REGION=us-east-1",
		"TMPDIR="+temporary,
	)
	output, err := test.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "--- PASS: TestCleanEnvironment") {
		t.Errorf("%v:\n%s", err, output)
	}
	wantEmpty(t, outdir)
	wantEmpty(t, temporary)
}

func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) > 0 {
		t.Errorf("got %d entries in %s, the first is %s", len(entries), dir, entries[0].Name())
	}
}

func TestVariablesThatNodeSawAreRefused(t *testing.T) {
	t.Setenv("CDK_CONTEXT_JSON", `{"leak":"leaked"}`)
	record(t, func(t testing.TB) { NewApp(t) }).wantFailure(t, "CDK_CONTEXT_JSON", "snapshot.Main")
}

func TestDefaultAccountComesBackAfterTheTest(t *testing.T) {
	t.Setenv("CDK_DEFAULT_ACCOUNT", "222222222222")
	t.Run("app", func(t *testing.T) {
		NewApp(t)
		if got, set := os.LookupEnv("CDK_DEFAULT_ACCOUNT"); set {
			t.Errorf("got %q during the test", got)
		}
	})
	if got := os.Getenv("CDK_DEFAULT_ACCOUNT"); got != "222222222222" {
		t.Errorf("got %q after the test", got)
	}
}

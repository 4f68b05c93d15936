package snapshot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// noFlags is a context for goldens in this directory, above which there may be a cdk.json.
var noFlags = map[string]any{}

// shop is a stack as a user would write it: a struct that embeds what the CDK made.
type shop struct{ awscdk.Stack }

func newShop(scope constructs.Construct, topicName string) *shop {
	stack := awscdk.NewStack(scope, jsii.String("Shop"), &awscdk.StackProps{
		Env: &awscdk.Environment{Region: jsii.String("eu-west-1")},
	})
	awssns.NewCfnTopic(stack, jsii.String("Topic"), &awssns.CfnTopicProps{TopicName: &topicName})
	awscdk.NewCfnOutput(stack, jsii.String("Partition"), &awscdk.CfnOutputProps{Value: stack.Partition()})
	return &shop{stack}
}

func TestMatch(t *testing.T) {
	t.Setenv("CI", "true")
	Match(t, newShop(NewApp(t, noFlags), "orders"))
}

func TestMatchReportsPathOfProperty(t *testing.T) {
	inModule(t)
	Match(t, newShop(NewApp(t), "orders"))
	nextRun()
	stack := newShop(NewApp(t), "returns")
	record(t, func(t testing.TB) { Match(t, stack) }).wantFailure(t,
		"  ~ Topic (AWS::SNS::Topic) Shop/Topic\n      Properties.TopicName: \"orders\" → \"returns\"\n\nto accept:")
}

func TestMatchReportsErrorAnnotations(t *testing.T) {
	inModule(t)
	stack := newShop(NewApp(t), "orders")
	awscdk.Annotations_Of(stack.Node().FindChild(jsii.String("Topic"))).AddError(jsii.String("no such queue"))
	record(t, func(t testing.TB) { Match(t, stack) }).wantFailure(t, "Shop/Topic: no such queue")
}

func TestMatchOfAppMadeElsewhere(t *testing.T) {
	t.Setenv("CI", "true")
	app := awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(true), Outdir: jsii.String(t.TempDir())})
	stack := newShop(app, "orders")
	Match(t, stack)
	if _, ok := resources(Template(t, stack))["CDKMetadata"]; !ok {
		t.Error("the template has no analytics, which should not matter to the golden")
	}
}

func TestMatchAs(t *testing.T) {
	inModule(t)
	MatchAs(t, newShop(NewApp(t), "orders"), "eu/Shop")
	if got := readTopicName(t, filepath.Join("testdata", "eu-Shop.json")); got != "orders" {
		t.Errorf("got %q", got)
	}
}

func TestMatchAll(t *testing.T) {
	inModule(t)
	app := NewApp(t)
	newShop(app, "orders")
	stage := awscdk.NewStage(app, jsii.String("Prod"), nil)
	inner := newShop(stage, "prod-orders")

	MatchAll(t, stage)
	wantGoldens(t, "Prod-Shop.json")
	MatchAll(t, app)
	wantGoldens(t, "Prod-Shop.json", "Shop.json")
	if got := readTopicName(t, filepath.Join("testdata", "Prod-Shop.json")); got != "prod-orders" {
		t.Errorf("got %q", got)
	}
	Match(t, inner)
	wantGoldens(t, "Prod-Shop.json", "Shop.json")
}

func wantGoldens(t *testing.T, want ...string) {
	t.Helper()
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got goldens %q, want %q", got, want)
	}
}

func TestNothingToMatch(t *testing.T) {
	app := NewApp(t)
	tests := map[string]struct {
		match func(t testing.TB)
		want  string
	}{
		"nil":         {func(t testing.TB) { Match(t, nil) }, "the stack is nil"},
		"nil pointer": {func(t testing.TB) { Match(t, (*shop)(nil)) }, "the stack is nil"},
		"nil app":     {func(t testing.TB) { MatchAll(t, nil) }, "the app or stage is nil"},
		"empty app":   {func(t testing.TB) { MatchAll(t, app) }, "there is no stack"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { record(t, test.match).wantFailure(t, test.want) })
	}
}

func TestStackWithoutApp(t *testing.T) {
	root := constructs.NewRootConstruct(jsii.String("Root"))
	stack := awscdk.NewStack(root, jsii.String("Shop"), nil)
	record(t, func(t testing.TB) { Match(t, stack) }).wantFailure(t, "is not in an app")
}

func TestTemplateIsAsSynthesized(t *testing.T) {
	template := Template(t, newShop(NewApp(t), "orders"))
	if _, ok := template["Parameters"].(map[string]any)["BootstrapVersion"]; !ok {
		t.Error("the bootstrap version is missing")
	}
	metadata := resources(template)["Topic"]["Metadata"]
	if got := compact(metadata); got != `{"aws:cdk:path":"Shop/Topic"}` {
		t.Errorf("got metadata %s", got)
	}
}

// partition is what the stack's output shows: a literal with the flag, a reference without.
func partition(t *testing.T, app awscdk.App) string {
	t.Helper()
	outputs := Template(t, newShop(app, "orders"))["Outputs"].(map[string]any)
	return compact(outputs["Partition"].(map[string]any)["Value"])
}

func TestFeatureFlags(t *testing.T) {
	const flag = "@aws-cdk/core:enablePartitionLiterals"
	const on, off = `"aws"`, `{"Ref":"AWS::Partition"}`
	dir := inModule(t)
	writeFile(t, filepath.Join(dir, "cdk.json"), `{"context":{"`+flag+`":true}}`)
	tests := map[string]struct {
		context []map[string]any
		want    string
	}{
		"of cdk.json":        {nil, on},
		"off":                {[]map[string]any{{}}, off},
		"of the test":        {[]map[string]any{{flag: true}}, on},
		"the later one wins": {[]map[string]any{{flag: true}, {flag: false}}, off},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := partition(t, NewApp(t, test.context...)); got != test.want {
				t.Errorf("got partition %s, want %s", got, test.want)
			}
		})
	}
}

func TestNewAppLeavesNothingBehind(t *testing.T) {
	var dir string
	t.Run("app", func(t *testing.T) {
		app := NewApp(t)
		newShop(app, "orders")
		app.Synth(nil)
		dir = *app.Outdir()
		if _, err := os.Stat(filepath.Join(dir, "Shop.template.json")); err != nil {
			t.Error(err)
		}
	})
	if _, err := os.Stat(dir); err == nil {
		t.Errorf("%s is still there", dir)
	}
}

func TestParallelTestsAreRefused(t *testing.T) {
	t.Run("parallel", func(t *testing.T) {
		t.Parallel()
		defer func() {
			if recover() == nil {
				t.Error("NewApp did not panic")
			}
		}()
		NewApp(t)
	})
}

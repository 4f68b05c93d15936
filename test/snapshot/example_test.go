package snapshot_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/test/snapshot"
)

func Example() {
	var t *testing.T // of the test

	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Shop"), nil)
	snapshot.Match(t, stack) // testdata/Shop.json
}

// A stack is tested with the flags it is deployed with, and without any.
func ExampleNewApp() {
	var t *testing.T // of the test

	snapshot.MatchAs(t, awscdk.NewStack(snapshot.NewApp(t), jsii.String("Shop"), nil), "Shop")
	without := snapshot.NewApp(t, map[string]any{})
	snapshot.MatchAs(t, awscdk.NewStack(without, jsii.String("Shop"), nil), "Shop-without-flags")
}

// One value of the context differs from those in cdk.json.
func ExampleContext() {
	var t *testing.T // of the test

	flags, err := snapshot.Context(".")
	if err != nil {
		t.Fatal(err)
	}
	app := snapshot.NewApp(t, flags, map[string]any{"stage": "production"})
	snapshot.MatchAll(t, app)
}

func ExampleTemplate() {
	var t *testing.T // of the test

	stack := awscdk.NewStack(snapshot.NewApp(t), jsii.String("Shop"), nil)
	resources, _ := snapshot.Template(t, stack)["Resources"].(map[string]any)
	if len(resources) > 500 {
		t.Errorf("got %d resources, more than a stack can have", len(resources))
	}
}

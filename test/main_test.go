// Package test proves what the library builds: goldens and rules over every example and case, the second deployment,
// rights by equality, misuse, and independence of feature flags. It is one package, for one process of node and one
// link of the CDK. The CDK's validator is in a package of its own, for its process starts with it.
package test

import (
	"os"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/test/bench/requests"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/rules"
	"github.com/ecskit/ecskit/test/snapshot"
)

func TestMain(m *testing.M) {
	requests.Stand()
	os.Exit(snapshot.Main(m))
}

// synth builds an app with the flags of cdk.json, or with the given context instead, and returns its templates, which
// have passed every rule.
func synth(t *testing.T, b cases.Build, context ...map[string]any) []rules.Template {
	t.Helper()
	app := snapshot.NewApp(t, context...)
	b(app)
	return templatesOf(t, app)
}

// templatesOf synthesizes the app and returns its templates, which have passed every rule.
func templatesOf(t *testing.T, app awscdk.App) []rules.Template {
	t.Helper()
	app.Synth(nil)
	templates, err := rules.Assembly(*app.Outdir())
	if err != nil {
		t.Fatal(err)
	}
	var relaxed []rules.Except
	for _, template := range templates {
		if exception, found := relaxations[template.Name]; found {
			relaxed = append(relaxed, exception)
		}
	}
	rules.Assert(t, templates, relaxed...)
	return templates
}

// golden builds an example or a case with the flags of cdk.json, and compares it with its goldens.
func golden(t *testing.T, b cases.Build) {
	app := snapshot.NewApp(t)
	b(app)
	templates := templatesOf(t, app)
	assertControls(t, templates)
	snapshot.MatchAll(t, app)
}

// assertControls finds no breach of a control of Security Hub in the templates of an example or a case that is not accepted.
func assertControls(t *testing.T, templates []rules.Template) {
	t.Helper()
	var accepted []rules.Except
	for _, template := range templates {
		accepted = append(accepted, controlExceptions[template.Name]...)
	}
	rules.AssertControls(t, templates, accepted...)
}

// relaxations are the findings that a case asks for, by its stack.
var relaxations = map[string]rules.Except{
	"Development": {
		Rule: "instance-metadata", LogicalID: "PoolLaunchTemplate11F60F6F", Reason: "the case sets InstanceMetadata",
	},
}

// newPlatform makes a platform in a VPC that is there already, whatever network the props say. A test about networks, or about what stacks
// share, makes a platform by itself.
func newPlatform(scope constructs.Construct, props platform.Props) *platform.Platform {
	props.Network = cases.Existing(scope)
	return platform.New(scope, "Platform", props)
}

// inStack builds into one stack.
func inStack(id string, b func(stack awscdk.Stack)) cases.Build {
	return func(app awscdk.App) { b(awscdk.NewStack(app, jsii.String(id), nil)) }
}

package test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/examples/storefront"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

func TestEveryExampleIsTested(t *testing.T) {
	entries, err := os.ReadDir("../examples")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if _, tested := cases.Examples[entry.Name()]; entry.IsDir() && !tested {
			t.Errorf("examples/%s is not among the examples that are tested", entry.Name())
		}
	}
}

func TestExamples(t *testing.T) {
	for name, example := range cases.Examples {
		t.Run(name, func(t *testing.T) { golden(t, example) })
	}
}

func TestCases(t *testing.T) {
	for name, c := range cases.Cases {
		t.Run(name, func(t *testing.T) { golden(t, c) })
	}
}

// TestStorefrontGrows adds a service in a stack of its own and finds every other stack unchanged, byte for byte.
func TestStorefrontGrows(t *testing.T) {
	before := files(t, func(app awscdk.App) { storefront.New(app, "Storefront") })
	after := files(t, func(app awscdk.App) {
		storefront.New(app, "Storefront")
		child := func(of constructs.IConstruct, id string) constructs.IConstruct { return of.Node().FindChild(&id) }
		shared := child(child(app, "StorefrontPlatform"), "Platform").(*platform.Platform)
		web.New(awscdk.NewStack(app, jsii.String("Search"), nil), "Search", web.Props{
			Platform: shared,
			Task:     task.Props{Image: "search:1", Port: 9200},
			Route:    ingress.Route{Path: "/cart/search/*"},
		})
	})
	if len(before) != 3 || len(after) != 4 {
		t.Fatalf("got %d and %d templates, want 3 and 4", len(before), len(after))
	}
	for name, template := range before {
		if diff := cmp.Diff(template, after[name]); diff != "" {
			t.Errorf("%s changed (-before +after):\n%s", name, diff)
		}
	}
}

// files synthesizes an app and returns its templates as they are on disk, by their file names.
func files(t *testing.T, b cases.Build) map[string]string {
	t.Helper()
	app := snapshot.NewApp(t)
	b(app)
	templatesOf(t, app)
	paths, err := filepath.Glob(filepath.Join(*app.Outdir(), "*.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	templates := map[string]string{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		templates[filepath.Base(path)] = string(content)
	}
	return templates
}

// TestStacksShareNoExport refers, from other stacks, to everything that a platform and a service are there to be referred
// to for, in an app that asks for exports. None is made: outputs are read, so what is shared can change or go.
func TestStacksShareNoExport(t *testing.T) {
	templates := synth(t, func(app awscdk.App) {
		p := platform.New(awscdk.NewStack(app, jsii.String("Platform"), nil), "Platform", platform.Props{
			PlainHTTP: true, Internal: true,
		})
		api := web.New(awscdk.NewStack(app, jsii.String("Api"), nil), "Api", web.Props{
			Platform: p, Task: task.Props{Image: "api:1", Port: 8080}, MoreTargets: []ingress.TargetProps{{LoadBalancer: p.Internal}},
			Scaling: &scaling.Policy{Max: 3},
		})
		other := awscdk.NewStack(app, jsii.String("Other"), nil)
		awss3.NewBucket(other, jsii.String("Bucket"), nil).AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Actions: jsii.Strings("s3:GetObject"), Resources: jsii.Strings("*"),
			Principals: &[]awsiam.IPrincipal{awsiam.NewArnPrincipal(api.Service.Task.Role.RoleArn())},
		}))
		database := awsec2.NewSecurityGroup(other, jsii.String("Database"), &awsec2.SecurityGroupProps{Vpc: p.Network.VPC})
		database.Connections().AllowFrom(api, awsec2.Port_Tcp(jsii.Number(5432)), nil)
		for i, subnet := range slices.Concat(*p.Network.VPC.PublicSubnets(), *p.Network.VPC.IsolatedSubnets()) {
			awscdk.NewCfnOutput(other, jsii.String(fmt.Sprint("Subnet", i)), &awscdk.CfnOutputProps{Value: subnet.SubnetId()})
		}
		awscdk.NewCfnOutput(other, jsii.String("URL"), &awscdk.CfnOutputProps{Value: p.URL()})
	}, map[string]any{"@aws-cdk/core:defaultCrossStackReferences": "strong"})
	for _, template := range templates {
		outputs, _ := template.Body["Outputs"].(map[string]any)
		for id, output := range outputs {
			if _, exported := output.(map[string]any)["Export"]; exported {
				t.Errorf("%s exports %s", template.Name, id)
			}
		}
		if template.Name != "Platform" && !uses(template.Body, "Fn::GetStackOutput") {
			t.Errorf("%s reads no output: this test looks at the wrong stacks", template.Name)
		}
	}
}

// uses reports whether an intrinsic function stands anywhere in a template.
func uses(v any, function string) bool {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if key == function || uses(value, function) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return uses(item, function) })
	}
	return false
}

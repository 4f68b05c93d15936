package test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/internal/proof"
	"github.com/ecskit/ecskit/test/rules"
	"github.com/ecskit/ecskit/test/snapshot"
)

// explanation is a difference between templates with all recommended feature flags and with none that is not of the library's making.
type explanation struct {
	flag string // without its prefix
	why  string
	of   func(path string, resource map[string]any) bool // resources that differ
	same func(resource any) any                          // what they are but for the difference
}

// explanations are all differences that there are. What the library renders is in none of them.
var explanations = []explanation{
	{
		flag: "aws-iam:minimizePolicies",
		why:  "the CDK merges and sorts the statements of its own grants, which users give to roles",
		of: func(path string, r map[string]any) bool {
			return r["Type"] == "AWS::IAM::Policy" && strings.HasSuffix(path, "/DefaultPolicy/Resource")
		},
		same: singleRights,
	},
	{
		flag: "core:enablePartitionLiterals",
		why:  "the CDK writes the partition of a known region into the role of its own function that empties default security groups",
		of: func(path string, _ map[string]any) bool {
			return strings.HasSuffix(path, "/Custom::VpcRestrictDefaultSGCustomResourceProvider/Role")
		},
		same: anyPartition,
	},
	{
		flag: "core:enablePartitionLiterals",
		why:  "the CDK writes the partition of a known region into the policies of keys that users make",
		of: func(path string, r map[string]any) bool {
			return r["Type"] == "AWS::KMS::Key" && strings.Count(path, "/") == 3 // in a stack itself, and in none of the library's constructs
		},
		same: anyPartition,
	},
}

var everywhere = flag.Bool("everywhere", false, "compare every case with and without feature flags, and in stacks of a known region too")

// TestWithoutFlags compares every example with all recommended feature flags and with none, and with -everywhere every case too, in stacks
// that can be deployed anywhere and in stacks of a known account and region. There is no difference without an explanation, and no
// explanation without a difference.
func TestWithoutFlags(t *testing.T) {
	needed := make([]bool, len(explanations))
	entries := compareAll(t, cases.EveryExample, needed)
	if !*everywhere {
		return
	}
	entries += compareAll(t, cases.EveryCase, needed)
	if known := compareAll(t, known(cases.Everything), needed); known != entries {
		t.Errorf("got %d entries of templates, and %d in stacks of a known region", entries, known)
	}
	proof.State(t, "PROOF.md", fmt.Sprintf("%d entries of templates, twice", entries))
	for i, e := range explanations {
		if !needed[i] {
			t.Errorf("nothing differs by %s any more, so the explanation would hide the next difference: %s", e.flag, e.why)
		}
	}
}

// compareAll reports every difference that is not explained, marks the explanations that are needed, and returns how many entries of
// templates there are.
func compareAll(t *testing.T, b cases.Build, needed []bool) int {
	t.Helper()
	with, without := sections(t, b), sections(t, b, map[string]any{})
	for _, key := range slices.Sorted(maps.Keys(with)) {
		compare(t, key, with[key], without[key], needed)
	}
	for key := range without {
		if _, found := with[key]; !found {
			t.Errorf("%s is there without the flags alone", key)
		}
	}
	return len(with)
}

// compare reports how a resource differs but for what is explained, and marks the explanations that it needs.
func compare(t *testing.T, key string, with, without any, needed []bool) {
	t.Helper()
	if cmp.Equal(with, without) {
		return
	}
	resource, _ := with.(map[string]any)
	metadata, _ := resource["Metadata"].(map[string]any)
	path, _ := metadata["aws:cdk:path"].(string)
	var applying []int
	for i, e := range explanations {
		if e.of(path, resource) {
			applying = append(applying, i)
		}
	}
	explained := func(v any, but int) any {
		for _, i := range applying {
			if i != but {
				v = explanations[i].same(v)
			}
		}
		return v
	}
	if diff := cmp.Diff(explained(with, -1), explained(without, -1)); diff != "" {
		t.Errorf("%s with the flags (-) and without (+):\n%s", key, diff)
		return
	}
	for _, i := range applying {
		if !cmp.Equal(explained(with, i), explained(without, i)) {
			needed[i] = true
		}
	}
}

// known builds into a stage, which tells its stacks their account and region. To Go, a stage is all that an app is.
func known(b cases.Build) cases.Build {
	return func(app awscdk.App) {
		b(awscdk.NewStage(app, jsii.String("Known"), &awscdk.StageProps{Env: &awscdk.Environment{
			Account: jsii.String("444455556666"), Region: jsii.String("us-east-1"),
		}}))
	}
}

// sections builds an app and returns what is in its templates: each resource by stack and id, and other sections by stack and name.
func sections(t *testing.T, b cases.Build, context ...map[string]any) map[string]any {
	t.Helper()
	app := snapshot.NewApp(t, context...)
	b(app)
	app.Synth(nil)
	templates, err := rules.Assembly(*app.Outdir())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{}
	for _, template := range templates {
		for name, section := range template.Body {
			if name != "Resources" {
				all[template.Name+" "+name] = section
			}
		}
		for id, r := range template.Body["Resources"].(map[string]any) {
			all[template.Name+" Resources "+id] = r
		}
	}
	return all
}

// singleRights returns a resource with its policies as what they say, one action on one resource at a time.
func singleRights(v any) any {
	switch v := v.(type) {
	case []any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = singleRights(v[i])
		}
		return items
	case map[string]any:
		object := map[string]any{}
		for key := range v {
			object[key] = singleRights(v[key])
			if key == "Statement" {
				object[key] = rightsOf(listed(v[key]))
			}
		}
		return object
	}
	return v
}

func rightsOf(statements []any) []string {
	var rights []string
	for _, statement := range statements {
		s := statement.(map[string]any)
		for _, action := range listed(s["Action"]) {
			for _, resource := range listed(s["Resource"]) {
				single := maps.Clone(s)
				single["Action"], single["Resource"] = action, resource
				text, _ := json.Marshal(single)
				rights = append(rights, string(text))
			}
		}
	}
	return sorted(rights)
}

// listed returns a list, or the one value that stands for a list.
func listed(v any) []any {
	if list, isList := v.([]any); isList {
		return list
	}
	return []any{v}
}

// anyPartition returns a resource with the partition of AWS for the one that a stack is deployed to.
func anyPartition(v any) any {
	switch v := v.(type) {
	case []any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = anyPartition(v[i])
		}
		return items
	case map[string]any:
		if v["Ref"] == "AWS::Partition" {
			return "aws"
		}
		object := map[string]any{}
		for key := range v {
			object[key] = anyPartition(v[key])
		}
		if join, isJoin := object["Fn::Join"].([]any); isJoin && len(object) == 1 && join[0] == "" {
			return joined(join[1].([]any))
		}
		return object
	}
	return v
}

// joined returns what joining the parts with nothing between them makes, a text if all of them are texts.
func joined(parts []any) any {
	var merged []any
	for _, part := range parts {
		text, isText := part.(string)
		if before, wasText := last(merged); isText && wasText {
			merged[len(merged)-1] = before + text
			continue
		}
		merged = append(merged, part)
	}
	if text, isText := last(merged); isText && len(merged) == 1 {
		return text
	}
	return map[string]any{"Fn::Join": []any{"", merged}}
}

// last returns the last of the parts if it is a text.
func last(parts []any) (string, bool) {
	if len(parts) == 0 {
		return "", false
	}
	text, isText := parts[len(parts)-1].(string)
	return text, isText
}

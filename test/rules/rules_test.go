package rules_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/test/internal/proof"
	"github.com/ecskit/ecskit/test/rules"
)

func TestHealthy(t *testing.T) {
	for _, base := range bases {
		for _, f := range forms {
			t.Run(base.file+"/"+f.name, func(t *testing.T) {
				templates := f.make(base.healthy(t))
				rules.Assert(t, templates)
				eachAlone(t, templates, nil, nil)
			})
		}
	}
}

// TestBreakages breaks the templates. What Check finds must not depend on the order of the templates, either.
func TestBreakages(t *testing.T) {
	broken, near := 0, 0
	for _, base := range bases {
		broken, near = broken+len(base.breakages), near+len(base.nearMisses)
	}
	proof.State(t, "../PROOF.md", fmt.Sprintf("%d rules, %d templates that break them, %d that nearly do", len(rules.All()), broken, near))
	for _, base := range bases {
		for _, f := range forms {
			healthy := f.make(base.healthy(t))
			for _, b := range base.breakages {
				t.Run(b.rule+"/"+b.name+"/"+f.name, func(t *testing.T) {
					templates := f.make(base.healthy(t, b.edits...))
					found := rules.Check(templates...)
					if diff := cmp.Diff(b.want, places(found)); diff != "" {
						t.Errorf("-want +got:\n%s\n%s", diff, lines(found))
					}
					if len(templates) == 1 && !strings.Contains(lines(found), b.says) {
						t.Errorf("no reason says %q:\n%s", b.says, lines(found))
					}
					eachAlone(t, templates, healthy, found)
					if f.reversed {
						slices.Reverse(templates)
						if diff := cmp.Diff(found, rules.Check(templates...)); diff != "" {
							t.Errorf("the order of the templates matters; -want +got:\n%s", diff)
						}
					}
				})
			}
		}
	}
}

func TestNearMisses(t *testing.T) {
	for _, base := range bases {
		for _, f := range forms {
			healthy := f.make(base.healthy(t))
			for _, n := range base.nearMisses {
				t.Run(n.rule+"/"+n.name+"/"+f.name, func(t *testing.T) {
					templates := f.make(base.healthy(t, n.edits...))
					rules.Assert(t, templates)
					eachAlone(t, templates, healthy, nil)
				})
			}
		}
	}
}

// eachAlone checks that a template alone breaks no rule that it does not break together with the others, which is found.
// What is still as it is in the healthy templates has been checked with them.
func eachAlone(t *testing.T, templates, healthy []rules.Template, found []rules.Finding) {
	t.Helper()
	if len(templates) == 1 {
		return
	}
	for i, template := range templates {
		if healthy != nil && reflect.DeepEqual(template, healthy[i]) {
			continue
		}
		for _, alone := range rules.Check(template) {
			if !slices.ContainsFunc(found, func(f rules.Finding) bool { return f.Rule == alone.Rule }) {
				t.Errorf("alone there is %s", alone)
			}
		}
	}
}

// TestSameNames checks that stacks of one name, which are those of different accounts or regions, are not mixed up.
func TestSameNames(t *testing.T) {
	for _, base := range bases {
		for _, f := range forms {
			templates := slices.Concat(f.make(base.healthy(t)), f.make(base.healthy(t)))
			if found := rules.Check(templates...); len(found) > 0 {
				t.Errorf("%s/%s:\n%s", base.file, f.name, lines(found))
			}
		}
	}
}

// TestOwnNamesFirst checks that a literal name means what has it in the own stack.
func TestOwnNamesFirst(t *testing.T) {
	test := fargate.healthy(t)
	test.Name = "Test"
	shop := fargate.healthy(t, edit{start + "[3]", ""})
	for _, templates := range [][]rules.Template{{test, shop}, {shop, test}} {
		found := rules.Check(templates...)
		want := []string{"execution-role Migration Properties.ContainerDefinitions[0].Secrets[0].ValueFrom"}
		if diff := cmp.Diff(want, places(found)); diff != "" || found[0].Stack != "Shop" {
			t.Errorf("-want +got:\n%s\n%s", diff, lines(found))
		}
	}
}

// TestOtherEnvironment checks that the same name means another secret in a stack that may be in another account.
func TestOtherEnvironment(t *testing.T) {
	for name, broken := range map[string]bool{
		`"Shop"`: true, `{"Ref": "AWS::StackName"}`: false, `"Shop", "Region": {"Ref": "AWS::Region"}`: true,
		`"Shop", "Region": "us-east-1"`: false, `"Shop", "RoleArn": "arn:aws:iam::111122223333:role/reader"`: false,
	} {
		tools, err := rules.Parse("Tools", []byte(`{"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {
			"Description": {"Fn::GetStackOutput": {"OutputName": "Any", "StackName": `+name+`}},
			"AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}},
			"Policies": [{"PolicyDocument": {"Statement": `+allow(`"ssm:GetParameter"`, `"*"`)+`}}]}}}}`))
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		if broken {
			want = []string{"secret-privacy Role Properties.Policies[0].PolicyDocument.Statement.Resource"}
		}
		if diff := cmp.Diff(want, places(rules.Check(tools, fargate.healthy(t)))); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// TestReservedNames checks names that CloudFormation makes of that of the stack.
func TestReservedNames(t *testing.T) {
	for stack, reserved := range map[string]bool{
		"Shop": false, "shop-aws": false, "": false,
		"AwsShop": true, "ecs": true, "fargate-shop/Nested": true,
	} {
		template := ec2.healthy(t)
		template.Name = stack
		var want []string
		if reserved {
			want = []string{"capacity-provider Pool Properties.Name"}
		}
		if diff := cmp.Diff(want, places(rules.Check(template))); diff != "" {
			t.Errorf("%q: -want +got:\n%s", stack, diff)
		}
		named := ec2.healthy(t, edit{"Pool.Properties.Name", `"shop"`})
		named.Name = stack
		rules.Assert(t, []rules.Template{named})
	}
}

// TestTemplatesStay checks that Check leaves the templates as they are, also one with something that does not count.
func TestTemplatesStay(t *testing.T) {
	for _, base := range bases {
		template := base.healthy(t, edit{"Logs.Properties.KmsKeyId", `{"Ref": "AWS::NoValue"}`},
			edit{"Logs.Properties.Tags", `[{"Ref": "AWS::NoValue"}]`})
		before, err := json.Marshal(template.Body)
		if err != nil {
			t.Fatal(err)
		}
		rules.Check(template)
		rules.CheckControls(template)
		if after, err := json.Marshal(template.Body); err != nil || string(after) != string(before) {
			t.Errorf("%s has become %s (%v)", before, after, err)
		}
	}
}

// TestGoValues checks that a template need not come from JSON.
func TestGoValues(t *testing.T) {
	found := rules.Check(rules.Template{Name: "Shop", Body: map[string]any{"Resources": map[string]any{
		"Task": map[string]any{"Type": "AWS::ECS::TaskDefinition", "Properties": map[string]any{
			"RequiresCompatibilities": []any{"FARGATE"}, "Cpu": 256, "Memory": 513,
		}},
	}}})
	if diff := cmp.Diff([]string{"fargate-size Task Properties.Memory"}, places(found)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestEveryRuleHasABreakage(t *testing.T) {
	broken := map[string]bool{}
	for _, b := range slices.Concat(fargate.breakages, ec2.breakages, closed.breakages) {
		for _, place := range b.want {
			if strings.HasPrefix(place, b.rule+" ") {
				broken[b.rule] = true
			}
		}
	}
	for _, rule := range rules.All() {
		if !broken[rule.ID] {
			t.Errorf("no template breaks %s", rule.ID)
		}
	}
}

func TestAll(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range rules.All() {
		if seen[rule.ID] {
			t.Errorf("%s is listed twice", rule.ID)
		}
		seen[rule.ID] = true
		if rule.Doc == "" || strings.HasSuffix(rule.Doc, ".") || strings.Contains(rule.Doc, "\n") {
			t.Errorf("%s: not one line of documentation: %q", rule.ID, rule.Doc)
		}
	}
}

func TestAccept(t *testing.T) {
	open := rules.Finding{Rule: "open-ingress", Stack: "Shop", LogicalID: "Bastion", Reason: "open"}
	other := rules.Finding{Rule: "open-ingress", Stack: "Shop", LogicalID: "Other", Reason: "open"}
	for _, test := range []struct {
		name       string
		exceptions []rules.Except
		want       []string
	}{
		{"none", nil, []string{"open-ingress Bastion ", "open-ingress Other "}},
		{"used", []rules.Except{{"open-ingress", "Bastion", "closed at night"}}, []string{"open-ingress Other "}},
		{
			"without a reason", []rules.Except{{"open-ingress", "Bastion", ""}},
			[]string{"open-ingress Bastion ", "open-ingress Other ", "exception Bastion "},
		},
		{
			"of another rule", []rules.Except{{"own-roles", "Bastion", "shared"}},
			[]string{"open-ingress Bastion ", "open-ingress Other ", "exception Bastion "},
		},
		{
			"twice", []rules.Except{{"open-ingress", "Other", "public"}, {"open-ingress", "Other", "public"}},
			[]string{"open-ingress Bastion "},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			findings := []rules.Finding{open, other}
			if diff := cmp.Diff(test.want, places(rules.Accept(findings, test.exceptions...))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if findings[0] != open || findings[1] != other {
				t.Error("Accept changed the findings it was given")
			}
		})
	}
}

func TestFindingString(t *testing.T) {
	finding := rules.Finding{"fargate-size", "Shop", "Task", "Properties.Memory", "no such size"}
	if got, want := finding.String(), "fargate-size: Shop/Task Properties.Memory: no such size"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	unused := rules.Accept(nil, rules.Except{Rule: "own-roles", LogicalID: "Task", Reason: "shared"})
	if got, want := lines(unused), "exception: Task: nothing there breaks own-roles"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want prefix %q", got, want)
	}
}

func TestAssert(t *testing.T) {
	templates := []rules.Template{fargate.healthy(t, edit{"Logs.Properties.RetentionInDays", ""})}
	r := &recorder{TB: t}
	rules.Assert(r, templates)
	if len(r.errors) != 1 || !strings.HasPrefix(r.errors[0], "log-retention: Shop/Logs ") {
		t.Errorf("got %q, want one error of log-retention", r.errors)
	}
	r.errors = nil
	rules.Assert(r, templates, rules.Except{Rule: "log-retention", LogicalID: "Logs", Reason: "kept by law"})
	if len(r.errors) > 0 {
		t.Errorf("got %q for an accepted finding", r.errors)
	}
}

// recorder is a test that does not fail.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Error(args ...any) { r.errors = append(r.errors, fmt.Sprint(args...)) }

// places returns the findings without stack and reason.
func places(findings []rules.Finding) []string {
	var places []string
	for _, f := range findings {
		places = append(places, strings.Join([]string{f.Rule, f.LogicalID, f.Path}, " "))
	}
	return places
}

func lines(findings []rules.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

package property

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/test/replacement"
	"github.com/ecskit/ecskit/test/rules"
	"github.com/ecskit/ecskit/test/snapshot"
)

// validated is how many apps the CDK validates, at once: of many apps one in twenty, up to fifty. With few it is none, for to start the
// validator takes as long as all the rest.
func validated() int {
	drawn := flag.Lookup("rapid.checks").Value.(flag.Getter).Get().(int)
	if drawn < 100 {
		return 0
	}
	return min(drawn/20, 50)
}

// restart is after how many builds node starts anew, which keeps every construct until then: 150 apps take some 400 MB there. What Go keeps
// of them for good is 0.05 MB an app.
const restart = 150

// TestApps draws valid apps and finds that they have no problems, are synthesized, break no rule and, of many, pass the CDK's validator,
// that the same app is always the same, byte for byte, and that a release replaces nothing that serves.
func TestApps(t *testing.T) {
	c := &count{}
	apps := rapid.Custom(drawApp)
	var valid []appPlan
	enough := validated()
	rapid.Check(t, func(rt *rapid.T) {
		plan := apps.Draw(rt, "app")
		again := rapid.IntRange(0, 3).Draw(rt, "with the next release too if 3") == 3
		first := c.build(rt, t, plan, release)
		for _, f := range rules.Check(first...) {
			if !plan.accepts(f) {
				rt.Error(f)
			}
		}
		reachable(rt, plan, first)
		if again {
			c.releases++
			compare(rt, first, c.build(rt, t, plan, nextRelease))
		}
		c.add(plan, first)
		if len(valid) < enough {
			valid = append(valid, plan)
		}
	})
	stacks := 0
	if enough > 0 {
		t.Run("validator", func(t *testing.T) { stacks = validate(t, valid) })
	}
	t.Logf("%d apps, %d services, %d resources, %d rules, %d releases, %d stacks validated, %d of %d draws put aside for two routes of one number",
		c.apps, c.services, c.resources, len(rules.All()), c.releases, stacks, c.aside, c.apps+c.aside)
}

// count is what has been tried.
type count struct{ apps, services, resources, releases, aside, builds int }

func (c *count) add(p appPlan, templates []rules.Template) {
	c.apps++
	c.services += len(p.Services)
	for _, template := range templates {
		c.resources += len(template.Body["Resources"].(map[string]any))
	}
}

// build synthesizes a plan and returns its templates. Two routes of which the hash picks one number are a problem of one draw in many
// that the documentation announces: such a draw is put aside.
func (c *count) build(rt *rapid.T, t *testing.T, p appPlan, release string) []rules.Template {
	if c.builds++; c.builds%restart == 0 {
		jsii.Close()
	}
	app := snapshot.NewApp(t)
	defer os.RemoveAll(*app.Outdir())
	defer func() {
		var problems *check.Error
		cause := recover()
		if err, ok := cause.(error); ok && errors.As(err, &problems) && onlyNumbers(problems.Problems) {
			c.aside++
			rt.Skip(problems)
		}
		if cause != nil {
			rt.Fatal(cause)
		}
	}()
	for _, problem := range p.build(app, "", release) {
		rt.Error(problem)
	}
	app.Synth(nil)
	templates, err := rules.Assembly(*app.Outdir())
	if err != nil {
		rt.Fatal(err)
	}
	return templates
}

func onlyNumbers(ps check.Problems) bool {
	return !slices.ContainsFunc(ps, func(p *check.Problem) bool { return !isNumber(p) })
}

func isNumber(p *check.Problem) bool {
	return strings.HasPrefix(p.Rule, "must have another priority than the route of")
}

// accepts reports whether the plan asks for what a rule finds.
func (p appPlan) accepts(f rules.Finding) bool {
	return f.Rule == "instance-metadata" && slices.ContainsFunc(p.Pools, func(pool cluster.PoolProps) bool { return pool.InstanceMetadata })
}

// compare finds that the next release of an app differs in the tag of its images alone, and replaces task definitions alone.
func compare(rt *rapid.T, first, next []rules.Template) {
	for i, template := range next {
		before, after := first[i].Body, template.Body
		replaced := replacement.Replaced(before, after)
		for _, id := range slices.Sorted(maps.Keys(replaced)) {
			if kind := after["Resources"].(map[string]any)[id].(map[string]any)["Type"]; kind != "AWS::ECS::TaskDefinition" {
				rt.Errorf("the next release replaces %s/%s, a %s, for its %v", template.Name, id, kind, replaced[id])
			}
		}
		if a, b := text(rt, before), text(rt, after); !bytes.Equal(a, bytes.ReplaceAll(b, []byte(nextRelease), []byte(release))) {
			rt.Errorf("the next release of %s differs in more than its tag: %s", template.Name, cmp.Diff(before, after))
		}
	}
}

func text(rt *rapid.T, body map[string]any) []byte {
	content, err := json.Marshal(body)
	if err != nil {
		rt.Fatal(err)
	}
	return content
}

// validate runs the CDK's validation of templates over the plans, beside each other in one app, and returns how many stacks it has seen.
func validate(t *testing.T, plans []appPlan) (stacks int) {
	t.Setenv("CDK_VALIDATION", "true")
	jsii.Close()          // node reads the environment when it starts
	t.Cleanup(jsii.Close) // before the variable is as it was
	defer func() {
		if cause := recover(); cause != nil {
			t.Error(cause)
		}
		if t.Failed() {
			for i, p := range plans {
				t.Logf("App%d: %s", i, source(p))
			}
		}
	}()
	app := snapshot.NewApp(t)
	for i, p := range plans {
		p.build(app, fmt.Sprintf("App%d", i), release)
	}
	stacks = len(*app.Synth(nil).StacksRecursively())
	content, err := os.ReadFile(filepath.Join(*app.Outdir(), "validation-report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		PluginReports []struct{ Violations []any } // those that are acknowledged are elsewhere
	}
	if err := json.Unmarshal(content, &report); err != nil {
		t.Fatal(err)
	}
	for _, r := range report.PluginReports {
		if len(r.Violations) > 0 {
			t.Errorf("the validator's findings:\n%s", content)
		}
	}
	return stacks
}

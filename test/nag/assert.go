package nag

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// Except accepts findings of one rule at one resource.
type Except struct {
	Path string // of the resource's construct, such as "Shop/Images/Resource"
	Rule string // id, such as "AwsSolutions-S1"
	// Findings are what the rule names in brackets, such as "Action::s3:GetObject*". Zero: the rule names nothing.
	Findings []string
	Reason   string // why this is right here
}

// Suppression is a finding that was accepted.
type Suppression struct {
	Path, Rule, Finding, Reason string
}

// Report is what the rules said.
type Report struct {
	Rules        int // that had something to look at
	Compliant    int // resources, each counted for each rule that looked at it
	NonCompliant int // findings that nothing accepts
	Failed       int // resources that a rule could not read, each counted for each rule
	Suppressed   []Suppression
}

// String returns the report as one line.
func (r Report) String() string {
	return fmt.Sprintf("%d rules: %d compliant, %d non-compliant, %d not readable, %d suppressed",
		r.Rules, r.Compliant, r.NonCompliant, r.Failed, len(r.Suppressed))
}

// Assert synthesizes an app under the rules AwsSolutions of cdk-nag. Each finding that is neither a decision of the library
// nor accepted by an exception is an error of the test, and so is a rule that cannot read a resource. So is an exception
// that accepts a finding that is not there, is about no resource, or has no reason. The app must not have been synthesized before.
func Assert(t testing.TB, app awscdk.App, exceptions ...Except) Report {
	t.Helper()
	Suppress(app)
	var applied []Except
	for _, e := range exceptions {
		if err := e.apply(app); err != nil {
			t.Error(err)
			continue
		}
		applied = append(applied, e)
	}
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(nil), nil)
	synthesis := synth(app)
	lines, err := read(*app.Outdir())
	if err != nil {
		t.Fatal(err)
	}
	report, failures := lines.evaluate()
	if synthesis != nil && len(failures) == 0 {
		panic(synthesis)
	}
	for _, e := range applied {
		failures = append(failures, e.stale(report.Suppressed)...)
	}
	for _, f := range failures {
		t.Error(f)
	}
	return report
}

// synth returns what synthesis panics with, as it does where a feature flag makes errors of findings. The reports are
// written all the same.
func synth(app awscdk.App) (cause any) {
	defer func() { cause = recover() }()
	app.Synth(nil)
	return nil
}

// shortestReason is the number of characters that cdk-nag wants a reason to have.
const shortestReason = 10

// granular are the rules whose findings have names, which an exception has to tell.
var granular = []string{managedPolicy, wildcard, unreadable}

func (e Except) apply(app awscdk.App) error {
	switch {
	case len(e.Reason) < shortestReason:
		return fmt.Errorf("the exception from %s at %s does not say why it is right: give it a Reason of %d characters or more", e.Rule, e.Path, shortestReason)
	case len(e.Findings) == 0 && slices.Contains(granular, e.Rule):
		return fmt.Errorf("the exception from %s at %s accepts whatever the rule may find there: name the Findings", e.Rule, e.Path)
	}
	c := constructs.IConstruct(app)
	for id := range strings.SplitSeq(e.Path, "/") {
		if c = c.Node().TryFindChild(&id); c == nil {
			return fmt.Errorf("the exception from %s is at %s, where no construct is", e.Rule, e.Path)
		}
	}
	if is := awscdk.CfnResource_IsCfnResource(c); !*is {
		return fmt.Errorf("the exception from %s is at %s, which is no resource", e.Rule, e.Path)
	}
	suppress(c, e.Rule, e.Reason, e.Findings...)
	return nil
}

// stale returns what the exception accepts without need.
func (e Except) stale(accepted []Suppression) []string {
	names := e.Findings
	if len(names) == 0 {
		names = []string{""}
	}
	var stale []string
	for _, name := range names {
		want, shown := Suppression{e.Path, e.Rule, name, e.Reason}, e.Rule+"["+name+"]"
		if e.Rule == unreadable {
			want.Rule, want.Finding = name, ""
		}
		if !slices.Contains(accepted, want) {
			stale = append(stale, fmt.Sprintf("%s: the exception at %s accepts nothing there, and would hide the next finding: remove it",
				strings.TrimSuffix(shown, "[]"), e.Path))
		}
	}
	return stale
}

// line is one result of one rule at one resource.
type line struct{ rule, path, compliance, reason, info string }

// results are the reports of an assembly, and what rules named in the annotations of resources, which is in no report.
type results struct {
	lines []line
	named map[[2]string][]string // by rule and path
}

func read(assembly string) (results, error) {
	r := results{named: map[[2]string][]string{}}
	reports, err := filepath.Glob(filepath.Join(assembly, "AwsSolutions-*-NagReport.csv"))
	if err != nil {
		return r, err
	}
	if len(reports) == 0 {
		return r, fmt.Errorf("%s: no report of cdk-nag", assembly)
	}
	for _, report := range reports {
		if err := r.addReport(report); err != nil {
			return r, err
		}
	}
	return r, filepath.WalkDir(assembly, func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".metadata.json") {
			return err
		}
		return r.addNames(file)
	})
}

func (r *results) addReport(file string) error {
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer content.Close()
	reader := csv.NewReader(content)
	reader.FieldsPerRecord = 6 // rule, resource, compliance, reason, level, info
	records, err := reader.ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, record := range records[1:] {
		r.lines = append(r.lines, line{rule: record[0], path: record[1], compliance: record[2], reason: record[3], info: record[5]})
	}
	return nil
}

// annotation is what cdk-nag writes at a resource: a rule, what it names, and what it says.
var annotation = regexp.MustCompile(`^(AwsSolutions-\w+)\[(.*)\]: `)

func (r *results) addNames(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var metadata map[string][]struct{ Data any }
	if err := json.Unmarshal(content, &metadata); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for path, entries := range metadata {
		for _, entry := range entries {
			text, _ := entry.Data.(string)
			if match := annotation.FindStringSubmatch(text); match != nil {
				at := [2]string{match[1], strings.TrimPrefix(path, "/")}
				r.named[at] = append(r.named[at], match[2])
			}
		}
	}
	return nil
}

// evaluate counts the results, and returns those that nothing accepts, in words.
func (r results) evaluate() (Report, []string) {
	var report Report
	var failures []string
	rules := map[string]bool{}
	for _, l := range r.lines {
		rules[l.rule] = true
		switch l.compliance {
		case "Compliant":
			report.Compliant++
		case "Suppressed":
			report.Suppressed = append(report.Suppressed, l.suppression())
		case "Non-Compliant":
			report.NonCompliant++
			failures = append(failures, fmt.Sprintf("%s at %s %v: %s", l.rule, l.path, r.named[[2]string{l.rule, l.path}], l.info))
		default:
			report.Failed++
			failures = append(failures, fmt.Sprintf("%s at %s: the rule cannot read the resource; accept that as %s, with the rule as its finding",
				l.rule, l.path, unreadable))
		}
	}
	report.Rules = len(rules)
	slices.Sort(failures)
	return report, slices.Compact(failures) // a line for each name, and all names in each
}

// suppression takes the reason of a line apart: what the rule named comes first, in brackets.
func (l line) suppression() Suppression {
	s := Suppression{Path: l.path, Rule: l.rule, Reason: l.reason}
	if rest, named := strings.CutPrefix(l.reason, "["); named {
		s.Finding, s.Reason, _ = strings.Cut(rest, "] ")
	}
	return s
}

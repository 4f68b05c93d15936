package rules_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ecskit/ecskit/test/rules"
)

// odd are values that no property of a healthy template has, in JSON.
var odd = []string{
	`null`, `true`, `-1.5`, `1e300`, `""`, `"x"`, `"*"`, `[]`, `{}`, `[null]`, `[[]]`, `{"Type": 1}`, `"\udbbf\udfff"`,
	`{"Ref": "AWS::NoValue"}`, `{"Ref": "AWS::StackName"}`, `{"Ref": 1}`, `{"Ref": "Service"}`,
	`{"Fn::GetAtt": []}`, `{"Fn::GetAtt": "Service"}`, `{"Fn::GetAtt": ["Task", 1]}`, `{"Fn::Join": []}`,
	`{"Fn::Join": ["", {"Ref": "Subnets"}]}`,
	`{"Fn::Sub": "${}${!x}${Task.}${Nobody.Arn}"}`, `{"Fn::Sub": ["${a}", []]}`,
	`{"Fn::Select": [-1, []]}`, `{"Fn::Select": ["x", [1]]}`, `{"Fn::Split": ["", "a"]}`, `{"Fn::Split": 1}`,
	`{"Fn::ImportValue": {"Ref": "Size"}}`, `{"Fn::GetStackOutput": []}`,
	`{"Fn::GetStackOutput": {"StackName": "Shop", "OutputName": "None"}}`, `{"Fn::If": ["A", [], {}]}`,
}

// FuzzCheck replaces one value of a healthy template and checks the result together with a second template. Whatever
// they are, Check must not panic, and what it finds must be complete and in order.
func FuzzCheck(f *testing.F) {
	for i, base := range bases {
		size := count(base.healthy(f).Body)
		for j, value := range odd {
			for at := j; at < size; at += len(odd) {
				f.Add(uint(i), at, value, value)
			}
		}
	}
	f.Add(uint(0), 0, `{"Resources": 1}`, `{"Ref": "AWS::NoValue"}`)
	f.Add(uint(0), 0, `{"Outputs": {"A": {"Value": {"Fn::GetStackOutput": {"StackName": "Shop", "OutputName": "A"}},
		"Export": {"Name": {"Fn::ImportValue": "A"}}}}}`, `{}`)
	f.Add(uint(0), 0, `{"Resources": {"Logs": {"Type": "AWS::Logs::LogGroup",
		"Properties": {"LogGroupName": {"Ref": "Logs"}}}}}`, `{}`)
	f.Fuzz(func(t *testing.T, which uint, at int, value, second string) {
		var replacement any
		if json.Unmarshal([]byte(value), &replacement) != nil {
			return
		}
		template := bases[which%uint(len(bases))].healthy(t)
		template.Body, _ = replace(template.Body, &at, replacement).(map[string]any)
		other, _ := rules.Parse("Platform", []byte(second))
		found, breaches := rules.Check(template, other), rules.CheckControls(template, other)
		if !slices.IsSortedFunc(found, func(a, b rules.Finding) int { return strings.Compare(a.Stack, b.Stack) }) {
			t.Error("findings are not in order of stacks")
		}
		for _, finding := range slices.Concat(found, breaches) {
			if finding.Rule == "" || finding.Path == "" || finding.Reason == "" {
				t.Errorf("incomplete finding: %#v", finding)
			}
		}
	})
}

// count returns the number of values in a value, itself included.
func count(value any) int {
	n := 1
	switch v := value.(type) {
	case map[string]any:
		for _, value := range v {
			n += count(value)
		}
	case []any:
		for _, value := range v {
			n += count(value)
		}
	}
	return n
}

// replace returns a copy of a value with the value in it that at counts down to replaced, after which at is negative.
func replace(value any, at *int, with any) any {
	if *at == 0 {
		*at--
		return with
	}
	*at--
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if replaced := replace(v[key], at, with); *at < 0 {
				v = maps.Clone(v)
				v[key] = replaced
				return v
			}
		}
	case []any:
		for i := range v {
			if replaced := replace(v[i], at, with); *at < 0 {
				v = slices.Clone(v)
				v[i] = replaced
				return v
			}
		}
	}
	return value
}

package snapshot

import (
	"encoding/json"
	"strings"
	"testing"
)

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	var template map[string]any
	if err := json.Unmarshal([]byte(text), &template); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return template
}

// environment is a template whose one resource has a list of variables, as a container has.
func environment(variables ...string) string {
	return `{"Resources":{"T":{"Type":"A::B::C","Properties":{"Env":[` + strings.Join(variables, ",") + `]}}}}`
}

func variable(name, value string) string { return `{"Name":"` + name + `","Value":"` + value + `"}` }

func TestReport(t *testing.T) {
	a, b, c := variable("A", "1"), variable("B", "2"), variable("C", "3")
	long, around20, around19 := strings.Repeat("x", 200), strings.Repeat("x", 20), strings.Repeat("x", 19)
	tests := map[string]struct {
		old, new string
		want     []string
	}{
		"equal, in another order": {
			old: `{"Resources":{"T":{"Type":"X","Properties":{"A":1,"B":null}}}}`,
			new: `{"Resources":{"T":{"Properties":{"B":null,"A":1},"Type":"X"}}}`,
		},
		"property changed": {
			old: `{"Resources":{"T":{"Type":"X","Properties":{"C":[{"Image":"a:1"}]}}}}`,
			new: `{"Resources":{"T":{"Type":"X","Properties":{"C":[{"Image":"a:2"}]}}}}`,
			want: []string{
				`  ~ T (X)`,
				`      Properties.C[0].Image: "a:1" → "a:2"`,
			},
		},
		"property changed between kinds of values": {
			old: `{"Resources":{"T":{"Type":"X","Properties":{"A":"1","B":null,"C":{"Ref":"<R>"}}}}}`,
			new: `{"Resources":{"T":{"Type":"X","Properties":{"A":1,"B":false,"C":["R"]}}}}`,
			want: []string{
				`  ~ T (X)`,
				`      Properties.A: "1" → 1`,
				`      Properties.B: null → false`,
				`      Properties.C: {"Ref":"<R>"} → ["R"]`,
			},
		},
		"property added and removed": {
			old: `{"Resources":{"T":{"Type":"X","Properties":{"A":1}}}}`,
			new: `{"Resources":{"T":{"Type":"X","Properties":{"B":{"C":null}}}}}`,
			want: []string{
				`  ~ T (X)`,
				`      Properties.A: removed 1`,
				`      Properties.B: added {"C":null}`,
			},
		},
		"key that is no word": {
			old: `{"Resources":{"T":{"Type":"X","Properties":{"V":{"Fn::Join":["",["a"]]}}}}}`,
			new: `{"Resources":{"T":{"Type":"X","Properties":{"V":{"Fn::Join":["",["b"]]}}}}}`,
			want: []string{
				`  ~ T (X)`,
				`      Properties.V["Fn::Join"][1][0]: "a" → "b"`,
			},
		},
		"resources added, removed and of another type": {
			old: `{"Resources":{"A":{"Type":"X"},"B":{"Type":"Y","Properties":{"P":1}}}}`,
			new: `{"Resources":{"A":{"Type":"Z"},"C":{"Type":"W","Properties":{"P":1}}}}`,
			want: []string{
				`  ~ A (Z)`,
				`      Type: "X" → "Z"`,
				`  - B (Y)`,
				`  + C (W)`,
			},
		},
		"other sections": {
			old: `{"Description":"a","Outputs":{"U":{"Value":"a"},"V":{"Value":"a"}},"Resources":{}}`,
			new: `{"Description":"b","Outputs":{"U":{"Value":"b"}},"Parameters":{"P":{"Type":"String"}},"Resources":{}}`,
			want: []string{
				`  ~ Description`,
				`      "a" → "b"`,
				`  ~ Outputs`,
				`      U.Value: "a" → "b"`,
				`      V: removed {"Value":"a"}`,
				`  ~ Parameters`,
				`      P: added {"Type":"String"}`,
			},
		},
		"section that is no map added": {
			old:  `{"Resources":{}}`,
			new:  `{"Resources":{},"Transform":["T"]}`,
			want: []string{`  ~ Transform`, `      added ["T"]`},
		},
		"element added in the middle": {
			old:  environment(a, c),
			new:  environment(a, b, c),
			want: []string{`  ~ T (A::B::C)`, `      Properties.Env[1]: added {"Name":"B","Value":"2"}`},
		},
		"element added at the head": {
			old:  environment(b, c),
			new:  environment(a, b, c),
			want: []string{`  ~ T (A::B::C)`, `      Properties.Env[0]: added {"Name":"A","Value":"1"}`},
		},
		"element removed from the middle": {
			old:  environment(a, b, c),
			new:  environment(a, c),
			want: []string{`  ~ T (A::B::C)`, `      Properties.Env[1]: removed {"Name":"B","Value":"2"}`},
		},
		"element added before one that changed": {
			old: environment(a, c),
			new: environment(b, a, variable("C", "4")),
			want: []string{
				`  ~ T (A::B::C)`,
				`      Properties.Env[0]: added {"Name":"B","Value":"2"}`,
				`      Properties.Env[2].Value: "3" → "4"`,
			},
		},
		"long string": {
			old: `{"Resources":{"T":{"Type":"X","Properties":{"S":"` + long + `ä1` + long + `"}}}}`,
			new: `{"Resources":{"T":{"Type":"X","Properties":{"S":"` + long + `ä2` + long + `"}}}}`,
			want: []string{
				`  ~ T (X)`,
				`      Properties.S: "…` + around19 + `ä1` + around20 + `…" → "…` + around19 + `ä2` + around20 + `…"`,
			},
		},
		"long string that grew": {
			old: `{"Resources":{"T":{"Type":"X","Properties":{"S":"` + long + `"}}}}`,
			new: `{"Resources":{"T":{"Type":"X","Properties":{"S":"` + long + `x"}}}}`,
			want: []string{
				`  ~ T (X)`,
				`      Properties.S: "…` + around20 + `" → "…` + around20 + `x"`,
			},
		},
		"nested stack": {
			old: `{"Resources":{"N":{"Type":"S","NestedTemplate":{"Outputs":{"U":1},` +
				`"Resources":{"A":{"Type":"X","Properties":{"P":1}},"B":{"Type":"Y"}}}}}}`,
			new: `{"Resources":{"N":{"Type":"S","NestedTemplate":{"Outputs":{"U":2},` +
				`"Resources":{"A":{"Type":"X","Properties":{"P":2}},"C":{"Type":"Z"}}}}}}`,
			want: []string{
				`  ~ N > Outputs`,
				`      U: 1 → 2`,
				`  ~ N > A (X)`,
				`      Properties.P: 1 → 2`,
				`  - N > B (Y)`,
				`  + N > C (Z)`,
			},
		},
		"resource becomes a nested stack": {
			old: `{"Resources":{"N":{"Type":"S"}}}`,
			new: `{"Resources":{"N":{"Type":"S","NestedTemplate":{"Resources":{}}}}}`,
			want: []string{
				`  ~ N (S)`,
				`      NestedTemplate: added {"Resources":{}}`,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			old, new := parse(t, test.old), parse(t, test.new)
			want := strings.Join(append(test.want, ""), "\n")
			if got := report(compare(old, new), old, new); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestReportShowsConstructPaths(t *testing.T) {
	old := parse(t, `{"Resources":{"N":{"Type":"S","NestedTemplate":{"Resources":{}}}}}`)
	new := parse(t, `{"Resources":{"N":{"Type":"S","NestedTemplate":{"Resources":{"A":{"Type":"X"}}}}}}`)
	whole := parse(t, `{"Resources":{"N":{"Type":"S","NestedTemplate":{"Resources":{"A":{"Type":"X",`+
		`"Metadata":{"aws:cdk:path":"Shop/Nested/A/Resource"}}}}}}}`)
	want := "  + N > A (X) Shop/Nested/A/Resource\n"
	if got := report(compare(old, new), old, whole); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

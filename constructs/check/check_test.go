package check_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
)

func TestProblem(t *testing.T) {
	for _, c := range []struct {
		problem check.Problem
		want    string
	}{
		{check.Problem{Field: "Port", Rule: "must be 1-65535", Got: 70000}, "Port: must be 1-65535; got 70000"},
		{check.Problem{Field: "Image", Rule: "must be set", Got: ""}, `Image: must be set; got ""`},
		{check.Problem{Field: "Platform", Rule: "must be set"}, "Platform: must be set"},
		{check.Problem{Rule: "must be set", Page: "https://example.com"}, "must be set (https://example.com)"},
	} {
		if got := c.problem.String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestIn(t *testing.T) {
	var inner, ps check.Problems
	inner.Add("Image", nil, "a")
	inner.Add("", nil, "b")
	inner.Add("[2].Name", nil, "c")
	ps.In("Task", inner)
	ps.In("", inner)
	var fields []string
	for _, p := range ps {
		fields = append(fields, p.Field)
	}
	want := []string{"Task.Image", "Task", "Task[2].Name", "Image", "", "[2].Name"}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Error(diff)
	}
	if inner[0].Field != "Image" {
		t.Errorf("In changed the problems it was given: %s", inner[0].Field)
	}
}

func TestRange(t *testing.T) {
	for n, want := range map[int]int{1: 1, 2: 0, 5: 0, 6: 1} {
		var ps check.Problems
		ps.Range("Zones", n, 2, 5).See("https://example.com")
		if len(ps) != want {
			t.Errorf("%d: got %d problems, want %d", n, len(ps), want)
		}
	}
}

func TestMustNamesEveryProblem(t *testing.T) {
	var ps check.Problems
	ps.Add("Task.Port", 70000, "must be 1-65535, or 0 for none")
	ps.Add("Scaling.Max", 1, "must be at least Min (%d)", 2)
	defer func() {
		var err *check.Error
		if e, ok := recover().(error); !ok || !errors.As(e, &err) {
			t.Fatal("Must did not panic with a *check.Error")
		}
		want := `Api: invalid props
  scope: must not be nil: pass the stack or the construct that the new one belongs to
  Task.Port: must be 1-65535, or 0 for none; got 70000
  Scaling.Max: must be at least Min (2); got 1`
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Error(diff)
		}
	}()
	check.Must(nil, "Api", ps)
}

func TestIsNil(t *testing.T) {
	var p *int
	for _, c := range []struct {
		v    any
		want bool
	}{{nil, true}, {p, true}, {new(int), false}, {0, false}} {
		if got := check.IsNil(c.v); got != c.want {
			t.Errorf("IsNil(%#v) = %t", c.v, got)
		}
	}
}

func TestIsToken(t *testing.T) {
	if !check.IsToken("${Token[TOKEN.12]}/x") || check.IsToken("${AWS::Region}") {
		t.Error("IsToken must know the CDK's tokens, and those alone")
	}
}

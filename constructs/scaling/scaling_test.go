package scaling_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/scaling"
)

func TestPolicyProblems(t *testing.T) {
	for name, c := range map[string]struct {
		policy scaling.Policy
		want   []string
	}{
		"least":         {scaling.Policy{Max: 3}, nil},
		"every field":   {scaling.Policy{Min: 1, Max: 2, CPU: 100, Memory: 1, RequestsPerTask: 1, OutCooldown: time.Second, InCooldown: time.Hour}, nil},
		"zero":          {scaling.Policy{}, []string{"Max"}},
		"Max is Min":    {scaling.Policy{Min: 4, Max: 4}, []string{"Max"}},
		"default Min":   {scaling.Policy{Max: 2}, []string{"Max"}},
		"negative Min":  {scaling.Policy{Min: -1, Max: 3}, []string{"Min"}},
		"above 100 %":   {scaling.Policy{Max: 3, CPU: 101, Memory: 101}, []string{"CPU", "Memory"}},
		"negative":      {scaling.Policy{Max: 3, CPU: -1, RequestsPerTask: -1}, []string{"CPU", "RequestsPerTask"}},
		"half a second": {scaling.Policy{Max: 3, OutCooldown: time.Second / 2, InCooldown: -time.Second}, []string{"OutCooldown", "InCooldown"}},
	} {
		var fields []string
		for _, p := range c.policy.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestPropsProblems(t *testing.T) {
	ps := scaling.Props{Policy: scaling.Policy{Max: 3}}.Problems()
	if len(ps) != 2 || ps[0].Field != "Cluster" || ps[1].Field != "Service" {
		t.Errorf("got %v, want Cluster and Service", ps)
	}
	name := "a"
	ps = scaling.Props{Policy: scaling.Policy{Max: 3, RequestsPerTask: 1}, Cluster: &name, Service: &name}.Problems()
	if len(ps) != 1 || ps[0].Field != "Groups" {
		t.Errorf("got %v, want Groups", ps)
	}
	if ps = (scaling.Props{Keep: 3, Cluster: &name, Service: &name}).Problems(); len(ps) > 0 {
		t.Errorf("got %v", ps)
	}
	for _, props := range []scaling.Props{{Keep: -1}, {Keep: 1, Policy: scaling.Policy{Max: 3}}} {
		props.Cluster, props.Service = &name, &name
		if ps = props.Problems(); len(ps) != 1 || ps[0].Field != "Keep" {
			t.Errorf("%+v: got %v, want Keep", props, ps)
		}
	}
}

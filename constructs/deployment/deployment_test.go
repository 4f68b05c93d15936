package deployment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/deployment"
)

func TestRollingSettings(t *testing.T) {
	for name, c := range map[string]struct {
		policy deployment.Rolling
		want   deployment.Settings
	}{
		"zero": {deployment.Rolling{}, deployment.Settings{
			Strategy: "ROLLING", MinHealthyPercent: 100, MaxPercent: 200, CircuitBreaker: true, Rollback: true}},
		"own percentages": {deployment.Rolling{MinHealthyPercent: 50, MaxPercent: 150}, deployment.Settings{
			Strategy: "ROLLING", MinHealthyPercent: 50, MaxPercent: 150, CircuitBreaker: true, Rollback: true}},
		"no rollback": {deployment.Rolling{NoRollback: true}, deployment.Settings{
			Strategy: "ROLLING", MinHealthyPercent: 100, MaxPercent: 200, CircuitBreaker: true}},
		"no breaker": {deployment.Rolling{NoCircuitBreaker: true}, deployment.Settings{
			Strategy: "ROLLING", MinHealthyPercent: 100, MaxPercent: 200, Rollback: true}},
	} {
		if diff := cmp.Diff(c.want, c.policy.Settings()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if ps := c.policy.Problems(); len(ps) > 0 {
			t.Errorf("%s: %v", name, ps)
		}
	}
}

func TestRollingProblems(t *testing.T) {
	for _, c := range []struct {
		policy deployment.Rolling
		field  string
	}{
		{deployment.Rolling{MinHealthyPercent: -1}, "MinHealthyPercent"},
		{deployment.Rolling{MinHealthyPercent: 101}, "MinHealthyPercent"},
		{deployment.Rolling{MaxPercent: 99}, "MaxPercent"},
		{deployment.Rolling{MaxPercent: -1}, "MaxPercent"},
		{deployment.Rolling{MaxPercent: 100}, "MaxPercent"},
		{deployment.Rolling{MinHealthyPercent: 100, MaxPercent: 100}, "MaxPercent"},
	} {
		ps := c.policy.Problems()
		if len(ps) != 1 || ps[0].Field != c.field {
			t.Errorf("%+v: got %v, want one problem of %s", c.policy, ps, c.field)
		}
	}
}

package service_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/service"
)

func TestPlacementProblems(t *testing.T) {
	type (
		strategies  = []service.Strategy
		constraints = []service.Constraint
	)
	inZone := service.MemberOf("attribute:ecs.availability-zone == eu-west-1a")
	for name, tt := range map[string]struct {
		placement service.Placement
		want      []string
	}{
		"zero": {service.Placement{}, nil},
		"as by default": {service.Placement{
			Strategies:  strategies{service.SpreadZones, service.BinpackMemory},
			Constraints: constraints{service.MemberOf("attribute:ecs.instance-type =~ m7g.*"), service.Near("service:a"), service.Apart("b")},
		}, nil},
		"no strategy":    {service.Placement{Strategies: strategies{}}, nil},
		"spread, spread": {service.Placement{Strategies: strategies{service.SpreadZones, service.SpreadBy("rack"), service.BinpackCPU, service.BinpackMemory}}, nil},
		"one by one":     {service.Placement{Strategies: strategies{service.SpreadZones, service.SpreadInstances}, Constraints: constraints{service.DistinctInstances}}, nil},
		"binpack first":  {service.Placement{Strategies: strategies{service.BinpackMemory}}, []string{"Strategies[0]"}},
		"random":         {service.Placement{Strategies: strategies{service.Random}}, []string{"Strategies[0]"}},
		"not balanced by choice": {service.Placement{
			Strategies: strategies{service.BinpackMemory, service.SpreadZones}, Constraints: constraints{inZone}, NoRebalancing: true,
		}, nil},
		"zone":    {service.Placement{Constraints: constraints{inZone}}, []string{"Constraints[0]"}},
		"unknown": {service.Placement{Strategies: strategies{service.SpreadZones, "pack", service.SpreadBy("")}}, []string{"Strategies[1]", "Strategies[2]"}},
		"twice":   {service.Placement{Strategies: strategies{service.SpreadZones, service.SpreadZones}, Constraints: constraints{"a exists", "a exists"}}, []string{"Strategies[1]", "Constraints[1]"}},
		"long":    {service.Placement{Constraints: constraints{service.MemberOf(strings.Repeat("a", 2001))}}, []string{"Constraints[0]"}},
		"empty":   {service.Placement{Constraints: constraints{""}}, []string{"Constraints[0]"}},
		"no query": {service.Placement{Constraints: constraints{"distinctInstances", "attribute:stack = prod", "attribute:stack"}}, []string{
			"Constraints[0]", "Constraints[1]", "Constraints[2]",
		}},
		"every operator": {service.Placement{Constraints: constraints{
			"attribute:a exists", "attribute:a !exists", "attribute:a in [b, c]", "attribute:a not_in [b]", "runningTasksCount==0",
			"agentVersion greater_than_equal 1", "attribute:a !~ b.*", "not(task:group equals b)", "attribute:a not_matches b", "agentVersion<2",
		}}, nil},
		"spread, fill": {service.Placement{Strategies: strategies{service.SpreadZones, service.SpreadInstances, service.BinpackMemory}}, nil},
		"nothing left": {service.Placement{Strategies: strategies{service.SpreadZones, service.Random, service.BinpackMemory}}, []string{"Strategies[2]"}},
		"fill and keep apart": {service.Placement{
			Strategies: strategies{service.SpreadZones, service.BinpackCPU}, Constraints: constraints{service.DistinctInstances},
		}, []string{"Strategies[1]"}},
		"too many": {service.Placement{
			Strategies: strategies{
				service.SpreadZones, service.SpreadBy("a"), service.SpreadBy("b"), service.SpreadBy("c"), service.SpreadBy("d"), service.SpreadBy("e"),
			},
			Constraints: constraints{"a exists", "b exists", "c exists", "d exists", "e exists", "f exists", "g exists", "h exists", "i exists", "j exists", "k exists"},
		}, []string{"Strategies"}},
	} {
		var fields []string
		for _, p := range tt.placement.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(tt.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAffinity(t *testing.T) {
	for want, got := range map[service.Constraint]service.Constraint{
		"task:group == service:cache":      service.Near("service:cache"),
		"not(task:group == service:batch)": service.Apart("service:batch"),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

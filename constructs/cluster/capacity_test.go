package cluster_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/network"
)

func TestStrategy(t *testing.T) {
	for name, c := range map[string]struct {
		capacity cluster.Capacity
		want     []cluster.Share
	}{
		"Fargate": {cluster.Fargate{}, []cluster.Share{{Provider: "FARGATE", Weight: 1}}},
		"Spot by default": {cluster.Spot{}, []cluster.Share{
			{Provider: "FARGATE", Base: 1, Weight: 1}, {Provider: "FARGATE_SPOT", Weight: 3},
		}},
		"Spot as asked": {cluster.Spot{Base: 2, Weight: 9}, []cluster.Share{
			{Provider: "FARGATE", Base: 2, Weight: 1}, {Provider: "FARGATE_SPOT", Weight: 9},
		}},
		"nothing but Spot":           {cluster.Spot{OnlySpot: true}, []cluster.Share{{Provider: "FARGATE_SPOT", Weight: 1}}},
		"nothing but Spot on a base": {cluster.Spot{OnlySpot: true, Base: 2}, []cluster.Share{{Provider: "FARGATE", Base: 2}, {Provider: "FARGATE_SPOT", Weight: 1}}},
	} {
		if diff := cmp.Diff(c.want, c.capacity.Strategy()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if ps := c.capacity.Problems(); len(ps) > 0 {
			t.Errorf("%s: %v", name, ps)
		}
	}
	if (cluster.Fargate{}).Spot() || !(cluster.Spot{}).Spot() {
		t.Error("Spot alone can be reclaimed")
	}
}

func TestSpotProblems(t *testing.T) {
	for _, c := range []struct {
		spot  cluster.Spot
		field string
	}{
		{cluster.Spot{Base: -1}, "Base"},
		{cluster.Spot{Base: 100001}, "Base"},
		{cluster.Spot{Weight: 1001}, "Weight"},
		{cluster.Spot{Weight: 1, OnlySpot: true}, "Weight"},
	} {
		if ps := c.spot.Problems(); len(ps) != 1 || ps[0].Field != c.field {
			t.Errorf("%+v: got %v, want one problem of %s", c.spot, ps, c.field)
		}
	}
}

func TestClusterNeedsANetwork(t *testing.T) {
	for _, props := range []cluster.Props{{}, {Network: &network.Network{}}} {
		if ps := props.Problems(); len(ps) != 1 || ps[0].Field != "Network" {
			t.Errorf("%+v: got %v, want one problem of Network", props, ps)
		}
	}
}

package network_test

import (
	"testing"

	"github.com/ecskit/ecskit/constructs/network"
)

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		props network.Props
		field string // empty: no problem
	}{
		{network.Props{}, ""},
		{network.Props{CIDR: "172.16.0.0/20", Zones: 3, NATGateways: 1, NoFlowLogs: true}, ""},
		{network.Props{CIDR: "10.0.0.0/15"}, "CIDR"},
		{network.Props{CIDR: "10.0.0.0/21"}, "CIDR"},
		{network.Props{CIDR: "10.0.0.1/16"}, "CIDR"},
		{network.Props{CIDR: "fd00::/16"}, "CIDR"},
		{network.Props{CIDR: "10.0.0.0"}, "CIDR"},
		{network.Props{Zones: 1, NATGateways: 1}, "Zones"},
		{network.Props{Zones: 4}, "Zones"},
		{network.Props{NATGateways: 3}, "NATGateways"},
		{network.Props{NATGateways: -1}, "NATGateways"},
	} {
		ps := c.props.Problems()
		if c.field == "" && len(ps) > 0 || c.field != "" && (len(ps) != 1 || ps[0].Field != c.field) {
			t.Errorf("%+v: got %v, want a problem of %q alone", c.props, ps, c.field)
		}
	}
}

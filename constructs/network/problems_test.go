package network_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		{network.Props{Zones: -1}, "Zones"},
		{network.Props{NATGateways: 3}, "NATGateways"},
		{network.Props{NATGateways: -1}, "NATGateways"},
		{network.Props{NoNAT: true}, ""},
		{network.Props{NoNAT: true, NATGateways: 1}, "NATGateways"},
		{network.Props{Endpoints: &network.Endpoints{}}, ""},
		{network.Props{Endpoints: &network.Endpoints{OnlyGateways: true, DynamoDB: true}, NATGateways: 1}, ""},
		{network.Props{NoNAT: true, Endpoints: &network.Endpoints{OnlyGateways: true}}, "Endpoints.OnlyGateways"},
		{network.Props{NoNAT: true, Endpoints: &network.Endpoints{Registries: []string{"registry"}}}, ""},
		{network.Props{Endpoints: &network.Endpoints{Registries: []string{"registry"}}}, "Endpoints.Registries"},
		{network.Props{NoNAT: true, Endpoints: &network.Endpoints{Existing: true}}, "Endpoints.Existing"},
		{network.Props{NoNAT: true, Endpoints: &network.Endpoints{More: []string{"s3"}}}, "Endpoints.More[0]"},
	} {
		ps := c.props.Problems()
		if c.field == "" && len(ps) > 0 || c.field != "" && (len(ps) != 1 || ps[0].Field != c.field) {
			t.Errorf("%+v: got %v, want a problem of %q alone", c.props, ps, c.field)
		}
	}
}

// TestMostGateways says how many there may be, of zones as many as there are to be or, where that is wrong, could be.
func TestMostGateways(t *testing.T) {
	for zones, most := range map[int]string{0: "(2)", 3: "(3)", -1: "(2)", 9: "(3)"} {
		ps := network.Props{Zones: zones, NATGateways: 4}.Problems()
		if rule := ps[len(ps)-1].Rule; !strings.Contains(rule, most) {
			t.Errorf("%d zones: got %q, want one with %s", zones, rule, most)
		}
	}
}

func TestEndpointProblems(t *testing.T) {
	for name, c := range map[string]struct {
		endpoints network.Endpoints
		want      []string
	}{
		"zero": {network.Endpoints{}, nil},
		"every field": {network.Endpoints{
			ParameterStore: true, SecretsManager: true, Exec: true, Instances: true, DynamoDB: true,
			More: []string{"xray", "monitoring", "execute-api", "sagemaker.runtime"}, AllowFrom: []string{"10.0.0.0/8", "100.64.0.0/16"},
			Registries: []string{"registry.example.com", "registry:5000", "${Token[Host.1]}"},
		}, nil},
		"existing":               {network.Endpoints{Existing: true, Instances: true}, nil},
		"gateways":               {network.Endpoints{OnlyGateways: true, DynamoDB: true}, nil},
		"one of a field":         {network.Endpoints{More: []string{"ssmmessages"}}, nil},
		"gateways as interfaces": {network.Endpoints{More: []string{"s3", "dynamodb", "s3express"}}, []string{"More[0]", "More[1]", "More[2]"}},
		"always there":           {network.Endpoints{More: []string{"ecr.api"}}, []string{"More[0]"}},
		"there by a field":       {network.Endpoints{Exec: true, More: []string{"sqs", "kms"}}, []string{"More[1]"}},
		"twice":                  {network.Endpoints{More: []string{"sqs", "sqs"}}, []string{"More[1]"}},
		"whole name":             {network.Endpoints{More: []string{"com.amazonaws.eu-west-1.sqs"}}, []string{"More[0]"}},
		"no name":                {network.Endpoints{More: []string{"", "SQS", "sqs.", "a b"}}, []string{"More[0]", "More[1]", "More[2]", "More[3]"}},
		"no range":               {network.Endpoints{AllowFrom: []string{"x", "10.0.0.1/16", "fd00::/16"}}, []string{"AllowFrom", "AllowFrom", "AllowFrom"}},
		"everybody":              {network.Endpoints{AllowFrom: []string{"0.0.0.0/0"}}, []string{"AllowFrom"}},
		"no host":                {network.Endpoints{Registries: []string{"https://registry", "a/b", ""}}, []string{"Registries[0]", "Registries[1]", "Registries[2]"}},
		"ranges of nothing":      {network.Endpoints{Existing: true, AllowFrom: []string{"10.0.0.0/8"}}, []string{"AllowFrom"}},
		"interfaces with gateways": {
			network.Endpoints{
				OnlyGateways: true, ParameterStore: true, SecretsManager: true, Exec: true, Instances: true, More: []string{"sqs"},
				AllowFrom: []string{"10.0.0.0/8"},
			},
			[]string{"ParameterStore", "SecretsManager", "Exec", "Instances", "More", "AllowFrom"},
		},
	} {
		var fields []string
		for _, p := range c.endpoints.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

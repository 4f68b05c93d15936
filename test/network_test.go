package test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/network"
)

func subnets(t *testing.T, props network.Props) map[string]any {
	t.Helper()
	template := synthStack(t, func(stack awscdk.Stack) { network.New(stack, "Network", props) })
	ranges := map[string]any{}
	for path, subnet := range resourcesOf(template, "AWS::EC2::Subnet") {
		ranges[path] = subnet["CidrBlock"]
	}
	return ranges
}

func TestSubnets(t *testing.T) {
	want := map[string]any{
		"Stack/Network/VPC/PrivateSubnet1/Subnet":  "10.0.0.0/19",
		"Stack/Network/VPC/PrivateSubnet2/Subnet":  "10.0.32.0/19",
		"Stack/Network/VPC/PublicSubnet1/Subnet":   "10.0.96.0/22",
		"Stack/Network/VPC/PublicSubnet2/Subnet":   "10.0.100.0/22",
		"Stack/Network/VPC/IsolatedSubnet1/Subnet": "10.0.108.0/22",
		"Stack/Network/VPC/IsolatedSubnet2/Subnet": "10.0.112.0/22",
	}
	if diff := cmp.Diff(want, subnets(t, network.Props{})); diff != "" {
		t.Error(diff)
	}
	want["Stack/Network/VPC/PrivateSubnet3/Subnet"] = "10.0.64.0/19"
	want["Stack/Network/VPC/PublicSubnet3/Subnet"] = "10.0.104.0/22"
	want["Stack/Network/VPC/IsolatedSubnet3/Subnet"] = "10.0.116.0/22"
	if diff := cmp.Diff(want, subnets(t, network.Props{Zones: 3})); diff != "" {
		t.Errorf("a third zone moved a subnet: %s", diff)
	}
}

func TestNATGateways(t *testing.T) {
	for props, want := range map[network.Props]int{
		{}:                         2,
		{Zones: 3}:                 3,
		{Zones: 3, NATGateways: 1}: 1,
	} {
		template := synthStack(t, func(stack awscdk.Stack) { network.New(stack, "Network", props) })
		if got := len(resourcesOf(template, "AWS::EC2::NatGateway")); got != want {
			t.Errorf("%+v: got %d NAT gateways, want %d", props, got, want)
		}
	}
}

package rules

import (
	"net/netip"
	"slices"
	"strings"
)

// Types of resources of networks.
const (
	vpc              = "AWS::EC2::VPC"
	subnet           = "AWS::EC2::Subnet"
	routeTable       = "AWS::EC2::RouteTable"
	routeAssociation = "AWS::EC2::SubnetRouteTableAssociation"
	routePropagation = "AWS::EC2::VPNGatewayRoutePropagation"
	internetGateway  = "AWS::EC2::InternetGateway"
	vpcEndpoint      = "AWS::EC2::VPCEndpoint"
)

// closed returns the route table of a subnet whose traffic goes nowhere outside of its VPC, and nil for any other subnet. A
// way to the internet gateway is none without a public address. A subnet without a route table of its own has the main one
// of its VPC, whose routes are in no template.
func (m *model) closed(subnet *resource, public bool) *resource {
	var table *resource
	for _, association := range m.byType[routeAssociation] {
		if id := association.at("SubnetId"); !m.mayEqual(id.text(), m.attribute(subnet, "Ref")) {
			continue
		} else if table = m.target(association.at("RouteTableId"), routeTable); table == nil || !id.known() {
			return nil
		}
	}
	if table == nil {
		return nil
	}
	id := m.attribute(table, "Ref")
	for _, route := range m.byType["AWS::EC2::Route"] {
		if m.mayEqual(route.at("RouteTableId").text(), id) && m.leadsOut(route, public) {
			return nil
		}
	}
	for _, propagation := range m.byType[routePropagation] {
		if slices.ContainsFunc(propagation.at("RouteTableIds").texts(), func(text string) bool { return m.mayEqual(text, id) }) {
			return nil
		}
	}
	return table
}

// leadsOut reports whether a route may be the way of traffic for AWS: it is one for most addresses, or for those of a
// prefix list.
func (m *model) leadsOut(route *resource, public bool) bool {
	for _, key := range []string{"DestinationCidrBlock", "DestinationIpv6CidrBlock"} {
		prefix, err := netip.ParsePrefix(route.at(key).text())
		if err == nil && (prefix.Addr().Is4() && prefix.Bits() >= 8 || prefix.Addr().Is6() && prefix.Bits() >= 16) {
			return false
		}
	}
	return public || m.target(route.at("GatewayId"), internetGateway) == nil
}

// place is where something calls AWS from.
type place struct {
	resource *resource // what it belongs to
	subnets  []*node
	groups   []string // security groups; none if the templates do not tell
	public   bool     // it has public addresses, or may have
}

// places returns where a service's tasks are started from: by Fargate in their own subnets, by the agent of an instance in
// those of the instances.
func (m *model) places(s service) []place {
	if m.onFargate(s) {
		network := s.at("NetworkConfiguration", "AwsvpcConfiguration")
		address := network.at("AssignPublicIp")
		return []place{{
			s.resource, network.at("Subnets").items(), network.at("SecurityGroups").texts(),
			!address.absent() && (!address.known() || address.text() == "ENABLED"),
		}}
	}
	var places []place
	pools, _ := m.pools(s.resource)
	for _, p := range pools {
		if p.group != nil {
			places = append(places, p.place())
		}
	}
	return places
}

// place returns where the instances of a pool are.
func (p pool) place() place {
	var groups []string
	for _, template := range p.templates {
		groups = append(groups, instanceGroups(template)...)
	}
	return place{p.group, p.group.at("VPCZoneIdentifier").items(), groups, true}
}

// endpointService returns the service of an endpoint as its name has it behind the region, such as ecr.api; "" if the
// templates do not tell. That of a service that is not of AWS is its whole name.
func (m *model) endpointService(endpoint *resource) string {
	name := endpoint.at("ServiceName")
	if !name.known() {
		return ""
	}
	parts := strings.Split(name.text(), ".")
	if i := slices.Index(parts, "amazonaws"); i >= 0 && len(parts) > i+2 {
		return strings.Join(parts[i+2:], ".")
	}
	return name.text()
}

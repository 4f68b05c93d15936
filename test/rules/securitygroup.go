package rules

import (
	"net/netip"
	"slices"
	"strings"
)

// groupRule is an ingress or an egress rule of a security group.
type groupRule struct {
	*node
	group    string // id of the security group it belongs to
	peer     string // id of the security group at the other end, if it names one
	protocol string // tcp, udp, all or another
	from, to int
	unknown  bool // the templates do not tell protocol and ports
}

const allPorts = 65535

// groupRules returns the rules of all security groups, which are written there or as resources of their own, maybe in
// another template.
func (m *model) groupRules(property, peer string) []groupRule {
	var rules []groupRule
	for _, group := range m.byType[securityGroup] {
		for _, n := range group.at(property).items() {
			rules = append(rules, newGroupRule(n, m.attribute(group, "Ref"), peer))
		}
	}
	for _, r := range m.byType["AWS::EC2::"+property] {
		rules = append(rules, newGroupRule(r.at(), r.at("GroupId").text(), peer))
	}
	return rules
}

func newGroupRule(n *node, group, peer string) groupRule {
	protocol, from, to := n.at("IpProtocol"), n.at("FromPort"), n.at("ToPort")
	r := groupRule{node: n, group: group, peer: n.at(peer).text(), protocol: protocolName(protocol), to: allPorts}
	r.unknown = !protocol.known() || !from.known() || !to.known()
	if first, ok := from.number(); ok && r.protocol != "all" {
		r.from = first
	}
	if last, ok := to.number(); ok && r.protocol != "all" {
		r.to = last
	}
	return r
}

// protocolName returns the name of a protocol, which may be given by its number.
func protocolName(n *node) string {
	switch text := strings.ToLower(n.text()); text {
	case "-1", "":
		return "all"
	case "6":
		return "tcp"
	case "17":
		return "udp"
	default:
		return text
	}
}

// covered reports whether rules together let all ports through, or could, for all that the templates tell.
func (p portRange) covered(rules []groupRule) bool {
	for next := p.from; next <= p.to; {
		i := slices.IndexFunc(rules, func(r groupRule) bool {
			return r.unknown || (r.protocol == "all" || p.over(r.protocol)) && r.from <= next && next <= r.to
		})
		switch {
		case i < 0:
			return false
		case rules[i].unknown:
			return true
		}
		next = rules[i].to + 1
	}
	return true
}

// open reports whether the rule's range of addresses is most of the internet, and the property that says so. Two halves
// of the address space are no better than the whole.
func (r groupRule) open() (*node, bool) {
	for _, key := range []string{"CidrIp", "CidrIpv6"} {
		prefix, err := netip.ParsePrefix(r.at(key).text())
		if err == nil && (prefix.Addr().Is4() && prefix.Bits() < 8 || prefix.Addr().Is6() && prefix.Bits() < 16) {
			return r.at(key), true
		}
	}
	return &node{}, false
}

// belongsTo reports whether the rule is one of a security group among groups, or could be.
func (r groupRule) belongsTo(m *model, groups []string) bool {
	return slices.ContainsFunc(groups, func(group string) bool { return m.mayEqual(r.group, group) })
}

// names reports whether the security group at the other end is among groups, or could be.
func (r groupRule) names(m *model, groups []string) bool {
	return r.peer != "" && slices.ContainsFunc(groups, func(group string) bool { return m.mayEqual(r.peer, group) })
}

// reaches reports whether an egress rule leads to any of the security groups. One that leads to a range of addresses
// does, unless it is the single address by which the CDK writes that nothing is allowed.
func (r groupRule) reaches(m *model, groups []string) bool {
	if r.names(m, groups) {
		return true
	}
	for _, key := range []string{"CidrIp", "CidrIpv6"} {
		prefix, err := netip.ParsePrefix(r.at(key).text())
		if !r.at(key).known() || err == nil && !prefix.IsSingleIP() {
			return true
		}
	}
	return !r.at("DestinationPrefixListId").absent()
}

package rules

import (
	"fmt"
	"slices"
	"strings"
)

// portRange is a port of a transport protocol, or several in a row.
type portRange struct {
	protocol string // tcp, udp, or "" if the templates do not tell
	from, to int
}

// over reports whether a protocol is that of the ports, or could be.
func (p portRange) over(protocol string) bool {
	return p.protocol == "" || p.protocol == protocol
}

func (p portRange) contains(number int) bool {
	return p.from <= number && number <= p.to
}

func (p portRange) String() string {
	if p.from == p.to {
		return strings.TrimSpace(fmt.Sprintf("%s port %d", p.protocol, p.from))
	}
	return strings.TrimSpace(fmt.Sprintf("%s ports %d to %d", p.protocol, p.from, p.to))
}

// transports returns the transport protocols below the protocol of a listener or target group.
func transports(protocol string) []string {
	switch protocol {
	case "UDP", "QUIC":
		return []string{"udp"}
	case "TCP_UDP", "TCP_QUIC":
		return []string{"tcp", "udp"}
	}
	return []string{"tcp"}
}

// listeners returns the listeners of load balancers.
func (m *model) listeners(balancers []*resource) []*resource {
	return slices.DeleteFunc(slices.Clone(m.byType[listener]), func(l *resource) bool {
		return !slices.Contains(balancers, m.target(l.at("LoadBalancerArn"), loadBalancer))
	})
}

// balancers returns the load balancers in the templates that forward to a target group; none for a nil one.
func (m *model) balancers(group *resource) []*resource {
	if group == nil {
		return nil
	}
	var balancers []*resource
	add := func(l *resource) {
		balancer := m.target(l.at("LoadBalancerArn"), loadBalancer)
		if balancer != nil && !slices.Contains(balancers, balancer) {
			balancers = append(balancers, balancer)
		}
	}
	for _, l := range m.byType[listener] {
		if m.forwards(l.at("DefaultActions"), group) {
			add(l)
		}
	}
	for _, rule := range m.byType[listenerRule] {
		if l := m.target(rule.at("ListenerArn"), listener); l != nil && m.forwards(rule.at("Actions"), group) {
			add(l)
		}
	}
	return balancers
}

func (m *model) forwards(actions *node, group *resource) bool {
	for _, action := range actions.items() {
		if m.target(action.at("TargetGroupArn"), targetGroup) == group {
			return true
		}
		for _, tuple := range action.at("ForwardConfig", "TargetGroups").items() {
			if m.target(tuple.at("TargetGroupArn"), targetGroup) == group {
				return true
			}
		}
	}
	return false
}

// targetType compares the target type of a service's target groups with how its tasks are reached: in mode awsvpc at an
// address of their own, in bridge and host at a port of their instance.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html
func targetType(m *model) []Finding {
	wanted := map[string]string{"awsvpc": "ip", "bridge": "instance", "host": "instance", "default": "instance"}
	var found []Finding
	for _, s := range m.services() {
		want, ok := wanted[s.networkMode()]
		for _, group := range s.targets() {
			kind := group.at("TargetType")
			is := kind.text()
			if kind.absent() {
				is = "instance" // default of AWS::ElasticLoadBalancingV2::TargetGroup
			}
			if ok && kind.known() && is != want {
				found = append(found, kind.finding(
					"%s runs tasks in network mode %s, and Amazon ECS cannot register them with target type %s: set %s",
					s, s.networkMode(), is, want,
				))
			}
		}
	}
	return found
}

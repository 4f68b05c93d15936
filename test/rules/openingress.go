package rules

import "strings"

// openIngress wants nothing but load balancers to be open to the internet, on the ports on which they listen.
func openIngress(m *model) []Finding {
	var found []Finding
	for _, rule := range m.ingress() {
		cidr, open := rule.open()
		if !open || !m.known(rule.group) {
			continue
		}
		balancers := m.attachedTo(rule.group)
		switch {
		case len(balancers) == 0:
			found = append(found, cidr.finding(
				"%s lets the internet reach a security group that belongs to no load balancer: admit a load "+
					"balancer's security group instead",
				cidr.text(),
			))
		case !rule.unknown && !m.listensOnAll(balancers, rule):
			found = append(found, cidr.finding(
				"%s lets the internet reach %s ports %d to %d of %s, which does not listen on all of them: open the "+
					"ports of its listeners only",
				cidr.text(), rule.protocol, rule.from, rule.to, balancers[0],
			))
		}
	}
	return found
}

// listenerIngress wants the security groups of a load balancer to let somebody in where it listens: health checks do not
// come that way, so the deployment succeeds and every client waits until it gives up. A rule for TCP lets no datagram in.
// See https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
func listenerIngress(m *model) []Finding {
	var found []Finding
	w := way{model: m}
	for _, l := range m.byType[listener] {
		balancer := m.target(l.at("LoadBalancerArn"), loadBalancer)
		number, ok := l.at("Port").number()
		if balancer == nil || !ok || !l.at("Protocol").known() {
			continue
		}
		groups := balancer.at("SecurityGroups")
		if len(groups.items()) == 0 || unknownList(groups) || !w.given(groups.texts()) {
			continue // a Network Load Balancer may have none
		}
		rules := filter(m.ingress(), func(r groupRule) bool { return r.belongsTo(m, groups.texts()) })
		for _, protocol := range transports(l.at("Protocol").text()) {
			if p := (portRange{protocol, number, number}); !p.covered(rules) {
				found = append(found, l.at("Port").finding(
					"no ingress rule of %s lets anybody in on %s, so clients never connect, however healthy the tasks are: add an "+
						"AWS::EC2::SecurityGroupIngress for whoever may", strings.Join(groups.texts(), ", "), p,
				))
			}
		}
	}
	return found
}

// attachedTo returns the load balancers that have a security group.
func (m *model) attachedTo(group string) []*resource {
	var balancers []*resource
	for _, balancer := range m.byType[loadBalancer] {
		for _, text := range balancer.at("SecurityGroups").texts() {
			if text == group {
				balancers = append(balancers, balancer)
			}
		}
	}
	return balancers
}

// listensOnAll reports whether each port of a rule is that of a listener. Load balancers without any listener have
// theirs in templates that were not given.
func (m *model) listensOnAll(balancers []*resource, rule groupRule) bool {
	listeners := m.listeners(balancers)
	if len(listeners) == 0 {
		return true
	}
	open := map[portRange]bool{}
	for _, l := range listeners {
		number, ok := l.at("Port").number()
		if !ok || !l.at("Protocol").known() {
			return true
		}
		for _, protocol := range transports(l.at("Protocol").text()) {
			open[portRange{protocol, number, number}] = true
		}
	}
	for number := rule.from; number <= rule.to; number++ {
		if !open[portRange{rule.protocol, number, number}] {
			return false
		}
	}
	return true
}

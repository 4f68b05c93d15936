package rules

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

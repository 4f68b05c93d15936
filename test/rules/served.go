package rules

import "slices"

// served is what load balancers reach behind a security group.
type served struct {
	ports   []portRange
	unknown bool // there may be more ports
}

// serve notes the ports of a service under the security groups that it is behind.
func (w way) serve(s service) {
	pools, _ := w.pools(s.resource)
	for _, p := range pools {
		for _, template := range p.templates {
			for _, group := range instanceGroups(template) {
				behind := w.behind(group)
				behind.unknown = behind.unknown || p.registers()
			}
		}
	}
	for _, d := range w.doors(s) {
		for _, group := range d.groups {
			w.note(s, w.behind(group))
		}
	}
}

// serveAnywhere notes the ports of a service that may run on any instance, for all that the templates tell.
func (w way) serveAnywhere(s service) {
	_, complete := w.pools(s.resource)
	if complete || s.networkMode() == "awsvpc" {
		return
	}
	for _, template := range w.launchTemplates() {
		for _, group := range instanceGroups(template) {
			if behind := w.served[group]; behind != nil {
				w.note(s, behind)
			}
		}
	}
}

// registers reports whether load balancers may reach the instances themselves.
func (p pool) registers() bool {
	return slices.ContainsFunc([]string{"TargetGroupARNs", "LoadBalancerNames", "TrafficSources"}, func(key string) bool {
		return !p.group.at(key).absent()
	})
}

func (w way) behind(group string) *served {
	if w.served[group] == nil {
		w.served[group] = &served{}
	}
	return w.served[group]
}

func (w way) note(s service, behind *served) {
	// Without an entry, load balancers can still be those of task sets.
	controller := s.at("DeploymentController", "Type")
	behind.unknown = behind.unknown || !controller.known() || controller.text() == "EXTERNAL"
	for _, e := range s.entries {
		for _, target := range e.orNil() {
			ports, complete := w.ports(s, e, target)
			behind.ports = append(behind.ports, ports...)
			behind.unknown = behind.unknown || !complete || !e.complete
		}
	}
}

// wider returns the ingress rules that let a load balancer reach more than what is served.
func (w way) wider() []Finding {
	var found []Finding
	for _, rule := range w.ingress() {
		if len(w.attachedTo(rule.peer)) > 0 && w.served[rule.group].exceededBy(rule) {
			found = append(found, rule.finding(
				"the rule lets a load balancer reach %s ports %d to %d, which are more than it sends requests and health "+
					"checks to on all tasks behind the security group: narrow it to those ports",
				rule.protocol, rule.from, rule.to,
			))
		}
	}
	return found
}

// exceededBy reports whether a rule lets more ports through than are served. It is nil for the security group of
// something that is not a service.
func (s *served) exceededBy(rule groupRule) bool {
	if s == nil || rule.unknown || rule.protocol != "all" && rule.protocol != "tcp" && rule.protocol != "udp" {
		return false
	}
	one, ephemeral := rule.from == rule.to, rule.from == firstEphemeral && rule.to == allPorts
	if s.unknown && (one || ephemeral) {
		return false // that may be what the unknown ports are
	}
	for next := rule.from; next <= rule.to; {
		i := slices.IndexFunc(s.ports, func(p portRange) bool { return p.contains(next) })
		if i < 0 {
			return true
		}
		next = s.ports[i].to + 1
	}
	return false
}

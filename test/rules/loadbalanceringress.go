package rules

import (
	"slices"
	"strings"
)

// loadBalancerIngress follows the way of a request from a load balancer to tasks in mode awsvpc, through the security
// groups of both: too narrow, and health checks fail until the deployment does; too wide, and the load balancer's
// group becomes a way to ports that were never meant to be served.
func loadBalancerIngress(m *model) []Finding {
	w := way{m, m.ingress(), m.egress(), map[string]*served{}}
	services := slices.DeleteFunc(m.services(), func(s service) bool { return s.networkMode() != "awsvpc" })
	for _, s := range services {
		w.serve(s)
	}
	found := w.wider()
	for _, s := range services {
		for _, e := range s.entries {
			found = append(found, w.blocked(s, e)...)
		}
	}
	return found
}

// way is what lies between load balancers and tasks.
type way struct {
	*model
	ingress, egress []groupRule
	served          map[string]*served // by security group of services
}

// served is what load balancers reach behind a security group.
type served struct {
	ports   map[int]bool
	unknown bool // there may be more ports
}

// ports returns the ports of a service's tasks that a target group sends requests and health checks to, and whether
// these are all, as far as the target group is known: it is nil if it is not in the templates.
func (w way) ports(e entry, group *resource) (ports []port, complete bool) {
	container, complete := e.at("ContainerPort").number()
	if group == nil {
		if complete {
			ports = []port{{"", container}}
		}
		return ports, complete
	}
	protocol, check := group.at("Protocol"), group.at("HealthCheckPort")
	if complete && protocol.known() {
		for _, transport := range transports(protocol.text()) {
			ports = append(ports, port{transport, container})
		}
	}
	if check.absent() || check.text() == "traffic-port" {
		return ports, complete
	}
	number, ok := check.number()
	if ok {
		ports = append(ports, port{"tcp", number}) // health checks are made over TCP, whatever the traffic is
	}
	return ports, complete && ok
}

// serve notes the ports of a service under its security groups.
func (w way) serve(s service) {
	for _, group := range s.securityGroups() {
		if w.served[group] == nil {
			w.served[group] = &served{ports: map[int]bool{}}
		}
		behind := w.served[group]
		behind.unknown = behind.unknown || len(s.entries) == 0 // the load balancers may be those of task sets
		for _, e := range s.entries {
			for _, target := range e.orNil() {
				ports, complete := w.ports(e, target)
				for _, p := range ports {
					behind.ports[p.number] = true
				}
				behind.unknown = behind.unknown || !complete || !e.complete
			}
		}
	}
}

// orNil returns the target groups of an entry, or a nil one if none is in the templates.
func (e entry) orNil() []*resource {
	if len(e.targets) == 0 {
		return []*resource{nil}
	}
	return e.targets
}

// blocked returns the ports of a load balancer entry that its load balancers cannot reach.
func (w way) blocked(s service, e entry) []Finding {
	groups := s.securityGroups()
	if len(groups) == 0 {
		return nil // the tasks are in the VPC's default security group, which is in no template
	}
	var found []Finding
	for _, target := range e.orNil() {
		ports, _ := w.ports(e, target)
		balancers := w.balancers(target)
		for _, p := range ports {
			if len(balancers) == 0 {
				found = append(found, w.fromOutside(e, groups, p)...)
			}
			for _, balancer := range balancers {
				found = append(found, w.in(e, balancer, groups, p)...)
				found = append(found, w.out(e, balancer, groups, p)...)
			}
		}
	}
	return found
}

// fromOutside checks the ingress from a load balancer that is not in the templates: whatever its source is, there must
// be a rule for the port that is not too wide.
func (w way) fromOutside(e entry, groups []string, p port) []Finding {
	admitted := slices.ContainsFunc(w.ingress, func(r groupRule) bool {
		return r.belongsTo(w.model, groups) && r.covers(p) && !w.served[r.group].exceededBy(r)
	})
	if admitted || !w.given(groups) {
		return nil
	}
	return []Finding{e.finding(
		"no ingress rule of the service's security groups %s is for exactly %s, to which the load balancer sends "+
			"requests or health checks: admit the load balancer's security group there",
		strings.Join(groups, ", "), p,
	)}
}

// in checks the ingress into the service's security groups.
func (w way) in(e entry, balancer *resource, groups []string, p port) []Finding {
	sources := balancer.at("SecurityGroups").texts()
	admitted := slices.ContainsFunc(w.ingress, func(r groupRule) bool {
		return r.belongsTo(w.model, groups) && r.covers(p) && r.names(w.model, sources)
	})
	// A Network Load Balancer may have no security group; its requests come from addresses.
	if admitted || len(sources) == 0 || !w.given(groups) {
		return nil
	}
	return []Finding{e.finding(
		"the service's security groups %s do not admit %s of %s on %s, so health checks fail and the deployment with "+
			"them: add an AWS::EC2::SecurityGroupIngress for that port and source",
		strings.Join(groups, ", "), strings.Join(sources, ", "), balancer, p,
	)}
}

// out checks the egress from the load balancer's security groups. One without SecurityGroupEgress lets everything out.
func (w way) out(e entry, balancer *resource, groups []string, p port) []Finding {
	sources := balancer.at("SecurityGroups").texts()
	for _, source := range sources {
		r := w.find(balancer.stack, securityGroup, source)
		if r == nil || len(r.at("SecurityGroupEgress").items()) == 0 {
			return nil
		}
	}
	allowed := slices.ContainsFunc(w.egress, func(r groupRule) bool {
		return r.belongsTo(w.model, sources) && r.covers(p) && r.reaches(w.model, groups)
	})
	if allowed || len(sources) == 0 {
		return nil
	}
	return []Finding{e.finding(
		"%s of %s does not let requests out to the service's security groups %s on %s, so health checks fail and the "+
			"deployment with them: add an AWS::EC2::SecurityGroupEgress for that port and destination",
		strings.Join(sources, ", "), balancer, strings.Join(groups, ", "), p,
	)}
}

// given reports whether all security groups are in the templates, so that their rules are, too.
func (w way) given(groups []string) bool {
	return !slices.ContainsFunc(groups, func(group string) bool { return w.find(nil, securityGroup, group) == nil })
}

// wider returns the ingress rules that let a load balancer reach more of a service than it serves.
func (w way) wider() []Finding {
	var found []Finding
	for _, rule := range w.ingress {
		if len(w.attachedTo(rule.peer)) > 0 && w.served[rule.group].exceededBy(rule) {
			found = append(found, rule.finding(
				"the rule lets a load balancer reach %s ports %d to %d of the service, which are more than it sends "+
					"requests and health checks to: narrow it to those ports",
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
	for number := rule.from; number <= rule.to; number++ {
		if !s.ports[number] {
			return rule.from != rule.to || !s.unknown
		}
	}
	return false
}

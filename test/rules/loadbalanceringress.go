package rules

import (
	"slices"
	"strings"
)

// loadBalancerIngress follows the way of a request from a load balancer to tasks, through the security groups of both:
// too narrow, and health checks fail until the deployment does; too wide, and the load balancer's group becomes a way to
// ports that were never meant to be served.
func loadBalancerIngress(m *model) []Finding {
	w := way{m, map[string]*served{}}
	services := m.services()
	for _, s := range services {
		w.serve(s)
	}
	for _, s := range services {
		w.serveAnywhere(s)
	}
	found := w.wider()
	for _, s := range services {
		for _, e := range s.entries {
			for _, d := range w.doors(s) {
				found = append(found, w.blocked(s, d, e)...)
			}
			found = append(found, checkedElsewhere(s, e)...)
		}
	}
	return found
}

// way is what lies between load balancers and tasks.
type way struct {
	*model
	served map[string]*served // by security group of services and of instances
}

// door is the security groups that tasks are behind.
type door struct {
	name   string // of the groups, in a reason
	groups []string
}

// doors returns what requests to a service's tasks have to pass: in mode awsvpc the tasks have security groups of their
// own, in any other those of whichever instance they run on.
func (w way) doors(s service) []door {
	if s.networkMode() == "awsvpc" {
		groups := s.securityGroups()
		return []door{{"the service's security groups " + strings.Join(groups, ", "), groups}}
	}
	var doors []door
	for _, template := range w.templates(s.resource) {
		groups := instanceGroups(template)
		name := "the security groups " + strings.Join(groups, ", ") + " of the instances that " + template.String() + " starts"
		doors = append(doors, door{name, groups})
	}
	return doors
}

// instanceGroups returns the security groups of instances that a launch template starts.
func instanceGroups(template *resource) []string {
	data := template.at("LaunchTemplateData")
	groups := data.at("SecurityGroupIds").texts()
	for _, n := range data.at("NetworkInterfaces").items() {
		groups = append(groups, n.at("Groups").texts()...)
	}
	return groups
}

// ports returns the ports of a service's tasks that a target group sends requests and health checks to, and whether
// these are all, as far as the target group is known: it is nil if it is not in the templates.
func (w way) ports(s service, e entry, group *resource) (ports []portRange, complete bool) {
	from, to, complete := s.reached(e)
	if group == nil {
		if complete {
			ports = []portRange{{"", from, to}}
		}
		return ports, complete
	}
	protocol, check := group.at("Protocol"), group.at("HealthCheckPort")
	if complete && protocol.known() {
		for _, transport := range transports(protocol.text()) {
			ports = append(ports, portRange{transport, from, to})
		}
	}
	if check.absent() || check.text() == "traffic-port" || from != to {
		return ports, complete
	}
	number, ok := check.number()
	if ok {
		ports = append(ports, portRange{"tcp", number, number}) // health checks are made over TCP, whatever the traffic is
	}
	return ports, complete && ok
}

// checkedElsewhere wants the health checks of tasks on ports that Amazon ECS picks to go to these ports.
func checkedElsewhere(s service, e entry) []Finding {
	var found []Finding
	from, to, _ := s.reached(e)
	for _, group := range e.targets {
		check := group.at("HealthCheckPort")
		if from != to && !check.absent() && check.known() && check.text() != "traffic-port" {
			found = append(found, check.finding(
				"each task of %s has another host port, but all health checks go to port %s, so they fail or tell nothing "+
					"about the task: set traffic-port",
				s, check.text(),
			))
		}
	}
	return found
}

// orNil returns the target groups of an entry, or a nil one if none is in the templates.
func (e entry) orNil() []*resource {
	if len(e.targets) == 0 {
		return []*resource{nil}
	}
	return e.targets
}

// blocked returns the ports of a load balancer entry that its load balancers cannot reach.
func (w way) blocked(s service, d door, e entry) []Finding {
	if len(d.groups) == 0 {
		return nil // that is the VPC's default security group, which is in no template
	}
	var found []Finding
	for _, target := range e.orNil() {
		ports, _ := w.ports(s, e, target)
		balancers := w.balancers(target)
		for _, p := range ports {
			if len(balancers) == 0 {
				found = append(found, w.fromOutside(e, d, p)...)
			}
			for _, balancer := range balancers {
				found = append(found, w.in(e, balancer, d, p)...)
				found = append(found, w.out(e, balancer, d, p)...)
			}
		}
	}
	return found
}

// fromOutside checks the ingress from a load balancer that is not in the templates: whatever its source is, there must
// be rules for the ports that are not too wide.
func (w way) fromOutside(e entry, d door, p portRange) []Finding {
	rules := filter(w.ingress(), func(r groupRule) bool {
		return r.belongsTo(w.model, d.groups) && !w.served[r.group].exceededBy(r)
	})
	if p.covered(rules) || !w.given(d.groups) {
		return nil
	}
	return []Finding{e.finding(
		"no ingress rule of %s is for exactly %s, to which the load balancer sends requests or health checks: admit the "+
			"load balancer's security group there",
		d.name, p,
	)}
}

// in checks the ingress into the security groups in front of the tasks.
func (w way) in(e entry, balancer *resource, d door, p portRange) []Finding {
	sources := balancer.at("SecurityGroups").texts()
	rules := filter(w.ingress(), func(r groupRule) bool {
		return r.belongsTo(w.model, d.groups) && r.names(w.model, sources)
	})
	// A Network Load Balancer may have no security group; its requests come from addresses.
	if p.covered(rules) || len(sources) == 0 || !w.given(d.groups) {
		return nil
	}
	return []Finding{e.finding(
		"%s do not admit %s of %s on %s, so health checks fail and the deployment with them: add an "+
			"AWS::EC2::SecurityGroupIngress for exactly that and from there",
		d.name, strings.Join(sources, ", "), balancer, p,
	)}
}

// out checks the egress from the load balancer's security groups. One without SecurityGroupEgress lets everything out.
func (w way) out(e entry, balancer *resource, d door, p portRange) []Finding {
	sources := balancer.at("SecurityGroups").texts()
	for _, source := range sources {
		r := w.find(balancer.stack, securityGroup, source)
		if r == nil || len(r.at("SecurityGroupEgress").items()) == 0 {
			return nil
		}
	}
	rules := filter(w.egress(), func(r groupRule) bool {
		return r.belongsTo(w.model, sources) && r.reaches(w.model, d.groups)
	})
	if p.covered(rules) || len(sources) == 0 {
		return nil
	}
	return []Finding{e.finding(
		"%s of %s does not let requests out to %s on %s, so health checks fail and the deployment with them: add an "+
			"AWS::EC2::SecurityGroupEgress for exactly that and to there",
		strings.Join(sources, ", "), balancer, d.name, p,
	)}
}

func filter(rules []groupRule, keep func(groupRule) bool) []groupRule {
	return slices.DeleteFunc(slices.Clone(rules), func(r groupRule) bool { return !keep(r) })
}

// given reports whether all security groups are in the templates, so that their rules are, too.
func (w way) given(groups []string) bool {
	return !slices.ContainsFunc(groups, func(group string) bool { return w.find(nil, securityGroup, group) == nil })
}

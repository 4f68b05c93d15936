package rules

import "slices"

// serviceScheduler is who Amazon ECS is when it moves requests and calls hooks.
const serviceScheduler = "ecs.amazonaws.com"

// shiftedTraffic wants a service whose deployments shift traffic to have what Amazon ECS needs for that.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
// and https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
func shiftedTraffic(m *model) []Finding {
	var found []Finding
	for _, s := range m.services() {
		configuration := s.at("DeploymentConfiguration")
		strategy := configuration.at("Strategy").text()
		if !slices.Contains([]string{"BLUE_GREEN", "LINEAR", "CANARY"}, strategy) {
			continue
		}
		if bake := configuration.at("BakeTimeInMinutes"); bake.absent() {
			found = append(found, bake.finding(
				"CloudFormation takes 2160 for no value, so both sets of tasks may run for 36 hours: set how long the old one "+
					"is to stay",
			))
		}
		for _, e := range s.entries {
			found = append(found, m.shifts(e, strategy)...)
		}
		for _, hook := range configuration.at("LifecycleHooks").items() {
			found = append(found, m.calls(hook)...)
		}
	}
	return found
}

// shifts checks an element of a service's LoadBalancers.
func (m *model) shifts(e entry, strategy string) []Finding {
	advanced := e.at("AdvancedConfiguration")
	if advanced.absent() {
		return []Finding{advanced.finding(
			"%s moves requests between two target groups, and Amazon ECS refuses it without the second one: set "+
				"AdvancedConfiguration", strategy,
		)}
	}
	var found []Finding
	if group := advanced.at("AlternateTargetGroupArn"); group.known() && group.text() == e.at("TargetGroupArn").text() {
		found = append(found, group.finding(
			"the old and the new tasks cannot share a target group, and Amazon ECS refuses it: make a second one",
		))
	}
	production, test := advanced.at("ProductionListenerRule"), advanced.at("TestListenerRule")
	if test.known() && !test.absent() && test.text() == production.text() {
		found = append(found, test.finding(
			"requests of tests and of production cannot come by the same rule, and Amazon ECS refuses it: make a rule for tests, "+
				"or set none",
		))
	}
	found = append(found, m.assumed(advanced.at("RoleArn"), serviceScheduler)...)
	return append(found, m.forwarding(production, e, !test.absent())...)
}

// forwarding checks what Amazon ECS changes to shift traffic: with an Application Load Balancer a rule of a listener, of
// whose two target groups one gets requests, and with a Network Load Balancer a listener.
func (m *model) forwarding(production *node, e entry, test bool) []Finding {
	l := m.target(production, listener)
	if l != nil {
		if balancer := m.target(l.at("LoadBalancerArn"), loadBalancer); balancer != nil && application(balancer) {
			return []Finding{production.finding(
				"%s is a listener, of which Amazon ECS cannot change the default action with an Application Load Balancer: make "+
					"a rule and name that", l,
			)}
		}
	}
	var actions *node
	if rule := m.target(production, listenerRule); rule != nil {
		actions = rule.at("Actions")
	} else if l != nil {
		actions = l.at("DefaultActions")
	} else {
		return nil
	}
	for _, group := range e.targets {
		if !test && e.complete && !m.forwards(actions, group) {
			return []Finding{actions.finding(
				"this does not name %s, one of the two target groups that %s shifts traffic between, and there is nothing "+
					"for tests that does: forward to both, with weights of 1 and 0", group, e.resource,
			)}
		}
	}
	return weights(actions, e.resource)
}

// application reports whether a load balancer is one for HTTP.
func application(balancer *resource) bool {
	kind := balancer.at("Type")
	return kind.absent() || kind.text() == "application"
}

// weights checks that actions with several target groups send all requests to one of them.
func weights(actions *node, service *resource) []Finding {
	for _, action := range actions.items() {
		groups := action.at("ForwardConfig", "TargetGroups")
		served := 0
		for _, tuple := range groups.items() {
			weight, ok := tuple.at("Weight").number()
			if !ok {
				return nil
			}
			if weight > 0 {
				served++
			}
		}
		if len(groups.items()) > 1 && served != 1 {
			return []Finding{groups.finding(
				"%d of the target groups get requests, and %s cannot be deployed unless it is one: set weights of 1 and 0",
				served, service,
			)}
		}
	}
	return nil
}

// calls checks a lifecycle hook.
func (m *model) calls(hook *node) []Finding {
	found := m.assumed(hook.at("RoleArn"), serviceScheduler)
	if hook.at("TargetType").text() != "PAUSE" {
		return found
	}
	for _, stage := range hook.at("LifecycleStages").items() {
		if slices.Contains([]string{"TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"}, stage.text()) {
			found = append(found, stage.finding(
				"a deployment cannot pause while it shifts traffic, and Amazon ECS refuses it (found %s): pause before or after",
				stage.text(),
			))
		}
	}
	return found
}

// assumed checks that a service of AWS can use a role.
func (m *model) assumed(arn *node, by string) []Finding {
	owner := m.target(arn, role)
	if owner == nil {
		return nil
	}
	for _, statement := range owner.at("AssumeRolePolicyDocument", "Statement").items() {
		for _, principal := range statement.at("Principal", "Service").items() {
			if principal.text() == by || !principal.known() {
				return nil
			}
		}
	}
	return []Finding{owner.at("AssumeRolePolicyDocument").finding(
		"%s needs the role to deploy, and %s cannot assume it: let it", arn.resource, by,
	)}
}

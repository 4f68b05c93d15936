package rules

import "strings"

// binPacking wants tasks that are packed by what they reserve to reserve it: otherwise all of them find room on the first
// instance. See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
func binPacking(m *model) []Finding {
	var found []Finding
	for _, s := range m.services() {
		for _, strategy := range s.at("PlacementStrategies").items() {
			if s.task == nil || !strings.EqualFold(strategy.at("Type").text(), "binpack") {
				continue
			}
			switch strings.ToLower(strategy.at("Field").text()) {
			case "memory":
				found = append(found, unreserved(s, "Memory", "MemoryReservation", "Memory")...)
			case "cpu":
				// A sidecar needs none of its own to be counted with its task, as it does of memory.
				if none := unreserved(s, "Cpu", "Cpu"); len(none) == len(s.task.at("ContainerDefinitions").items()) {
					found = append(found, none...)
				}
			}
		}
	}
	return found
}

// unreserved returns the containers that set none of some properties, of which the first is the best to set. The task
// definition can reserve for all of them together.
func unreserved(s service, whole string, properties ...string) []Finding {
	if reserves(s.task.at(whole)) {
		return nil
	}
	var found []Finding
	for _, container := range s.task.at("ContainerDefinitions").items() {
		reserved := false
		for _, property := range properties {
			reserved = reserved || reserves(container.at(property))
		}
		if !reserved {
			found = append(found, container.at(properties[0]).finding(
				"%s packs its tasks by %s, of which the container reserves none, so they crowd an instance until it has none "+
					"left: set %s",
				s, strings.ToLower(whole), properties[0],
			))
		}
	}
	return found
}

// reserves reports whether a property reserves something, or could, for all that the templates tell.
func reserves(n *node) bool {
	return !n.absent() && n.text() != "0"
}

// zone is the attribute of an instance that has its Availability Zone.
const zone = "attribute:ecs.availability-zone"

// zoneRebalancing wants services that Amazon ECS moves between Availability Zones to allow it.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
func zoneRebalancing(m *model) []Finding {
	var found []Finding
	for _, s := range m.services() {
		// What a DAEMON must have instead is for another rule to say.
		if s.at("AvailabilityZoneRebalancing").text() == "ENABLED" && s.scheduling() != "DAEMON" {
			found = append(found, unevenly(s)...)
			found = append(found, immovable(s)...)
		}
	}
	return found
}

// unevenly returns the first placement strategy of a service if it is not to spread tasks over Availability Zones.
func unevenly(s service) []Finding {
	strategies := s.at("PlacementStrategies").items()
	if len(strategies) == 0 {
		return nil
	}
	kind, field := strategies[0].at("Type"), strategies[0].at("Field")
	if !kind.known() || !field.known() || strings.EqualFold(kind.text(), "spread") && field.text() == zone {
		return nil
	}
	return []Finding{strategies[0].finding(
		"Amazon ECS balances tasks across Availability Zones only if it also starts them so, but the first placement "+
			"strategy is %s on %s: begin with spread on %s",
		kind.text(), shown(field), zone,
	)}
}

// immovable returns what keeps the tasks of a service where they are.
func immovable(s service) []Finding {
	var found []Finding
	maximum := s.at("DeploymentConfiguration", "MaximumPercent")
	if percent, ok := maximum.number(); ok && percent <= 100 {
		found = append(found, maximum.finding(
			"Amazon ECS moves a task to another Availability Zone by starting a new one first, which %d percent does not "+
				"allow: set more than 100, or AvailabilityZoneRebalancing to DISABLED",
			percent,
		))
	}
	for _, constraint := range s.at("PlacementConstraints").items() {
		if expression := constraint.at("Expression"); strings.Contains(expression.text(), zone) {
			found = append(found, expression.finding(
				"%s ties tasks to Availability Zones, and Amazon ECS refuses to balance them across zones as well: remove the "+
					"constraint, or set AvailabilityZoneRebalancing to DISABLED",
				expression.text(),
			))
		}
	}
	for _, n := range s.at("LoadBalancers").items() {
		if classic := n.at("LoadBalancerName"); classic.written() {
			found = append(found, classic.finding(
				"Amazon ECS refuses to balance tasks across Availability Zones behind a Classic Load Balancer (%s): take an "+
					"Application or Network Load Balancer, or set AvailabilityZoneRebalancing to DISABLED",
				classic.text(),
			))
		}
	}
	return found
}

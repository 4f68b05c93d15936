package rules

import "slices"

// daemon wants a service that runs one task on every instance to leave out what is for services with a number of tasks;
// Amazon ECS refuses it.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-options.html
func daemon(m *model) []Finding {
	var found []Finding
	services := slices.DeleteFunc(slices.Clone(m.services()), func(s service) bool { return s.scheduling() != "DAEMON" })
	for _, s := range services {
		found = append(found, daemonCount(m, s)...)
		found = append(found, daemonDeployment(s)...)
		found = append(found, daemonPlacement(s)...)
	}
	return found
}

func daemonCount(m *model, s service) []Finding {
	var found []Finding
	if count := s.at("DesiredCount"); !count.absent() && count.known() {
		found = append(found, count.finding(
			"the number of instances says how many tasks a DAEMON has, and Amazon ECS refuses any other (found %s): remove "+
				"DesiredCount",
			count.text(),
		))
	}
	for _, target := range m.byType[scalableTarget] {
		if target.at("ServiceNamespace").text() == "ecs" && scales(m, target, s.resource) {
			found = append(found, target.at("ResourceId").finding(
				"%s is a DAEMON, with a task on every instance, and cannot be scaled: remove the scalable target", s,
			))
		}
	}
	return found
}

// daemonDeployment checks that a deployment may stop a task before it starts the next one on the same instance. Without
// the two numbers it may.
func daemonDeployment(s service) []Finding {
	var found []Finding
	configuration := s.at("DeploymentConfiguration")
	maximum, minimum := configuration.at("MaximumPercent"), configuration.at("MinimumHealthyPercent")
	if percent, ok := maximum.number(); ok && percent != 100 {
		found = append(found, maximum.finding(
			"an instance never has two tasks of a DAEMON, and Amazon ECS refuses to be told otherwise (found %d): set 100",
			percent,
		))
	}
	if percent, ok := minimum.number(); ok && percent >= 100 {
		found = append(found, minimum.finding(
			"a DAEMON stops its task on an instance before it starts the next, which %d percent does not allow, so no "+
				"deployment gets on: set less than 100",
			percent,
		))
	}
	return found
}

func daemonPlacement(s service) []Finding {
	var found []Finding
	strategies, rebalancing, launch := s.at("PlacementStrategies"), s.at("AvailabilityZoneRebalancing"), s.at("LaunchType")
	if len(written(strategies.items())) > 0 {
		found = append(found, strategies.finding(
			"a DAEMON has a task on every instance that its constraints allow, and Amazon ECS refuses placement strategies "+
				"for it: remove them",
		))
	}
	if rebalancing.text() == "ENABLED" {
		found = append(found, rebalancing.finding(
			"a DAEMON has a task on every instance, which no Availability Zone can be relieved of, and Amazon ECS refuses to "+
				"try: set DISABLED",
		))
	}
	if launch.text() == "FARGATE" {
		found = append(found, launch.finding(
			"Fargate has no instances of which each could run a task of a DAEMON, and Amazon ECS refuses it: set EC2, or "+
				"SchedulingStrategy to REPLICA",
		))
	}
	return found
}

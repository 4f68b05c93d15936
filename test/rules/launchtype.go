package rules

// launchType wants a service to say in one way what its tasks run on, and one that its scheduling strategy allows.
// See https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
func launchType(m *model) []Finding {
	var found []Finding
	for _, s := range m.services() {
		launch, own := s.at("LaunchType"), s.at("CapacityProviderStrategy")
		strategy := written(own.items())
		if len(strategy) > 0 && !launch.absent() && launch.known() {
			found = append(found, launch.finding(
				"Amazon ECS refuses a launch type beside a capacity provider strategy (found %s): remove one of them",
				launch.text(),
			))
		}
		if s.scheduling() != "DAEMON" {
			continue
		}
		if len(strategy) > 0 {
			found = append(found, own.finding(
				"Amazon ECS refuses a capacity provider strategy of a service with the scheduling strategy DAEMON, which "+
					"runs on every instance: remove it and set LaunchType to EC2",
			))
		}
		defaults := written(m.defaultStrategy(s.resource))
		if len(defaults) > 0 && len(own.items()) == 0 && launch.absent() {
			found = append(found, launch.finding(
				"without a launch type the service gets the default strategy of %s, which Amazon ECS refuses with the "+
					"scheduling strategy DAEMON: set EC2",
				defaults[0].resource,
			))
		}
	}
	return found
}

// associationDependency wants a service to wait until its cluster has the capacity providers of its strategy, and to be
// gone before they are taken away: CloudFormation sees no other reason for that order. The creation of the stack fails
// now and then, and its deletion always.
func associationDependency(m *model) []Finding {
	var found []Finding
	for _, service := range m.byType[ecsService] {
		r := m.find(service.stack, association, clusterName(service.at("Cluster")))
		if r == nil || r.stack != service.stack || len(written(m.strategy(service))) == 0 || m.dependencies(service)[r.id] {
			continue
		}
		found = append(found, service.root.at("DependsOn").finding(
			"the service does not wait for %s, so it may be created before its cluster has the capacity providers of its "+
				"strategy, and they cannot be taken away while it runs: add it to DependsOn",
			r,
		))
	}
	return found
}

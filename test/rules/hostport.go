package rules

import "strings"

// firstEphemeral is where the host ports start that Amazon ECS picks for a container that asks for none; they go up to
// the last port. See https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
const firstEphemeral = 32768

// hostPort wants every port to be taken once: by one mapping of a task definition, and by one task on an instance.
func hostPort(m *model) []Finding {
	var found []Finding
	for _, task := range m.byType[taskDefinition] {
		found = append(found, takenTwice(task)...)
	}
	for _, s := range m.services() {
		found = append(found, m.stuck(s)...)
	}
	return found
}

// takenTwice looks for mappings that Amazon ECS refuses, as the second container could not bind its port.
func takenTwice(task *resource) []Finding {
	var found []Finding
	first := map[string]*node{}
	for _, mapping := range mappings(task) {
		port, ok := taken(networkMode(task), mapping)
		protocol := strings.ToLower(mapping.at("Protocol").text())
		if protocol == "" {
			protocol = "tcp"
		}
		if !ok || !mapping.at("Protocol").known() {
			continue
		}
		key := protocol + " port " + port.text()
		if other, repeated := first[key]; repeated {
			found = append(found, port.finding(
				"%s has %s in network mode %s already, so the task definition cannot be registered: give each mapping a "+
					"port of its own",
				other.path(), key, networkMode(task),
			))
			continue
		}
		first[key] = mapping
	}
	return found
}

// mappings returns the port mappings of all containers of a task definition.
func mappings(task *resource) []*node {
	var mappings []*node
	for _, container := range task.at("ContainerDefinitions").items() {
		mappings = append(mappings, container.at("PortMappings").items()...)
	}
	return mappings
}

// taken returns the property that gives the port which a mapping takes of the task's network, or of its instance's; false
// if it takes none in particular, or if the templates do not tell.
func taken(mode string, mapping *node) (*node, bool) {
	port := mapping.at("HostPort")
	if mode == "awsvpc" || mode == "host" {
		port = mapping.at("ContainerPort") // which HostPort must equal
	}
	number, ok := port.number()
	return port, ok && number > 0 && mode != ""
}

// reached returns the ports at which load balancers reach a service's tasks for an entry; false if the templates do not
// tell.
func (s service) reached(e entry) (from, to int, known bool) {
	container := e.port
	switch s.networkMode() {
	case "awsvpc", "host":
		number, ok := container.number()
		return number, number, ok
	case "bridge":
		definition, _ := containerNamed(s.task, e.container)
		for _, mapping := range definition.at("PortMappings").items() {
			if mapping.at("ContainerPort").text() == container.text() {
				return published(mapping.at("HostPort"))
			}
		}
	}
	return 0, 0, false
}

func published(host *node) (from, to int, known bool) {
	number, ok := host.number()
	if host.absent() || ok && number == 0 {
		return firstEphemeral, allPorts, true
	}
	return number, number, ok
}

// stuck looks for a service that can never be deployed again: each instance has room for one of its tasks, none may stop
// before a new one runs, and there are no more instances. The deployment waits until it times out.
func (m *model) stuck(s service) []Finding {
	count := s.at("DesiredCount")
	desired, ok := count.number()
	room, known := m.room(s)
	if !ok || !known || desired == 0 || desired < room || !s.onePerInstance() || !s.keepsAll(desired) {
		return nil
	}
	return []Finding{count.finding(
		"%d tasks of the service take a fixed port of their instance each, and there are at most %d instances: with all "+
			"tasks kept running, a deployment finds no room for a new one and never ends; lower MinimumHealthyPercent, "+
			"raise MaxSize of the Auto Scaling group, or leave the host port to Amazon ECS",
		desired, room,
	)}
}

// onePerInstance reports whether no two tasks of a service fit on an instance, as they take the same port of it.
func (s service) onePerInstance() bool {
	if s.task == nil || s.networkMode() != "host" && s.networkMode() != "bridge" {
		return false
	}
	for _, mapping := range mappings(s.task) {
		if _, ok := taken(s.networkMode(), mapping); ok {
			return true
		}
	}
	return false
}

// keepsAll reports whether a deployment may stop none of a service's tasks before it has started a new one.
func (s service) keepsAll(desired int) bool {
	minimum := s.at("DeploymentConfiguration", "MinimumHealthyPercent")
	percent, ok := minimum.number()
	if minimum.absent() {
		percent, ok = 100, true // default for REPLICA
	}
	kept := (desired*percent + 99) / 100
	return ok && kept >= desired && s.scheduling() == "REPLICA"
}

// room returns how many instances there can be for a service with a capacity provider strategy.
func (m *model) room(s service) (instances int, known bool) {
	items := m.strategy(s.resource)
	pools, _ := m.pools(s.resource)
	for _, p := range pools {
		if p.group == nil {
			return 0, false
		}
		size, ok := p.group.at("MaxSize").number()
		if !ok {
			return 0, false
		}
		instances += size
	}
	return instances, len(items) > 0 && len(pools) == len(items)
}

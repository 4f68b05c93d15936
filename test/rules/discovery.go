package rules

import "slices"

// serviceDiscovery wants the names of a service to lead to its tasks.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html and
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
func serviceDiscovery(m *model) []Finding {
	var found []Finding
	for _, s := range m.services() {
		for _, registry := range s.at("ServiceRegistries").items() {
			found = append(found, m.registers(s, registry)...)
		}
		found = append(found, s.connects()...)
	}
	return found
}

// registers checks what Cloud Map is told of tasks.
func (m *model) registers(s service, registry *node) []Finding {
	mode, records := s.networkMode(), m.records(registry)
	name, port := registry.at("ContainerName"), registry.at("ContainerPort")
	if !registry.at("Port").absent() && !port.absent() {
		return []Finding{registry.at("Port").finding("Amazon ECS takes Port or ContainerPort, and not both: set the latter, with ContainerName")}
	}
	for _, record := range records {
		shared := slices.Contains([]string{"bridge", "host"}, mode)
		if shared && slices.Contains([]string{"A", "AAAA"}, record.text()) {
			return []Finding{record.finding(
				"%s runs in network mode %s, in which tasks have no address of their own, and Amazon ECS refuses it: set SRV, or use awsvpc", s, mode,
			)}
		}
		if record.text() == "SRV" && name.absent() && (shared || registry.at("Port").absent()) {
			return []Finding{registry.finding("the records have ports, and nothing tells which: set ContainerName and ContainerPort")}
		}
	}
	if container, ok := containerNamed(s.task, name.text()); ok && !port.absent() {
		return noPort(container, port)
	}
	if s.task != nil && !name.absent() && name.known() {
		if _, ok := containerNamed(s.task, name.text()); !ok {
			return []Finding{name.finding("%s has no container of the name %s", s.task, name.text())}
		}
	}
	return nil
}

// records returns the types of the records that a registry has.
func (m *model) records(registry *node) []*node {
	r := m.target(registry.at("RegistryArn"), cloudMapService)
	if r == nil {
		return nil
	}
	var types []*node
	for _, record := range r.at("DnsConfig", "DnsRecords").items() {
		types = append(types, record.at("Type"))
	}
	return types
}

// noPort returns a finding at a port that a container does not have.
func noPort(container, port *node) []Finding {
	number, known := port.number()
	for _, mapping := range container.at("PortMappings").items() {
		if has, ok := mapping.at("ContainerPort").number(); !ok || has == number {
			return nil
		}
	}
	if !known {
		return nil
	}
	return []Finding{port.finding("container %s has no port %d, so the name leads nowhere", container.at("Name").text(), number)}
}

// connects checks what Service Connect is told of a service.
func (s service) connects() []Finding {
	configuration := s.at("ServiceConnectConfiguration")
	if configuration.at("Enabled").text() != "true" {
		return nil
	}
	if mode := s.networkMode(); slices.Contains([]string{"host", "none"}, mode) {
		return []Finding{configuration.finding("Service Connect has no proxy in network mode %s, and Amazon ECS refuses it: use awsvpc or bridge", mode)}
	}
	var found []Finding
	for _, endpoint := range configuration.at("Services").items() {
		name := endpoint.at("PortName")
		if s.task != nil && name.known() && !s.names(name.text()) {
			found = append(found, name.finding("no port mapping of %s has the name %s, and Amazon ECS refuses the service: give it one", s.task, shown(name)))
		}
		for _, alias := range endpoint.at("ClientAliases").items() {
			if alias.at("Port").absent() {
				found = append(found, alias.finding("callers need a port: set one"))
			}
		}
	}
	return found
}

// names reports whether a port mapping of the tasks has a name, or could.
func (s service) names(name string) bool {
	for _, container := range s.task.at("ContainerDefinitions").items() {
		for _, mapping := range container.at("PortMappings").items() {
			if n := mapping.at("Name"); n.text() == name || !n.known() {
				return true
			}
		}
	}
	return false
}

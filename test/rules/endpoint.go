package rules

import (
	"slices"
	"strings"
)

// https is what interface endpoints listen on.
var https = portRange{"tcp", 443, 443}

// wayOut wants tasks and instances to reach what they need to start. Where no route leads out of their subnets, that is by
// VPC endpoints. See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
func wayOut(m *model) []Finding {
	e := endpoints{m}
	var found []Finding
	for _, s := range m.services() {
		calls := m.startCalls(s)
		for _, from := range m.places(s) {
			for _, c := range calls {
				found = append(found, e.unreached(from, c, "no task of "+s.String()+" starts")...)
			}
		}
	}
	for _, provider := range m.byType[capacityProvider] {
		if p := m.pool(provider); p.group != nil {
			from := p.place()
			agent := call{p.group.at("VPCZoneIdentifier"), []string{"ecs-agent", "ecs-telemetry", "ecs"}}
			found = append(found, e.unreached(from, agent, "no instance joins the cluster")...)
		}
	}
	return found
}

// endpointIngress wants interface endpoints to be reached by somebody: with private DNS they take the name of their service
// for the whole VPC, so that what they do not admit reaches the service in no other way either.
func endpointIngress(m *model) []Finding {
	e := endpoints{m}
	var found []Finding
	for _, endpoint := range m.byType[vpcEndpoint] {
		service := m.endpointService(endpoint)
		if !slices.Contains(starting, service) { // which may listen on another port
			continue
		}
		if rules, known := e.admission(endpoint); known && len(rules) == 0 {
			groups := endpoint.at("SecurityGroupIds")
			found = append(found, groups.finding(
				"%s have no ingress rule for tcp port 443, so nobody reaches the endpoint, and with private DNS nobody in the VPC "+
					"reaches %s: admit those who call it",
				strings.Join(groups.texts(), ", "), service,
			))
		}
	}
	return found
}

// starting are the services that agents call to start tasks and instances, or a session in them.
var starting = []string{
	"ecr.api", "ecr.dkr", "logs", "ssm", "secretsmanager", "kms", "ssmmessages", "ecs-agent", "ecs-telemetry", "ecs",
}

// endpointDependency wants a service to wait for the endpoints that its tasks start by, as nothing else makes
// CloudFormation create them first: without them the first tasks fail and trip the deployment circuit breaker.
func endpointDependency(m *model) []Finding {
	e := endpoints{m}
	var found []Finding
	for _, s := range m.services() {
		for _, endpoint := range e.usedBy(s) {
			if endpoint.stack == s.stack && !m.dependencies(s.resource)[endpoint.id] {
				found = append(found, s.root.at("DependsOn").finding(
					"the service does not wait for %s, so its first tasks may start before they reach %s: add it to DependsOn",
					endpoint, m.endpointService(endpoint),
				))
			}
		}
	}
	return found
}

// call is what agents call to start a task or an instance.
type call struct {
	at       *node    // the property that causes it
	services []string // by the names of their endpoints
}

// publicRegistries are registries that the internet alone leads to; that of an image without a host is the first.
var publicRegistries = []string{
	"docker.io", "registry-1.docker.io", "public.ecr.aws", "gcr.io", "ghcr.io", "mcr.microsoft.com", "quay.io", "registry.k8s.io",
}

// startCalls returns what is called to start the tasks of a service, as far as the templates tell.
func (m *model) startCalls(s service) []call {
	if s.task == nil {
		return nil
	}
	var calls []call
	for _, container := range s.task.at("ContainerDefinitions").items() {
		if host, ok := m.publicRegistry(container.at("Image")); ok {
			calls = append(calls, call{container.at("Image"), []string{host}})
		}
	}
	for _, need := range m.needs(s.task) {
		if services := endpointsFor(need.actions); len(services) > 0 && !need.optional {
			calls = append(calls, call{need.at, services})
		}
	}
	if exec := s.at("EnableExecuteCommand"); exec.text() == "true" {
		calls = append(calls, call{exec, []string{"ssmmessages"}})
	}
	return calls
}

// endpointsFor returns the endpoints by which actions are called. ECR keeps the layers of images in S3.
func endpointsFor(actions []string) []string {
	switch {
	case slices.Contains(actions, pullActions[0]):
		return []string{"ecr.api", "ecr.dkr", "s3"}
	case slices.Contains(actions, logActions[0]):
		return []string{"logs"}
	case slices.Contains(actions, parameterAction):
		return []string{"ssm"}
	case slices.Contains(actions, secretAction):
		return []string{"secretsmanager"}
	case slices.Contains(actions, objectAction):
		return []string{"s3"}
	}
	return nil
}

// publicRegistry returns the registry of an image that is a public one for certain.
func (m *model) publicRegistry(image *node) (string, bool) {
	host, _, found := strings.Cut(image.text(), "/")
	switch {
	case image.absent() || !m.known(host):
		return "", false
	case !found || !strings.ContainsAny(host, ".:") && host != "localhost":
		host = publicRegistries[0]
	}
	return host, slices.Contains(publicRegistries, host)
}

// endpoints looks at the VPC endpoints of all templates.
type endpoints struct{ *model }

// deadEnd is a subnet of a place that no route leads out of.
type deadEnd struct {
	place
	subnet, table *resource
}

func (e endpoints) deadEnds(from place) []deadEnd {
	var ends []deadEnd
	for _, n := range from.subnets {
		if r := e.target(n, subnet); r != nil {
			if table := e.closed(r, from.public); table != nil {
				ends = append(ends, deadEnd{from, r, table})
			}
		}
	}
	return ends
}

// unreached returns a finding if a call gets out of a place by nothing.
func (e endpoints) unreached(from place, c call, consequence string) []Finding {
	for _, end := range e.deadEnds(from) {
		for _, service := range c.services {
			if _, remedy := e.by(end, service); remedy != "" {
				return []Finding{c.at.finding(
					"%s, for that takes %s, and no route leads out of %s%s: %s", consequence, service, end.subnet, e.without(end), remedy,
				)}
			}
		}
	}
	return nil
}

// without says of a public subnet why it is a dead end.
func (e endpoints) without(end deadEnd) string {
	if e.closed(end.subnet, true) != nil {
		return ""
	}
	return " without a public address"
}

// by returns the endpoint that leads from a dead end to a service, if the templates tell it, or else a remedy if none does.
func (e endpoints) by(end deadEnd, service string) (endpoint *resource, remedy string) {
	if slices.Contains(publicRegistries, service) {
		return nil, "copy the image to Amazon ECR, or give the subnet a route to a NAT gateway"
	}
	remedy = "give the VPC an endpoint for it, or the subnet a route to a NAT gateway"
	for _, r := range e.byType[vpcEndpoint] {
		if !e.mayEqual(r.at("VpcId").text(), end.subnet.at("VpcId").text()) {
			continue
		}
		switch e.endpointService(r) {
		case "": // may be any service
			return nil, ""
		case service:
			if remedy = e.obstacle(r, end); remedy == "" {
				return r, ""
			}
		}
	}
	return nil, remedy
}

// obstacle returns how to make an endpoint serve a dead end, and "" if it does.
func (e endpoints) obstacle(endpoint *resource, end deadEnd) string {
	kind, dns := endpoint.at("VpcEndpointType"), endpoint.at("PrivateDnsEnabled")
	switch {
	case !kind.known():
		return ""
	case kind.absent() || kind.text() == "Gateway":
		id := e.attribute(end.table, "Ref")
		if !slices.ContainsFunc(endpoint.at("RouteTableIds").texts(), func(text string) bool { return e.mayEqual(text, id) }) {
			return "add " + end.table.String() + " to the RouteTableIds of " + endpoint.String()
		}
		return ""
	case dns.known() && dns.text() != "true":
		return "set PrivateDnsEnabled of " + endpoint.String() + ", without which the service's name means its public addresses"
	}
	rules, known := e.admission(endpoint)
	admits := func(r groupRule) bool { return r.peer == "" || len(end.groups) == 0 || r.names(e.model, end.groups) }
	// Without any rule, endpoint-ingress has said it.
	if known && len(rules) > 0 && !https.covered(filter(rules, admits)) {
		return "admit " + strings.Join(end.groups, ", ") + " to the security groups of " + endpoint.String() + " on tcp port 443"
	}
	return ""
}

// admission returns the rules by which the security groups of an interface endpoint admit HTTPS, and whether these are in
// the templates.
func (e endpoints) admission(endpoint *resource) (rules []groupRule, known bool) {
	groups := endpoint.at("SecurityGroupIds").texts()
	if endpoint.at("VpcEndpointType").text() != "Interface" || len(groups) == 0 {
		return nil, false
	}
	for _, group := range groups {
		if e.find(endpoint.stack, securityGroup, group) == nil {
			return nil, false
		}
	}
	return filter(e.ingress(), func(r groupRule) bool {
		return r.belongsTo(e.model, groups) && https.covered([]groupRule{r})
	}), true
}

// usedBy returns the endpoints by which the tasks of a service start, each once.
func (e endpoints) usedBy(s service) []*resource {
	var used []*resource
	calls := e.startCalls(s)
	for _, from := range e.places(s) {
		for _, end := range e.deadEnds(from) {
			for _, c := range calls {
				for _, service := range c.services {
					if endpoint, _ := e.by(end, service); endpoint != nil && !slices.Contains(used, endpoint) {
						used = append(used, endpoint)
					}
				}
			}
		}
	}
	return used
}

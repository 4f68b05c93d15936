package rules

import (
	"regexp"
	"slices"
	"strings"
)

// service is a service with what the templates hold of its task definition and target groups.
type service struct {
	*resource
	task    *resource // nil if it is not in the templates
	entries []entry
}

// entry is an element of a service's LoadBalancers that names target groups.
type entry struct {
	*node
	container string
	port      *node       // ContainerPort
	targets   []*resource // target groups: one, or two where deployments shift traffic
	complete  bool        // whether all its target groups are in the templates
}

func (m *model) findServices() []service {
	var services []service
	for _, r := range m.byType[ecsService] {
		s := service{resource: r, task: m.taskDefinition(r)}
		for _, n := range r.at("LoadBalancers").items() {
			// A Classic Load Balancer has a name here and no target group.
			if !n.at("TargetGroupArn").absent() {
				s.entries = append(s.entries, m.entry(n))
			}
		}
		if s.codeDeployed() {
			s = m.deployedBy(s)
		}
		services = append(services, s)
	}
	return services
}

func (m *model) taskDefinition(service *resource) *resource {
	// The CODE_DEPLOY controller knows family and family:revision. The ARN of a revision is in no template.
	task, _, _ := strings.Cut(service.at("TaskDefinition").text(), ":")
	return m.find(service.stack, taskDefinition, task)
}

func (m *model) entry(n *node) entry {
	e := entry{node: n, container: n.at("ContainerName").text(), port: n.at("ContainerPort"), complete: true}
	for _, group := range []*node{n.at("TargetGroupArn"), n.at("AdvancedConfiguration", "AlternateTargetGroupArn")} {
		if r := m.target(group, targetGroup); r != nil {
			e.targets = append(e.targets, r)
		} else if !group.absent() {
			e.complete = false
		}
	}
	return e
}

// networkMode returns the network mode of a service's tasks, or "" if the templates do not tell.
func (s service) networkMode() string {
	if s.task == nil {
		if s.at("NetworkConfiguration", "AwsvpcConfiguration").absent() {
			return ""
		}
		return "awsvpc" // the only mode that takes this configuration
	}
	return networkMode(s.task)
}

// networkMode returns the network mode of a task definition, or "" if the templates do not tell.
func networkMode(task *resource) string {
	mode, system := task.at("NetworkMode"), task.at("RuntimePlatform", "OperatingSystemFamily")
	switch {
	case !mode.known() || mode.absent() && !system.known():
		return ""
	case mode.absent() && strings.HasPrefix(system.text(), "WINDOWS"):
		return "default" // the mode that no NetworkMode means on Windows
	case mode.absent():
		return "bridge"
	}
	return mode.text()
}

// scheduling returns the scheduling strategy of a service, or "" if the templates do not tell.
func (s service) scheduling() string {
	switch n := s.at("SchedulingStrategy"); {
	case n.absent():
		return "REPLICA" // default of AWS::ECS::Service
	case n.known():
		return n.text()
	}
	return ""
}

// targets returns the target groups of a service.
func (s service) targets() []*resource {
	var targets []*resource
	for _, e := range s.entries {
		targets = append(targets, e.targets...)
	}
	return targets
}

// securityGroups returns the security groups of a service's tasks, which only tasks in mode awsvpc have.
func (s service) securityGroups() []string {
	return s.at("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups").texts()
}

// propagateTags wants tags on tasks: without them, the cost of tasks cannot be allocated to what they are for.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
func propagateTags(m *model) []Finding {
	var found []Finding
	for _, service := range m.byType[ecsService] {
		propagate, managed := service.at("PropagateTags"), service.at("EnableECSManagedTags")
		if propagate.known() && !slices.Contains([]string{"SERVICE", "TASK_DEFINITION"}, propagate.text()) {
			found = append(found, propagate.finding(
				"tasks get none of the service's tags (found %s), so their cost cannot be allocated: set SERVICE or "+
					"TASK_DEFINITION",
				shown(propagate),
			))
		}
		if managed.known() && managed.text() != "true" {
			found = append(found, managed.finding(
				"tasks do not get the tags of their cluster and service (found %s), so their cost cannot be told "+
					"apart: set true",
				shown(managed),
			))
		}
	}
	return found
}

// shown returns a value as a reason shows it.
func shown(n *node) string {
	if n.absent() {
		return "no value"
	}
	return n.text()
}

// desiredCount wants no DesiredCount beside Application Auto Scaling: each deployment of the stack that touches the
// service would set the count back, in the middle of a peak.
func desiredCount(m *model) []Finding {
	var found []Finding
	for _, target := range m.byType[scalableTarget] {
		for _, service := range m.byType[ecsService] {
			count := service.at("DesiredCount")
			if target.at("ServiceNamespace").text() == "ecs" && scales(m, target, service) && !count.absent() {
				found = append(found, count.finding(
					"%s scales the service, and every deployment that touches the service sets the count back to %s: "+
						"remove DesiredCount and set MinCapacity there",
					target, count.text(),
				))
			}
		}
	}
	return found
}

// scales reports whether the ResourceId of a scalable target, service/<cluster>/<service>, means the service. A literal
// name of a service may be in use in several clusters.
func scales(m *model, target, service *resource) bool {
	id := strings.Split(target.at("ResourceId").text(), "/")
	if len(id) != 3 || id[0] != "service" || !slices.Contains(m.findAll(target.stack, ecsService, id[2]), service) {
		return false
	}
	return !literalText(id[2]) || id[1] == clusterName(service.at("Cluster"))
}

// Defaults of Amazon ECS and of Elastic Load Balancing, in seconds.
const (
	defaultStopTimeout         = 30
	defaultDeregistrationDelay = 300
)

// stopTimeout compares, for each container behind a load balancer, the time between SIGTERM and SIGKILL with the time
// for which its target group lets requests in flight finish.
func stopTimeout(m *model) []Finding {
	var found []Finding
	for _, service := range m.services() {
		for _, entry := range service.entries {
			container, ok := containerNamed(service.task, entry.container)
			if stop := container.at("StopTimeout"); ok && (!stop.absent() || m.defaultTimeout(service)) {
				for _, group := range entry.targets {
					found = append(found, killedEarly(stop, group)...)
				}
			}
		}
	}
	return found
}

// defaultTimeout reports whether a container without StopTimeout gets the default of Amazon ECS. Container agents can
// have another.
func (m *model) defaultTimeout(s service) bool {
	if m.onFargate(s) {
		return true
	}
	templates := m.templates(s.resource)
	return len(templates) > 0 && !slices.ContainsFunc(templates, func(template *resource) bool {
		set, known := configures(template, containerStopTimeout)
		return set || !known
	})
}

func killedEarly(stop *node, group *resource) []Finding {
	timeout, ok := stop.number()
	if stop.absent() {
		timeout, ok = defaultStopTimeout, true
	}
	delay, known := deregistrationDelay(group)
	if !ok || !known || delay <= timeout {
		return nil
	}
	return []Finding{stop.finding(
		"Amazon ECS kills the container %d s after it asks it to stop, while %s still lets requests in flight run for "+
			"%d s: set StopTimeout to that (Fargate allows up to 120) or lower deregistration_delay.timeout_seconds",
		timeout, group, delay,
	)}
}

func deregistrationDelay(group *resource) (seconds int, known bool) {
	for _, attribute := range group.at("TargetGroupAttributes").items() {
		switch key := attribute.at("Key"); {
		case !key.known():
			return 0, false
		case key.text() == "deregistration_delay.timeout_seconds":
			return attribute.at("Value").number()
		}
	}
	return defaultDeregistrationDelay, true
}

// rolePolicyDependency wants a service to wait for the policies of its task definition's roles. Nothing else makes
// CloudFormation create a policy before the service: the first tasks may start without their rights, fail, and trip the
// deployment circuit breaker.
func rolePolicyDependency(m *model) []Finding {
	var found []Finding
	for _, service := range m.services() {
		for _, owner := range m.roles(service.task) {
			for _, policy := range m.attachedPolicies(owner) {
				if policy.stack == service.stack && !m.dependencies(service.resource)[policy.id] {
					found = append(found, service.root.at("DependsOn").finding(
						"the service does not wait for %s, so its first tasks may start before %s has its rights: add "+
							"it to DependsOn",
						policy, owner,
					))
				}
			}
		}
	}
	return found
}

func (m *model) findDependencies(r *resource) map[string]bool {
	reached := map[string]bool{}
	for next := []*resource{r}; len(next) > 0; next = next[1:] {
		for _, id := range m.waitsFor(next[0]) {
			if dependency := next[0].stack.resources[id]; dependency != nil && !reached[id] {
				reached[id] = true
				next = append(next, dependency)
			}
		}
	}
	return reached
}

// names returns the logical ids that r refers to, also those of template parameters.
func (r *resource) names() []string {
	return append(r.root.at("DependsOn").texts(), references(r.body["Properties"])...)
}

// references returns the names that a value refers to.
func references(value any) []string {
	var names []string
	switch value := value.(type) {
	case map[string]any:
		if name, argument, ok := intrinsic(value); ok {
			names = referenced(name, argument)
		}
		for _, v := range value {
			names = append(names, references(v)...)
		}
	case []any:
		for _, v := range value {
			names = append(names, references(v)...)
		}
	}
	return names
}

var placeholder = regexp.MustCompile(`\$\{[^}]*\}`)

// referenced returns the names that an intrinsic function itself refers to, apart from those in its arguments.
func referenced(function string, argument any) []string {
	text, ok := argument.(string)
	if list, _ := argument.([]any); !ok && len(list) > 0 {
		text, _ = list[0].(string)
	}
	switch function {
	case "Ref", "Fn::GetAtt":
		name, _, _ := strings.Cut(text, ".")
		return []string{name}
	case "Fn::Sub":
		var names []string
		for _, match := range placeholder.FindAllString(text, -1) {
			name, _, _ := strings.Cut(match[2:len(match)-1], ".")
			names = append(names, name)
		}
		return names
	}
	return nil
}

package rules

import (
	"slices"
	"strings"
)

// codeDeployController is the deployment controller by which AWS CodeDeploy deploys a service, and codeDeployer who that is.
const (
	codeDeployController = "CODE_DEPLOY"
	codeDeployer         = "codedeploy.amazonaws.com"
)

// codeDeployed reports whether CodeDeploy deploys a service.
func (s service) codeDeployed() bool {
	return s.at("DeploymentController", "Type").text() == codeDeployController
}

// appSpec is the target of an AppSpec that a custom resource has CodeDeploy deploy.
type appSpec struct {
	*resource
	target *node
}

// appSpecs returns what the custom resources deploy to a service.
func (m *model) appSpecs(s service) []appSpec {
	var specs []appSpec
	for kind, resources := range m.byType {
		if !strings.HasPrefix(kind, "Custom::") && kind != "AWS::CloudFormation::CustomResource" {
			continue
		}
		for _, r := range resources {
			for _, item := range r.at("AppSpec", "Resources").items() {
				target := item.at("TargetService", "Properties")
				if s.task != nil && m.target(target.at("TaskDefinition"), taskDefinition) == s.task {
					specs = append(specs, appSpec{r, target})
				}
			}
		}
	}
	slices.SortFunc(specs, func(a, b appSpec) int { return strings.Compare(a.String(), b.String()) })
	return specs
}

// deploymentGroups returns the deployment groups of a service.
func (m *model) deploymentGroups(s service) []*resource {
	return slices.DeleteFunc(slices.Clone(m.byType[deploymentGroup]), func(group *resource) bool {
		return !slices.ContainsFunc(group.at("ECSServices").items(), func(n *node) bool {
			return m.target(n.at("ServiceName"), ecsService) == s.resource
		})
	})
}

// deployedBy tells of a service that CodeDeploy deploys what its AppSpec and its deployment groups tell, which from the second release on is
// what counts.
func (m *model) deployedBy(s service) service {
	for i := range s.entries {
		e := &s.entries[i]
		for _, spec := range m.appSpecs(s) {
			e.container, e.port = spec.target.at("LoadBalancerInfo", "ContainerName").text(), spec.target.at("LoadBalancerInfo", "ContainerPort")
		}
		for _, group := range m.deploymentGroups(s) {
			for _, name := range pair(group).at("TargetGroups").items() {
				if r := m.target(name.at("Name"), targetGroup); r != nil && !slices.Contains(e.targets, r) {
					e.targets = append(e.targets, r)
				}
			}
		}
	}
	return s
}

// pair returns the two target groups of a deployment group, and the listeners in front of them.
func pair(group *resource) *node {
	for _, n := range group.at("LoadBalancerInfo", "TargetGroupPairInfoList").items() {
		return n
	}
	return &node{resource: group}
}

// codeDeploy wants a service that CodeDeploy deploys to be one that it can deploy, again and again.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
func codeDeploy(m *model) []Finding {
	var found []Finding
	for _, s := range m.services() {
		if !s.codeDeployed() {
			continue
		}
		found = append(found, s.refused()...)
		found = append(found, s.outlives()...)
		for _, spec := range m.appSpecs(s) {
			found = append(found, spec.serves(s.task)...)
			found = append(found, spec.runsOn(s)...)
		}
		for _, group := range m.deploymentGroups(s) {
			found = append(found, m.assumed(group.at("ServiceRoleArn"), codeDeployer)...)
			found = append(found, moves(group)...)
			for _, spec := range m.appSpecs(s) {
				found = append(found, m.waits(spec, group)...)
			}
		}
	}
	return found
}

// refused names what Amazon ECS does not take of such a service.
func (s service) refused() []Finding {
	var found []Finding
	refuse := func(n *node, instead string) {
		found = append(found, n.finding("Amazon ECS refuses this for a service that CodeDeploy deploys: %s", instead))
	}
	configuration := s.at("DeploymentConfiguration")
	if n := configuration.at("DeploymentCircuitBreaker", "Enable"); n.text() == "true" {
		refuse(n, "CodeDeploy itself gives up and rolls back")
	}
	if n := configuration.at("Alarms", "Enable"); n.text() == "true" {
		refuse(n, "name the alarms in AlarmConfiguration of the deployment group")
	}
	if n := configuration.at("Strategy"); n.known() && !n.absent() && n.text() != "ROLLING" {
		refuse(n, "the deployment configuration says how requests move")
	}
	if n := s.at("ForceNewDeployment"); n.written() {
		refuse(n, "deploy another revision")
	}
	if n := s.at("ServiceConnectConfiguration", "Enabled"); n.text() == "true" {
		refuse(n, "use a load balancer between the services, or the controller ECS")
	}
	if n := s.at("VolumeConfigurations"); n.written() {
		refuse(n, "use EFS, or the controller ECS")
	}
	if s.scheduling() == "DAEMON" {
		refuse(s.at("SchedulingStrategy"), "use the controller ECS")
	}
	if entries := s.at("LoadBalancers"); len(s.entries) != 1 && !unknownList(entries) {
		found = append(found, entries.finding("CodeDeploy moves the requests of exactly one target group, and the service has %d: set one, or "+
			"use the controller ECS", len(s.entries)))
	}
	return found
}

// unknownList reports whether the templates do not tell what is in a list.
func unknownList(n *node) bool {
	_, _, unknown := intrinsic(n.value)
	return unknown
}

// outlives wants the service to name no revision, which CloudFormation could not change, and revisions to outlive their replacement
// in the stack: until CodeDeploy has moved all requests, they go to the one before.
func (s service) outlives() []Finding {
	var found []Finding
	named := s.at("TaskDefinition")
	if s.task == nil {
		return nil
	}
	if family := s.task.at("Family"); unknownList(named) && (family.absent() || named.text() != family.text()) {
		found = append(found, named.finding(
			"CloudFormation cannot give a service of CodeDeploy another task definition, so the second deployment of the stack fails: give "+
				"%s a Family and name that", s.task,
		))
	}
	if policy := s.task.root.at("UpdateReplacePolicy"); policy.text() != "Retain" {
		found = append(found, policy.finding(
			"CloudFormation deregisters the revision that %s runs while CodeDeploy has not brought the next one, and it cannot be returned to: "+
				"set Retain", s,
		))
	}
	return found
}

// serves wants an AppSpec to name a port that the revision has.
func (a appSpec) serves(task *resource) []Finding {
	info := a.target.at("LoadBalancerInfo")
	name, port := info.at("ContainerName"), info.at("ContainerPort")
	container, ok := containerNamed(task, name.text())
	if !ok {
		if name.known() {
			return []Finding{name.finding("%s has no container of the name %s, so every deployment fails", task, shown(name))}
		}
		return nil
	}
	return noPort(container, port)
}

// runsOn wants an AppSpec to say what the tasks run on where the service does: CodeDeploy takes none of that over.
// See https://github.com/aws/containers-roadmap/issues/695
func (a appSpec) runsOn(s service) []Finding {
	n := a.target.at("CapacityProviderStrategy")
	if s.at("CapacityProviderStrategy").absent() || !n.absent() {
		return nil
	}
	return []Finding{n.finding("%s has a CapacityProviderStrategy, and the tasks of the next revision would have none: repeat it", s)}
}

// moves wants a deployment group to have something to move requests between.
func moves(group *resource) []Finding {
	p := pair(group)
	groups := p.at("TargetGroups")
	names := groups.texts()
	if len(names) > 0 && !unknownList(groups) {
		names = nil
		for _, n := range groups.items() {
			names = append(names, n.at("Name").text())
		}
		if len(names) != 2 || names[0] == names[1] {
			return []Finding{groups.finding("CodeDeploy moves requests between two target groups: name two")}
		}
	}
	production, test := p.at("ProdTrafficRoute", "ListenerArns").texts(), p.at("TestTrafficRoute", "ListenerArns").texts()
	for _, listener := range test {
		if slices.Contains(production, listener) {
			return []Finding{p.at("TestTrafficRoute", "ListenerArns").finding(
				"requests of tests and of production come by the same listener, so tests are not told apart: make a listener for tests, or set none",
			)}
		}
	}
	return nil
}

// routings are how many minutes AWS's own deployment configurations take.
var routings = map[string]int{
	"CodeDeployDefault.ECSAllAtOnce":                    0,
	"CodeDeployDefault.ECSLinear10PercentEvery1Minutes": 9,
	"CodeDeployDefault.ECSLinear10PercentEvery3Minutes": 27,
	"CodeDeployDefault.ECSCanary10Percent5Minutes":      5,
	"CodeDeployDefault.ECSCanary10Percent15Minutes":     15,
}

// longestTimeout is how many seconds CloudFormation waits for a custom resource, at most and unless it is told otherwise.
const longestTimeout = 3600

// waits wants a custom resource to wait for as long as a deployment takes, of which the templates tell approval, steps and bake.
func (m *model) waits(spec appSpec, group *resource) []Finding {
	if !m.dependencies(spec.resource)[group.id] {
		return nil
	}
	minutes := m.routing(group.at("DeploymentConfigName"))
	for _, path := range [][]string{
		{"DeploymentReadyOption", "WaitTimeInMinutes"}, {"TerminateBlueInstancesOnDeploymentSuccess", "TerminationWaitTimeInMinutes"},
	} {
		n, _ := group.at("BlueGreenDeploymentConfiguration").at(path...).number()
		minutes += n
	}
	timeout, ok := spec.at("ServiceTimeout").number()
	if !ok || timeout > longestTimeout {
		timeout = longestTimeout
	}
	if 60*minutes < timeout {
		return nil
	}
	return []Finding{group.at("BlueGreenDeploymentConfiguration").finding(
		"a deployment takes %d min and its tasks, and CloudFormation gives up %s after %d: shorten the waits", minutes, spec, timeout/60,
	)}
}

// routing returns how many minutes a deployment configuration takes, as far as the templates tell.
func (m *model) routing(name *node) int {
	config := m.target(name, deploymentConfig)
	if config == nil {
		return routings[name.text()]
	}
	routing := config.at("TrafficRoutingConfig")
	canary, _ := routing.at("TimeBasedCanary", "CanaryInterval").number()
	interval, _ := routing.at("TimeBasedLinear", "LinearInterval").number()
	if percent, _ := routing.at("TimeBasedLinear", "LinearPercentage").number(); percent > 0 {
		return 99 / percent * interval
	}
	return canary
}

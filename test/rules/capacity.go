package rules

import (
	"slices"
	"strings"
)

// pool is where a capacity provider gets instances from, as far as the templates hold it.
type pool struct {
	group     *resource   // Auto Scaling group; nil also for instances that Amazon ECS manages
	templates []*resource // launch templates that the group starts instances with
}

func (m *model) pool(provider *resource) pool {
	name := provider.at("AutoScalingGroupProvider", "AutoScalingGroupArn").text()
	if _, end, isARN := strings.Cut(name, ":autoScalingGroupName/"); isARN {
		name = end
	}
	group := m.find(provider.stack, autoScalingGroup, name)
	if group == nil {
		return pool{}
	}
	return pool{group, m.startedWith(group)}
}

// startedWith returns the launch templates of an Auto Scaling group. Which version of them it uses is not looked at: what
// a template says is the latest.
func (m *model) startedWith(group *resource) []*resource {
	mixed := group.at("MixedInstancesPolicy", "LaunchTemplate")
	specifications := []*node{group.at("LaunchTemplate"), mixed.at("LaunchTemplateSpecification")}
	for _, override := range mixed.at("Overrides").items() {
		specifications = append(specifications, override.at("LaunchTemplateSpecification"))
	}
	var templates []*resource
	for _, n := range specifications {
		for _, name := range []*node{n.at("LaunchTemplateId"), n.at("LaunchTemplateName")} {
			if r := m.target(name, launchTemplate); r != nil && !slices.Contains(templates, r) {
				templates = append(templates, r)
			}
		}
	}
	return templates
}

// launchTemplates returns the launch templates of all capacity providers.
func (m *model) launchTemplates() []*resource {
	var templates []*resource
	for _, provider := range m.byType[capacityProvider] {
		for _, r := range m.pool(provider).templates {
			if !slices.Contains(templates, r) {
				templates = append(templates, r)
			}
		}
	}
	return templates
}

// pools returns where the instances come from that run a service's tasks, and whether that is all: from the capacity
// providers of its strategy or, with the launch type EC2, from any of its cluster.
func (m *model) pools(service *resource) (pools []pool, complete bool) {
	if strategy := m.strategy(service); len(strategy) > 0 {
		var providers []*node
		for _, item := range strategy {
			providers = append(providers, item.at("CapacityProvider"))
		}
		return m.poolsOf(providers)
	}
	if launch := service.at("LaunchType"); !launch.absent() && launch.text() != "EC2" {
		return nil, launch.known()
	}
	pools, complete = m.poolsOf(m.ofCluster(service, "CapacityProviders"))
	if len(pools) > 1 && m.constrained(service) {
		return nil, false
	}
	return pools, complete
}

// poolsOf returns the pools of capacity providers, and whether each is in the templates.
func (m *model) poolsOf(providers []*node) (pools []pool, complete bool) {
	complete = len(providers) > 0
	for _, name := range providers {
		if isFargate(name) {
			continue
		}
		provider := m.target(name, capacityProvider)
		if provider == nil {
			complete = false
			continue
		}
		p := m.pool(provider)
		pools = append(pools, p)
		complete = complete && (len(p.templates) > 0 || !provider.at("ManagedInstancesProvider").absent())
	}
	return pools, complete
}

// constrained reports whether placement constraints may keep a service's tasks from some instances.
func (m *model) constrained(service *resource) bool {
	constraints := service.at("PlacementConstraints").items()
	if task := m.taskDefinition(service); task != nil {
		constraints = append(constraints, task.at("PlacementConstraints").items()...)
	}
	return slices.ContainsFunc(constraints, func(n *node) bool { return n.at("Type").text() != "distinctInstance" })
}

// templates returns the launch templates of the instances that run a service's tasks, as far as the templates tell.
func (m *model) templates(service *resource) []*resource {
	var templates []*resource
	pools, _ := m.pools(service)
	for _, p := range pools {
		templates = append(templates, p.templates...)
	}
	return templates
}

// strategy returns the items of the capacity provider strategy that places a service's tasks: its own or, with neither
// that nor a launch type, the default one of its cluster.
func (m *model) strategy(service *resource) []*node {
	items := service.at("CapacityProviderStrategy").items()
	if len(items) == 0 && service.at("LaunchType").absent() {
		return m.defaultStrategy(service)
	}
	return items
}

func (m *model) defaultStrategy(service *resource) []*node {
	return m.ofCluster(service, "DefaultCapacityProviderStrategy")
}

// ofCluster returns the elements of a list that a service's cluster has, or what associates capacity providers with it.
func (m *model) ofCluster(service *resource, property string) []*node {
	name := clusterName(service.at("Cluster"))
	var items []*node
	for _, kind := range []string{ecsCluster, association} {
		if r := m.find(service.stack, kind, name); r != nil {
			items = append(items, r.at(property).items()...)
		}
	}
	return items
}

// clusterName returns the name of the cluster that a property gives by its name or ARN.
func clusterName(cluster *node) string {
	if cluster.absent() {
		return "default"
	}
	name := cluster.text()
	return name[strings.LastIndex(name, "/")+1:]
}

// onFargate reports whether a service's tasks run on Fargate for certain.
func (m *model) onFargate(s service) bool {
	if s.task != nil {
		launches := s.task.at("RequiresCompatibilities").texts()
		if slices.Contains(launches, "FARGATE") && !slices.Contains(launches, "EC2") {
			return true
		}
	}
	return s.at("LaunchType").text() == "FARGATE" || slices.ContainsFunc(m.strategy(s.resource), func(item *node) bool {
		return isFargate(item.at("CapacityProvider"))
	})
}

// isFargate reports whether a capacity provider is one of the two that every account has.
func isFargate(provider *node) bool {
	return slices.Contains([]string{"FARGATE", "FARGATE_SPOT"}, provider.text())
}

package rules

import (
	"slices"
	"strings"
)

// capacityProviders wants the instances of a cluster to come when tasks wait for room, and to go only when no task runs
// on them. See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
func capacityProviders(m *model) []Finding {
	var found []Finding
	for _, provider := range m.byType[capacityProvider] {
		found = append(found, reservedName(provider)...)
		settings := provider.at("AutoScalingGroupProvider")
		if !settings.written() {
			continue
		}
		found = append(found, managedScaling(settings.at("ManagedScaling"))...)
		found = append(found, managedInstances(settings)...)
		if group := m.pool(provider).group; group != nil {
			found = append(found, groupSize(group)...)
			if settings.at("ManagedTerminationProtection").text() == "ENABLED" {
				found = append(found, protected(group, provider)...)
			}
		}
	}
	return found
}

// reservedName looks for a name that Amazon ECS refuses. Without one, CloudFormation makes one of the stack's name.
func reservedName(provider *resource) []Finding {
	n := provider.at("Name")
	name, remedy := n.text(), "choose another"
	if n.absent() {
		name, remedy = provider.stack.name, "set Name, without which the name begins like that of the stack"
	}
	for _, prefix := range []string{"aws", "ecs", "fargate"} {
		if strings.HasPrefix(strings.ToLower(name), prefix) {
			return []Finding{n.finding(
				"the capacity provider's name begins with %s, as in %s, which Amazon ECS keeps for itself, so it cannot be "+
					"created: %s",
				prefix, name, remedy,
			)}
		}
	}
	return nil
}

func managedScaling(scaling *node) []Finding {
	var found []Finding
	status, target := scaling.at("Status"), scaling.at("TargetCapacity")
	if status.known() && status.text() != "ENABLED" {
		found = append(found, status.finding(
			"Amazon ECS starts no instance for tasks that find no room, and ends none that is idle (found %s): set ENABLED",
			shown(status),
		))
	}
	if percent, ok := target.number(); !target.absent() && target.known() && (!ok || percent < 1 || percent > 100) {
		found = append(found, target.finding(
			"tasks cannot use %s percent of the instances that there are, so the capacity provider cannot be created: take 1 "+
				"to 100",
			target.text(),
		))
	}
	return found
}

func managedInstances(settings *node) []Finding {
	var found []Finding
	draining, protection := settings.at("ManagedDraining"), settings.at("ManagedTerminationProtection")
	if draining.known() && draining.text() != "ENABLED" {
		found = append(found, draining.finding(
			"an instance that ends may take its tasks along before they have moved, and lose the requests that they work on "+
				"(found %s): set ENABLED",
			shown(draining),
		))
	}
	if protection.known() && !slices.Contains([]string{"ENABLED", "DISABLED"}, protection.text()) {
		found = append(found, protection.finding(
			"nothing says whether the Auto Scaling group may end instances on which tasks run (found %s), and by default it "+
				"may: set ENABLED, or DISABLED if draining them is enough",
			shown(protection),
		))
	}
	return found
}

// groupSize wants the size of a group to be left to Amazon ECS.
func groupSize(group *resource) []Finding {
	var found []Finding
	desired, maximum := group.at("DesiredCapacity"), group.at("MaxSize")
	if !desired.absent() && desired.known() {
		found = append(found, desired.finding(
			"Amazon ECS scales the group, and every deployment that touches the group sets its size back to %s, whatever "+
				"runs on its instances: remove DesiredCapacity and set MinSize",
			desired.text(),
		))
	}
	if size, _ := maximum.number(); maximum.known() && size < 1 {
		found = append(found, maximum.finding(
			"the group never has an instance (MaxSize has %s), so tasks wait for one for ever: set how many there may be",
			shown(maximum),
		))
	}
	return found
}

// protected wants the settings of a group that go with managed termination protection.
func protected(group, provider *resource) []Finding {
	var found []Finding
	if scaleIn := group.at("NewInstancesProtectedFromScaleIn"); scaleIn.known() && scaleIn.text() != "true" {
		found = append(found, scaleIn.finding(
			"%s has managed termination protection, which Amazon ECS refuses for a group whose new instances are not "+
				"protected from scale-in (found %s): set true",
			provider, shown(scaleIn),
		))
	}
	policy := group.root.at("UpdatePolicy")
	if rolling := policy.at("AutoScalingRollingUpdate"); rolling.written() {
		found = append(found, rolling.finding(
			"%s has managed termination protection, but a rolling update ends instances in spite of it, with the tasks on "+
				"them: take AutoScalingInstanceRefresh instead",
			provider,
		))
	}
	refresh := policy.at("AutoScalingInstanceRefresh")
	instances := refresh.at("Preferences", "ScaleInProtectedInstances")
	if refresh.written() && instances.known() && instances.text() != "Refresh" {
		found = append(found, instances.finding(
			"%s protects every instance that runs tasks, and an instance refresh replaces none of them (found %s): by "+
				"default the update of the stack waits for that until it fails; set Refresh",
			provider, shown(instances),
		))
	}
	return found
}

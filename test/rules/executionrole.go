package rules

import (
	"slices"
	"strings"
)

// executionRole compares what execution roles grant with what the agents need. Less, and tasks stop with
// ResourceInitializationError or CannotPullContainerError; more, and whoever gets hold of one role reads the secrets
// and writes the logs of another service.
func executionRole(m *model) []Finding {
	var found []Finding
	used := map[*resource][]need{}
	for _, task := range m.byType[taskDefinition] {
		list, arn := m.needs(task), task.at("ExecutionRoleArn")
		if arn.absent() {
			found = append(found, withoutRole(arn, list)...)
		} else if owner := m.target(arn, role); owner != nil {
			found = append(found, m.tooLittle(owner, list)...)
			used[owner] = append(used[owner], list...)
		}
	}
	for _, owner := range m.byType[role] {
		if list, ok := used[owner]; ok {
			found = append(found, m.tooMuch(owner, list)...)
		}
	}
	return found
}

func withoutRole(arn *node, list []need) []Finding {
	fargate := slices.Contains(arn.resource.at("RequiresCompatibilities").texts(), "FARGATE")
	for _, need := range list {
		if !need.optional && (fargate || !need.instance) {
			return []Finding{arn.finding(
				"there is no execution role for the %s that %s needs, so no task starts: give the task definition one",
				strings.Join(need.actions, ", "), need.at.path(),
			)}
		}
	}
	return nil
}

func (m *model) tooLittle(owner *resource, list []need) []Finding {
	var found []Finding
	allowed, complete := m.statements(owner)
	for _, need := range list {
		missing := slices.DeleteFunc(slices.Clone(need.actions), func(action string) bool {
			return slices.ContainsFunc(allowed, func(s statement) bool { return m.grants(s, action, need.resource) })
		})
		if complete && !need.optional && len(missing) > 0 {
			found = append(found, need.at.finding(
				"the execution role %s does not grant %s on %s, so the task stops before its containers start: add "+
					"that to a policy of the role",
				owner, strings.Join(missing, ", "), need.resource,
			))
		}
	}
	return found
}

func (m *model) grants(s statement, action, resource string) bool {
	return slices.ContainsFunc(s.actions, func(pattern string) bool {
		return !m.known(pattern) || includes(pattern, action)
	}) && slices.ContainsFunc(s.resources, func(pattern string) bool { return m.covers(pattern, resource) })
}

func (m *model) tooMuch(owner *resource, list []need) []Finding {
	var found []Finding
	for _, arn := range owner.at("ManagedPolicyArns").items() {
		if arn.known() && m.target(arn, managedPolicy) == nil {
			found = append(found, arn.finding(
				"the managed policy %s lets the execution role %s do more than its task definition needs: grant "+
					"exactly that in an AWS::IAM::Policy",
				arn.text(), owner,
			))
		}
	}
	allowed, _ := m.statements(owner)
	for _, s := range allowed {
		found = append(found, m.unneeded(s, owner, list)...)
	}
	return found
}

// unneeded returns at most one finding for the actions of a statement and one for its resources.
func (m *model) unneeded(s statement, owner *resource, list []need) []Finding {
	var found []Finding
	for _, not := range []*node{s.at("NotAction"), s.at("NotResource")} {
		if !not.absent() {
			found = append(found, not.finding(
				"the execution role %s may do anything but what is listed here: list instead the actions and "+
					"resources that the task definition needs",
				owner,
			))
		}
	}
	var actions []string
	var needed []need
	for _, action := range s.actions {
		reasons := needing(list, action)
		if len(reasons) == 0 && m.known(action) {
			actions = append(actions, action)
		}
		needed = append(needed, reasons...)
	}
	if len(actions) > 0 {
		found = append(found, s.at("Action").finding(
			"the execution role %s grants %s, which no container of its task definition needs: remove it, or move it "+
				"to the task role if the application calls it",
			owner, strings.Join(actions, ", "),
		))
	}
	if resources := m.unneededResources(s, needed); len(resources) > 0 {
		found = append(found, s.at("Resource").finding(
			"the execution role %s grants %s on %s, which no container of its task definition uses: name the exact "+
				"resources",
			owner, strings.Join(s.actions, ", "), strings.Join(resources, ", "),
		))
	}
	return found
}

// needing returns the needs for an action, none for one with a wildcard.
func needing(list []need, action string) []need {
	return slices.DeleteFunc(slices.Clone(list), func(n need) bool {
		return !slices.ContainsFunc(n.actions, func(a string) bool { return strings.EqualFold(a, action) })
	})
}

// unneededResources returns the resources of a statement that none of the needs is about. A statement of which no
// action is needed is wrong altogether.
func (m *model) unneededResources(s statement, needed []need) []string {
	if len(needed) == 0 {
		return nil
	}
	onlyToken := len(needing(needed, tokenAction)) == len(needed) // the one action that has no resource but "*"
	return slices.DeleteFunc(slices.Clone(s.resources), func(pattern string) bool {
		if everything(pattern) {
			return onlyToken
		}
		return slices.ContainsFunc(needed, func(n need) bool { return m.covers(pattern, n.resource) })
	})
}

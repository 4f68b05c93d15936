package rules

import "fmt"

// roleProperties are the properties of a task definition that name its roles.
var roleProperties = []string{"ExecutionRoleArn", "TaskRoleArn"}

// attachedPolicies returns the policies in resources of their own that are attached to a role.
func (m *model) attachedPolicies(owner *resource) []*resource {
	var policies []*resource
	for _, kind := range []string{inlinePolicy, managedPolicy, rolePolicy} {
		for _, policy := range m.byType[kind] {
			if m.attaches(policy, owner) {
				policies = append(policies, policy)
			}
		}
	}
	return policies
}

func (m *model) attaches(policy, owner *resource) bool {
	for _, name := range append(policy.at("Roles").texts(), policy.at("RoleName").text()) {
		if m.find(policy.stack, role, name) == owner {
			return true
		}
	}
	return false
}

// roles returns the roles in the templates that a task definition, which may be nil, has.
func (m *model) roles(task *resource) []*resource {
	var roles []*resource
	if task == nil {
		return nil
	}
	for _, property := range roleProperties {
		if r := m.target(task.at(property), role); r != nil {
			roles = append(roles, r)
		}
	}
	return roles
}

// statement is a statement of a role's policies.
type statement struct {
	*node
	actions   []string
	resources []string
}

// policies are the statements of all policies of a role.
type policies struct {
	allowed, others []statement // those with the Effect Allow, and those with any other
	complete        bool        // no policy is outside of the templates or too dynamic to read
}

// statements returns the Allow statements of a role's policies, and whether these are all that it can have.
func (m *model) statements(owner *resource) (allowed []statement, complete bool) {
	p := m.policies(owner)
	return p.allowed, p.complete
}

func (m *model) findPolicies(owner *resource) policies {
	var p policies
	documents, complete := m.policyDocuments(owner)
	p.complete = complete
	for _, document := range documents {
		for _, n := range document.at("Statement").items() {
			s, effect := statement{n, n.at("Action").texts(), n.at("Resource").texts()}, n.at("Effect")
			p.complete = p.complete && effect.known() && n.at("NotAction").absent() && n.at("NotResource").absent()
			if effect.text() == "Allow" {
				p.allowed = append(p.allowed, s)
			} else {
				p.others = append(p.others, s)
			}
		}
	}
	return p
}

func (m *model) policyDocuments(owner *resource) (documents []*node, complete bool) {
	complete = true
	for _, policy := range owner.at("Policies").items() {
		documents = append(documents, policy.at("PolicyDocument"))
	}
	for _, policy := range m.attachedPolicies(owner) {
		documents = append(documents, policy.at("PolicyDocument"))
	}
	for _, arn := range owner.at("ManagedPolicyArns").items() {
		policy := m.target(arn, managedPolicy)
		if policy == nil {
			complete = false
			continue
		}
		documents = append(documents, policy.at("PolicyDocument"))
	}
	return documents, complete
}

// ownRoles wants each task definition to have roles of its own: what a shared role grants to one service, such as its
// secrets, every service with that role can read; and code in a container must not have the rights of the agent.
func ownRoles(m *model) []Finding {
	var found []Finding
	owners := map[any]*resource{}
	for _, task := range m.byType[taskDefinition] {
		for _, property := range roleProperties {
			arn := task.at(property)
			if arn.absent() {
				continue
			}
			r := m.roleOf(arn)
			if owner, taken := owners[r]; taken {
				found = append(found, arn.finding(
					"the role %s is also %s, and a grant to one is a grant to both: give each use an AWS::IAM::Role "+
						"of its own",
					r, use(owner, task),
				))
				continue
			}
			owners[r] = task
		}
	}
	return found
}

// roleOf returns the role that an ARN means: the resource, or the ARN of one that is not in the templates.
func (m *model) roleOf(arn *node) any {
	if r := m.target(arn, role); r != nil {
		return r
	}
	return arn.text()
}

func use(owner, task *resource) string {
	if owner == task {
		return "the execution role of the same task definition"
	}
	return fmt.Sprintf("a role of %s", owner)
}

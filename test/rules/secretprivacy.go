package rules

import (
	"slices"
	"strings"
)

// Actions that return the value of a parameter or a secret, and that set it.
var (
	parameterReads = []string{"ssm:GetParameter", parameterAction, "ssm:GetParameterHistory"}
	secretReads    = []string{secretAction}
	secretWrites   = []string{"ssm:PutParameter", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret"}
)

// reading is a need for the value of a parameter or a secret.
type reading struct {
	need
	task  *resource
	owner *resource // execution role, nil if it is not in the templates
	calls []string  // actions that return the value, whoever performs them
}

// secretPrivacy wants a value that a task gets by Secrets to be read by its execution role alone. What another role can
// read as well, a mistake in whatever has that role gives away.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
func secretPrivacy(m *model) []Finding {
	var found []Finding
	readings := m.readings()
	for _, owner := range m.byType[role] {
		if m.ofUnseenTask(owner) {
			continue
		}
		allowed, _ := m.statements(owner)
		for _, s := range allowed {
			if secrets := m.secretsOfOthers(s, owner, allowed, readings); len(secrets) > 0 {
				found = append(found, s.at("Resource").finding(
					"the role %s can read %s, although it starts no task that refers to it, so the secret is only as "+
						"safe as everything that has this role: name the exact resources that the role needs",
					owner, strings.Join(secrets, ", "),
				))
			}
		}
	}
	return found
}

// secretsOfOthers returns what a statement lets a role read that is none of its business.
func (m *model) secretsOfOthers(s statement, owner *resource, allowed []statement, readings []reading) []string {
	var secrets []string
	for _, r := range readings {
		if m.reads(s, r, owner) && !m.mayRead(owner, allowed, readings, r) {
			secrets = append(secrets, m.show(r.resource))
		}
	}
	slices.Sort(secrets)
	return slices.Compact(secrets)
}

// readings returns the needs of all tasks for values, with those of anything.
func (m *model) readings() []reading {
	var readings []reading
	for _, task := range m.byType[taskDefinition] {
		owner := m.target(task.at("ExecutionRoleArn"), role)
		for _, n := range m.needs(task) {
			r := reading{need: n, task: task, owner: owner}
			for _, action := range n.actions {
				switch action {
				case parameterAction:
					r.calls = append(r.calls, parameterReads...)
				case secretAction:
					r.calls = append(r.calls, secretReads...)
				}
			}
			if len(r.calls) > 0 {
				readings = append(readings, r)
			}
		}
	}
	return readings
}

// reads reports whether a statement lets a role read a value for certain. A Condition may keep it from that.
func (m *model) reads(s statement, r reading, owner *resource) bool {
	if r.optional || !m.known(r.resource) || !s.at("Condition").absent() {
		return false
	}
	return slices.ContainsFunc(s.actions, func(pattern string) bool {
		return m.known(pattern) && slices.ContainsFunc(r.calls, func(action string) bool { return includes(pattern, action) })
	}) && slices.ContainsFunc(s.resources, func(pattern string) bool {
		return m.known(pattern) && m.covers(pattern, r.resource)
	}) && m.together(owner.stack, r.task.stack)
}

// mayRead reports whether a role is right to have a value, or cannot read it in spite of an Allow statement: it starts a
// task that refers to the value, sets it, as a rotation function does, or is denied it; or the value is no secret.
func (m *model) mayRead(owner *resource, allowed []statement, readings []reading, r reading) bool {
	return slices.ContainsFunc(readings, func(own reading) bool {
		return own.owner == owner && m.mayBeSame(own.resource, r.resource)
	}) || slices.ContainsFunc(allowed, func(s statement) bool { return m.sets(s, r) }) ||
		m.denied(owner, r) || m.isString(r)
}

// mayBeSame reports whether two ARNs are those of one value, or could be: one may leave out the suffix of a secret.
func (m *model) mayBeSame(a, b string) bool {
	return m.covers(a, b) || m.covers(a+"-??????", b) || m.covers(b+"-??????", a)
}

// sets reports whether a statement is about setting this one value: a right to do everything does not make the
// role one that needs the value.
func (m *model) sets(s statement, r reading) bool {
	return slices.ContainsFunc(s.actions, func(action string) bool {
		return slices.ContainsFunc(secretWrites, func(write string) bool { return strings.EqualFold(write, action) })
	}) && slices.ContainsFunc(s.resources, func(pattern string) bool {
		return !everything(pattern) && m.covers(pattern, r.resource)
	})
}

func (m *model) denied(owner *resource, r reading) bool {
	return slices.ContainsFunc(m.policies(owner).others, func(s statement) bool {
		return !s.at("NotAction").absent() || !s.at("NotResource").absent() || m.grants(s, r.actions[0], r.resource)
	})
}

// isString reports whether a value is that of a parameter in the templates, which CloudFormation cannot make a
// SecureString: configuration that many read.
func (m *model) isString(r reading) bool {
	return slices.ContainsFunc(m.byType[storedParameter], func(parameter *resource) bool {
		name := strings.TrimPrefix(m.attribute(parameter, "Ref"), "/")
		return m.covers(m.arnOf("ssm", "parameter/"+name), r.resource)
	})
}

// ofUnseenTask reports whether a role is for tasks, but for none in the templates, so that these do not tell what the
// tasks refer to.
func (m *model) ofUnseenTask(owner *resource) bool {
	for _, task := range m.byType[taskDefinition] {
		if slices.Contains(m.roles(task), owner) {
			return false
		}
	}
	trust := owner.at("AssumeRolePolicyDocument")
	for _, s := range trust.at("Statement").items() {
		for _, service := range s.at("Principal", "Service").texts() {
			if !m.known(service) || service == "ecs-tasks.amazonaws.com" {
				return true
			}
		}
	}
	return trust.absent()
}

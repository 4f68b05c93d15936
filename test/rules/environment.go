package rules

import "strings"

// together reports whether two stacks are in one account and region for certain.
func (m *model) together(a, b *stack) bool {
	if a == b {
		return true
	}
	m.joinStacks()
	return a.environment() == b.environment()
}

// joinEnvironments finds out which stacks are in one account and region for certain: a nested stack and its parent, and a
// stack and those whose exports it imports or whose outputs it reads in its own region. Of all others, the same name of a
// parameter may mean two.
func (m *model) joinEnvironments(stacks []*stack) {
	for _, s := range stacks {
		if slash := strings.LastIndex(s.name, "/"); slash >= 0 {
			s.join(m.byName[s.name[:slash]])
		}
		calls(s.body, func(function string, argument any) { s.join(m.source(s, function, argument)) })
	}
}

// source returns the stack that a function reads from in the account and region of the stack that it is in.
func (m *model) source(s *stack, function string, argument any) *stack {
	switch function {
	case "Fn::ImportValue":
		if e := m.exports[m.resolve(s, argument)]; e != nil {
			return e.stack
		}
	case "Fn::GetStackOutput":
		arguments, _ := argument.(map[string]any)
		region := arguments["Region"]
		if arguments["RoleArn"] == nil && (region == nil || m.resolve(s, region) == m.ref(nil, "AWS::Region")) {
			return m.byName[m.resolve(s, arguments["StackName"])]
		}
	}
	return nil
}

// calls calls f for each intrinsic function in a value.
func calls(value any, f func(function string, argument any)) {
	switch value := value.(type) {
	case map[string]any:
		if name, argument, ok := intrinsic(value); ok {
			f(name, argument)
		}
		for _, v := range value {
			calls(v, f)
		}
	case []any:
		for _, v := range value {
			calls(v, f)
		}
	}
}

// environment returns the one stack that stands for all that are in the same account and region as s.
func (s *stack) environment() *stack {
	for s.joined != nil {
		s = s.joined
	}
	return s
}

func (s *stack) join(other *stack) {
	if other == nil || s.environment() == other.environment() {
		return
	}
	s.environment().joined = other.environment()
}

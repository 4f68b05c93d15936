package rules

import (
	"regexp"
	"slices"
	"strings"
)

// accountNumber matches an account where a policy names it without an ARN.
var accountNumber = regexp.MustCompile(`^\d{12}$`)

// admits reports whether a resource's own policy grants something to a role, which may be nil, or could, for all that
// the templates tell. The policy of a key need not: by default it leaves that to IAM.
// See https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (m *model) admits(policy *node, owner *resource) bool {
	return slices.ContainsFunc(policy.at("Statement").items(), func(s *node) bool {
		if s.at("Effect").text() == "Deny" {
			return false
		}
		principal := s.at("Principal")
		if _, ok := principal.value.(map[string]any); !ok {
			return true // everyone, or everyone but those named
		}
		return slices.ContainsFunc(principal.at("AWS").items(), func(p *node) bool { return !m.someoneElse(p, owner) })
	})
}

// someoneElse reports whether a principal is known not to be a role. An account that stands for itself leaves it to IAM
// who of it has the right.
func (m *model) someoneElse(principal *node, owner *resource) bool {
	text := principal.text()
	if strings.HasSuffix(text, ":root") || accountNumber.MatchString(text) || text == m.ref(nil, "AWS::AccountId") {
		return true
	}
	r := m.target(principal, role)
	return r != nil && r != owner
}

// admittedTo reports whether a bucket's policy grants something to a role, or could.
func (m *model) admittedTo(target, owner *resource) bool {
	return slices.ContainsFunc(m.byType[bucketPolicy], func(policy *resource) bool {
		return m.target(policy.at("Bucket"), bucket) == target && m.admits(policy.at("PolicyDocument"), owner)
	})
}

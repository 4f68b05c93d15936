package rules

import (
	"strconv"
	"strings"
)

// equalRules wants no two rules of a security group to be equal. CloudFormation makes each by a call of its own, and
// Amazon EC2 refuses the second: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
func equalRules(m *model) []Finding {
	return append(m.repeated(m.ingress()), m.repeated(m.egress())...)
}

func (m *model) repeated(rules []groupRule) []Finding {
	var found []Finding
	first := map[string]groupRule{}
	for _, rule := range rules {
		identity, known := rule.identity(m)
		if !known {
			continue
		}
		if other, repeated := first[identity]; repeated {
			found = append(found, rule.finding(
				"the security group has a rule for the same peer and ports already, that of %s, so the deployment fails: "+
					"make one rule do for both", other.resource))
			continue
		}
		first[identity] = rule
	}
	return found
}

// identity is what no two rules of one direction may have in common; false if the templates do not tell it.
func (r groupRule) identity(m *model) (string, bool) {
	if r.unknown || !m.known(r.group) {
		return "", false
	}
	parts := []string{r.group, r.protocol, strconv.Itoa(r.from), strconv.Itoa(r.to)}
	for _, key := range []string{
		"CidrIp", "CidrIpv6", "SourceSecurityGroupId", "DestinationSecurityGroupId", "SourcePrefixListId", "DestinationPrefixListId",
	} {
		peer := ""
		if n := r.at(key); !n.absent() {
			if peer = n.text(); !n.known() {
				return "", false
			}
		}
		parts = append(parts, peer)
	}
	return strings.Join(parts, " "), true
}

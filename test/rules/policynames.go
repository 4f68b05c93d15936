package rules

import "slices"

// policyNames wants the policies in a role to have different names: of two of one name, the one that is put there last replaces the
// other, and takes it along when it is deleted.
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
func policyNames(m *model) []Finding {
	var found []Finding
	for _, owner := range m.byType[role] {
		named := map[string]*resource{}
		for _, policy := range owner.at("Policies").items() {
			named[policy.at("PolicyName").text()] = owner
		}
		for _, policy := range m.attachedPolicies(owner) {
			name := policy.at("PolicyName")
			if !slices.Contains([]string{inlinePolicy, rolePolicy}, policy.kind) || name.absent() || !name.known() {
				continue
			}
			if other := named[name.text()]; other != nil {
				found = append(found, name.finding("%s gives %s a policy of the same name, so one replaces the other: give them two names", other, owner))
			}
			named[name.text()] = policy
		}
	}
	return found
}

package ingress

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	acl   = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/company/12345678-90ab-cdef-1234-567890abcdef"
	group = "arn:aws:wafv2:us-east-1:123456789012:regional/rulegroup/partners/12345678-90ab-cdef-1234-567890abcdef"
)

func TestFirewallProblems(t *testing.T) {
	off := Firewall{Common: Off, BadInputs: Off, Reputation: Off, Rate: Off}
	watching := Firewall{Common: Count, BadInputs: Count, Reputation: Count, Rate: Count}
	own := off
	own.Groups = []RuleGroup{{ARN: group, Capacity: 100}}
	for name, c := range map[string]struct {
		firewall Firewall
		want     []string
	}{
		"zero":                {Firewall{}, nil},
		"own web ACL":         {Firewall{ACLARN: acl}, nil},
		"token":               {Firewall{ACLARN: "${Token[TOKEN.1]}"}, nil},
		"all counted":         {watching, nil},
		"own group alone":     {own, nil},
		"all off":             {off, []string{""}},
		"own and others":      {Firewall{ACLARN: acl, Groups: own.Groups}, []string{"ACLARN"}},
		"own with a limit":    {Firewall{ACLARN: acl, RequestsPerIP: 100}, []string{"ACLARN"}},
		"web ACL of a CDN":    {Firewall{ACLARN: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b"}, []string{"ACLARN"}},
		"modes":               {Firewall{SQL: "block", Rate: "on"}, []string{"SQL", "Rate"}},
		"few requests":        {Firewall{RequestsPerIP: 9}, []string{"RequestsPerIP"}},
		"limit of nothing":    {Firewall{RequestsPerIP: 100, Rate: Off}, []string{"RequestsPerIP"}},
		"bodies of nothing":   {Firewall{AllowLargeBodies: true, Common: Off}, []string{"AllowLargeBodies"}},
		"group":               {Firewall{Groups: []RuleGroup{{ARN: acl, Mode: "x"}}}, []string{"Groups[0].ARN", "Groups[0].Capacity", "Groups[0].Mode"}},
		"more than there is":  {Firewall{Groups: []RuleGroup{{ARN: group, Capacity: 4100}}}, []string{"Groups"}},
		"as much as there is": {Firewall{Groups: []RuleGroup{{ARN: group, Capacity: 4073}}}, nil},
	} {
		if diff := cmp.Diff(c.want, fields(c.firewall.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestFirewallCapacity(t *testing.T) {
	for want, f := range map[int]Firewall{
		927:  {},
		1177: {SQL: Block, Bots: Count},
		225:  {Common: Off, Rate: Off},
		2927: {Groups: []RuleGroup{{Capacity: 2000}, {Capacity: 1, Mode: Off}}},
	} {
		if got := f.Capacity(); got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
}

// TestFirewallPlaces finds each rule at a place of its own, which it keeps when others are turned off.
func TestFirewallPlaces(t *testing.T) {
	all := Firewall{SQL: Block, Bots: Block, Groups: []RuleGroup{{ARN: group, Capacity: 1}}}
	some := all
	some.Reputation, some.BadInputs, some.Rate = Off, Off, Off
	places := func(f Firewall) map[any]any {
		found := map[any]any{}
		for _, r := range f.rules() {
			rule := r.(map[string]any)
			found[rule["Priority"]] = rule["Name"]
		}
		return found
	}
	want := map[any]any{0: "Reputation", 1: "Rate", 2: "BadInputs", 3: "Common", 4: "SQL", 5: "Bots", 10: "Group1"}
	if diff := cmp.Diff(want, places(all)); diff != "" {
		t.Error(diff)
	}
	for _, place := range []int{0, 1, 2} {
		delete(want, place)
	}
	if diff := cmp.Diff(want, places(some)); diff != "" {
		t.Error(diff)
	}
}

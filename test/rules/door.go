package rules

import (
	"slices"
	"strings"
)

// Types of resources in front of services that only these rules look at.
const (
	firewall            = "AWS::WAFv2::WebACL"
	firewallAssociation = "AWS::WAFv2::WebACLAssociation"
)

// listenerCertificate wants a listener that encrypts to have a certificate: without one, Elastic Load Balancing refuses
// it, or whoever connects the connection.
// See https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
func listenerCertificate(m *model) []Finding {
	var found []Finding
	for _, l := range m.byType[listener] {
		protocol, certificates := l.at("Protocol"), l.at("Certificates")
		if slices.Contains([]string{"HTTPS", "TLS"}, protocol.text()) && len(certificates.items()) == 0 {
			found = append(found, certificates.finding(
				"the listener is for %s and has no certificate: name one here, for an AWS::ElasticLoadBalancingV2::"+
					"ListenerCertificate only adds to it", protocol.text(),
			))
		}
	}
	return found
}

// webACL wants a firewall to be before something, and to keep something away.
// See https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-testing.html
func webACL(m *model) []Finding {
	var found []Finding
	for _, acl := range m.byType[firewall] {
		if acl.at("Scope").text() == "REGIONAL" && !m.associated(acl) {
			found = append(found, acl.at().finding(
				"the web ACL is associated with nothing, so every request goes past it: add an %s", firewallAssociation,
			))
		}
		if rules := acl.at("Rules"); !keepsAway(acl) {
			found = append(found, rules.finding(
				"the rules only count what they find, and let it through: set the Action Block, or for a rule group the "+
					"OverrideAction None, of what has proved right",
			))
		}
	}
	return found
}

// associated reports whether a web ACL is before anything, or could be: in a template that was not given, if an output
// tells of it or a nested stack is.
func (m *model) associated(acl *resource) bool {
	others := map[string]bool{}
	for _, other := range m.byType[firewall] {
		others[m.attribute(other, "Arn")] = other != acl
	}
	for _, association := range m.byType[firewallAssociation] {
		// Its ARN has an id that nobody can write down before it is made.
		if arn := association.at("WebACLArn"); !arn.known() && !others[arn.text()] {
			return true
		}
	}
	told := []any{acl.stack.body["Outputs"]}
	for _, nested := range m.byType[nestedStack] {
		if nested.stack == acl.stack {
			told = append(told, nested.body)
		}
	}
	return slices.Contains(references(told), acl.id)
}

// keepsAway reports whether a web ACL keeps any request away, or could, for all that the templates tell.
func keepsAway(acl *resource) bool {
	if action := acl.at("DefaultAction"); !action.at("Block").absent() || !action.written() {
		return true
	}
	return slices.ContainsFunc(acl.at("Rules").items(), func(rule *node) bool {
		if !rule.written() {
			return true
		}
		action, override := rule.at("Action"), rule.at("OverrideAction")
		for _, strict := range []*node{action.at("Block"), action.at("Captcha"), action.at("Challenge"), override.at("None")} {
			if !strict.absent() {
				return true
			}
		}
		return false
	})
}

// signIn wants a load balancer that asks who a user is to be able to, and the secret that it does so by to be one.
// See https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
func signIn(m *model) []Finding {
	var found []Finding
	for _, l := range m.byType[listener] {
		found = append(found, m.asks(l.at("DefaultActions"), l)...)
	}
	for _, rule := range m.byType[listenerRule] {
		found = append(found, m.asks(rule.at("Actions"), m.target(rule.at("ListenerArn"), listener))...)
	}
	return found
}

// asks checks the actions of a listener, which may be nil, or of one of its rules.
func (m *model) asks(actions *node, l *resource) []Finding {
	var found []Finding
	for _, action := range actions.items() {
		if !strings.HasPrefix(action.at("Type").text(), "authenticate-") {
			continue
		}
		secret := action.at("AuthenticateOidcConfig", "ClientSecret")
		if text := secret.text(); !secret.absent() && secret.known() && !strings.Contains(text, "{{resolve:") {
			found = append(found, writtenOut(secret, "the client secret", "is written out", "refer to Secrets Manager by {{resolve:secretsmanager:...}}"))
		}
		if l == nil {
			continue
		}
		if protocol := l.at("Protocol"); protocol.known() && !protocol.absent() && protocol.text() != "HTTPS" {
			found = append(found, action.finding(
				"%s is for %s, and a load balancer asks who a user is over HTTPS alone: add the rule to a listener for that", l, protocol.text(),
			))
		}
		if balancer := m.target(l.at("LoadBalancerArn"), loadBalancer); balancer != nil && m.confined(balancer) {
			found = append(found, action.finding(
				"the security groups of %s let nothing out on tcp port 443, so it cannot ask the identity provider and answers 500 "+
					"to who signs in: add an AWS::EC2::SecurityGroupEgress for that", balancer,
			))
		}
	}
	return found
}

// confined reports whether a load balancer can connect to nothing on port 443 for certain.
func (m *model) confined(balancer *resource) bool {
	groups := balancer.at("SecurityGroups").texts()
	for _, group := range groups {
		r := m.find(balancer.stack, securityGroup, group)
		if r == nil || len(r.at("SecurityGroupEgress").items()) == 0 {
			return false
		}
	}
	out := filter(m.egress(), func(r groupRule) bool { return r.belongsTo(m, groups) && r.reaches(m, nil) })
	return len(groups) > 0 && !(portRange{"tcp", 443, 443}).covered(out)
}

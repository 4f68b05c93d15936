package rules

import "strings"

// Types of resources of HTTP APIs.
const (
	apiIntegration = "AWS::ApiGatewayV2::Integration"
	vpcLink        = "AWS::ApiGatewayV2::VpcLink"
)

// privateAPI follows requests of an HTTP API by its VPC link to the listener of a load balancer: where they do not come
// through, everything is deployed and every request is answered with 503.
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
func privateAPI(m *model) []Finding {
	w := way{model: m}
	var found []Finding
	for _, integration := range m.byType[apiIntegration] {
		l := m.target(integration.at("IntegrationUri"), listener)
		if l == nil || integration.at("ConnectionType").text() != "VPC_LINK" {
			continue
		}
		tls := integration.at("TlsConfig")
		if l.at("Protocol").text() == "HTTPS" && tls.absent() {
			found = append(found, tls.finding(
				"%s is for HTTPS and gets HTTP, which it answers with 400: set ServerNameToVerify to a name of its certificate", l,
			))
		}
		link, balancer := m.target(integration.at("ConnectionId"), vpcLink), m.target(l.at("LoadBalancerArn"), loadBalancer)
		if link != nil && balancer != nil {
			found = append(found, w.linked(integration, link, l, balancer)...)
		}
	}
	return found
}

// linked checks the security groups of a VPC link and of a load balancer, which may admit addresses of the link, too.
func (w way) linked(integration, link, l, balancer *resource) []Finding {
	from, to := link.at("SecurityGroupIds"), balancer.at("SecurityGroups")
	number, ok := l.at("Port").number()
	if !ok || len(from.items()) == 0 || len(to.items()) == 0 || unknownList(from) || unknownList(to) {
		return nil
	}
	sources, groups, p := from.texts(), to.texts(), portRange{"tcp", number, number}
	var found []Finding
	in := filter(w.ingress(), func(r groupRule) bool {
		return r.belongsTo(w.model, groups) && (r.peer == "" || r.names(w.model, sources))
	})
	if w.given(groups) && !p.covered(in) {
		found = append(found, integration.at("ConnectionId").finding(
			"%s of %s does not admit %s of the VPC link on %s: add an AWS::EC2::SecurityGroupIngress for exactly that and from there",
			strings.Join(groups, ", "), balancer, strings.Join(sources, ", "), p,
		))
	}
	for _, source := range sources {
		if r := w.find(link.stack, securityGroup, source); r == nil || len(r.at("SecurityGroupEgress").items()) == 0 {
			return found // which lets everything out
		}
	}
	out := filter(w.egress(), func(r groupRule) bool { return r.belongsTo(w.model, sources) && r.reaches(w.model, groups) })
	if !p.covered(out) {
		found = append(found, integration.at("ConnectionId").finding(
			"%s of the VPC link does not let requests out to %s of %s on %s: add an AWS::EC2::SecurityGroupEgress for exactly that and to there",
			strings.Join(sources, ", "), strings.Join(groups, ", "), balancer, p,
		))
	}
	return found
}

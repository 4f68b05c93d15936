package property

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
)

// drawRoute draws a route that no other one of the app hides: what is below a path, or a host, of its own, or in one case all
// that no other receives.
func (w *world) drawRoute(t *rapid.T, internal bool) ingress.Route {
	w.routes++
	if rest := &w.rest[number(internal)]; !*rest && chance(t, 2) {
		*rest = true
		return ingress.Route{Priority: seldom(t, 50000)}
	}
	own := fmt.Sprintf("route-%d", w.routes)
	var r ingress.Route
	values := 0
	if host := w.host(t, internal, own); host != "" && chance(t, 1) {
		r.Host = host
		values++
		if other := w.host(t, internal, "alt-"+own); chance(t, 2) {
			r.AltHosts = []string{other}
			values++
		}
	}
	if r.Host == "" || chance(t, 1) {
		r.Path = "/" + own + pick(t, "/*", "", "/v1/*", "/*/orders", "*", "/a/b/c/d/e/f/*")
		values++
		if chance(t, 2) {
			r.AltPaths = []string{"/alt/" + own}
			values++
		}
	}
	room := func() bool { values++; return values <= 5 }
	if chance(t, 2) && room() {
		r.Methods = []string{pick(t, "GET", "POST")}
	}
	if chance(t, 2) && room() {
		r.Headers = map[string]string{"X-Version": pick(t, "2", "2*")}
	}
	if chance(t, 2) && room() {
		r.Query = map[string]string{"kind": pick(t, "new", "*")}
	}
	if chance(t, 2) && room() {
		r.From = []string{pick(t, "192.0.2.0/24", "2001:db8::/32")}
	}
	// A partition may have no number for what is rarer than a host or a path.
	if rare := values > 1 || r.Path != "" && r.Path != "/"+own+"/*"; rare && w.plan.Platform.Partition.Of > 0 || chance(t, 3) {
		r.Priority = pick(t, w.routes, 1000*w.routes)
	}
	return r
}

// host returns a host that the load balancer serves and that no other route has; empty if there is none.
func (w *world) host(t *rapid.T, internal bool, own string) string {
	p := w.plan.Platform
	d := p.Domain
	if internal {
		d = p.InternalDomain
	}
	switch {
	case d == nil:
		return own + ".example.net"
	case d.CertificateARN != "":
		return own + pick(t, ".", ".deep.", "-*.") + d.Name
	case d.Subdomains:
		return own + "." + d.Name
	}
	return ""
}

func number(internal bool) int {
	if internal {
		return 1
	}
	return 0
}

// drawGroup draws how tasks are treated whose container has the ports and may take so long to stop.
func (w *world) drawGroup(t *rapid.T, secure, shifts bool, mode task.NetworkMode, g ground, ports []int, stop time.Duration) ingress.TargetGroup {
	group := ingress.TargetGroup{SlowStart: seldom(t, 30*time.Second, 15*time.Minute), HealthCheck: drawRequest(t)}
	if secure {
		group.Protocol = maybe(t, ingress.HTTP1, ingress.HTTP2, ingress.GRPC)
	}
	if group.Protocol == ingress.GRPC {
		group.HealthCheck.Codes = maybe(t, "0", "0-99", "0,12")
	} else {
		group.HealthCheck.Codes = maybe(t, "200", "200-499", "200,204")
	}
	if bridge := g.launch == task.EC2 && (mode == "" || mode == task.Bridge); !bridge {
		group.HealthCheck.Port = seldom(t, ports...)
	}
	group.DeregistrationDelay = drawDelay(t, stop)
	if !shifts {
		group.Stickiness = seldom(t, time.Second, 7*24*time.Hour)
	}
	return group
}

// drawDelay draws how long a task may finish its requests, whose container may take so long to stop.
func drawDelay(t *rapid.T, stop time.Duration) time.Duration {
	if stop == 0 {
		stop = task.DefaultStopTimeout
	}
	return maybe(t, time.Second, min(stop, time.Hour))
}

func drawRequest(t *rapid.T) ingress.HealthCheck {
	h := ingress.HealthCheck{Path: maybe(t, "/health", "/grpc.health.v1.Health/Check"), Healthy: maybe(t, 2, 10), Unhealthy: maybe(t, 2, 10)}
	switch pick(t, "", "", "short", "long") {
	case "short":
		h.Interval, h.Timeout = 5*time.Second, maybe(t, 2*time.Second, 4*time.Second)
	case "long":
		h.Interval, h.Timeout = 5*time.Minute, maybe(t, 2*time.Minute)
	}
	return h
}

func drawSignIn(t *rapid.T) ingress.SignIn {
	session := ingress.Session{Scope: maybe(t, "openid email"), Timeout: maybe(t, time.Second, 7*24*time.Hour), Cookie: maybe(t, "shop"), Deny: chance(t, 1)}
	if chance(t, 1) {
		return ingress.Cognito{UserPoolARN: "arn:aws:cognito-idp:" + region + ":" + account + ":userpool/" + region + "_abcdefghi", ClientID: "shop", Domain: "shop", Session: session}
	}
	return ingress.OIDC{
		Issuer: "https://login.example.com", AuthorizationEndpoint: "https://login.example.com/authorize", TokenEndpoint: "https://login.example.com/token",
		UserInfoEndpoint: "https://login.example.com/user", ClientID: "shop", Session: session,
		ClientSecret: pick(t, secret.SecretsManager{Name: "shop/login"}, secret.SecretsManager{
			ARN: "arn:aws:secretsmanager:" + region + ":" + account + ":secret:shop/login-AbCdEf", JSONKey: "client",
		}),
	}
}

// drawStream draws a stream to the main container of a task, on a port of its load balancer that no other has; false if the
// task cannot have one.
func (w *world) drawStream(t *rapid.T, p task.Props, g ground, d way) (streamPlan, bool) {
	if len(w.plan.NLBs) == 0 || d == codeDeploy {
		return streamPlan{}, false
	}
	w.listeners += 2
	s := ingress.StreamProps{
		ListenerPort: 5000 + w.listeners, Protocol: maybe(t, ingress.TCP, ingress.TLS), AllowFrom: seldom(t, []string{"192.0.2.0/24", "10.0.0.0/9"}),
		Group: ingress.StreamGroup{KeepConnections: chance(t, 2), ClientIP: chance(t, 2), DeregistrationDelay: drawDelay(t, p.StopTimeout)},
	}
	bridge := g.launch == task.EC2 && (p.NetworkMode == "" || p.NetworkMode == task.Bridge)
	if len(p.UDPPorts) > 0 && !bridge && chance(t, 1) {
		if s.Protocol = ingress.UDP; len(p.UDPPorts) > 1 && chance(t, 1) {
			s.Protocol = ingress.TCPUDP // the second is the port too
		} else {
			s.Group.HealthCheck.Port = p.Port
		}
	} else {
		s.Group.ProxyProtocol = chance(t, 2)
		if chance(t, 2) {
			s.Group.HealthCheck.Path, s.Group.HealthCheck.Codes = "/health", maybe(t, "200")
		}
	}
	switch s.Protocol {
	case ingress.TLS:
		s.CertificateARN = certificate
	case "", ingress.TCP:
		s.IdleTimeout = maybe(t, time.Minute, 6000*time.Second)
	}
	if chance(t, 1) {
		s.Test = &ingress.TestListener{Port: s.ListenerPort + 1, AllowFrom: []string{"192.0.2.0/24"}}
	}
	return streamPlan{between(t, 0, len(w.plan.NLBs)-1), s}, true
}

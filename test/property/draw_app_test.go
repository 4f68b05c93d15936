package property

import (
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
)

// world is the app as far as it is drawn, and what in it is given away.
type world struct {
	plan      appPlan
	routes    int     // that have been drawn
	rest      [2]bool // whether the public, the internal load balancer has a route for all the rest
	listeners int     // of Network Load Balancers
}

func (w *world) closed() bool { return w.plan.Platform.Network.NoNAT }

func (w *world) endpoints() network.Endpoints {
	if e := w.plan.Platform.Network.Endpoints; e != nil {
		return *e
	}
	return network.Endpoints{}
}

// reaches reports whether tasks reach a service of AWS.
func (w *world) reaches(name string) bool {
	e := w.endpoints()
	return !w.closed() || name == "ssm" && e.ParameterStore || name == "secretsmanager" && e.SecretsManager ||
		name == "ecs" && e.Instances || slices.Contains(e.More, name)
}

// secure reports whether a load balancer serves HTTPS.
func (w *world) secure(internal bool) bool {
	if internal {
		return w.plan.Platform.InternalDomain != nil
	}
	return w.plan.Platform.Domain != nil
}

// drawInternal draws one of the load balancers, of which there is one at least.
func (w *world) drawInternal(t *rapid.T) bool {
	p := w.plan.Platform
	return p.Internal && (p.NoPublic || chance(t, 1))
}

func (w *world) maybeKey(t *rapid.T) awskms.IKey {
	if !chance(t, 2) {
		return nil
	}
	return ownKey{}
}

// drawApp draws an app of a platform and one to four services.
func drawApp(t *rapid.T) appPlan {
	w := &world{}
	p := &w.plan
	p.Known, p.OwnStacks, p.OwnVPC = chance(t, 1), chance(t, 1), chance(t, 2)
	p.Platform = drawPlatform(t, drawNetwork(t, p.OwnVPC))
	if w.reaches("ecs") {
		for range pick(t, 0, 1, 2) {
			p.Pools = append(p.Pools, drawPool(t))
		}
		if chance(t, 2) {
			p.Managed = append(p.Managed, drawManaged(t))
		}
	}
	for i := range p.Pools {
		p.Pools[i].SessionManager = (!w.closed() || w.endpoints().ParameterStore && w.endpoints().Exec) && chance(t, 2)
	}
	for range pick(t, 0, 0, 1, 2) {
		p.NLBs = append(p.NLBs, drawNLB(t))
	}
	for range pick(t, 1, 2, 3, 4) {
		p.Services = append(p.Services, w.drawService(t))
	}
	if p.Platform.Internal && chance(t, 1) {
		p.API = w.drawAPI(t)
	}
	w.drawAnswers(t)
	w.drawCalls(t)
	return w.plan
}

func (w *world) drawService(t *rapid.T) servicePlan {
	p := w.plan.Platform
	kinds := []string{"job"}
	if !p.NoPublic || p.Internal {
		kinds = append(kinds, "web", "web", "web")
	}
	if p.Namespace != "" {
		kinds = append(kinds, "backend", "backend")
	}
	if !p.NoInsights && w.reaches("sqs") {
		kinds = append(kinds, "worker")
	}
	if len(w.plan.Pools) > 0 {
		kinds = append(kinds, "daemon")
	}
	switch pick(t, kinds...) {
	case "web":
		return w.drawWeb(t, w.drawInternal(t))
	case "backend":
		return w.drawBackend(t)
	case "worker":
		return w.drawWorker(t)
	case "daemon":
		return w.drawDaemon(t)
	}
	return w.drawJob(t)
}

// pace are the fields that services of several patterns have for how many tasks there are, and how releases come.
type pace struct {
	count     *int
	singleton *bool
	scaling   **scaling.Policy
	deploy    *deployment.Policy
	before    **deployment.Task
	force     *string
	restart   *bool
}

func (w *world) drawPace(t *rapid.T, d way, p *pace, of task.Props, l load, tested bool) {
	tasks := 2
	switch {
	case chance(t, 1):
		*p.scaling = drawScaling(t, l)
		tasks = max((*p.scaling).Least(), 1)
	case d == rolling && chance(t, 2):
		*p.singleton, *p.count = true, maybe(t, 1)
	default:
		if *p.count = maybe(t, 1, 3, 4); *p.count > 0 {
			tasks = *p.count
		}
	}
	if !*p.singleton {
		*p.deploy = drawPolicy(t, d, tasks, tested)
	}
	*p.before = drawBeforeRelease(t, *p.deploy)
	if d != codeDeploy {
		*p.force = seldom(t, "1")
		*p.restart = w.canRestart(of) && chance(t, 1)
	}
}

// canRestart reports whether a task reads values whose changes are told, and none that it is not told of.
func (w *world) canRestart(p task.Props) bool {
	told := false
	for _, c := range append(p.Sidecars, task.Container{Secrets: p.Secrets}) {
		for _, s := range c.Secrets {
			switch s := s.(type) {
			case secret.SecretsManager:
				told = told || s.VersionID == ""
			case secretUnderKey:
				told = told || s.VersionID == ""
			case secret.ParameterStore:
				if s.Region != "" {
					return false
				}
				told = true
			default:
				told = true
			}
		}
	}
	if s := p.Logs.Splunk; s != nil {
		if parameter, ok := s.Token.(secret.ParameterStore); ok && parameter.Region != "" {
			return false
		}
	}
	return told
}

func drawNLB(t *rapid.T) ingress.NLBProps {
	return ingress.NLBProps{
		Internal: chance(t, 1), AllowFrom: seldom(t, []string{"192.0.2.0/24"}), AnyPrivateLink: chance(t, 2), NoCrossZone: chance(t, 2),
		NoDeletionProtection: chance(t, 2), NoAccessLogs: chance(t, 1),
	}
}

func (w *world) drawAPI(t *rapid.T) *httpapi.Props {
	p := &httpapi.Props{Timeout: maybe(t, 50*time.Millisecond, 30*time.Second), Throttle: httpapi.Throttle{Rate: maybe(t, 1), Burst: maybe(t, 5000)}}
	p.Routes = maybe(t, []string{"GET /orders/{id}", "ANY /cart/{rest+}"}, []string{"ANY /"})
	p.Authorizer = pick[httpapi.Authorizer](t, nil, httpapi.IAM{}, httpapi.JWT{
		Issuer: "https://login.example.com", Audience: []string{"shop"}, Scopes: maybe(t, []string{"orders"}),
	})
	p.Everything = len(p.Routes) == 0 && p.Authorizer == nil
	if chance(t, 1) {
		p.Domain = &httpapi.Domain{Name: "api.example.com", CertificateARN: certificate}
		if chance(t, 1) {
			p.Domain.Zone = &ingress.Zone{ID: zone, Name: "example.com"}
		}
		p.KeepAWSName = chance(t, 1)
	}
	if chance(t, 1) {
		p.CORS = &httpapi.CORS{Origins: []string{"https://shop.example.com"}, Methods: maybe(t, []string{"GET", "PUT"}), MaxAge: maybe(t, 24*time.Hour)}
		p.CORS.Credentials = len(p.CORS.Methods) > 0 && chance(t, 1)
	}
	if p.NoAccessLogs = chance(t, 2); !p.NoAccessLogs {
		p.LogRetentionDays = maybe(t, 7)
	}
	return p
}

func (w *world) drawAnswers(t *rapid.T) {
	p := w.plan.Platform
	if p.NoPublic && !p.Internal {
		return
	}
	for range pick(t, 0, 0, 1, 2) {
		a := answerPlan{Internal: w.drawInternal(t)}
		route := w.drawRoute(t, a.Internal)
		if chance(t, 1) {
			a.Response = &ingress.ResponseProps{Route: route, Code: maybe(t, 200, 503), Body: maybe(t, "closed")}
			if a.Response.Body != "" {
				a.Response.ContentType = maybe(t, "application/json")
			}
		} else {
			a.Redirect = &ingress.RedirectProps{
				Route: route, Host: "www.example.edu", Path: maybe(t, "/new/#{path}"), Query: maybe(t, "from=old&#{query}"), Permanent: chance(t, 1),
			}
		}
		w.plan.Answers = append(w.plan.Answers, a)
	}
}

// drawCalls draws who may call whom.
func (w *world) drawCalls(t *rapid.T) {
	for to := range w.plan.Services {
		for from := range w.plan.Services {
			if !w.canCall(from, to) || !chance(t, 1) {
				continue
			}
			if s := &w.plan.Services[to]; from < to && chance(t, 1) {
				s.AllowFrom = append(s.AllowFrom, from)
			} else {
				w.plan.Calls = append(w.plan.Calls, call{from, to})
			}
		}
	}
}

// canCall reports whether a service can be let in to another one, and finds it.
func (w *world) canCall(from, to int) bool {
	a, b := w.plan.Services[from], w.plan.Services[to]
	if from == to || b.Web == nil && b.Backend == nil || a.Job != nil {
		return false
	}
	caller, connects := a.task(), false
	switch {
	case a.Web != nil:
		connects = a.Web.Connect != nil
	case a.Backend != nil:
		connects = a.Backend.Connect != nil
	case a.Worker != nil:
		connects = a.Worker.Connect != nil
	}
	named, mapped := false, false
	if b.Web != nil {
		named, mapped = b.Web.Connect != nil && b.Web.Connect.Name != "", b.Web.CloudMap != nil
	} else {
		named, mapped = b.Backend.Connect != nil && b.Backend.Connect.Name != "", b.Backend.CloudMap != nil
	}
	if named && !mapped && !connects || caller.NetworkMode == task.None {
		return false
	}
	return len(w.plan.doors(from)) > 0 && len(w.plan.doors(to)) > 0
}

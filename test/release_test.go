package test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/internal/cases"
)

// TestSecondRelease changes one thing of a service and lists the resources that differ, appear and disappear: those that
// the change is about, and never the load balancer, the target group, the rule or the service's identity.
func TestSecondRelease(t *testing.T) {
	release := func(change func(*web.Props)) map[string]any {
		return synthStack(t, func(stack awscdk.Stack) {
			props := web.Props{
				Platform: newPlatform(stack, platform.Props{PlainHTTP: true, Internal: true}),
				Task:     task.Props{Image: "api:1", Port: 8080},
				Route:    ingress.Route{Path: "/api/*"},
				Scaling:  &scaling.Policy{Max: 4},
			}
			change(&props)
			web.New(stack, "Api", props)
		})
	}
	first := release(func(*web.Props) {})
	for name, c := range map[string]struct {
		change func(*web.Props)
		want   []string
	}{
		"nothing":   {func(*web.Props) {}, nil},
		"new image": {func(p *web.Props) { p.Task.Image = "api:2" }, []string{"~Task/Definition"}},
		"new variable": {func(p *web.Props) { p.Task.Environment = map[string]string{"A": "1"} }, []string{
			"~Task/Definition",
		}},
		"new port": {func(p *web.Props) { p.Task.Port = 9090 }, []string{
			"+Reach/In9090Public", "+Reach/Out9090Public", "-Reach/In8080Public", "-Reach/Out8080Public", "~Service", "~Task/Definition",
		}},
		"more tasks":    {func(p *web.Props) { p.Scaling = &scaling.Policy{Max: 8} }, []string{"~Scaling/Target"}},
		"another route": {func(p *web.Props) { p.Route.Path = "/v2/*" }, []string{"~Route/RulePublic"}},
		// The target group must be another one: it cannot be on two load balancers while the new rule is made.
		"another load balancer": {func(p *web.Props) { p.Internal = true }, []string{
			"+Reach/In8080Internal", "+Reach/Out8080Internal", "+Route/GroupInternal", "+Route/RuleInternal",
			"-Reach/In8080Public", "-Reach/Out8080Public", "-Route/GroupPublic", "-Route/RulePublic",
			"~Alarms/Errors", "~Alarms/Latency", "~Alarms/Unhealthy", "~Service",
		}},
		// Another two rules for the same port of the same load balancer would be refused.
		"one more target": {func(p *web.Props) {
			p.MoreTargets = []ingress.TargetProps{{LoadBalancer: p.Platform.Public, Route: ingress.Route{Path: "/v2/*"}}}
		}, []string{
			"+Alarms/Errors2", "+Alarms/Latency2", "+Alarms/Unhealthy2", "+Route2/GroupPublic", "+Route2/RulePublic", "~Service",
		}},
		"a health check port": {func(p *web.Props) { p.TargetGroup.HealthCheck.Port = 8080 }, []string{"~Route/GroupPublic"}},
		"a secret": {func(p *web.Props) { p.Task.Secrets = secret.Map{"A": secret.ParameterStore{Name: "/a"}} }, []string{
			"~Task/Definition", "~Task/ExecutionRole/Policy",
		}},
		"another policy of deployment": {func(p *web.Props) { p.Deploy = deployment.Rolling{MaxPercent: 150} }, []string{"~Service"}},
		"a sidecar": {func(p *web.Props) { p.Task.Sidecars = []task.Container{{Name: "a", Image: "a:1"}} }, []string{
			"~Task/Definition",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, difference(first, release(c.change))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// key is what ids hold of a load balancer beside its own id.
var key = regexp.MustCompile(`[0-9a-f]{8}(/|$)`)

// TestStacksCanMove finds the same templates where a stack keeps its name and gets another id, or comes into a stage, or
// where its constructs are regrouped without a change of their logical ids.
func TestStacksCanMove(t *testing.T) {
	shopIn := func(scope constructs.Construct, platformID, id, group string) {
		stack := func(id, name string) constructs.Construct {
			s := awscdk.NewStack(scope, &id, &awscdk.StackProps{StackName: &name})
			if group == "" {
				return s
			}
			return constructs.NewConstruct(s, &group)
		}
		p := platform.New(stack(platformID, "Shared"), "Platform", platform.Props{PlainHTTP: true})
		web.New(stack(id, "Shop"), "Api", web.Props{
			Platform: p, Task: task.Props{Image: "api:1", Port: 8080}, Route: ingress.Route{Path: "/api/*"},
		})
	}
	shop := func(scope constructs.Construct, platformID, id string) { shopIn(scope, platformID, id, "") }
	noPaths := map[string]any{"aws:cdk:enable-path-metadata": false}
	before := byName(synth(t, func(app awscdk.App) { shop(app, "Shared", "Shop") }, noPaths))
	for name, b := range map[string]cases.Build{
		"other ids":                         func(app awscdk.App) { shop(app, "Base", "Store") },
		"a group without a name of its own": func(app awscdk.App) { shopIn(app, "Shared", "Shop", "Default") },
		"a stage":                           func(app awscdk.App) { shop(awscdk.NewStage(app, jsii.String("Prod"), nil), "Shared", "Shop") },
	} {
		for stack, template := range byName(synth(t, b, noPaths)) {
			ignoreNames(before[stack])
			ignoreNames(template)
			if diff := cmp.Diff(before[stack], template); diff != "" {
				t.Errorf("%s: %s: %s", name, stack, diff)
			}
		}
	}
}

// ignoreNames takes the tags Name from a template, which the CDK gives a VPC and its subnets: they can change in place.
func ignoreNames(template map[string]any) {
	for id := range template["Resources"].(map[string]any) {
		if properties, ok := resource(template, id)["Properties"].(map[string]any); ok {
			delete(properties, "Tags")
		}
	}
}

// difference lists the resources that were added (+), removed (-) and changed (~), by their path in the service Api.
func difference(before, after map[string]any) []string {
	var all []string
	a, b := before["Resources"].(map[string]any), after["Resources"].(map[string]any)
	note := func(sign string, template map[string]any, id string) {
		const prefix = "Stack/Api/Service/"
		path := key.ReplaceAllString(name(template, id), "$1")
		if len(path) > len(prefix) && path[:len(prefix)] == prefix {
			path = path[len(prefix):]
		}
		all = append(all, sign+path)
	}
	for id := range a {
		if _, stays := b[id]; !stays {
			note("-", before, id)
		} else if !cmp.Equal(a[id], b[id]) {
			note("~", after, id)
		}
	}
	for id := range b {
		if _, was := a[id]; !was {
			note("+", after, id)
		}
	}
	slices.Sort(all)
	return all
}

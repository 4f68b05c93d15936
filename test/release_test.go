package test

import (
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// TestSecondRelease changes one thing of a service and lists the resources that differ, appear and disappear: those that
// the change is about, and never the load balancer, the target group, the rule or the service's identity.
func TestSecondRelease(t *testing.T) {
	release := func(change func(*web.Props)) map[string]any {
		return synthStack(t, func(stack awscdk.Stack) {
			props := web.Props{
				Platform: platform.New(stack, "Platform", platform.Props{PlainHTTP: true}),
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
			"+Reach/In9090Public07effeb1", "+Reach/Out9090Public07effeb1",
			"-Reach/In8080Public07effeb1", "-Reach/Out8080Public07effeb1", "~Service", "~Task/Definition",
		}},
		"more tasks":    {func(p *web.Props) { p.Scaling = &scaling.Policy{Max: 8} }, []string{"~Scaling/Target"}},
		"another route": {func(p *web.Props) { p.Route.Path = "/v2/*" }, []string{"~Route/Rule"}},
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

// difference lists the resources that were added (+), removed (-) and changed (~), by their path in the service Api.
func difference(before, after map[string]any) []string {
	var all []string
	a, b := before["Resources"].(map[string]any), after["Resources"].(map[string]any)
	note := func(sign string, template map[string]any, id string) {
		const prefix = "Stack/Api/Service/"
		path := name(template, id)
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

package test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/replacement"
	"github.com/ecskit/ecskit/test/snapshot"
)

// TestEveryPolicyTheSecondTime changes one thing of a service in each kind of deployment, on Fargate and on a pool, and lists
// what differs and what CloudFormation would replace. It is never a rule, whose weights ECS has moved by then, nor a target
// group, the service or the load balancer.
func TestEveryPolicyTheSecondTime(t *testing.T) {
	for mode, policy := range map[string]deployment.Policy{
		"rolling": deployment.Rolling{}, "blue/green": deployment.BlueGreen{}, "canary": deployment.Canary{}, "linear": deployment.Linear{},
	} {
		for _, onPool := range []bool{false, true} {
			release := func(change func(*web.Props)) map[string]any {
				return synthStack(t, func(stack awscdk.Stack) {
					props := web.Props{
						Platform: platform.New(stack, "Platform", platform.Props{
							PlainHTTP: true, Test: &ingress.TestListener{AllowFrom: []string{"192.0.2.0/24"}},
						}),
						Task:  task.Props{Image: "api:1", Port: 8080},
						Route: ingress.Route{Path: "/api/*"}, Deploy: policy, Scaling: &scaling.Policy{Max: 4},
					}
					if onPool {
						props.Capacity = newPool(stack, "Pool", props.Platform.Cluster)
					}
					change(&props)
					web.New(stack, "Api", props)
				})
			}
			ways := []string{
				"+Reach/In9090Public", "+Reach/Out9090Public", "-Reach/In8080Public", "-Reach/Out8080Public", "~Service", "~Task/Definition",
			}
			if onPool { // one way leads to all ports that are given away
				ways = []string{"~Service", "~Task/Definition"}
			}
			first := release(func(*web.Props) {})
			for what, c := range map[string]struct {
				change            func(*web.Props)
				changed, replaced []string
			}{
				"image":    {func(p *web.Props) { p.Task.Image = "api:2" }, []string{"~Task/Definition"}, []string{"Task/Definition"}},
				"variable": {func(p *web.Props) { p.Task.Environment = map[string]string{"A": "1"} }, []string{"~Task/Definition"}, []string{"Task/Definition"}},
				"port":     {func(p *web.Props) { p.Task.Port = 9090 }, ways, []string{"Task/Definition"}},
				"scaling":  {func(p *web.Props) { p.Scaling = &scaling.Policy{Max: 9} }, []string{"~Scaling/Target"}, nil},
			} {
				second := release(c.change)
				if diff := cmp.Diff(c.changed, difference(first, second)); diff != "" {
					t.Errorf("%s, on a pool: %t, %s: what differs: %s", mode, onPool, what, diff)
				}
				if diff := cmp.Diff(c.replaced, replacedOf(first, second)); diff != "" {
					t.Errorf("%s, on a pool: %t, %s: what is replaced: %s", mode, onPool, what, diff)
				}
			}
		}
	}
}

// replacedOf lists the resources that CloudFormation replaces, by their path in the service Api.
func replacedOf(first, second map[string]any) []string {
	var replaced []string
	for id := range replacement.Replaced(first, second) {
		replaced = append(replaced, strings.TrimPrefix(name(first, id), "Stack/Api/Service/"))
	}
	return sorted(replaced)
}

// TestShiftMisuse names what shifting traffic does not go with, and what does.
func TestShiftMisuse(t *testing.T) {
	stack := newStack(snapshot.NewApp(t), "Stack")
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})
	pool := newPool(stack, "Pool", p.Cluster)
	check := awslambda.Function_FromFunctionArn(stack, jsii.String("Check"),
		jsii.String("arn:aws:lambda:us-east-1:123456789012:function:check"))
	target := []ingress.TargetProps{{LoadBalancer: p.Public}}
	tested := []deployment.Hook{{Function: check, Stages: []deployment.Stage{deployment.PostTestTrafficShift}}}
	for name, c := range map[string]struct {
		props service.Props
		want  []string
	}{
		"right":                       {service.Props{Deploy: deployment.Canary{}, Targets: target}, nil},
		"blue/green without requests": {service.Props{Deploy: deployment.BlueGreen{}}, nil},
		"canary without requests":     {service.Props{Deploy: deployment.Canary{}}, []string{"Deploy"}},
		"linear without requests":     {service.Props{Deploy: deployment.Linear{}}, []string{"Deploy"}},
		"test requests from nowhere":  {service.Props{Deploy: deployment.BlueGreen{Hooks: tested}, Targets: target}, []string{"Deploy.Hooks"}},
		"approval of tests from nowhere": {service.Props{Deploy: deployment.BlueGreen{Approvals: []deployment.Approval{
			{Stages: []deployment.Stage{deployment.PostTestTrafficShift}},
		}}, Targets: target}, []string{"Deploy.Approvals"}},
		"clients that stay": {service.Props{Deploy: deployment.Linear{}, Targets: []ingress.TargetProps{
			{LoadBalancer: p.Public, Group: ingress.TargetGroup{Stickiness: time.Hour}},
		}}, []string{"Targets[0].Group.Stickiness"}},
		"instances for one set":   {service.Props{Deploy: deployment.BlueGreen{}, Capacity: pool, Task: task.Props{NetworkMode: task.Host}, Targets: target, Count: 3}, []string{"Deploy"}},
		"instances for both sets": {service.Props{Deploy: deployment.BlueGreen{}, Capacity: pool, Task: task.Props{NetworkMode: task.Host}, Targets: target, Count: 2}, nil},
		"daemon":                  {service.Props{Deploy: deployment.BlueGreen{}, Daemon: true}, []string{"Deploy"}},
		"singleton":               {service.Props{Deploy: deployment.BlueGreen{}, Singleton: true}, []string{"Deploy"}},
		"policy":                  {service.Props{Deploy: deployment.Canary{Percent: -1}, Targets: target}, []string{"Deploy.Percent"}},
	} {
		c.props.Cluster = p.Cluster
		c.props.Task.Image, c.props.Task.Port = "a:1", 8080
		var fields []string
		for _, problem := range c.props.Problems() {
			fields = append(fields, problem.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s\n%v", name, diff, c.props.Problems())
		}
	}
}

package test

import (
	"reflect"
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

// shift is a service in one kind of deployment, on Fargate or on a pool.
type shift struct {
	number int
	id     string
	policy deployment.Policy
	onPool bool
}

// shifts are services in each kind of deployment, on Fargate and on a pool.
func shifts() []shift {
	var all []shift
	for i, policy := range []deployment.Policy{deployment.Rolling{}, deployment.BlueGreen{}, deployment.Canary{}, deployment.Linear{}} {
		id := reflect.TypeOf(policy).Name()
		all = append(all, shift{2 * i, id, policy, false}, shift{2*i + 1, id + "OnPool", policy, true})
	}
	return all
}

// ways are what differs in a service for another port behind a load balancer. On a pool, one way leads to all ports that are given away.
func (s shift) ways(loadBalancer string) []string {
	if s.onPool {
		return []string{"~Service", "~Task/Definition"}
	}
	return []string{
		"+Reach/In9090" + loadBalancer, "+Reach/Out9090" + loadBalancer, "-Reach/In8080" + loadBalancer, "-Reach/Out8080" + loadBalancer,
		"~Service", "~Task/Definition",
	}
}

// in is for what differs in each service alike.
func in(paths ...string) func(shift) []string {
	return func(shift) []string { return paths }
}

// inServices lists what differs in services of a stack, and in nothing else.
func inServices(shifts []shift, paths func(shift) []string) []string {
	var all []string
	for _, s := range shifts {
		for _, path := range paths(s) {
			inside := strings.TrimLeft(path, "+-~")
			all = append(all, strings.TrimSuffix(path, inside)+"Stack/"+s.id+"/Service/"+inside)
		}
	}
	return sorted(all)
}

// TestEveryPolicyTheSecondTime changes one thing of a service in each kind of deployment, on Fargate and on a pool, and lists
// what differs and what CloudFormation would replace. It is never a rule, whose weights ECS has moved by then, nor a target
// group, the service or the load balancer.
func TestEveryPolicyTheSecondTime(t *testing.T) {
	compareWithFirst(t, shifts(), platform.Props{PlainHTTP: true, Test: &ingress.TestListener{AllowFrom: []string{"192.0.2.0/24"}}}, map[string]secondTime{
		"image":    {func(p *web.Props) { p.Task.Image = "api:2" }, in("~Task/Definition"), true},
		"variable": {func(p *web.Props) { p.Task.Environment = map[string]string{"A": "1"} }, in("~Task/Definition"), true},
		"port":     {func(p *web.Props) { p.Task.Port = 9090 }, func(s shift) []string { return s.ways("Public") }, true},
		"scaling":  {func(p *web.Props) { p.Scaling = &scaling.Policy{Max: 9} }, in("~Scaling/Target"), false},
	})
}

// secondTime is a change of web services, and what comes of it.
type secondTime struct {
	change   func(*web.Props)
	changed  func(shift) []string
	replaces bool // the task definition
}

// compareWithFirst makes web services on one platform, and again with each change.
func compareWithFirst(t *testing.T, services []shift, on platform.Props, changes map[string]secondTime) {
	t.Helper()
	release := func(change func(*web.Props)) map[string]any {
		return synthStack(t, func(stack awscdk.Stack) {
			p := newPlatform(stack, on)
			pool := newPool(stack, "Pool", p.Cluster)
			for _, s := range services {
				props := web.Props{
					Platform: p, Task: task.Props{Image: "api:1", Port: 8080},
					Route: ingress.Route{Path: "/" + s.id + "/*"}, Deploy: s.policy, Scaling: &scaling.Policy{Max: 4},
				}
				if s.onPool {
					props.Capacity = pool
				}
				change(&props)
				web.New(stack, s.id, props)
			}
		})
	}
	first := release(func(*web.Props) {})
	for what, c := range changes {
		compareReleases(t, what, services, first, release(c.change), c.changed, c.replaces)
	}
}

// compareReleases finds that two releases of services differ as they are to, and that CloudFormation replaces their task definitions or nothing.
func compareReleases(t *testing.T, what string, services []shift, first, second map[string]any, changed func(shift) []string, replaces bool) {
	t.Helper()
	if diff := cmp.Diff(inServices(services, changed), difference(first, second)); diff != "" {
		t.Errorf("%s: what differs: %s", what, diff)
	}
	var want []string
	if replaces {
		want = inServices(services, in("Task/Definition"))
	}
	if diff := cmp.Diff(want, replacedOf(first, second)); diff != "" {
		t.Errorf("%s: what is replaced: %s", what, diff)
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
	p := newPlatform(stack, platform.Props{PlainHTTP: true})
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

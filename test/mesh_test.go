package test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/examples/mesh"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

// ways lists who may connect to whom on which ports, by the security groups of all templates. Those who are no security group
// may connect to Network Load Balancers alone, which here are called Streams.
func ways(t *testing.T, templates map[string]map[string]any) []string {
	t.Helper()
	var found []string
	for _, template := range templates {
		for path, rule := range resourcesOf(template, "AWS::EC2::SecurityGroupIngress") {
			from, to := groupOf(templates, template, rule["SourceSecurityGroupId"]), groupOf(templates, template, rule["GroupId"])
			if rule["SourceSecurityGroupId"] == nil {
				if to != "Streams" {
					t.Errorf("%s admits everyone", path)
				}
				from = fmt.Sprint(rule["CidrIp"])
			}
			way := fmt.Sprintf("%s -> %s %v-%v", from, to, rule["FromPort"], rule["ToPort"])
			if rule["IpProtocol"] != "tcp" {
				way += fmt.Sprintf(" %s", rule["IpProtocol"])
			}
			found = append(found, way)
		}
		for path, group := range resourcesOf(template, "AWS::EC2::SecurityGroup") {
			if _, open := group["SecurityGroupIngress"]; open && !strings.Contains(path, "Platform/Public") && !strings.Contains(path, "Platform/Internal") {
				t.Errorf("%s admits others by itself", path)
			}
		}
	}
	slices.Sort(found)
	return found
}

// groupOf returns whose security group a reference means, of whichever stack.
func groupOf(templates map[string]map[string]any, template map[string]any, reference any) string {
	object, _ := reference.(map[string]any)
	if output, found := object["Fn::GetStackOutput"].(map[string]any); found {
		template = templates[output["StackName"].(string)]
		return groupOf(templates, template, template["Outputs"].(map[string]any)[output["OutputName"].(string)].(map[string]any)["Value"])
	}
	path := strings.TrimSuffix(value(template, reference), "/SecurityGroup.GroupId}")
	return strings.TrimSuffix(path[strings.Index(path, "/")+1:], "/Service")
}

// TestMeshWays finds every declared way of the example open on exactly its port, and no other.
func TestMeshWays(t *testing.T) {
	templates := byName(synth(t, func(app awscdk.App) { mesh.New(app, "Mesh") }))
	want := []string{
		"203.0.113.0/24 -> Streams 8080-8080",
		"203.0.113.0/24 -> Streams 8125-8125 udp",
		"API -> Platform/Internal 80-80",
		"Front -> Orders 8080-8080",
		"Front -> Prices 8080-8080",
		"Orders -> Pool 32768-65535", // where stock runs, in network mode bridge
		"Orders -> Prices 8080-8080",
		"Platform/Internal -> Partners 8080-8080",
		"Platform/Public -> Front 8080-8080",
		"Pool -> Prices 8080-8080",
		"Streams -> Devices 8080-8080",
		"Streams -> Devices 8125-8125 udp",
	}
	if diff := cmp.Diff(want, ways(t, templates)); diff != "" {
		t.Error(diff)
	}
}

// TestWaysBetweenPools opens pools to each other once, however many services call.
func TestWaysBetweenPools(t *testing.T) {
	want := []string{
		"One -> One 32768-65535", "One -> Secure 5432-5432", "One -> Secure 8080-8080", "One -> Two 32768-65535", "One -> Two 9125-9125",
		"Secure -> Streams 8080-8080", "Streams -> Secure 5432-5432", "Streams -> Secure 8080-8080",
		"Two -> Secure 5432-5432", "Two -> Secure 8080-8080", "Two -> Two 9125-9125",
	}
	templates := byName(synth(t, inStack("Stack", cases.Discoverable)))
	if diff := cmp.Diff(want, ways(t, templates)); diff != "" {
		t.Error(diff)
	}
}

// TestEveryoneCallsEveryone has services in stacks of their own call each other in every order: the stacks must not come to depend on each
// other in a circle, which the CDK refuses.
func TestEveryoneCallsEveryone(t *testing.T) {
	const n = 4
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}} {
		templates := byName(synth(t, func(app awscdk.App) {
			p := platform.New(newStack(app, "Shared"), "Platform", platform.Props{PlainHTTP: true, Namespace: "shop.internal"})
			var all []*backend.Backend
			for i := range n {
				id := string(rune('A' + i))
				all = append(all, backend.New(newStack(app, "Stack"+id), id, backend.Props{
					Platform: p, Task: task.Props{Image: "a:1", Port: 8080}, Connect: &discovery.Connect{Name: strings.ToLower(id)},
				}))
			}
			for _, i := range order {
				for _, j := range order {
					if i != j {
						all[j].AllowFrom(all[i])
					}
				}
			}
		}))
		if got := len(ways(t, templates)); got != n*(n-1) {
			t.Errorf("%v: got %d ways, want %d", order, got, n*(n-1))
		}
	}
}

// TestCallerBesideThePlatform has a service be called from the stack that its cluster is in, which cannot come after it.
func TestCallerBesideThePlatform(t *testing.T) {
	templates := byName(synth(t, func(app awscdk.App) {
		shared := newStack(app, "Shared")
		p := platform.New(shared, "Platform", platform.Props{PlainHTTP: true, Namespace: "shop.internal"})
		front := web.New(shared, "Front", web.Props{Platform: p, Task: task.Props{Image: "a:1", Port: 8080}, Connect: &discovery.Connect{}})
		backend.New(newStack(app, "StackA"), "A", backend.Props{
			Platform: p, Task: task.Props{Image: "a:1", Port: 8080}, Connect: &discovery.Connect{Name: "a"}, AllowFrom: []service.Caller{front},
		})
	}))
	if rules := resourcesOf(templates["StackA"], "AWS::EC2::SecurityGroupIngress"); len(rules) != 1 {
		t.Errorf("got %d rules in the stack of the service, want one", len(rules))
	}
}

// TestCallsStayWhereTheyAre adds callers and services to some that are there, in any order: the rules of those that were there before stay in
// their stacks, and whoever finds a service by Service Connect comes after it.
func TestCallsStayWhereTheyAre(t *testing.T) {
	deploy := func(calls ...string) map[string]map[string]any {
		return byName(synth(t, func(app awscdk.App) {
			p := platform.New(newStack(app, "Shared"), "Platform", platform.Props{PlainHTTP: true, Namespace: "shop.internal"})
			all := map[string]*backend.Backend{}
			for _, id := range []string{"A", "B", "C", "D"} {
				all[id] = backend.New(newStack(app, "Stack"+id), id, backend.Props{
					Platform: p, Task: task.Props{Image: "a:1", Port: 8080}, Connect: &discovery.Connect{Name: strings.ToLower(id)},
				})
			}
			for _, call := range calls {
				all[call[1:]].AllowFrom(all[call[:1]])
			}
			after := func(s awscdk.Stack) bool { return *s.StackName() == "StackB" }
			if !slices.ContainsFunc(*check.Stack(all["C"]).Dependencies(), after) {
				t.Error("C does not come after B, which it calls")
			}
		}))
	}
	before := ways(t, deploy("AB", "CB"))
	for _, calls := range [][]string{{"AB", "CB", "CD", "DB"}, {"DB", "CD", "CB", "AB"}} {
		after := deploy(calls...)
		for _, rule := range before {
			if !slices.Contains(ways(t, after), rule) {
				t.Errorf("%v: %s is gone", calls, rule)
			}
		}
		for _, call := range calls {
			stack := after["Stack"+call[:1]]
			if rules := resourcesOf(stack, "AWS::EC2::SecurityGroupIngress"); len(rules) == 0 {
				t.Errorf("%v: the rules of %s are not in its stack", calls, call[:1])
			}
		}
	}
}

// TestNamesAreTaken gives one name to two services in one namespace, and one service both kinds of name.
func TestNamesAreTaken(t *testing.T) {
	stack := newStack(snapshot.NewApp(t), "Stack")
	p := newPlatform(stack, platform.Props{PlainHTTP: true, Namespace: "shop.internal"})
	other := discovery.NewNamespace(stack, "Other", discovery.NamespaceProps{Name: "other.internal", Network: p.Network})
	props := func(namespace *discovery.Namespace) backend.Props {
		return backend.Props{
			Platform: p, Task: task.Props{Image: "a:1", Port: 8080},
			CloudMap: &discovery.CloudMap{Namespace: namespace, Name: "orders"}, Connect: &discovery.Connect{Namespace: namespace, Name: "orders"},
		}
	}
	backend.New(stack, "One", props(nil))
	backend.New(stack, "Elsewhere", props(other))
	defer func() {
		e, _ := recover().(*check.Error)
		if e == nil || len(e.Problems) != 2 || e.Problems[0].Field != "CloudMap.Name" || e.Problems[1].Field != "Connect.Name" {
			t.Errorf("got %v, want that both names are taken", e)
		}
	}()
	backend.New(stack, "Two", props(nil))
}

// TestDiscoveryMisuse names names that lead nowhere, and callers that cannot be let in.
func TestDiscoveryMisuse(t *testing.T) {
	stack := newStack(snapshot.NewApp(t), "Stack")
	p := newPlatform(stack, platform.Props{PlainHTTP: true, Namespace: "shop.internal"})
	other := network.New(stack, "Other", network.Props{NATGateways: 1})
	elsewhere := discovery.NewNamespace(stack, "Elsewhere", discovery.NamespaceProps{Name: "a.internal", Network: other})
	pool := newPool(stack, "Pool", p.Cluster)
	caller := func(id string, props service.Props) *service.Service {
		props.Cluster, props.Task.Image, props.Task.MemoryMiB = p.Cluster, "a:1", 512
		return service.New(stack, id, props)
	}
	plain := caller("Plain", service.Props{})
	client := caller("Client", service.Props{Connect: &discovery.Connect{Namespace: p.Namespace}})
	mute := caller("Mute", service.Props{Capacity: pool, Task: task.Props{NetworkMode: task.None}})
	everywhere := caller("Everywhere", service.Props{Daemon: true})
	managed := cluster.NewManagedInstances(stack, "Managed", cluster.ManagedInstancesProps{Cluster: p.Cluster})
	cloudMap, connect := &discovery.CloudMap{Namespace: p.Namespace, Name: "a"}, &discovery.Connect{Namespace: p.Namespace, Name: "a"}
	target := publicTarget(p)
	for name, c := range map[string]struct {
		props service.Props
		want  []string
	}{
		"right":               {service.Props{CloudMap: cloudMap, Connect: connect, AllowFrom: []service.Caller{plain, client}}, nil},
		"no namespace":        {service.Props{CloudMap: &discovery.CloudMap{Name: "a"}, Connect: &discovery.Connect{}}, []string{"CloudMap.Namespace", "Connect.Namespace"}},
		"another network":     {service.Props{CloudMap: &discovery.CloudMap{Namespace: elsewhere, Name: "a"}}, []string{"CloudMap.Namespace"}},
		"no container":        {service.Props{CloudMap: &discovery.CloudMap{Namespace: p.Namespace, Name: "a", Container: "b"}}, []string{"CloudMap.Container"}},
		"another port":        {service.Props{Connect: &discovery.Connect{Namespace: p.Namespace, Name: "a", Port: 90}}, []string{"Connect.Port"}},
		"no port":             {service.Props{Task: task.Props{Port: -1}, Connect: connect, CloudMap: cloudMap}, []string{"CloudMap.Port", "Connect.Port"}},
		"no network":          {service.Props{Capacity: pool, Task: task.Props{NetworkMode: task.None, Port: -1}, CloudMap: cloudMap}, []string{"CloudMap.Port", "CloudMap"}},
		"host":                {service.Props{Capacity: pool, Task: task.Props{NetworkMode: task.Host}, Connect: connect}, []string{"Connect"}},
		"Windows":             {service.Props{Task: task.Props{OS: task.WindowsServer2022Core, CPU: 1024}, Connect: connect}, []string{"Connect"}},
		"CodeDeploy":          {service.Props{Deploy: deployment.CodeDeploy{}, Targets: target, Connect: connect}, []string{"Connect"}},
		"names of both":       {service.Props{Deploy: deployment.BlueGreen{}, CloudMap: cloudMap}, []string{"CloudMap"}},
		"canary by Connect":   {service.Props{Deploy: deployment.Canary{}, Connect: connect}, nil},
		"canary of a client":  {service.Props{Deploy: deployment.Canary{}, Connect: &discovery.Connect{Namespace: p.Namespace}}, []string{"Deploy"}},
		"caller who is lost":  {service.Props{Connect: connect, AllowFrom: []service.Caller{plain}}, []string{"AllowFrom[0]"}},
		"caller of nothing":   {service.Props{AllowFrom: []service.Caller{plain}, Task: task.Props{Port: -1}}, []string{"AllowFrom"}},
		"caller without net":  {service.Props{AllowFrom: []service.Caller{mute}}, []string{"AllowFrom[0]"}},
		"caller on all pools": {service.Props{AllowFrom: []service.Caller{everywhere}}, []string{"AllowFrom[0]"}},
		"managed host": {service.Props{
			Capacity: managed, Task: task.Props{NetworkMode: task.Host}, CloudMap: cloudMap, AllowFrom: []service.Caller{plain},
		}, []string{"AllowFrom"}},
		"nobody": {service.Props{AllowFrom: []service.Caller{nil, (*service.Service)(nil)}}, []string{"AllowFrom[0]", "AllowFrom[1]"}},
		"twice":  {service.Props{AllowFrom: []service.Caller{plain, plain}}, []string{"AllowFrom[1]"}},
	} {
		c.props.Cluster = p.Cluster
		c.props.Task.Image = "a:1"
		switch c.props.Task.Port {
		case 0:
			c.props.Task.Port = 8080
		case -1:
			c.props.Task.Port = 0
		}
		var fields []string
		for _, problem := range c.props.Problems() {
			fields = append(fields, problem.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s\n%v", name, diff, c.props.Problems())
		}
	}
	for name, call := range map[string]func(){
		"itself": func() { client.AllowFrom(client) },
		"again": func() {
			s := caller("Again", service.Props{Task: task.Props{Port: 8080}, AllowFrom: []service.Caller{plain}})
			s.AllowFrom(plain)
		},
	} {
		var e *check.Error
		func() {
			defer func() { e, _ = recover().(*check.Error) }()
			call()
		}()
		if e == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

// TestBackendMisuse finds a service that nobody could find.
func TestBackendMisuse(t *testing.T) {
	stack := newStack(snapshot.NewApp(t), "Stack")
	p := newPlatform(stack, platform.Props{PlainHTTP: true})
	for name, c := range map[string]struct {
		props backend.Props
		want  []string
	}{
		"zero":         {backend.Props{}, []string{"Platform", "Connect", "Task.Image"}},
		"only finds":   {backend.Props{Platform: p, Task: task.Props{Image: "a:1"}, Connect: &discovery.Connect{}}, []string{"Connect", "Connect.Namespace"}},
		"no namespace": {backend.Props{Platform: p, Task: task.Props{Image: "a:1", Port: 8080}, CloudMap: &discovery.CloudMap{Name: "a"}}, []string{"CloudMap.Namespace"}},
	} {
		var fields []string
		for _, problem := range c.props.Problems() {
			fields = append(fields, problem.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s\n%v", name, diff, c.props.Problems())
		}
	}
	if ps := (platform.Props{PlainHTTP: true, Namespace: "No"}).Problems(); len(ps) != 1 || ps[0].Field != "Namespace" {
		t.Errorf("got %v", ps)
	}
}

func publicTarget(p *platform.Platform) []ingress.TargetProps {
	return []ingress.TargetProps{{LoadBalancer: p.Public}}
}

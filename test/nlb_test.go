package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

// TestEveryStreamTheSecondTime changes one thing of a service behind a Network Load Balancer, in each kind of deployment, on
// Fargate and on a pool, and lists what differs and what CloudFormation would replace. A new release changes the task
// definition alone: no listener, whose weights ECS has moved by then, no target group, and nothing of the service.
func TestEveryStreamTheSecondTime(t *testing.T) {
	release := func(change func(*service.Props)) map[string]any {
		return synthStack(t, func(stack awscdk.Stack) {
			c := cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})})
			nlb := ingress.NewNLB(stack, "Streams", ingress.NLBProps{Network: c.Network})
			pool := newPool(stack, "Pool", c)
			for _, s := range shifts() {
				props := service.Props{
					Cluster: c, Deploy: s.policy, Scaling: &scaling.Policy{Max: 4},
					Task: task.Props{Image: "api:1", Port: 8080, MemoryMiB: 512},
					Streams: []ingress.StreamProps{{
						LoadBalancer: nlb, ListenerPort: 5000 + s.number,
						Test: &ingress.TestListener{Port: 6000 + s.number, AllowFrom: []string{"192.0.2.0/24"}},
					}},
				}
				if s.onPool {
					props.Capacity = pool
				}
				change(&props)
				service.New(constructs.NewConstruct(stack, &s.id), "Service", props)
			}
		})
	}
	groups := func(s shift) []string {
		stream := fmt.Sprintf("~Stream%d/", 5000+s.number)
		if _, rolling := s.policy.(deployment.Rolling); rolling {
			return []string{stream + "GroupStreams"}
		}
		return []string{stream + "AlternateStreams", stream + "GroupStreams"}
	}
	first := release(func(*service.Props) {})
	for what, c := range map[string]struct {
		change   func(*service.Props)
		changed  func(shift) []string
		replaces bool // the task definition
	}{
		"image": {func(p *service.Props) { p.Task.Image = "api:2" }, in("~Task/Definition"), true},
		"port":  {func(p *service.Props) { p.Task.Port = 9090 }, func(s shift) []string { return s.ways("Streams") }, true},
		"delay": {func(p *service.Props) { p.Streams[0].Group.KeepConnections = true }, groups, false},
	} {
		compareReleases(t, what, shifts(), first, release(c.change), c.changed, c.replaces)
	}
}

// TestStreamsComeAndGo takes the first of two streams away, and finds the listener and the group of the other as they were.
func TestStreamsComeAndGo(t *testing.T) {
	build := func(ports ...int) map[string]any {
		return synthStack(t, func(stack awscdk.Stack) {
			c := cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})})
			nlb := ingress.NewNLB(stack, "Streams", ingress.NLBProps{Network: c.Network})
			props := service.Props{Cluster: c, Task: task.Props{Image: "api:1", Port: 8080}}
			for _, port := range ports {
				props.Streams = append(props.Streams, ingress.StreamProps{LoadBalancer: nlb, ListenerPort: port})
			}
			service.New(constructs.NewConstruct(stack, jsii.String("Api")), "Service", props)
		})
	}
	both, last := build(5000, 6000), build(6000)
	want := []string{
		"-Alarms/StreamUnhealthy2", "-Stream5000/From5000", "-Stream5000/GroupStreams", "-Stream5000/Listener5000Streams",
		"~Alarms/StreamUnhealthy", // alarms are counted, and change in place
		"~Service",
	}
	if diff := cmp.Diff(want, difference(both, last)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string(nil), replacedOf(both, last)); diff != "" {
		t.Error(diff)
	}
}

// TestSharedNLB adds a service to a load balancer of another stack, whose template stays as it is but for what it tells others.
func TestSharedNLB(t *testing.T) {
	build := func(n int) map[string]map[string]any {
		return byName(synth(t, func(app awscdk.App) {
			p := platform.New(newStack(app, "Shared"), "Platform", platform.Props{PlainHTTP: true})
			nlb := ingress.NewNLB(newStack(app, "Balancer"), "Streams", ingress.NLBProps{Network: p.Network})
			for i := range n {
				id := string(rune('A' + i))
				service.New(newStack(app, "Stack"+id), id, service.Props{
					Cluster: p.Cluster, Task: task.Props{Image: "a:1", Port: 8080},
					Streams: []ingress.StreamProps{{LoadBalancer: nlb, ListenerPort: 5000 + i}},
				})
			}
		}))
	}
	one, two := build(1), build(2)
	for _, stack := range []string{"Shared", "Balancer", "StackA"} {
		if diff := cmp.Diff(one[stack], two[stack]); diff != "" {
			t.Errorf("%s: %s", stack, diff)
		}
	}
}

// TestStreamMisuse gives streams that the tree has no place for, and finds them named before anything was made.
func TestStreamMisuse(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := newStack(app, "Shop")
	p := newPlatform(stack, platform.Props{PlainHTTP: true})
	nlb := ingress.NewNLB(stack, "Streams", ingress.NLBProps{Network: p.Network})
	elsewhere := awscdk.NewStack(app, jsii.String("Elsewhere"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("eu-north-1"),
	}})
	pool := newPool(stack, "Pool", p.Cluster)
	withService := func(props service.Props) func(constructs.Construct, string) {
		return func(scope constructs.Construct, id string) {
			props.Cluster, props.Task.Image, props.Task.MemoryMiB = p.Cluster, "a:1", 512
			service.New(scope, id, props)
		}
	}
	onPort := func(port int) service.Props {
		return service.Props{Task: task.Props{Port: 8080}, Streams: []ingress.StreamProps{{LoadBalancer: nlb, ListenerPort: port}}}
	}
	udp := task.Props{Port: 8125, UDPPorts: []int{8125}, NetworkMode: task.Host}
	bridge := udp
	bridge.NetworkMode = task.Bridge
	over := func(port int, transport ingress.Transport) []ingress.StreamProps {
		return []ingress.StreamProps{{LoadBalancer: nlb, ListenerPort: port, Protocol: transport}}
	}
	withService(onPort(5000))(stack, "First")
	withService(service.Props{Capacity: pool, Task: udp, Streams: over(8125, ingress.UDP)})(stack, "Metrics")
	nodes := func() int { return len(*app.Node().FindAll(constructs.ConstructOrder_PREORDER)) }
	for name, c := range map[string]struct {
		scope constructs.Construct
		make  func(constructs.Construct, string)
		want  []string
		says  string
	}{
		"taken port": {stack, withService(onPort(5000)), []string{"Streams[0].ListenerPort"}, "than that of Shop/First/Stream5000"},
		"one port twice": {stack, withService(service.Props{Task: task.Props{Port: 8080}, Streams: []ingress.StreamProps{
			{LoadBalancer: nlb, ListenerPort: 1}, {LoadBalancer: nlb, ListenerPort: 1},
		}}), []string{"Streams[1].ListenerPort"}, "than that of Shop/New/Stream1"},
		"TCP beside UDP":     {stack, withService(onPort(8125)), []string{"Streams[0].ListenerPort"}, "are Protocol TCP_UDP"},
		"stream":             {stack, func(s constructs.Construct, id string) { ingress.NewStream(s, id, ingress.StreamProps{}) }, []string{"LoadBalancer", "ListenerPort"}, ""},
		"stream on its port": {stack, func(s constructs.Construct, id string) { ingress.NewStream(s, id, over(5000, ingress.TCP)[0]) }, []string{"ListenerPort"}, "Shop/First/Stream"},
		"balancer":           {stack, func(s constructs.Construct, id string) { ingress.NewNLB(s, id, ingress.NLBProps{}) }, []string{"Network"}, ""},
		"another region":     {elsewhere, withService(onPort(5001)), []string{"Streams[0].LoadBalancer", "Cluster"}, ""},
		"certificate of another region": {elsewhere, func(s constructs.Construct, id string) {
			ingress.NewStream(s, id, ingress.StreamProps{LoadBalancer: nlb, ListenerPort: 1, Protocol: ingress.TLS, CertificateARN: cases.CertificateARN})
		}, []string{"CertificateARN", "LoadBalancer"}, "eu-north-1"},
		"network of another region": {elsewhere, func(s constructs.Construct, id string) {
			ingress.NewNLB(s, id, ingress.NLBProps{Network: p.Network})
		}, []string{"Network"}, ""},
		"port of the instances": {stack, withService(service.Props{Capacity: pool, Task: udp, Streams: over(1, ingress.UDP)}), []string{"Streams[0].Port"}, "Shop/Metrics"},
		"UDP in mode bridge":    {stack, withService(service.Props{Capacity: pool, Task: bridge, Streams: over(1, ingress.TCPUDP)}), []string{"Streams[0].Protocol"}, "awsvpc and host"},
		"check in mode bridge": {stack, withService(service.Props{Capacity: pool, Task: task.Props{Port: 8080}, Streams: []ingress.StreamProps{{
			LoadBalancer: nlb, ListenerPort: 1, Group: ingress.StreamGroup{HealthCheck: ingress.HealthCheck{Port: 8080}},
		}}}), []string{"Streams[0].Group.HealthCheck.Port"}, ""},
		"no network": {stack, withService(service.Props{Capacity: pool, Task: task.Props{NetworkMode: task.None}, Streams: over(1, ingress.TCP)}), []string{"Task.NetworkMode", "Streams[0].Port"}, ""},
		"reach": {stack, func(s constructs.Construct, id string) {
			ingress.NewReach(s, id, ingress.ReachProps{Streams: over(1, ingress.TCP)})
		}, []string{"Streams[0].Port", "SecurityGroup"}, ""},
		"by all at once": {stack, withService(service.Props{
			Task: task.Props{Port: 8080}, Streams: over(1, ingress.TCP), Deploy: deployment.CodeDeploy{},
		}), []string{"Deploy"}, "deployment.BlueGreen"},
	} {
		before := nodes()
		err := refused(t, func() { c.make(c.scope, "New") })
		if diff := cmp.Diff(c.want, problemFields(err)); diff != "" || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
		if made := nodes() - before; made != 0 {
			t.Errorf("%s: %d constructs were made", name, made)
		}
	}
}

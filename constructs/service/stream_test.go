package service_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
)

func TestStreamProblems(t *testing.T) {
	n := &network.Network{VPC: fakeVPC{name: "a"}}
	c, nlb, alb := &cluster.Cluster{Network: n, Cluster: fakeCluster{}}, &ingress.NLB{Network: n}, &ingress.ALB{Network: n}
	main := task.Props{Image: "a:1", Port: 8080}
	both := task.Props{Image: "a:1", Port: 1053, UDPPorts: []int{1053, 5353}}
	of := func(s ingress.StreamProps) []ingress.StreamProps {
		s.LoadBalancer, s.ListenerPort = nlb, 5000
		return []ingress.StreamProps{s}
	}
	test := &ingress.TestListener{Port: 5001, AllowFrom: []string{"192.0.2.0/24"}}
	for name, tt := range map[string]struct {
		props service.Props
		want  []string
	}{
		"least":       {service.Props{Task: main, Streams: of(ingress.StreamProps{})}, nil},
		"TCP and UDP": {service.Props{Task: both, Streams: of(ingress.StreamProps{Protocol: ingress.TCPUDP})}, nil},
		"UDP":         {service.Props{Task: both, Streams: of(ingress.StreamProps{Protocol: ingress.UDP})}, nil},
		"blue/green":  {service.Props{Task: main, Deploy: deployment.BlueGreen{}, Streams: of(ingress.StreamProps{})}, nil},
		"canary":      {service.Props{Task: main, Deploy: deployment.Canary{}, Streams: of(ingress.StreamProps{Test: test})}, nil},
		"linear":      {service.Props{Task: main, Deploy: deployment.Linear{}, Streams: of(ingress.StreamProps{})}, nil},
		"CPU":         {service.Props{Task: main, Scaling: &scaling.Policy{Max: 9}, Streams: of(ingress.StreamProps{})}, nil},
		"requests of both": {service.Props{
			Task: main, Scaling: &scaling.Policy{Max: 9, RequestsPerTask: 9}, Streams: of(ingress.StreamProps{}),
			Targets: []ingress.TargetProps{{LoadBalancer: alb}},
		}, nil},

		"requests":   {service.Props{Task: main, Scaling: &scaling.Policy{Max: 9, RequestsPerTask: 9}, Streams: of(ingress.StreamProps{})}, []string{"Scaling.RequestsPerTask"}},
		"CodeDeploy": {service.Props{Task: main, Deploy: deployment.CodeDeploy{}, Streams: of(ingress.StreamProps{})}, []string{"Deploy"}},
		"six entries": {service.Props{
			Task: main, Targets: []ingress.TargetProps{{LoadBalancer: alb}},
			Streams: []ingress.StreamProps{
				{LoadBalancer: nlb, ListenerPort: 1}, {LoadBalancer: nlb, ListenerPort: 2}, {LoadBalancer: nlb, ListenerPort: 3},
				{LoadBalancer: nlb, ListenerPort: 4}, {LoadBalancer: nlb, ListenerPort: 5},
			},
		}, []string{"Streams"}},
		"no port":          {service.Props{Task: task.Props{Image: "a:1"}, Streams: of(ingress.StreamProps{})}, []string{"Streams[0].Port"}},
		"no port for UDP":  {service.Props{Task: main, Streams: of(ingress.StreamProps{Protocol: ingress.UDP})}, []string{"Streams[0].Port"}},
		"another port":     {service.Props{Task: both, Streams: of(ingress.StreamProps{Port: 5353})}, []string{"Streams[0].Port"}},
		"UDP alone":        {service.Props{Task: both, Streams: of(ingress.StreamProps{Protocol: ingress.UDP, Port: 5353})}, []string{"Streams[0].Group.HealthCheck.Port"}},
		"half of both":     {service.Props{Task: both, Streams: of(ingress.StreamProps{Protocol: ingress.TCPUDP, Port: 5353})}, []string{"Streams[0].Port"}},
		"container":        {service.Props{Task: main, Streams: of(ingress.StreamProps{Container: "b"})}, []string{"Streams[0].Container"}},
		"instances":        {service.Props{Task: main, Streams: of(ingress.StreamProps{Instances: true})}, []string{"Streams[0].Instances"}},
		"killed too early": {service.Props{Task: main, Streams: of(ingress.StreamProps{Group: ingress.StreamGroup{DeregistrationDelay: time.Hour}})}, []string{"Streams[0].Group.DeregistrationDelay"}},
		"balancer":         {service.Props{Task: main, Streams: []ingress.StreamProps{{ListenerPort: 1}}}, []string{"Streams[0].LoadBalancer"}},
		"another network": {service.Props{Task: main, Streams: []ingress.StreamProps{
			{ListenerPort: 1, LoadBalancer: &ingress.NLB{Network: &network.Network{VPC: fakeVPC{name: "b"}}}},
		}}, []string{"Streams[0].LoadBalancer"}},
		"daemon": {service.Props{Daemon: true, Task: task.Props{Image: "a:1", Port: 8080, MemoryMiB: 128}, Streams: of(ingress.StreamProps{})}, []string{"Streams"}},
		"test stage of nothing": {service.Props{Task: main, Streams: of(ingress.StreamProps{}), Deploy: deployment.BlueGreen{
			Approvals: []deployment.Approval{{Stages: []deployment.Stage{deployment.PostTestTrafficShift}}},
		}}, []string{"Deploy.Approvals"}},
		"test stage": {service.Props{Task: main, Streams: of(ingress.StreamProps{Test: test}), Deploy: deployment.BlueGreen{
			Approvals: []deployment.Approval{{Stages: []deployment.Stage{deployment.PostTestTrafficShift}}},
		}}, nil},
	} {
		tt.props.Cluster = c
		var got []string
		for _, p := range tt.props.Problems() {
			got = append(got, p.Field)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s\n%v", name, diff, tt.props.Problems())
		}
	}
}

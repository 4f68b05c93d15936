package service_test

import (
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
)

// fakeVPC and fakeCluster stand for constructs where they only have to be there.
type (
	fakeVPC struct {
		awsec2.IVpc
		name string
	}
	fakeCluster struct{ awsecs.Cluster }
)

func TestProblems(t *testing.T) {
	n := &network.Network{VPC: fakeVPC{name: "a"}}
	c, alb := &cluster.Cluster{Network: n, Cluster: fakeCluster{}}, &ingress.ALB{Network: n}
	main := task.Props{Image: "a:1", Port: 8080}
	sidecar := main
	sidecar.Sidecars = []task.Container{{Name: "admin", Image: "a:1", Port: 9000, StopTimeout: 20 * time.Second}}
	for name, tt := range map[string]struct {
		props service.Props
		want  []string
	}{
		"least": {service.Props{Cluster: c, Task: main}, nil},
		"every field": {service.Props{
			Cluster: c, Capacity: cluster.Spot{}, Task: sidecar, HealthCheckGrace: time.Hour, Deploy: deployment.Rolling{},
			Scaling: &scaling.Policy{Max: 3}, ForceNewDeployment: "1",
			Targets: []ingress.TargetProps{
				{LoadBalancer: alb},
				{LoadBalancer: alb, Container: "admin", Port: 9000, Group: ingress.TargetGroup{DeregistrationDelay: 20 * time.Second}},
			},
		}, nil},
		"singleton":              {service.Props{Cluster: c, Task: main, Singleton: true, Count: 1}, nil},
		"zero":                   {service.Props{}, []string{"Cluster", "Task.Image"}},
		"capacity":               {service.Props{Cluster: c, Task: main, Capacity: cluster.Spot{Weight: 2000}}, []string{"Capacity.Weight"}},
		"deployment":             {service.Props{Cluster: c, Task: main, Deploy: deployment.Rolling{MaxPercent: 100}}, []string{"Deploy.MaxPercent"}},
		"scaling":                {service.Props{Cluster: c, Task: main, Scaling: &scaling.Policy{Min: 2, Max: 1}}, []string{"Scaling.Max"}},
		"requests from nowhere":  {service.Props{Cluster: c, Task: main, Scaling: &scaling.Policy{Max: 3, RequestsPerTask: 9}}, []string{"Scaling.RequestsPerTask"}},
		"responses from nowhere": {service.Props{Cluster: c, Task: main, Scaling: &scaling.Policy{Max: 3, ResponseTime: time.Second}}, []string{"Scaling.ResponseTime"}},
		"fast metrics that stay": {service.Props{
			Cluster: c, Task: main, Deploy: deployment.CodeDeploy{}, Targets: []ingress.TargetProps{{LoadBalancer: alb}},
			Scaling: &scaling.Policy{Max: 3, HighResolution: true},
		}, []string{"Scaling.HighResolution"}},
		"count":           {service.Props{Cluster: c, Task: main, Count: -1}, []string{"Count"}},
		"count and scale": {service.Props{Cluster: c, Task: main, Count: 2, Scaling: &scaling.Policy{Max: 3}}, []string{"Count"}},
		"no singleton": {service.Props{
			Cluster: c, Task: main, Singleton: true, Count: 2, Scaling: &scaling.Policy{Max: 3}, Deploy: deployment.Rolling{},
		}, []string{"Count", "Count", "Scaling", "Deploy"}},
		"Windows on Spot": {service.Props{
			Cluster: c, Capacity: cluster.Spot{}, Task: task.Props{Image: "a:1", OS: task.WindowsServer2022Core},
		}, []string{"Capacity"}},
		"deployment without an end": {
			service.Props{Cluster: c, Task: main, Count: 3, Deploy: deployment.Rolling{MaxPercent: 120}}, []string{"Deploy.MaxPercent"},
		},
		"scaled deployment without an end": {
			service.Props{Cluster: c, Task: main, Scaling: &scaling.Policy{Max: 9}, Deploy: deployment.Rolling{MaxPercent: 149}},
			[]string{"Deploy.MaxPercent"},
		},
		"deployment without an end of the only task": {
			service.Props{
				Cluster: c, Task: main, Deploy: deployment.Rolling{MaxPercent: 150},
				Scaling: &scaling.Policy{ToZero: true, Max: 9, Backlog: &scaling.Backlog{Queue: new("a"), Latency: time.Minute, MessageTime: time.Minute}},
			},
			[]string{"Deploy.MaxPercent"},
		},
		"deployment that can stop one": {
			service.Props{Cluster: c, Task: main, Count: 3, Deploy: deployment.Rolling{MinHealthyPercent: 66, MaxPercent: 100}}, nil,
		},
		"deployment that can start one": {
			service.Props{Cluster: c, Task: main, Count: 3, Deploy: deployment.Rolling{MaxPercent: 134}}, nil,
		},
		"grace": {service.Props{Cluster: c, Task: main, HealthCheckGrace: -time.Second}, []string{"HealthCheckGrace"}},
		"no balancer": {
			service.Props{Cluster: c, Task: main, Targets: []ingress.TargetProps{{}}}, []string{"Targets[0].LoadBalancer"},
		},
		"balancer of another network": {
			service.Props{Cluster: c, Task: main, Targets: []ingress.TargetProps{{LoadBalancer: &ingress.ALB{Network: &network.Network{VPC: fakeVPC{name: "b"}}}}}},
			[]string{"Targets[0].LoadBalancer"},
		},
		"no port": {
			service.Props{Cluster: c, Task: task.Props{Image: "a:1"}, Targets: []ingress.TargetProps{{LoadBalancer: alb}}},
			[]string{"Targets[0].Port"},
		},
		"port of nobody": {
			service.Props{Cluster: c, Task: main, Targets: []ingress.TargetProps{{LoadBalancer: alb, Port: 9000}}},
			[]string{"Targets[0].Port"},
		},
		"container of nobody": {
			service.Props{Cluster: c, Task: main, Targets: []ingress.TargetProps{{LoadBalancer: alb, Container: "admin"}}},
			[]string{"Targets[0].Container"},
		},
		"wrong port of the task": {
			service.Props{Cluster: c, Task: task.Props{Image: "a:1", Port: 70000}, Targets: []ingress.TargetProps{{LoadBalancer: alb}}},
			[]string{"Task.Port"},
		},
		"killed with requests in it": {
			service.Props{Cluster: c, Task: sidecar, Targets: []ingress.TargetProps{
				{LoadBalancer: alb}, {LoadBalancer: alb, Container: "admin", Group: ingress.TargetGroup{DeregistrationDelay: 21 * time.Second}},
			}},
			[]string{"Targets[1].Group.DeregistrationDelay"},
		},
		"short stop, default delay": {
			service.Props{Cluster: c, Task: sidecar, Targets: []ingress.TargetProps{{LoadBalancer: alb, Container: "admin"}}}, nil,
		},
		"another network with the same VPC": {
			service.Props{Cluster: c, Task: main, Targets: []ingress.TargetProps{
				{LoadBalancer: &ingress.ALB{Network: &network.Network{VPC: fakeVPC{name: "a"}}}},
			}}, nil,
		},
		"balancer that nobody made": {
			service.Props{Cluster: c, Task: main, Targets: []ingress.TargetProps{{LoadBalancer: alb}, {LoadBalancer: &ingress.ALB{}}}},
			[]string{"Targets[1].LoadBalancer"},
		},
		"cluster that nobody made": {service.Props{Cluster: &cluster.Cluster{}, Task: main}, []string{"Cluster"}},
		"cluster that nobody made, with a target": {
			service.Props{Cluster: &cluster.Cluster{}, Task: main, Targets: []ingress.TargetProps{{LoadBalancer: alb}}}, []string{"Cluster"},
		},
		"nil in interfaces": {
			service.Props{Cluster: c, Task: main, Capacity: (*cluster.Pool)(nil), Deploy: (*deployment.Rolling)(nil)}, []string{"Capacity"},
		},
		"deployment without an end, and more": {
			service.Props{Task: main, Count: 3, Deploy: deployment.Rolling{MaxPercent: 120}}, []string{"Cluster", "Deploy.MaxPercent"},
		},
		"six targets": {
			service.Props{Cluster: c, Task: main, Targets: []ingress.TargetProps{
				{LoadBalancer: alb}, {LoadBalancer: alb}, {LoadBalancer: alb}, {LoadBalancer: alb}, {LoadBalancer: alb}, {LoadBalancer: alb},
			}}, []string{"Targets"},
		},
	} {
		_ = tt.props.ProblemsIn(nil, "Service") // which must not panic, whatever is wrong
		var fields []string
		for _, p := range tt.props.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(tt.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

package web_test

import (
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// fakeCluster stands for a cluster where it only has to be there.
type fakeCluster struct{ awsecs.Cluster }

func TestProblems(t *testing.T) {
	n := &network.Network{}
	c, alb := &cluster.Cluster{Network: n, Cluster: fakeCluster{}}, &ingress.ALB{Network: n}
	public := &platform.Platform{Network: n, Cluster: c, Public: alb}
	internal := &platform.Platform{Network: n, Cluster: c, Internal: alb}
	main := task.Props{Image: "a:1", Port: 8080}
	for name, tt := range map[string]struct {
		props web.Props
		want  []string
	}{
		"public":             {web.Props{Platform: public, Task: main}, nil},
		"internal":           {web.Props{Platform: internal, Internal: true, Task: main}, nil},
		"zero":               {web.Props{}, []string{"Platform", "Task.Port", "Task.Image"}},
		"not public":         {web.Props{Platform: internal, Task: main}, []string{"Internal"}},
		"not internal":       {web.Props{Platform: public, Internal: true, Task: main}, []string{"Internal"}},
		"port out of range":  {web.Props{Platform: public, Task: task.Props{Image: "a:1", Port: 70000}}, []string{"Task.Port"}},
		"route":              {web.Props{Platform: public, Task: main, Route: ingress.Route{Path: "api"}}, []string{"Route.Path"}},
		"users":              {web.Props{Platform: public, Task: main, SignIn: ingress.Cognito{}}, []string{"SignIn.UserPoolARN", "SignIn.ClientID", "SignIn.Domain", "SignIn"}},
		"scaling":            {web.Props{Platform: public, Task: main, Scaling: &scaling.Policy{Min: 2, Max: 1}}, []string{"Scaling.Max"}},
		"health check":       {web.Props{Platform: public, Task: main, TargetGroup: ingress.TargetGroup{HealthCheck: ingress.HealthCheck{Healthy: 1}}}, []string{"TargetGroup.HealthCheck.Healthy"}},
		"delay":              {web.Props{Platform: public, Task: main, TargetGroup: ingress.TargetGroup{DeregistrationDelay: 90 * time.Second}}, []string{"TargetGroup.DeregistrationDelay"}},
		"one more target":    {web.Props{Platform: public, Task: main, MoreTargets: []ingress.TargetProps{{Port: 9}}}, []string{"MoreTargets[0].LoadBalancer", "MoreTargets[0].Port"}},
		"five more targets":  {web.Props{Platform: public, Task: main, MoreTargets: []ingress.TargetProps{{LoadBalancer: alb}, {LoadBalancer: alb}, {LoadBalancer: alb}, {LoadBalancer: alb}, {LoadBalancer: alb}}}, []string{"MoreTargets"}},
		"problems of a task": {web.Props{Platform: public, Task: task.Props{Port: 8080, CPU: 1}}, []string{"Task.CPU", "Task.Image"}},
	} {
		var fields []string
		for _, p := range tt.props.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(tt.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

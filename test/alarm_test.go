package test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// TestDeploymentsWatchTheirAlarms compares the names that a service gives to its deployments with those of the alarms in
// its stack: a name without an alarm is one that never goes off.
func TestDeploymentsWatchTheirAlarms(t *testing.T) {
	changes := map[string]func(*web.Props){
		"ByDefault": func(*web.Props) {},
		"TwoTargets": func(p *web.Props) {
			p.MoreTargets = []ingress.TargetProps{{LoadBalancer: p.Platform.Public, Route: ingress.Route{Path: "/a"}}}
		},
		"Stream": func(p *web.Props) {
			nlb := ingress.NewNLB(p.Platform, "Streams", ingress.NLBProps{Network: p.Platform.Network})
			p.Streams = []ingress.StreamProps{{LoadBalancer: nlb, ListenerPort: 5000}}
		},
		"BesideOnesOwn": func(p *web.Props) { p.Alarms.Own = []string{"mine"} },
		"OnesOwn":       func(p *web.Props) { p.Alarms = alarm.Policy{Own: []string{"mine"}, OnlyOwn: true} },
		"None":          func(p *web.Props) { p.Alarms = alarm.Policy{OnlyOwn: true} },
	}
	own := map[string][]string{}
	template := synthStack(t, func(stack awscdk.Stack) {
		p := newPlatform(stack, platform.Props{PlainHTTP: true})
		for id, change := range changes {
			props := web.Props{Platform: p, Task: task.Props{Image: "api:1", Port: 8080}, Route: ingress.Route{Path: "/" + id}}
			change(&props)
			own[id] = props.Alarms.Own
			web.New(stack, id, props)
		}
	})
	services, alarms := resourcesOf(template, "AWS::ECS::Service"), resourcesOf(template, "AWS::CloudWatch::Alarm")
	for id := range changes {
		made := own[id]
		for path, properties := range alarms {
			if strings.HasPrefix(path, "Stack/"+id+"/") {
				made = append(made, properties["AlarmName"].(string))
			}
		}
		configuration := services["Stack/"+id+"/Service/Service"]["DeploymentConfiguration"].(map[string]any)["Alarms"].(map[string]any)
		var watched []string
		for _, name := range configuration["AlarmNames"].([]any) {
			watched = append(watched, name.(string))
		}
		if diff := cmp.Diff(sorted(made), sorted(watched)); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
		if on := len(made) > 0; configuration["Enable"] != on || configuration["Rollback"] != on {
			t.Errorf("%s: got %v", id, configuration)
		}
	}
}

package test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/patterns/web"
)

// TestDeploymentsWatchTheirAlarms compares the names that a service gives to its deployments with those of the alarms in
// its stack: a name without an alarm is one that never goes off.
func TestDeploymentsWatchTheirAlarms(t *testing.T) {
	for name, build := range map[string]func(*web.Props){
		"by default": func(*web.Props) {},
		"two targets": func(p *web.Props) {
			p.MoreTargets = []ingress.TargetProps{{LoadBalancer: p.Platform.Public, Route: ingress.Route{Path: "/a"}}}
		},
		"a stream": func(p *web.Props) {
			nlb := ingress.NewNLB(p.Platform, "Streams", ingress.NLBProps{Network: p.Platform.Network})
			p.Streams = []ingress.StreamProps{{LoadBalancer: nlb, ListenerPort: 5000}}
		},
		"beside one's own": func(p *web.Props) { p.Alarms.Own = []string{"mine"} },
		"one's own":        func(p *web.Props) { p.Alarms = alarm.Policy{Own: []string{"mine"}, OnlyOwn: true} },
		"none":             func(p *web.Props) { p.Alarms = alarm.Policy{OnlyOwn: true} },
	} {
		t.Run(name, func(t *testing.T) {
			own := alarm.Policy{}
			template := synthWeb(t, func(p *web.Props) {
				build(p)
				own = p.Alarms
			})
			made := own.Own
			for _, properties := range resourcesOf(template, "AWS::CloudWatch::Alarm") {
				made = append(made, properties["AlarmName"].(string))
			}
			configuration := onlyService(t, template)["Properties"].(map[string]any)["DeploymentConfiguration"].(map[string]any)
			alarms := configuration["Alarms"].(map[string]any)
			var watched []string
			for _, name := range alarms["AlarmNames"].([]any) {
				watched = append(watched, name.(string))
			}
			if diff := cmp.Diff(sorted(made), sorted(watched)); diff != "" {
				t.Error(diff)
			}
			if on := len(made) > 0; alarms["Enable"] != on || alarms["Rollback"] != on {
				t.Errorf("got %v", alarms)
			}
		})
	}
}

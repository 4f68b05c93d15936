package alarm_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/alarm"
)

func TestProblems(t *testing.T) {
	for name, c := range map[string]struct {
		policy alarm.Policy
		want   []string
	}{
		"zero":        {alarm.Policy{}, nil},
		"every field": {alarm.Policy{ErrorPercent: 1, MinRequests: 1, Latency: time.Millisecond, CPU: 100, Memory: 100, Own: []string{"a"}}, nil},
		"only own":    {alarm.Policy{Own: []string{"a"}, OnlyOwn: true}, nil},
		"none":        {alarm.Policy{OnlyOwn: true}, nil},
		"out of range": {
			alarm.Policy{ErrorPercent: 101, MinRequests: -1, Latency: time.Microsecond, CPU: -1, Memory: 101, Own: []string{""}},
			[]string{"ErrorPercent", "MinRequests", "Latency", "CPU", "Memory", "Own[0]"},
		},
		"topics":            {alarm.Policy{Topic: alarm.ImportTopic("arn:aws:sns:eu-west-1:123456789012:alarms")}, nil},
		"no topic":          {alarm.Policy{Topic: &alarm.Topic{}}, []string{"Topic"}},
		"topic of no ARN":   {alarm.Policy{Topic: alarm.ImportTopic("alarms")}, []string{"Topic"}},
		"topic in order":    {alarm.Policy{Topic: alarm.ImportTopic("arn:aws:sns:eu-west-1:123456789012:alarms.fifo")}, []string{"Topic"}},
		"topic by a token":  {alarm.Policy{Topic: alarm.ImportTopic("arn:aws:sns:${Token[AWS.Region.1]}:123456789012:alarms")}, nil},
		"limits of nothing": {alarm.Policy{CPU: 80, OnlyOwn: true}, []string{"OnlyOwn"}},
	} {
		var fields []string
		for _, p := range c.policy.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestPropsProblems(t *testing.T) {
	var name string
	for _, c := range []struct {
		props alarm.Props
		want  []string
	}{
		{alarm.Props{}, []string{"Prefix", "Cluster", "Service"}},
		{alarm.Props{Prefix: "a", Cluster: &name, Targets: []alarm.Target{{}}}, []string{"Service", "Targets[0].LoadBalancer", "Targets[0].Groups"}},
		{alarm.Props{
			Prefix: "a", Cluster: &name, Service: &name, Streams: []alarm.Target{{LoadBalancer: &name, Groups: []*string{&name, nil}}},
		}, []string{"Streams[0].Groups"}},
	} {
		var fields []string
		for _, p := range c.props.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Error(diff)
		}
	}
}

func TestNames(t *testing.T) {
	for name, c := range map[string]struct {
		policy    alarm.Policy
		sources   alarm.Sources
		unbounded alarm.Unbounded
		want      []string
	}{
		"no targets":       {alarm.Policy{}, alarm.Sources{}, alarm.Unbounded{}, []string{"a-CPU", "a-Memory"}},
		"unbounded":        {alarm.Policy{}, alarm.Sources{}, alarm.Unbounded{CPU: true}, []string{"a-Memory"}},
		"unbounded memory": {alarm.Policy{}, alarm.Sources{}, alarm.Unbounded{Memory: true}, []string{"a-CPU"}},
		"unbounded and watched": {
			alarm.Policy{CPU: 90, Memory: 90}, alarm.Sources{}, alarm.Unbounded{CPU: true, Memory: true}, []string{"a-CPU", "a-Memory"},
		},
		"two targets": {alarm.Policy{Own: []string{"mine"}}, alarm.Sources{Targets: 2}, alarm.Unbounded{}, []string{
			"a-Errors", "a-Latency", "a-Unhealthy", "a-Errors2", "a-Latency2", "a-Unhealthy2", "a-CPU", "a-Memory", "mine",
		}},
		"targets and streams": {alarm.Policy{}, alarm.Sources{Targets: 1, Streams: 2}, alarm.Unbounded{CPU: true, Memory: true}, []string{
			"a-Errors", "a-Latency", "a-Unhealthy", "a-StreamUnhealthy", "a-StreamUnhealthy2",
		}},
		"own alone": {alarm.Policy{Own: []string{"mine"}, OnlyOwn: true}, alarm.Sources{Targets: 2}, alarm.Unbounded{}, []string{"mine"}},
		"none":      {alarm.Policy{OnlyOwn: true}, alarm.Sources{Targets: 2}, alarm.Unbounded{}, nil},
	} {
		if diff := cmp.Diff(c.want, c.policy.Names("a", c.sources, c.unbounded)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

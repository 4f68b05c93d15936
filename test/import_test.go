package test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

// TestAlarmsAreTold finds the topic of each alarm.
func TestAlarmsAreTold(t *testing.T) {
	template := synthStack(t, cases.Notified)
	told := map[string]int{}
	for _, a := range resourcesOf(template, "AWS::CloudWatch::Alarm") {
		for _, action := range listOf(template, a["AlarmActions"]) {
			told[action]++
		}
	}
	want := map[string]int{"${Stack/Platform/AlarmTopic/Topic}": 5, "${Stack/Other/Topic}": 5}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

// TestImportMisuse names attributes of something else, and what an imported cluster does not take.
func TestImportMisuse(t *testing.T) {
	stack := newStack(snapshot.NewApp(t), "Stack")
	for name, c := range map[string]struct {
		change func(*platform.Attributes)
		want   []string
	}{
		"right":     {func(*platform.Attributes) {}, nil},
		"nothing":   {func(a *platform.Attributes) { *a = platform.Attributes{} }, []string{"Network.VPC", "ClusterName"}},
		"an ARN":    {func(a *platform.Attributes) { a.ClusterName = "arn:aws:ecs:us-east-1:123456789012:cluster/shop" }, []string{"ClusterName"}},
		"listener":  {func(a *platform.Attributes) { a.Public.ListenerARN = a.Internal.ListenerARN }, []string{"Public.ListenerARN"}},
		"group":     {func(a *platform.Attributes) { a.Internal.SecurityGroupID = "shop" }, []string{"Internal.SecurityGroupID"}},
		"namespace": {func(a *platform.Attributes) { a.Namespace.ID, a.Namespace.ARN = "shop", "ns-1" }, []string{"Namespace.ID", "Namespace.ARN"}},
	} {
		attributes := cases.Elsewhere(newStack(snapshot.NewApp(t), "Stack"))
		c.change(&attributes)
		var fields []string
		for _, problem := range attributes.Problems() {
			fields = append(fields, problem.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	p := platform.Import(stack, "Platform", cases.Elsewhere(stack))
	pool := cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 1}
	if ps := pool.Problems(); len(ps) != 1 || ps[0].Field != "Cluster" {
		t.Errorf("got %v, want that pools are added by the other app", ps)
	}
	if ps := (alarm.TopicProps{Emails: []string{"ops@example.com", "ops", "ops@localhost", "a b@example.com"}}).Problems(); len(ps) != 3 {
		t.Errorf("got %v, want three addresses that are none", ps)
	}
}

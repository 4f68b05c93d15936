package replacement_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/test/replacement"
)

func resource(kind string, properties map[string]any) map[string]any {
	return map[string]any{"Type": kind, "Properties": properties}
}

func TestReplaced(t *testing.T) {
	const group = "AWS::ElasticLoadBalancingV2::TargetGroup"
	template := func(resources map[string]any) map[string]any { return map[string]any{"Resources": resources} }
	before := template(map[string]any{
		"Same":   resource(group, map[string]any{"Port": 80.0}),
		"Moved":  resource(group, map[string]any{"Port": 80.0, "VpcId": map[string]any{"Ref": "A"}}),
		"Tuned":  resource(group, map[string]any{"Port": 80.0, "HealthCheckPath": "/"}),
		"Turned": resource(group, nil),
		"Gone":   resource(group, nil),
		"Bare":   map[string]any{"Type": group},
	})
	after := template(map[string]any{
		"Same":   resource(group, map[string]any{"Port": 80.0}),
		"Moved":  resource(group, map[string]any{"Port": 81.0, "VpcId": map[string]any{"Ref": "B"}}),
		"Tuned":  resource(group, map[string]any{"Port": 80.0, "HealthCheckPath": "/health"}),
		"Turned": resource("AWS::ElasticLoadBalancingV2::Listener", nil),
		"New":    resource(group, nil),
		"Bare":   resource(group, map[string]any{"Name": "a"}),
	})
	want := map[string][]string{"Moved": {"Port", "VpcId"}, "Turned": {"Type"}, "Bare": {"Name"}}
	if diff := cmp.Diff(want, replacement.Replaced(before, after)); diff != "" {
		t.Error(diff)
	}
}

func TestTable(t *testing.T) {
	want := []string{"Cluster", "DeploymentController", "LaunchType", "Role", "SchedulingStrategy", "ServiceName"}
	if diff := cmp.Diff(want, replacement.Properties("AWS::ECS::Service")); diff != "" {
		t.Error(diff)
	}
	if replacement.Known("AWS::ECS::Nonsense") || !replacement.Known("AWS::ECS::Cluster") {
		t.Error("the table knows the resource types of the goldens, and no others")
	}
}

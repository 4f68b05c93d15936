package rules_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/test/internal/proof"
	"github.com/ecskit/ecskit/test/rules"
)

// controlCase is a resource R that breaks a control, at a path of its properties, or does not.
type controlCase struct {
	control, kind, properties string
	at                        string // empty if it breaks nothing
}

const (
	taskKind     = "AWS::ECS::TaskDefinition"
	serviceKind  = "AWS::ECS::Service"
	setKind      = "AWS::ECS::TaskSet"
	clusterKind  = "AWS::ECS::Cluster"
	providerKind = "AWS::ECS::CapacityProvider"
	templateKind = "AWS::EC2::LaunchTemplate"
	balancerKind = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	keyKind      = "AWS::KMS::Key"
	queueKind    = "AWS::SQS::Queue"

	windowsTask = `"RuntimePlatform": {"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}, `
	linuxTask   = `"RuntimePlatform": {"OperatingSystemFamily": "LINUX"}, `
	someTask    = `"RuntimePlatform": {"OperatingSystemFamily": {"Ref": "Family"}}, `
)

// containers is the rest of a task definition with these containers.
func containers(definitions string) string { return `"ContainerDefinitions": [` + definitions + `]}` }

var controlCases = []controlCase{
	{"ECS.2", serviceKind, `{"NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}}}`, "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"},
	{"ECS.2", serviceKind, `{"NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "DISABLED"}}}`, ""},
	{"ECS.2", serviceKind, `{"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["subnet-1"]}}}`, ""},
	{"ECS.2", serviceKind, `{}`, ""},

	{"ECS.3", taskKind, `{"PidMode": "host"}`, "PidMode"},
	{"ECS.3", taskKind, `{"PidMode": "task"}`, ""},
	{"ECS.3", taskKind, `{}`, ""},

	{"ECS.4", taskKind, `{` + containers(`{}, {"Privileged": true}`), "ContainerDefinitions[1].Privileged"},
	{"ECS.4", taskKind, `{` + containers(`{"Privileged": "true"}`), "ContainerDefinitions[0].Privileged"},
	{"ECS.4", taskKind, `{` + containers(`{"Privileged": false}, {}`), ""},
	{"ECS.4", taskKind, `{"ContainerDefinitions": {"Ref": "Containers"}}`, ""},

	{"ECS.5", taskKind, `{` + containers(`{"ReadonlyRootFilesystem": true}, {}`), "ContainerDefinitions[1].ReadonlyRootFilesystem"},
	{"ECS.5", taskKind, `{` + linuxTask + containers(`{"ReadonlyRootFilesystem": false}`), "ContainerDefinitions[0].ReadonlyRootFilesystem"},
	{"ECS.5", taskKind, `{` + containers(`{"ReadonlyRootFilesystem": "true"}`), ""},
	{"ECS.5", taskKind, `{` + windowsTask + containers(`{}`), ""},
	{"ECS.5", taskKind, `{` + someTask + containers(`{}`), ""},
	{"ECS.5", taskKind, `{"ContainerDefinitions": {"Fn::If": ["A", [], []]}}`, ""},
	{"ECS.5", taskKind, `{` + containers(`{"Ref": "Container"}`), ""},

	{"ECS.8", taskKind, `{` + containers(`{"Environment": [{"Name": "A", "Value": "1"}, {"Name": "AWS_ACCESS_KEY_ID", "Value": {"Ref": "Key"}}]}`), "ContainerDefinitions[0].Environment[1].Name"},
	{"ECS.8", taskKind, `{` + containers(`{"Environment": [{"Name": "AWS_SECRET_ACCESS_KEY", "Value": "x"}]}`), "ContainerDefinitions[0].Environment[0].Name"},
	{"ECS.8", taskKind, `{` + containers(`{"Environment": [{"Name": "ECS_ENGINE_AUTH_DATA", "Value": "x"}]}`), "ContainerDefinitions[0].Environment[0].Name"},
	{"ECS.8", taskKind, `{` + containers(`{"Environment": [{"Name": "AWS_REGION", "Value": "x"}], "Secrets": [{"Name": "AWS_ACCESS_KEY_ID", "ValueFrom": "/a"}]}`), ""},

	{"ECS.9", taskKind, `{` + containers(`{"LogConfiguration": {"LogDriver": "awslogs"}}, {}`), "ContainerDefinitions[1].LogConfiguration.LogDriver"},
	{"ECS.9", taskKind, `{` + containers(`{"LogConfiguration": {"Options": {}}}`), "ContainerDefinitions[0].LogConfiguration.LogDriver"},
	{"ECS.9", taskKind, `{` + containers(`{"LogConfiguration": {"LogDriver": "awsfirelens"}}`), ""},
	{"ECS.9", taskKind, `{` + containers(`{"LogConfiguration": {"Fn::If": ["A", {}, {}]}}`), ""},

	{"ECS.10", serviceKind, `{"PlatformVersion": "1.3.0"}`, "PlatformVersion"},
	{"ECS.10", serviceKind, `{"PlatformVersion": "1.4.0"}`, ""},
	{"ECS.10", serviceKind, `{"PlatformVersion": "1.0.0"}`, ""}, // the latest of Windows
	{"ECS.10", serviceKind, `{"PlatformVersion": "LATEST"}`, ""},
	{"ECS.10", serviceKind, `{"LaunchType": "FARGATE"}`, ""},

	{"ECS.12", clusterKind, `{}`, "ClusterSettings"},
	{"ECS.12", clusterKind, `{"ClusterSettings": [{"Name": "containerInsights", "Value": "disabled"}]}`, "ClusterSettings[0].Value"},
	{"ECS.12", clusterKind, `{"ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]}`, ""},
	{"ECS.12", clusterKind, `{"ClusterSettings": [{"Name": "containerInsights", "Value": "enhanced"}]}`, ""},
	{"ECS.12", clusterKind, `{"ClusterSettings": [{"Name": {"Ref": "Setting"}, "Value": "enabled"}]}`, ""},

	{"ECS.16", setKind, `{"NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}}}`, "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"},
	{"ECS.16", setKind, `{"NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "DISABLED"}}}`, ""},

	{"ECS.17", taskKind, `{"NetworkMode": "host"}`, "NetworkMode"},
	{"ECS.17", taskKind, `{"NetworkMode": "bridge"}`, ""},
	{"ECS.17", taskKind, `{}`, ""},

	{"ECS.18", taskKind, `{"Volumes": [{"Name": "a"}, {"Name": "b", "EFSVolumeConfiguration": {"FilesystemId": "fs-1"}}]}`, "Volumes[1].EFSVolumeConfiguration.TransitEncryption"},
	{"ECS.18", taskKind, `{"Volumes": [{"EFSVolumeConfiguration": {"TransitEncryption": "DISABLED"}}]}`, "Volumes[0].EFSVolumeConfiguration.TransitEncryption"},
	{"ECS.18", taskKind, `{"Volumes": [{"Name": "a", "Host": {}}, {"EFSVolumeConfiguration": {"TransitEncryption": "ENABLED"}}]}`, ""},

	{"ECS.19", providerKind, `{"AutoScalingGroupProvider": {}}`, "AutoScalingGroupProvider.ManagedTerminationProtection"},
	{"ECS.19", providerKind, `{"AutoScalingGroupProvider": {"ManagedTerminationProtection": "DISABLED"}}`, "AutoScalingGroupProvider.ManagedTerminationProtection"},
	{"ECS.19", providerKind, `{"AutoScalingGroupProvider": {"ManagedTerminationProtection": "ENABLED"}}`, ""},
	{"ECS.19", providerKind, `{"ManagedInstancesProvider": {}}`, ""},

	{"ECS.20", taskKind, `{` + containers(`{"User": "app"}, {}`), "ContainerDefinitions[1].User"},
	{"ECS.20", taskKind, `{` + containers(`{"User": "root"}`), "ContainerDefinitions[0].User"},
	{"ECS.20", taskKind, `{` + containers(`{"User": 0}`), "ContainerDefinitions[0].User"},
	{"ECS.20", taskKind, `{` + linuxTask + containers(`{"User": "0:1000"}`), "ContainerDefinitions[0].User"},
	{"ECS.20", taskKind, `{` + containers(`{"User": "1000:0"}, {"User": "rooted"}`), ""},
	{"ECS.20", taskKind, `{` + windowsTask + containers(`{}`), ""},
	{"ECS.20", taskKind, `{` + someTask + containers(`{}`), ""},

	{"ECS.21", taskKind, `{` + windowsTask + containers(`{}`), "ContainerDefinitions[0].User"},
	{"ECS.21", taskKind, `{` + windowsTask + containers(`{"User": "containeradministrator"}`), "ContainerDefinitions[0].User"},
	{"ECS.21", taskKind, `{` + windowsTask + containers(`{"User": "ContainerUser"}`), ""},
	{"ECS.21", taskKind, `{` + containers(`{}`), ""},
	{"ECS.21", taskKind, `{` + someTask + containers(`{}`), ""},

	{"EC2.170", templateKind, `{"LaunchTemplateData": {}}`, "LaunchTemplateData.MetadataOptions.HttpTokens"},
	{"EC2.170", templateKind, `{"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "optional"}}}`, "LaunchTemplateData.MetadataOptions.HttpTokens"},
	{"EC2.170", templateKind, `{"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "required"}}}`, ""},

	{"ELB.4", balancerKind, `{}`, "LoadBalancerAttributes"},
	{"ELB.4", balancerKind, `{"Type": "application", "LoadBalancerAttributes": [{"Key": "a", "Value": "b"}]}`, "LoadBalancerAttributes"},
	{"ELB.4", balancerKind, attributes("routing.http.drop_invalid_header_fields.enabled", "false"), "LoadBalancerAttributes[0].Value"},
	{"ELB.4", balancerKind, attributes("routing.http.drop_invalid_header_fields.enabled", "true"), ""},
	{"ELB.4", balancerKind, `{"Type": "network"}`, ""},
	{"ELB.4", balancerKind, `{"Type": {"Ref": "Kind"}}`, ""},
	{"ELB.4", balancerKind, `{"LoadBalancerAttributes": [{"Key": {"Ref": "Key"}, "Value": "b"}]}`, ""},
	{"ELB.5", balancerKind, attributes("access_logs.s3.enabled", "false"), "LoadBalancerAttributes[0].Value"},
	{"ELB.5", balancerKind, attributes("access_logs.s3.enabled", "true"), ""},
	{"ELB.5", balancerKind, `{"Type": "network"}`, ""},
	{"ELB.6", balancerKind, `{"Type": "network"}`, "LoadBalancerAttributes"},
	{"ELB.6", balancerKind, attributes("deletion_protection.enabled", "true"), ""},
	{"ELB.12", balancerKind, attributes("routing.http.desync_mitigation_mode", "monitor"), "LoadBalancerAttributes[0].Value"},
	{"ELB.12", balancerKind, attributes("routing.http.desync_mitigation_mode", "strictest"), ""},
	{"ELB.12", balancerKind, `{}`, ""},
	{"ELB.12", balancerKind, `{"LoadBalancerAttributes": {"Ref": "Attributes"}}`, ""},

	{"KMS.4", keyKind, `{}`, "EnableKeyRotation"},
	{"KMS.4", keyKind, `{"KeySpec": "SYMMETRIC_DEFAULT", "EnableKeyRotation": false}`, "EnableKeyRotation"},
	{"KMS.4", keyKind, `{"EnableKeyRotation": true}`, ""},
	{"KMS.4", keyKind, `{"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}`, ""},
	{"KMS.4", keyKind, `{"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}`, ""},
	{"KMS.4", keyKind, `{"Origin": "EXTERNAL"}`, ""},
	{"KMS.4", keyKind, `{"KeySpec": {"Ref": "Spec"}}`, ""},

	{"SQS.1", queueKind, `{"SqsManagedSseEnabled": false}`, "SqsManagedSseEnabled"},
	{"SQS.1", queueKind, `{"SqsManagedSseEnabled": false, "KmsMasterKeyId": {"Ref": "Key"}}`, ""},
	{"SQS.1", queueKind, `{}`, ""},
}

func attributes(key, value string) string {
	return fmt.Sprintf(`{"LoadBalancerAttributes": [{"Key": %q, "Value": %q}]}`, key, value)
}

// TestControls breaks each control and does not, and makes what breaks it unknown, which never does.
func TestControls(t *testing.T) {
	proof.State(t, "../PROOF.md", fmt.Sprintf("%d controls, %d cases", len(rules.Controls()), len(controlCases)))
	broken, kept := map[string]bool{}, map[string]bool{}
	for _, c := range controlCases {
		t.Run(c.control+"/"+c.properties, func(t *testing.T) {
			want := []string(nil)
			if kept[c.control] = kept[c.control] || c.at == ""; c.at != "" {
				broken[c.control] = true
				want = []string{c.control + " R Properties." + c.at}
			}
			template := c.template(t)
			if diff := cmp.Diff(want, breaches(c.control, template)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if c.at == "" {
				return
			}
			keys := strings.FieldsFunc("Resources.R.Properties."+c.at, func(r rune) bool { return strings.ContainsRune(".[]", r) })
			template.Body = set(template.Body, keys, map[string]any{"Ref": "Unknown"}).(map[string]any)
			if found := breaches(c.control, template); len(found) > 0 {
				t.Errorf("with an unknown value: %v", found)
			}
		})
	}
	for _, control := range rules.Controls() {
		if !broken[control.ID] || !kept[control.ID] {
			t.Errorf("no case breaks %s, or none keeps it", control.ID)
		}
	}
}

func (c controlCase) template(t *testing.T) rules.Template {
	t.Helper()
	template, err := rules.Parse("Shop", fmt.Appendf(nil, `{"Resources": {"R": {"Type": %q, "Properties": %s}}}`, c.kind, c.properties))
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func breaches(control string, templates ...rules.Template) []string {
	var found []string
	for _, f := range rules.CheckControls(templates...) {
		if f.Rule == control {
			found = append(found, fmt.Sprint(f.Rule, " ", f.LogicalID, " ", f.Path))
		}
	}
	return found
}

// TestPlatformVersionOfTheTask is about a version that is the latest of another operating system.
func TestPlatformVersionOfTheTask(t *testing.T) {
	for task, want := range map[string]bool{"{" + windowsTask + `"Cpu": "1024"}`: false, "{" + linuxTask + `"Cpu": "1024"}`: true, "{" + someTask + `"Cpu": "1024"}`: false} {
		var properties map[string]any
		if err := json.Unmarshal([]byte(task), &properties); err != nil {
			t.Fatal(err)
		}
		template := rules.Template{Name: "Shop", Body: map[string]any{"Resources": map[string]any{
			"Task": map[string]any{"Type": taskKind, "Properties": properties},
			"Service": map[string]any{"Type": serviceKind, "Properties": map[string]any{
				"TaskDefinition": map[string]any{"Ref": "Task"}, "PlatformVersion": "1.0.0",
			}},
		}}}
		if found := breaches("ECS.10", template); (len(found) > 0) != want {
			t.Errorf("%s: found %v", task, found)
		}
	}
}

func TestAssertControls(t *testing.T) {
	template := controlCase{kind: keyKind, properties: `{}`}.template(t)
	rules.AssertControls(t, []rules.Template{template}, rules.Except{Rule: "KMS.4", LogicalID: "R", Reason: "another system rotates it"})
	if found := rules.Check(template); len(found) > 0 {
		t.Errorf("a control is among the rules: %v", found)
	}
}

func ExampleControls() {
	for _, control := range rules.Controls() {
		fmt.Printf("%-7s %s\n", control.ID, control.Doc)
	}
	// Output:
	// ECS.2   a service assigns no public addresses to its tasks
	// ECS.3   tasks do not share the process namespace of their host
	// ECS.4   containers are not privileged
	// ECS.5   containers of Linux have a root file system that is read-only
	// ECS.8   no variable has the name of a credential of AWS
	// ECS.9   each container has a log driver
	// ECS.10  services run on the latest platform version of Fargate
	// ECS.12  clusters have Container Insights
	// ECS.16  a task set assigns no public addresses to its tasks
	// ECS.17  tasks do not use the network of their host
	// ECS.18  what tasks read from Amazon EFS is encrypted on its way
	// ECS.19  capacity providers protect instances that run tasks from scale-in
	// ECS.20  containers of Linux do not run as root
	// ECS.21  containers of Windows do not run as administrator
	// EC2.170 launch templates want version 2 of the instance metadata service
	// ELB.4   an Application Load Balancer drops invalid headers
	// ELB.5   an Application Load Balancer has access logs
	// ELB.6   load balancers have deletion protection
	// ELB.12  an Application Load Balancer mitigates desynchronised requests
	// KMS.4   keys are rotated
	// SQS.1   queues are encrypted at rest
}

package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

// onlyService returns the one ECS service of a template, whole.
func onlyService(t *testing.T, template map[string]any) map[string]any {
	t.Helper()
	for id := range template["Resources"].(map[string]any) {
		if r := resource(template, id); r["Type"] == "AWS::ECS::Service" {
			return r
		}
	}
	t.Fatal("there is no service")
	return nil
}

func synthWeb(t *testing.T, change func(*web.Props)) map[string]any {
	t.Helper()
	return synthStack(t, func(stack awscdk.Stack) {
		props := web.Props{
			Platform: newPlatform(stack, platform.Props{PlainHTTP: true}),
			Task:     task.Props{Image: "api:1", Port: 8080},
		}
		change(&props)
		web.New(stack, "Api", props)
	})
}

// TestServiceWaits lists everything that has to be there before a task starts.
func TestServiceWaits(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})
		web.New(stack, "Api", web.Props{Platform: p, Task: task.Props{Image: "api:1", Port: 8080}})
	})
	var waits []string
	for _, id := range onlyService(t, template)["DependsOn"].([]any) {
		waits = append(waits, strings.TrimPrefix(key.ReplaceAllString(name(template, id.(string)), ""), "Stack/"))
	}
	want := []string{
		"Api/Service/Reach/In8080Public",
		"Api/Service/Reach/Out8080Public",
		"Api/Service/Route/GroupPublic",
		"Api/Service/Route/RulePublic",
		"Api/Service/Task/ExecutionRole",
		"Api/Service/Task/ExecutionRole/Policy",
		"Api/Service/Task/Role",
		"Platform/Cluster/Cluster",
		"Platform/Cluster/Cluster/Cluster",
		"Platform/Network/VPC/PrivateSubnet1/DefaultRoute",
		"Platform/Network/VPC/PrivateSubnet1/RouteTableAssociation",
		"Platform/Network/VPC/PrivateSubnet2/DefaultRoute",
		"Platform/Network/VPC/PrivateSubnet2/RouteTableAssociation",
	}
	if diff := cmp.Diff(want, sorted(waits)); diff != "" {
		t.Error(diff)
	}
}

// TestRebalancing is on wherever ECS has room to start a task before it stops one.
func TestRebalancing(t *testing.T) {
	for want, policy := range map[string]deployment.Rolling{
		"ENABLED":  {MaxPercent: 150},
		"DISABLED": {MinHealthyPercent: 50, MaxPercent: 100},
	} {
		properties := onlyService(t, synthWeb(t, func(p *web.Props) { p.Deploy = policy }))["Properties"].(map[string]any)
		if got := properties["AvailabilityZoneRebalancing"]; got != want {
			t.Errorf("%+v: got %v, want %s", policy, got, want)
		}
	}
}

// TestTmpfsBelongsToTheUser finds who can write to the directories in memory.
func TestTmpfsBelongsToTheUser(t *testing.T) {
	for user, want := range map[string][]any{
		"":        {"uid=1000", "gid=1000"},
		"101":     {"uid=101"},
		"101:app": {"uid=101"},
		"app":     {"mode=1777"},
	} {
		template := synthStack(t, func(stack awscdk.Stack) { task.New(stack, "Task", task.Props{Image: "a:1", User: user}) })
		for _, definition := range resourcesOf(template, "AWS::ECS::TaskDefinition") {
			linux := definition["ContainerDefinitions"].([]any)[0].(map[string]any)["LinuxParameters"].(map[string]any)
			if diff := cmp.Diff(want, linux["Tmpfs"].([]any)[0].(map[string]any)["MountOptions"]); diff != "" {
				t.Errorf("user %q: %s", user, diff)
			}
		}
	}
}

// TestMovingTagsAreAdvisedAgainst reads the warnings of a stack with images whose tag says little.
func TestMovingTagsAreAdvisedAgainst(t *testing.T) {
	for image, want := range map[string]int{
		"nginx":                           1,
		"nginx:latest":                    1,
		"registry.example.com:5000/nginx": 1,
		"nginx:1.29":                      0,
		"nginx@sha256:" + cases.Digest:    0,
	} {
		app := snapshot.NewApp(t)
		stack := awscdk.NewStack(app, jsii.String("Stack"), nil)
		task.New(stack, "Task", task.Props{Image: image})
		app.Synth(nil)
		metadata, err := os.ReadFile(filepath.Join(*app.Outdir(), "Stack.metadata.json"))
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Count(string(metadata), "[ack: @ecskit/task:movingTag]")
		if got != want {
			t.Errorf("%s: got %d warnings, want %d", image, got, want)
		}
	}
}

// TestGraceWithoutTargets is for containers with a health check of their own.
func TestGraceWithoutTargets(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		n := network.New(stack, "Network", network.Props{})
		service.New(stack, "Worker", service.Props{
			Cluster:          cluster.New(stack, "Cluster", cluster.Props{Network: n}),
			Task:             task.Props{Image: "worker:1", HealthCheck: &task.HealthCheck{Command: []string{"CMD", "true"}}},
			HealthCheckGrace: 90 * time.Second,
		})
	})
	if got := onlyService(t, template)["Properties"].(map[string]any)["HealthCheckGracePeriodSeconds"]; got != 90.0 {
		t.Errorf("got %v, want 90", got)
	}
}

// TestOneSubnetAZone gives a load balancer one subnet of each zone, of a VPC that has several.
func TestOneSubnetAZone(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		vpc := awsec2.Vpc_FromVpcAttributes(stack, jsii.String("VPC"), &awsec2.VpcAttributes{
			VpcId: jsii.String("vpc-1"), VpcCidrBlock: jsii.String("10.0.0.0/16"),
			AvailabilityZones:  jsii.Strings("us-east-1a", "us-east-1b"),
			PrivateSubnetNames: jsii.Strings("App", "Batch"),
			PrivateSubnetIds:   jsii.Strings("subnet-a1", "subnet-a2", "subnet-b1", "subnet-b2"),
		})
		p := platform.New(stack, "Platform", platform.Props{
			Network: network.Props{VPC: vpc}, NoPublic: true, Internal: true, PlainHTTP: true,
		})
		web.New(stack, "Api", web.Props{Platform: p, Internal: true, Task: task.Props{Image: "api:1", Port: 8080}})
	})
	for _, balancer := range resourcesOf(template, "AWS::ElasticLoadBalancingV2::LoadBalancer") {
		if diff := cmp.Diff([]any{"subnet-a1", "subnet-a2"}, balancer["Subnets"]); diff != "" {
			t.Errorf("the load balancer's subnets: %s", diff)
		}
	}
	configuration := onlyService(t, template)["Properties"].(map[string]any)["NetworkConfiguration"].(map[string]any)
	subnets := configuration["AwsvpcConfiguration"].(map[string]any)["Subnets"]
	if diff := cmp.Diff([]any{"subnet-a1", "subnet-a2", "subnet-b1", "subnet-b2"}, subnets); diff != "" {
		t.Errorf("the tasks' subnets: %s", diff)
	}
}

func TestURL(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Stack"), nil)
	p := newPlatform(stack, platform.Props{
		Domain: &ingress.Domain{Name: "shop.example.com", CertificateARN: cases.CertificateARN}, Internal: true, PlainHTTP: true,
	})
	if got := *p.URL(); got != "https://shop.example.com" {
		t.Errorf("got %s", got)
	}
	if got := *p.Internal.URL(); !strings.HasPrefix(got, "http://") {
		t.Errorf("got %s", got)
	}
}

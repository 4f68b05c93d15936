package test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

// TestCodeDeployRights lists all that CodeDeploy, the function that starts it and the hooks may do.
func TestCodeDeployRights(t *testing.T) {
	template := synthStack(t, cases.CodeDeployed)
	all := policies(template)
	const api = "Stack/Api/Service/"
	const self = "Allow lambda:InvokeFunction on ${" + api
	write := func(function string) string {
		return "Allow logs:CreateLogStream logs:PutLogEvents on ${" + api + function + "/Function/LogGroup.Arn}"
	}
	const pass = "Allow iam:PassRole on ${" + api + "Task/ExecutionRole.Arn} ${" + api + "Task/Role.Arn} " +
		`if {"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}`
	const arn = "arn:${AWS::Partition}:"
	const here = ":${AWS::Region}:${AWS::AccountId}:"
	const clusterName, serviceName = "${Stack/Platform/Cluster/Cluster}", "${" + api + "Service.Name}"
	const group = arn + "codedeploy" + here + "deploymentgroup:${" + api + "CodeDeploy/Application}/${" + api + "CodeDeploy/Group}"
	const tasks = arn + "ecs" + here + "task/" + clusterName + "/*"
	const inCluster = ` if {"ArnEquals":{"ecs:cluster":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":ecs:",{"Ref":"AWS::Region"},":",` +
		`{"Ref":"AWS::AccountId"},":cluster/",{"Ref":"PlatformClusterF30B9301"}]]}}}`
	for path, want := range map[string][]string{
		"CodeDeploy/Role/Policy": {
			"Allow ecs:DescribeServices ecs:UpdateServicePrimaryTaskSet on ${" + api + "Service}",
			"Allow ecs:CreateTaskSet ecs:DeleteTaskSet on " + arn + "ecs" + here + "task-set/" + clusterName + "/" + serviceName + "/*",
			"Allow elasticloadbalancing:ModifyListener on ${Stack/Platform/Public/LoadBalancer/HTTPS} ${Stack/Platform/Public/LoadBalancer/Test}",
			"Allow elasticloadbalancing:ModifyRule on ${" + api + "Route/RulePublic} ${" + api + "Route/TestRulePublic}",
			"Allow cloudwatch:DescribeAlarms elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeRules " +
				"elasticloadbalancing:DescribeTargetGroups on *",
			pass,
			"Allow lambda:InvokeFunction on ${Stack/Validate.Arn} arn:aws:lambda:us-east-1:123456789012:function:check",
		},
		"CodeDeploy/Hooks": {"Allow codedeploy:PutLifecycleEventHookExecutionStatus on " + group},
		"CodeDeploy/Function/Role/Policy": {
			write("CodeDeploy"),
			"Allow codedeploy:ContinueDeployment codedeploy:CreateDeployment codedeploy:GetDeployment codedeploy:ListDeployments " +
				"codedeploy:StopDeployment codedeploy:UpdateDeploymentGroup on " + group,
			"Allow codedeploy:GetApplicationRevision codedeploy:RegisterApplicationRevision on " +
				arn + "codedeploy" + here + "application:${" + api + "CodeDeploy/Application}",
			"Allow codedeploy:GetDeploymentConfig on " + arn + "codedeploy" + here + "deploymentconfig:${" + api + "CodeDeploy/Config} " +
				arn + "codedeploy" + here + "deploymentconfig:CodeDeployDefault.ECSAllAtOnce",
			"Allow ecs:DescribeServices on ${" + api + "Service}",
			self + "CodeDeploy/Function/Function.Arn}",
		},
		"BeforeRelease/Function/Role/Policy": {
			write("BeforeRelease"),
			"Allow ecs:RunTask on " + arn + "ecs" + here + "task-definition/Stack-Api-Service-Task:*" + inCluster,
			"Allow ecs:TagResource on " + tasks + ` if {"StringEquals":{"ecs:CreateAction":"RunTask"}}`,
			"Allow ecs:StopTask on " + tasks + ` if {"StringEquals":{"aws:ResourceTag/ecskit:before-release":"Stack/Api/Service"}}`,
			"Allow ecs:DescribeTasks on " + tasks + inCluster,
			"Allow ecs:ListTasks on *" + inCluster,
			pass,
			self + "BeforeRelease/Function/Function.Arn}",
		},
	} {
		got := all[api+path]
		for i := range got {
			got[i] = keyed.ReplaceAllString(got[i], "$1}")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

// TestCodeDeployTheSecondTime changes one thing of a service that CodeDeploy deploys and lists what differs: never the service itself,
// which CloudFormation could not change, nor a rule or a target group.
func TestCodeDeployTheSecondTime(t *testing.T) {
	services := []shift{{0, "OnFargate", deployment.CodeDeploy{}, false}, {1, "OnPool", deployment.CodeDeploy{}, true}}
	port := func(s shift) []string {
		if s.onPool {
			return []string{"~CodeDeploy/Release/Default", "~Task/Definition"}
		}
		return []string{
			"+Reach/In9090Public", "+Reach/Out9090Public", "-Reach/In8080Public", "-Reach/Out8080Public", "~CodeDeploy/Release/Default", "~Ready",
			"~Task/Definition",
		}
	}
	compareWithFirst(t, services, platform.Props{PlainHTTP: true}, map[string]secondTime{
		"image":    {func(p *web.Props) { p.Task.Image = "api:2" }, in("~Task/Definition"), true},
		"variable": {func(p *web.Props) { p.Task.Environment = map[string]string{"A": "1"} }, in("~Task/Definition"), true},
		"secret": {
			func(p *web.Props) { p.Task.Secrets = secret.Map{"A": secret.ParameterStore{Name: "/a"}} },
			in("~Task/Definition", "~Task/ExecutionRole/Policy"), true,
		},
		"port":       {func(p *web.Props) { p.Task.Port, p.Deploy = 9090, deployment.CodeDeploy{CreatedWithPort: 8080} }, port, true},
		"scaling":    {func(p *web.Props) { p.Scaling = &scaling.Policy{Max: 9} }, in("~Scaling/Target"), false},
		"no scaling": {func(p *web.Props) { p.Scaling = nil }, in("-Scaling/CPU", "~Scaling/Target"), false},
		"count":      {func(p *web.Props) { p.Scaling, p.Count = nil, 3 }, in("-Scaling/CPU", "~Scaling/Target"), false},
		"times": {
			func(p *web.Props) { p.Deploy = deployment.CodeDeploy{Bake: time.Minute} },
			in("~CodeDeploy/Group", "~CodeDeploy/Release/Default"), false,
		},
	})
}

// TestTagsMoveNothing adds a tag to all of a stack: it must not be one for a service that CloudFormation cannot change, nor for a rule
// whose weights it would set back.
func TestTagsMoveNothing(t *testing.T) {
	for name, policy := range map[string]deployment.Policy{"CodeDeploy": deployment.CodeDeploy{}, "blue/green": deployment.BlueGreen{}} {
		release := func(tag string) map[string]any {
			return synthStack(t, func(stack awscdk.Stack) {
				web.New(stack, "Api", web.Props{
					Platform: newPlatform(stack, platform.Props{
						PlainHTTP: true, Test: &ingress.TestListener{AllowFrom: []string{"192.0.2.0/24"}},
					}),
					Task: task.Props{Image: "api:1", Port: 8080}, Deploy: policy,
				})
				if tag != "" {
					awscdk.Tags_Of(stack).Add(jsii.String("team"), &tag, nil)
				}
			})
		}
		tagged := difference(release("a"), release("b"))
		if len(tagged) < 5 {
			t.Fatalf("%s: only %v differ, so that the test shows nothing", name, tagged)
		}
		for _, path := range tagged {
			if strings.Contains(path, "Route/Rule") || strings.Contains(path, "Route/TestRule") || name == "CodeDeploy" && path == "~Service" {
				t.Errorf("%s: %s is another for another tag", name, path)
			}
		}
	}
}

// TestHooksAreShared gives one function to two services, in other stacks than its own: each has a right to it that the other's does not replace.
func TestHooksAreShared(t *testing.T) {
	templates := byName(synth(t, func(app awscdk.App) {
		shared := newStack(app, "Shared")
		p := platform.New(shared, "Platform", platform.Props{PlainHTTP: true})
		hooks := map[deployment.Event]awslambda.IFunction{deployment.AfterInstall: cases.NewFunction(shared, "Check")}
		for _, id := range []string{"A", "B"} {
			web.New(newStack(app, id), "Api", web.Props{
				Platform: p, Task: task.Props{Image: "api:1", Port: 8080}, Route: ingress.Route{Path: "/" + id + "/*"},
				Deploy: deployment.CodeDeploy{Hooks: hooks},
			})
		}
	}))
	names := map[any]bool{}
	for _, id := range []string{"A", "B"} {
		names[resourcesOf(templates[id], "AWS::IAM::Policy")[id+"/Api/Service/CodeDeploy/Hooks"]["PolicyName"]] = true
	}
	if len(names) != 2 || names[nil] {
		t.Errorf("got %v, want two names", names)
	}
}

// TestFunctionsMayDoWhatTheyDo compares the calls in the code of each function with the rights of its role.
func TestFunctionsMayDoWhatTheyDo(t *testing.T) {
	template := synthStack(t, cases.CodeDeployed)
	all := policies(template)
	asker := regexp.MustCompile(`const (\w+) = asker\('[^']+', new (\w+)\.`)
	asked := regexp.MustCompile(`await (\w+)\('(\w+)', \{`)
	for path, f := range resourcesOf(template, "AWS::Lambda::Function") {
		if !strings.HasPrefix(path, "Stack/Api/Service/") {
			continue
		}
		code := f["Code"].(map[string]any)["ZipFile"].(string)
		granted := strings.Join(all[strings.TrimSuffix(path, "/Function")+"/Role/Policy"], " ")
		if !strings.Contains(granted, "lambda:InvokeFunction ") {
			t.Errorf("%s calls itself and may not", path)
		}
		services := map[string]string{}
		for _, client := range asker.FindAllStringSubmatch(code, -1) {
			services[client[1]] = client[2]
		}
		calls := asked.FindAllStringSubmatch(code, -1)
		if len(calls) < 4 {
			t.Fatalf("%s: found only %v", path, calls)
		}
		for _, call := range calls {
			if service := services[call[1]]; service == "" || !strings.Contains(granted, service+":"+call[2]+" ") {
				t.Errorf("%s calls %s:%s and may not", path, service, call[2])
			}
		}
	}
}

// TestCodeDeployIsToldOfReleases finds the revision in what the stack has CodeDeploy deploy, and where in the order of things.
func TestCodeDeployIsToldOfReleases(t *testing.T) {
	template := synthStack(t, cases.CodeDeployed)
	releases := resourcesOf(template, "Custom::CodeDeployRelease")
	if len(releases) != 2 {
		t.Fatalf("got %d releases, want those of Api and Cart", len(releases))
	}
	target := releases["Stack/Cart/Service/CodeDeploy/Release/Default"]["AppSpec"].(map[string]any)["Resources"].([]any)[0]
	properties := target.(map[string]any)["TargetService"].(map[string]any)["Properties"].(map[string]any)
	if got := value(template, properties["TaskDefinition"]); got != "${Stack/Cart/Service/Task/Definition}" {
		t.Errorf("got the revision %s", got)
	}
	cart := resourcesOf(template, "AWS::ECS::Service")["Stack/Cart/Service/Service"]
	if got := cart["TaskDefinition"]; got != "Stack-Cart-Service-Task" {
		t.Errorf("got the task definition %v of the service, want its family", got)
	}
	for id := range template["Resources"].(map[string]any) {
		r := resource(template, id)
		if r["Type"] == "AWS::ECS::TaskDefinition" && (r["UpdateReplacePolicy"] != "Retain" || r["DeletionPolicy"] != "Retain") {
			t.Errorf("%s does not outlive its replacement", name(template, id))
		}
	}
}

// TestCodeDeployMisuse names what CodeDeploy does not go with, and what does.
func TestCodeDeployMisuse(t *testing.T) {
	stack := newStack(snapshot.NewApp(t), "Stack")
	p := newPlatform(stack, platform.Props{PlainHTTP: true, Internal: true})
	pool := newPool(stack, "Pool", p.Cluster)
	target := []ingress.TargetProps{{LoadBalancer: p.Public}}
	hooks := map[deployment.Event]awslambda.IFunction{deployment.AfterAllowTestTraffic: cases.NewFunction(stack, "Check")}
	migrate := &deployment.Task{Command: []string{"migrate"}}
	many := []string{"a", "b", "c", "d", "e", "f"}
	for name, c := range map[string]struct {
		props service.Props
		want  []string
	}{
		"right":          {service.Props{Deploy: deployment.CodeDeploy{}, Targets: target, BeforeRelease: migrate}, nil},
		"no target":      {service.Props{Deploy: deployment.CodeDeploy{}}, []string{"Deploy"}},
		"two targets":    {service.Props{Deploy: deployment.CodeDeploy{}, Targets: append(target, ingress.TargetProps{LoadBalancer: p.Internal})}, []string{"Deploy"}},
		"tests nowhere":  {service.Props{Deploy: deployment.CodeDeploy{Hooks: hooks}, Targets: target}, []string{"Deploy.Hooks"}},
		"forced":         {service.Props{Deploy: deployment.CodeDeploy{}, Targets: target, ForceNewDeployment: "1"}, []string{"ForceNewDeployment"}},
		"many alarms":    {service.Props{Deploy: deployment.CodeDeploy{}, Targets: target, Alarms: alarm.Policy{Own: many}}, []string{"Alarms.Own"}},
		"daemon":         {service.Props{Deploy: deployment.CodeDeploy{}, Daemon: true}, []string{"Deploy"}},
		"singleton":      {service.Props{Deploy: deployment.CodeDeploy{}, Targets: target, Singleton: true}, []string{"Deploy"}},
		"policy":         {service.Props{Deploy: deployment.CodeDeploy{Bake: time.Hour}, Targets: target}, []string{"Deploy.Trigger"}},
		"no instance":    {service.Props{BeforeRelease: migrate, Capacity: pool, Task: task.Props{NetworkMode: task.Host}, Count: 4, Deploy: deployment.Rolling{MinHealthyPercent: 50}}, []string{"BeforeRelease"}},
		"an instance":    {service.Props{BeforeRelease: migrate, Capacity: pool, Task: task.Props{NetworkMode: task.Host}, Count: 3}, nil},
		"pipeline":       {service.Props{Deploy: deployment.CodeDeploy{Bake: time.Hour, Trigger: deployment.Pipeline}, Targets: target}, nil},
		"no instances":   {service.Props{Deploy: deployment.CodeDeploy{}, Targets: target, Capacity: pool, Task: task.Props{NetworkMode: task.Host}, Count: 3}, []string{"Deploy"}},
		"restarts":       {service.Props{Deploy: deployment.CodeDeploy{}, Targets: target, RestartOnSecretChange: true}, []string{"RestartOnSecretChange"}},
		"no command":     {service.Props{BeforeRelease: &deployment.Task{Timeout: time.Hour}}, []string{"BeforeRelease.Command", "BeforeRelease.Timeout"}},
		"daemon's task":  {service.Props{BeforeRelease: migrate, Daemon: true}, []string{"BeforeRelease"}},
		"pipeline's own": {service.Props{Deploy: deployment.CodeDeploy{Trigger: deployment.Pipeline}, Targets: target, BeforeRelease: migrate}, []string{"BeforeRelease"}},
		"clients that stay": {service.Props{Deploy: deployment.CodeDeploy{}, Targets: []ingress.TargetProps{
			{LoadBalancer: p.Public, Group: ingress.TargetGroup{Stickiness: time.Hour}},
		}}, []string{"Targets[0].Group.Stickiness"}},
	} {
		c.props.Cluster = p.Cluster
		c.props.Task.Image, c.props.Task.Port = "a:1", 8080
		var fields []string
		for _, problem := range c.props.Problems() {
			fields = append(fields, problem.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s\n%v", name, diff, c.props.Problems())
		}
	}
}

// TestMigrationsComeFirst has every service wait for its task before a release, and that for the rights of the roles.
func TestMigrationsComeFirst(t *testing.T) {
	template := synthStack(t, cases.Migrations)
	services, tasks := 0, 0
	for id := range template["Resources"].(map[string]any) {
		r := resource(template, id)
		after := strings.Join(listOf(template, r["DependsOn"]), " ")
		switch r["Type"] {
		case "AWS::ECS::Service":
			services++
			if !strings.Contains(after, "BeforeReleaseTask") {
				t.Errorf("%s does not wait for its task: %s", name(template, id), after)
			}
		case "Custom::TaskBeforeRelease":
			tasks++
			if !strings.Contains(after, "TaskExecutionRolePolicy") || !strings.Contains(after, "BeforeReleaseFunctionRolePolicy") {
				t.Errorf("%s does not wait for its rights: %s", name(template, id), after)
			}
		}
	}
	if services != 2 || tasks != 2 {
		t.Errorf("got %d services and %d tasks, want two of each", services, tasks)
	}
}

// keyed matches an id with what it holds of a load balancer at the end.
var keyed = regexp.MustCompile(`(Public)[0-9a-f]{8}}`)

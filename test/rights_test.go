package test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/examples/hello"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/internal/cases"
)

func TestExecutionRights(t *testing.T) {
	const logs = "Allow logs:CreateLogStream logs:PutLogEvents on ${Stack/Task/LogGroup.Arn}"
	const pull = "Allow ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer on "
	const token = "Allow ecr:GetAuthorizationToken on *"
	const literal = "arn:${AWS::Partition}:ecr:eu-west-1:123456789012:repository/shop/api"
	for name, c := range map[string]struct {
		props func(stack awscdk.Stack) task.Props
		want  []string
	}{
		"public image": {func(awscdk.Stack) task.Props {
			return task.Props{Image: "public.ecr.aws/nginx/nginx:1.29"}
		}, []string{logs}},
		"private image by tag": {func(awscdk.Stack) task.Props {
			return task.Props{Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1"}
		}, []string{logs, pull + literal, token}},
		"private image by digest, twice": {func(awscdk.Stack) task.Props {
			return task.Props{
				Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api@sha256:" + cases.Digest,
				Sidecars: []task.Container{
					{Name: "again", Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:2"},
				},
			}
		}, []string{logs, pull + literal, token}},
		"repository of the app": {func(stack awscdk.Stack) task.Props {
			repository := awsecr.NewRepository(stack, jsii.String("Repository"), nil)
			return task.Props{Image: *repository.RepositoryUri(), Repository: repository}
		}, []string{logs, pull + "${Stack/Repository.Arn}", token}},
	} {
		t.Run(name, func(t *testing.T) {
			template := synthStack(t, func(stack awscdk.Stack) { task.New(stack, "Task", c.props(stack)) })
			want := map[string][]string{"Stack/Task/ExecutionRole/Policy": c.want}
			if diff := cmp.Diff(want, policies(template)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRolesTrustTheirAccountsTasksAlone(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) { task.New(stack, "Task", task.Props{Image: "a:1"}) })
	roles := resourcesOf(template, "AWS::IAM::Role")
	if len(roles) != 2 {
		t.Fatalf("got %d roles, want 2", len(roles))
	}
	want := map[string]any{"AssumeRolePolicyDocument": map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect": "Allow", "Action": "sts:AssumeRole",
			"Principal": map[string]any{"Service": "ecs-tasks.amazonaws.com"},
			"Condition": map[string]any{"StringEquals": map[string]any{
				"aws:SourceAccount": map[string]any{"Ref": "AWS::AccountId"},
			}},
		}},
	}}
	for path, role := range roles {
		if diff := cmp.Diff(want, role); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

// TestPermissionBoundaryFromContext reaches every role, those of the CDK's own functions included.
func TestPermissionBoundaryFromContext(t *testing.T) {
	template := byName(synth(t, func(app awscdk.App) { hello.New(app, "Hello") },
		map[string]any{"@aws-cdk/core:permissionsBoundary": map[string]any{"name": "developers"}}))["Hello"]
	roles := 0
	for id := range template["Resources"].(map[string]any) {
		r := resource(template, id)
		if r["Type"] != "AWS::IAM::Role" {
			continue
		}
		roles++
		boundary := value(template, r["Properties"].(map[string]any)["PermissionsBoundary"])
		if boundary != "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/developers" {
			t.Errorf("%s has the boundary %s", id, boundary)
		}
	}
	if roles != 4 {
		t.Errorf("got %d roles, want those of the task, its start, the flow log and the function for the default group", roles)
	}
}

// TestGrantsWorkOnTheService gives the service a grant and a connection of the CDK, after it was made, and finds that
// the service waits for the right.
func TestGrantsWorkOnTheService(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		p := newPlatform(stack, platform.Props{PlainHTTP: true})
		api := web.New(stack, "Api", web.Props{Platform: p, Task: task.Props{Image: "api:1", Port: 8080}})
		awss3.NewBucket(stack, jsii.String("Bucket"), nil).GrantRead(api, nil)
		database := awsec2.NewSecurityGroup(stack, jsii.String("Database"), &awsec2.SecurityGroupProps{Vpc: p.Network.VPC})
		database.Connections().AllowFrom(api, awsec2.Port_Tcp(jsii.Number(5432)), jsii.String("api"))
	})
	const policy = "Stack/Api/Service/Task/Role/DefaultPolicy/Resource"
	want := []string{
		"Allow s3:GetBucket* s3:GetObject* s3:List* on ${Stack/Bucket.Arn} ${Stack/Bucket.Arn}/*",
	}
	if diff := cmp.Diff(want, policies(template)[policy]); diff != "" {
		t.Errorf("the task role's policy: %s", diff)
	}
	waits := false
	for id := range template["Resources"].(map[string]any) {
		if r := resource(template, id); r["Type"] == "AWS::ECS::Service" {
			for _, dependency := range r["DependsOn"].([]any) {
				waits = waits || name(template, dependency.(string))+"/Resource" == policy
			}
		}
	}
	if !waits {
		t.Error("the service does not wait for the policy")
	}
	var from []string
	for path, rule := range resourcesOf(template, "AWS::EC2::SecurityGroupIngress") {
		if strings.HasPrefix(path, "Stack/Database/") {
			from = append(from, value(template, rule["SourceSecurityGroupId"])+":"+value(template, rule["FromPort"]))
		}
	}
	if diff := cmp.Diff([]string{"${Stack/Api/Service/SecurityGroup.GroupId}:5432"}, from); diff != "" {
		t.Errorf("who reaches the database: %s", diff)
	}
}

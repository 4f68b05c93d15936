package service

import (
	_ "embed"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/function"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/internal/rights"
	"github.com/ecskit/ecskit/constructs/task"
)

// BeforeRelease is a task that runs once for each revision of the task definition, before the service does. What it waits for is
// what the service waits for but for load balancers, and what it is made to depend on.
type BeforeRelease struct {
	constructs.Construct
	// Resource is the custom resource that runs the task.
	Resource awscdk.CustomResource
}

//go:embed function/beforerelease.js
var runTask string

// grace is how much longer CloudFormation waits for a function than the function waits.
const grace = 4 * time.Minute

// beforeRelease makes the custom resource and the function that runs the task.
func (s *Service) beforeRelease(p Props) *BeforeRelease {
	b := &BeforeRelease{}
	check.Construct(b, s, "BeforeRelease")
	f := function.New(b, "Function", function.Props{Code: runTask, Rights: s.runTaskRights(p), Waits: true})
	wait := p.BeforeRelease.Wait()
	properties := map[string]any{
		"Cluster": p.Cluster.ClusterName(), "TaskDefinition": s.Task.Definition.Ref(),
		"Container": task.Main, "Command": p.BeforeRelease.Command, "TimeoutSeconds": strconv.Itoa(int(wait.Seconds())),
		"TagKey": tagKey, "TagValue": s.tag(),
	}
	if p.Task.LaunchType == task.Fargate { // never on Spot, which would end it at two minutes' notice
		properties["LaunchType"] = string(task.Fargate)
	} else {
		properties["CapacityProviderStrategy"] = shares(p.Capacity)
	}
	if s.SecurityGroup != nil {
		properties["Subnets"] = p.Cluster.Network.TaskSubnetIDs
		properties["SecurityGroups"] = []*string{s.SecurityGroup.SecurityGroupId()}
	}
	b.Resource = awscdk.NewCustomResource(b, jsii.String("Task"), &awscdk.CustomResourceProps{
		ResourceType: jsii.String("Custom::TaskBeforeRelease"), ServiceToken: f.ARN(), Properties: &properties,
		ServiceTimeout: awscdk.Duration_Seconds(jsii.Number((wait + grace).Seconds())),
	})
	b.Resource.Node().AddDependency(append(s.taskNeeds(p), f)...)
	return b
}

// runTaskRights are to run any revision of the service's own task definition, with its roles, in its cluster.
func (s *Service) runTaskRights(p Props) []rights.Statement {
	cluster := *p.Cluster.ClusterName()
	tasks := []*string{s.arn("ecs", "task/"+cluster+"/*")}
	inCluster := map[string]any{"ArnEquals": map[string]*string{"ecs:cluster": s.arn("ecs", "cluster/"+cluster)}}
	return []rights.Statement{
		{
			Actions:   []string{"ecs:RunTask"},
			Resources: []*string{s.arn("ecs", "task-definition/"+*s.Task.Definition.Family()+":*")}, Conditions: inCluster,
		},
		{
			Actions:   []string{"ecs:TagResource"},
			Resources: tasks, Conditions: map[string]any{"StringEquals": map[string]string{"ecs:CreateAction": "RunTask"}},
		},
		{
			Actions:   []string{"ecs:StopTask"},
			Resources: tasks, Conditions: map[string]any{"StringEquals": map[string]string{"aws:ResourceTag/" + tagKey: s.tag()}},
		},
		{Actions: []string{"ecs:DescribeTasks"}, Resources: tasks, Conditions: inCluster},
		{Actions: []string{"ecs:ListTasks"}, Resources: *jsii.Strings("*"), Conditions: inCluster}, // which knows no tasks
		s.passRoles(),
	}
}

// tagKey is the key of a tag that tells tasks before a release of one service from all others, by which they can be stopped.
const tagKey = "ecskit:before-release"

func (s *Service) tag() string { return names.Tag(strings.TrimSuffix(check.Place(s, ""), "/")) }

// passRoles is the right to give the roles of the task to tasks, and to nothing else.
func (s *Service) passRoles() rights.Statement {
	return rights.Statement{
		Actions: []string{"iam:PassRole"}, Resources: []*string{s.Task.Role.RoleArn(), s.Task.ExecutionRole.RoleArn()},
		Conditions: map[string]any{"StringEquals": map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
	}
}

// WaitsFor makes the task before a release come after other things too, such as the database that it migrates, in the same stack. That
// covers the rules by which the database lets the service in, if they are made below the database: db.Connections().AllowFrom(service).
func (b *BeforeRelease) WaitsFor(things ...constructs.IDependable) { b.Node().AddDependency(things...) }

// beforeReleaseProblems expects props with their defaults filled in, and names what is wrong with the task before a release.
func (p Props) beforeReleaseProblems() check.Problems {
	var ps check.Problems
	if p.BeforeRelease == nil {
		return ps
	}
	ps.In("BeforeRelease", p.BeforeRelease.Problems())
	if p.Daemon {
		ps.Add("BeforeRelease", nil, "must not be set with Daemon, whose tasks have no place of their own: put it into a service beside it")
	}
	instances := p.Capacity.Size().MaxInstances
	if p.Task.Mode() == task.Host && p.Task.Port != 0 && instances > 0 && p.tasks()+1 > instances {
		ps.Add("BeforeRelease", nil, "must not be set, or the pools must have an instance more (%d) than there are tasks, whose ports it takes", p.tasks()+1).
			See(portPage)
	}
	return ps
}

package nag

import (
	"reflect"
	"slices"
	"strings"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/job"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
)

// Decision is a finding that the library stands by.
type Decision struct {
	Construct string // type of the library's construct, such as "ingress.ALB"
	Path      string // of the resource below it, in which * stands for a part of one id
	Rule      string // id, such as "AwsSolutions-S1"
	Finding   string // what the rule names in brackets, or a regular expression between slashes; empty if it names nothing
	Reason    string
}

// Decisions lists what [Suppress] accepts, by construct.
func Decisions() []Decision {
	var all []Decision
	for construct, list := range decisions {
		for _, d := range list {
			d.Construct = construct.Elem().String()
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b Decision) int { return strings.Compare(a.Construct, b.Construct) })
	return all
}

// Ids of rules that more than one decision is about.
const (
	managedPolicy = "AwsSolutions-IAM4"
	wildcard      = "AwsSolutions-IAM5"
	openGroup     = "AwsSolutions-EC23"
	bucketLogs    = "AwsSolutions-S1"
	unreadable    = "CdkNagValidationFailure" // of the rule that it names
)

// What rules name.
const (
	anyResource = "Resource::*"
	anyTask     = `/^Resource::arn:.+:ecs:.+:.+:task\/.+\/\*$/`
	anyTaskSet  = `/^Resource::arn:.+:ecs:.+:.+:task-set\/.+\/.+\/\*$/`
	anyRevision = `/^Resource::arn:.+:ecs:.+:.+:task-definition\/[^*]+:\*$/`
	anyRun      = `/^Resource::arn:.+:states:.+:.+:execution:.+:\*$/`
)

func awsPolicy(name string) string { return `/^Policy::arn:.+:iam::aws:policy\/` + name + `$/` }

var decisions = map[reflect.Type][]Decision{
	reflect.TypeFor[*ingress.ALB](): {
		{Path: "SecurityGroup/Resource", Rule: openGroup, Reason: "a load balancer is there to be reached, from its AllowFrom alone " +
			"and where it listens alone; rule open-ingress of test/rules checks it"},
		{Path: "AccessLogs/Resource", Rule: bucketLogs, Reason: "the bucket holds access logs of a load balancer, and access logs of " +
			"access logs tell nothing that CloudTrail does not"},
	},
	reflect.TypeFor[*ingress.NLB](): {
		{Path: "AccessLogs/Resource", Rule: bucketLogs, Reason: "the bucket holds access logs of a Network Load Balancer, and access " +
			"logs of access logs tell nothing that CloudTrail does not"},
	},
	reflect.TypeFor[*ingress.Stream](): {
		{Path: "From*", Rule: openGroup, Reason: "a listener is there to be reached, from its AllowFrom alone and on its port alone; " +
			"rule open-ingress of test/rules checks it"},
	},
	reflect.TypeFor[*network.Network](): {
		{Path: "Endpoints/SecurityGroup/Resource", Rule: unreadable, Finding: openGroup, Reason: "the range is that of the VPC, a " +
			"reference, which the rule cannot read"},
	},
	reflect.TypeFor[*cluster.Pool](): {
		{Path: "Group", Rule: "AwsSolutions-AS3", Reason: "instances come and go with the tasks, which is no news; that tasks wait for " +
			"one is, and Amazon ECS tells it"},
		{Path: "Group", Rule: unreadable, Finding: "AwsSolutions-EC26", Reason: "the rule cannot read a MixedInstancesPolicy; rule " +
			"encrypted-volumes of test/rules can, and checks the volumes"},
		{Path: "Role/Policy", Rule: wildcard, Finding: anyResource, Reason: "ecs:DiscoverPollEndpoint knows no resources, and the other " +
			"rights of the agent are for one cluster, by their condition"},
		{Path: "Role/Resource", Rule: managedPolicy, Finding: awsPolicy("AmazonSSMManagedInstanceCore"), Reason: "Session Manager was " +
			"asked for, and AWS keeps this policy in step with its agent"},
	},
	reflect.TypeFor[*cluster.ManagedInstances](): {
		{Path: "InfrastructureRole/Resource", Rule: managedPolicy, Finding: awsPolicy("AmazonECSInfrastructureRolePolicyForManagedInstances"),
			Reason: "Amazon ECS makes the instances with this role, and AWS keeps the policy in step with what that takes"},
		{Path: "InstanceRole/Resource", Rule: managedPolicy, Finding: awsPolicy("AmazonECSInstanceRolePolicyForManagedInstances"),
			Reason: "AWS keeps this policy in step with the agent on the instances that it manages"},
	},
	reflect.TypeFor[*task.Task](): {
		{Path: "Definition", Rule: "AwsSolutions-ECS2", Reason: "variables are for settings: what looks like a credential is refused, by " +
			"task.Props and by rule plain-secret of test/rules, and secrets are in Secrets"},
		{Path: "ExecutionRole/Policy", Rule: wildcard, Finding: anyResource, Reason: "ecr:GetAuthorizationToken knows no resources; rule " +
			"execution-role of test/rules refuses any other right to all of them"},
		{Path: "Role/Protection", Rule: wildcard, Finding: anyTask, Reason: "tasks have no ARN before they run; those of the service " +
			"alone have the tag of the condition"},
	},
	reflect.TypeFor[*service.Service](): {
		{Path: "InfrastructureRole/Resource", Rule: managedPolicy, Finding: awsPolicy("AmazonECSInfrastructureRolePolicyForLoadBalancers"),
			Reason: "Amazon ECS shifts the traffic with this role, and AWS keeps the policy in step with what that takes"},
		{Path: "ConnectRole/Resource", Rule: managedPolicy,
			Finding: awsPolicy(`service-role\/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity`),
			Reason:  "Amazon ECS issues the certificates with this role, and AWS keeps the policy in step with what that takes"},
		{Path: "CodeDeploy/Role/Policy", Rule: wildcard, Finding: anyResource, Reason: "what CodeDeploy describes of load balancers and " +
			"alarms knows no resources; what it changes is named"},
		{Path: "CodeDeploy/Role/Policy", Rule: wildcard, Finding: anyTaskSet, Reason: "CodeDeploy makes the task sets, with ids that nobody " +
			"knows before; those of the one service"},
		{Path: "BeforeRelease/Function/Role/Policy", Rule: wildcard, Finding: anyResource, Reason: "what remains after the rights to the " +
			"cluster, the task definition and the roles knows no resources, or is bound by its condition"},
		{Path: "BeforeRelease/Function/Role/Policy", Rule: wildcard, Finding: anyRevision, Reason: "a deployment that goes back runs a " +
			"revision that is not in the template; of this family alone"},
		{Path: "BeforeRelease/Function/Role/Policy", Rule: wildcard, Finding: anyTask, Reason: "the task before a release has no ARN " +
			"before it runs; conditions bind the rights to it"},
	},
	reflect.TypeFor[*job.Job](): {
		{Path: "Role/Policy", Rule: wildcard, Finding: anyTask, Reason: "the tasks of a job have no ARN before they run; those of one " +
			"cluster, by the condition too"},
		{Path: "LockRights", Rule: wildcard, Finding: anyRun, Reason: "an execution has no ARN before it runs; those of the one state " +
			"machine"},
		{Path: "Function/Role/Policy", Rule: wildcard, Finding: anyRun, Reason: "the execution that a deployment waits for has no ARN " +
			"before it runs; those of the one state machine"},
		{Path: "DeadLetters", Rule: "AwsSolutions-SQS3", Reason: "this is a dead-letter queue: that of a schedule or of a rule of Amazon " +
			"EventBridge, which the rule does not look at"},
	},
	reflect.TypeFor[*secret.Generated](): {
		{Path: "Secret", Rule: "AwsSolutions-SMG4", Reason: "nothing but the tasks knows the value, so that a rotation had nobody else to " +
			"tell; who needs one adds a schedule to Generated.Secret"},
	},
}

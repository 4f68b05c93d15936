// Package job runs tasks that come to an end: on a schedule, on an event, or when somebody starts them.
package job

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/internal/rights"
	"github.com/ecskit/ecskit/constructs/task"
)

// Props says what job to make. A Step Functions state machine runs its tasks, however they are started: it waits for them, ends them when
// they take too long, and fails if they do.
type Props struct {
	// Cluster is where the tasks run. Required.
	Cluster *cluster.Cluster
	// Task says what a task is made of. It ends with its main container, well if that has exit code 0. Required: at least its Image.
	Task task.Props
	// Capacity is what the tasks run on. A task on Spot can be ended at two minutes' notice, which is a failure. Zero: cluster.Fargate{}.
	Capacity cluster.Capacity
	// Schedule starts the job at times. Zero: it does not.
	Schedule *Schedule
	// Events start the job when something happens. Zero: none does.
	Events []Event
	// ForEach runs a task for each element of a list in the input. Zero: one task.
	ForEach *ForEach
	// Variables are variables of the main container whose values are in the input: of an event, of the schedule or of who starts the job.
	// They map names to paths in it, such as detail.object.key, or with ForEach in the element, empty for the element itself. One that is
	// missing there, or null, is an empty text; a list or an object is JSON. A schedule has its Input and time, a deployment has nothing.
	// Zero: none.
	Variables map[string]string
	// Timeout after which a task is stopped and the job fails, in whole seconds, up to 30 days. Zero: 1 h.
	Timeout time.Duration
	// Retries is how often a task that has failed is run again, 0-10, after one minute, two, four and so on: for tasks that stand that.
	// While a deployment brings another revision of the task, the one before cannot be run again. Zero: never. What keeps ECS from starting a task for a moment is tried again in any case.
	Retries int
	// AtDeploy runs the job once with each revision of its task definition, when CloudFormation has brought it: the deployment waits for its end,
	// fails with it, and stops it when it is cancelled. Then Timeout and Retries take at most 55 min together, and the zero Timeout is 15 min. Not with ForEach and NoOverlap.
	// Let AtDeploy in the result depend on what it needs beside the job's rights. For a task before the tasks of a service, see BeforeRelease there. Zero: not then.
	AtDeploy bool
	// NoOverlap leaves a start out while the job still runs: that start succeeds, and an event is forgotten. Zero: jobs run beside
	// each other.
	NoOverlap bool
	// Topic is told when the job fails or cannot be started. Zero: nobody is told; the alarms are there.
	Topic *alarm.Topic
}

// How long a task may take unless the user says otherwise, and if a deployment waits for it.
const (
	DefaultTimeout         = time.Hour
	DefaultTimeoutAtDeploy = 15 * time.Minute
)

// Job is a state machine that runs tasks, with what starts it.
type Job struct {
	constructs.Construct
	// Task is the task definition with its roles and its log group.
	Task *task.Task
	// SecurityGroup is the group of the tasks, which may connect to anywhere; nil but in network mode awsvpc.
	SecurityGroup awsec2.SecurityGroup
	// Machine is the state machine. It is a plain resource: the CDK's module for it is large.
	Machine awscdk.CfnResource
	// Role is what the state machine may do: run exactly this revision with exactly its roles.
	Role awsiam.Role
	// Schedule is the schedule, an L1 construct of the CDK; nil without.
	Schedule awsscheduler.CfnSchedule
	// ScheduleRole is the role by which the schedule starts the state machine; nil without.
	ScheduleRole awsiam.Role
	// EventRole is the role by which events start the state machine; nil without.
	EventRole awsiam.Role
	// Rules are those of EventBridge, one for each event, L1 constructs of the CDK.
	Rules []awsevents.CfnRule
	// DeadLetters has starts that were not possible, for 14 days, an L1 construct of the CDK; nil without Schedule and Events.
	DeadLetters awssqs.CfnQueue
	// Locks is the table that keeps jobs from overlapping, a plain resource; nil without NoOverlap.
	Locks awscdk.CfnResource
	// AtDeploy is the custom resource that runs the job with each deployment; nil without.
	AtDeploy awscdk.CustomResource
	// Alarms go off when the job has failed and, with DeadLetters, when it could not be started.
	Alarms []awscloudwatch.CfnAlarm

	connections awsec2.Connections
}

var (
	_ awsiam.IGrantable   = (*Job)(nil)
	_ awsec2.IConnectable = (*Job)(nil)
)

// New makes the job, with the children "SecurityGroup", "Task", "Role", "Locks", "Machine", "DeadLetters", "ScheduleRole", "Schedule",
// "EventRole", "Event", "Event2" and so on, "Failed", "TimedOut", "NotStarted", "Function" and
// "AtDeploy". It panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Job {
	check.Must(scope, id, props.Problems(), props.ProblemsIn(scope))
	p := props.withDefaults()
	j := &Job{}
	check.Construct(j, scope, id)
	j.connect(p, check.Place(scope, id))
	j.Task = task.New(j, "Task", p.Task)
	crossstack.Share(j.Task.Role)
	j.Role = rights.NewRole(j, "Role", "states.amazonaws.com")
	if p.NoOverlap {
		j.Locks = j.newLocks()
	}
	policy := rights.Allow(j.Role, j.machineRights(p)...)
	j.Machine = awscdk.NewCfnResource(j, jsii.String("Machine"), &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::StepFunctions::StateMachine"),
		Properties: &map[string]any{
			"RoleArn": j.Role.RoleArn(), "Definition": j.definition(p),
		},
	})
	needs := []constructs.IDependable{policy, j.Task.Role, j.Task.ExecutionRole}
	if p.NoOverlap { // which nothing waits for, as it is about the state machine itself
		rights.AllowFrom(j, "LockRights", []*string{j.Role.RoleName()}, rights.Statement{
			Actions: []string{"states:DescribeExecution"}, Resources: []*string{j.executions()},
		})
	}
	j.Machine.Node().AddDependency(append(append(needs, p.Cluster.Needs()...), p.Cluster.Network.WayOut()...)...)
	if p.Schedule != nil || len(p.Events) > 0 {
		j.start(p)
	}
	j.watch(p)
	if p.AtDeploy {
		j.AtDeploy = j.runAtDeploy()
	}
	return j
}

// connect finds the security groups that the tasks are in.
func (j *Job) connect(p Props, place string) {
	if p.Task.Mode() == task.AWSVPC {
		j.SecurityGroup = awsec2.NewSecurityGroup(j, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
			Vpc: p.Cluster.Network.VPC, Description: jsii.String(names.Description("Tasks of", place)), AllowAllOutbound: jsii.Bool(true),
		})
		crossstack.Share(j.SecurityGroup)
		j.connections = j.SecurityGroup.Connections()
		return
	}
	groups := p.Capacity.SecurityGroups()
	j.connections = awsec2.NewConnections(&awsec2.ConnectionsProps{SecurityGroups: &groups})
}

// GrantPrincipal returns the task role, so that any grant of the CDK can be given to the job.
func (j *Job) GrantPrincipal() awsiam.IPrincipal { return j.Task.GrantPrincipal() }

// Connections returns who may connect to the tasks and to whom they may, for rules of your own.
func (j *Job) Connections() awsec2.Connections { return j.connections }

// ARN returns the ARN of the state machine, by which others start the job with the right to states:StartExecution.
func (j *Job) ARN() *string { return j.Machine.Ref() }

func (p Props) withDefaults() Props {
	if p.Capacity == nil {
		p.Capacity = cluster.Fargate{}
	}
	if p.Timeout == 0 && p.AtDeploy {
		p.Timeout = DefaultTimeoutAtDeploy
	} else if p.Timeout == 0 {
		p.Timeout = DefaultTimeout
	}
	p.Task.LaunchType = task.LaunchType(p.Capacity.LaunchType())
	return p
}

// arn returns the ARN of a resource of the job's own account and region.
func (j *Job) arn(service, resource string) *string {
	return jsii.String(check.EnvOf(j).ARN(service, resource))
}

// Package job makes a job of a platform: a task that runs on a schedule, on an event, or when somebody starts it, and comes to an end.
package job

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/job"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
)

// Props says what job to make.
type Props struct {
	// Platform is where it runs. Required.
	Platform *platform.Platform
	// Task says what a task is made of. It ends with its main container, well if that has exit code 0. Required: at least its Image.
	Task task.Props
	// Capacity is what the tasks run on. A task on Spot can be ended at two minutes' notice, which is a failure. Zero: cluster.Fargate{}.
	Capacity cluster.Capacity
	// Schedule starts the job at times. Zero: it does not.
	Schedule *job.Schedule
	// Events start the job when something happens. Zero: none does.
	Events []job.Event
	// ForEach runs a task for each element of a list in the input. Zero: one task.
	ForEach *job.ForEach
	// Variables are variables of the main container whose values are in the input: see [job.Props]. Zero: none.
	Variables map[string]string
	// Timeout after which a task is stopped and the job fails, in whole seconds, up to 30 days. Zero: 1 h.
	Timeout time.Duration
	// Retries is how often a task that has failed is run again, 0-10: for tasks that stand that. Zero: never.
	Retries int
	// AtDeploy runs the job once with each revision of its task definition, and the deployment waits for its end: see [job.Props]. Zero: not then.
	AtDeploy bool
	// NoOverlap leaves a start out while the job still runs. Zero: jobs run beside each other.
	NoOverlap bool
	// Topic is told when the job fails or cannot be started. Zero: the platform's AlarmTopic.
	Topic *alarm.Topic
}

// Job is a task that comes to an end.
type Job struct {
	constructs.Construct
	// Job is the job with all that it has of its own.
	Job *job.Job
}

var (
	_ awsiam.IGrantable   = (*Job)(nil)
	_ awsec2.IConnectable = (*Job)(nil)
)

// jobID is the id of the job inside the pattern.
const jobID = "Job"

// Problems names a missing platform, and everything that is wrong with the job.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	if p.Platform == nil || p.Platform.Cluster == nil {
		ps.Add("Platform", nil, "must be set, to one that platform.New or platform.Import made")
	}
	for _, problem := range p.job().Problems() {
		if problem.Field != "Cluster" { // see above
			ps = append(ps, problem)
		}
	}
	return ps
}

// problemsIn names what is wrong with the props in this scope alone.
func (p Props) problemsIn(scope constructs.Construct) check.Problems {
	var ps check.Problems
	for _, problem := range p.job().ProblemsIn(scope) {
		if problem.Field == "Cluster" {
			problem.Field = "Platform"
		}
		ps = append(ps, problem)
	}
	return ps
}

// New makes the job, with the child "Job". It panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Job {
	check.Must(scope, id, props.Problems(), props.problemsIn(scope))
	j := &Job{}
	check.Construct(j, scope, id)
	j.Job = job.New(j, jobID, props.job())
	return j
}

// GrantPrincipal returns the task role, so that any grant of the CDK can be given to the job.
func (j *Job) GrantPrincipal() awsiam.IPrincipal { return j.Job.GrantPrincipal() }

// Connections returns who may connect to the tasks and to whom they may, for rules of your own.
func (j *Job) Connections() awsec2.Connections { return j.Job.Connections() }

// ARN returns the ARN of the state machine, by which others start the job with the right to states:StartExecution.
func (j *Job) ARN() *string { return j.Job.ARN() }

func (p Props) job() job.Props {
	props := job.Props{
		Task: p.Task, Capacity: p.Capacity, Schedule: p.Schedule, Events: p.Events, ForEach: p.ForEach, Variables: p.Variables,
		Timeout: p.Timeout, Retries: p.Retries, AtDeploy: p.AtDeploy, NoOverlap: p.NoOverlap, Topic: p.Topic,
	}
	if p.Platform != nil {
		props.Cluster = p.Platform.Cluster
		props.Task.SecretsKey = p.Platform.KeyOf(p.Task)
		if props.Topic == nil {
			props.Topic = p.Platform.AlarmTopic
		}
	}
	return props
}

package deployment

import (
	"time"

	"github.com/ecskit/ecskit/constructs/check"
)

// Task is a task that runs once before a release: a database migration, say. It is the main container of the release's own
// task definition, with another command; its roles, secrets and network are those of the service. If it does not end with
// exit code 0, the deployment fails, and the service stays what it was.
//
// It runs when CloudFormation brings a new revision of the task definition, and before the service of a new stack is made: not when a
// deployment is taken back, and not for another Command alone. If CloudFormation gives up while it runs, it is stopped, and runs again with
// the next attempt: like any migration it has to stand that. It finds no other services by Service Connect, which only tasks of services do,
// but by their names in DNS.
type Task struct {
	// Command of the main container. Required.
	Command []string
	// Timeout after which the task is stopped and the deployment fails, in whole seconds, up to 55 min, for CloudFormation waits
	// no longer than an hour. Zero: 15 min.
	Timeout time.Duration
}

// DefaultTaskTimeout is how long a task before a release may take unless the user says otherwise.
const DefaultTaskTimeout = 15 * time.Minute

// maxWait is how long the task may take, so that its function can answer within the hour that CloudFormation waits.
const maxWait = 55 * time.Minute

const customResourcePage = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html"

// Problems names a missing command, and a time that is too long for CloudFormation.
func (t Task) Problems() check.Problems {
	var ps check.Problems
	if len(t.Command) == 0 {
		ps.Add("Command", nil, "must be set: what the main container does instead of serving")
	}
	ps.Seconds("Timeout", t.Wait(), time.Second, maxWait).See(customResourcePage)
	return ps
}

// Wait returns how long the task may take, the default filled in.
func (t Task) Wait() time.Duration {
	if t.Timeout == 0 {
		return DefaultTaskTimeout
	}
	return t.Timeout
}

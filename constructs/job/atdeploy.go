package job

import (
	_ "embed"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/function"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

//go:embed function/atdeploy.js
var atDeploy string

const (
	// maxAtDeploy is how long a job may take that a deployment waits for: CloudFormation waits for an hour.
	maxAtDeploy = 55 * time.Minute
	// grace is how much longer CloudFormation waits for the function than that for the job.
	grace = 4 * time.Minute

	customResourcePage = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html"
)

// runAtDeploy makes the custom resource that runs the job with each deployment.
func (j *Job) runAtDeploy() awscdk.CustomResource {
	f := function.New(j, "Function", function.Props{Code: atDeploy, Waits: true, Rights: []rights.Statement{
		{Actions: []string{"states:ListExecutions", "states:StartExecution"}, Resources: []*string{j.Machine.Ref()}},
		{Actions: []string{"states:DescribeExecution", "states:StopExecution"}, Resources: []*string{j.executions()}},
	}})
	resource := awscdk.NewCustomResource(j, jsii.String("AtDeploy"), &awscdk.CustomResourceProps{
		ResourceType: jsii.String("Custom::JobAtDeploy"), ServiceToken: f.ARN(),
		ServiceTimeout: awscdk.Duration_Seconds(jsii.Number((maxAtDeploy + grace).Seconds())),
		Properties: &map[string]any{
			"Machine": j.Machine.Ref(), "TaskDefinition": j.Task.Definition.Ref(), "TimeoutSeconds": strconv.Itoa(int(maxAtDeploy.Seconds())),
		},
	})
	resource.Node().AddDependency(f)
	return resource
}

// executions is the ARN of all executions of the state machine.
func (j *Job) executions() *string {
	name := *j.Machine.GetAtt(jsii.String("Name"), awscdk.ResolutionTypeHint_STRING).ToString()
	return jsii.String(*j.arn("states", "execution") + ":" + name + ":*")
}

// atDeployProblems names what a deployment cannot wait for.
func (p Props) atDeployProblems() check.Problems {
	var ps check.Problems
	if !p.AtDeploy {
		return ps
	}
	if inRange := p.Timeout <= maxTimeout && p.Retries <= maxRetries; inRange && p.longest() > maxAtDeploy {
		ps.Add("AtDeploy", p.longest(), "must not be set where Timeout and Retries take longer than %v together, for which CloudFormation waits", maxAtDeploy).
			See(customResourcePage)
	}
	if p.ForEach != nil {
		ps.Add("AtDeploy", p.AtDeploy, "must not be set with ForEach: a deployment has no list for it")
	}
	if p.NoOverlap {
		ps.Add("AtDeploy", p.AtDeploy, "must not be set with NoOverlap, by which the deployment could go on without it: make it a job of its own")
	}
	return ps
}

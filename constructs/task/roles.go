package task

import (
	"slices"

	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// tasksPrincipal takes on the roles of tasks.
const tasksPrincipal = "ecs-tasks.amazonaws.com"

// executionRights is exactly what ECS needs to start the task.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
func (t *Task) executionRights(p Props) []rights.Statement {
	var statements []rights.Statement
	if t.LogGroup != nil {
		statements = append(statements, rights.Statement{
			Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resources: []*string{t.LogGroup.LogGroupArn()},
		})
	}
	if repositories := p.repositories(check.EnvOf(t).Partition); len(repositories) > 0 {
		statements = append(statements, rights.Statement{
			Actions:   []string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
			Resources: repositories,
		}, rights.Statement{ // this action knows no resources
			Actions: []string{"ecr:GetAuthorizationToken"}, Resources: *jsii.Strings("*"),
		})
	}
	statements = append(statements, secretRights(t.reads)...)
	return append(statements, t.fileRights(p)...)
}

// repositories returns the ARNs of the ECR repositories of all containers, each once, in their order.
func (p Props) repositories(partition string) []*string {
	var arns []string
	for _, c := range p.Containers() {
		if arn := c.repositoryARN(partition); arn != nil {
			arns = appendOnce(arns, *arn)
		}
	}
	return *jsii.Strings(arns...)
}

func appendOnce[T comparable](items []T, item T) []T {
	if slices.Contains(items, item) {
		return items
	}
	return append(items, item)
}

package task

import (
	"slices"

	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// tasksPrincipal takes on the roles of tasks.
const tasksPrincipal = "ecs-tasks.amazonaws.com"

// executionRights is exactly what ECS needs to start the task.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
func (p Props) executionRights(partition string, logGroupARN *string) []rights.Statement {
	statements := []rights.Statement{{
		Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resources: []*string{logGroupARN},
	}}
	repositories := p.repositories(partition)
	if len(repositories) == 0 {
		return statements
	}
	return append(statements, rights.Statement{
		Actions:   []string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
		Resources: repositories,
	}, rights.Statement{ // this action knows no resources
		Actions: []string{"ecr:GetAuthorizationToken"}, Resources: *jsii.Strings("*"),
	})
}

// repositories returns the ARNs of the ECR repositories of all containers, each once, in their order.
func (p Props) repositories(partition string) []*string {
	var arns []*string
	for _, c := range p.Containers() {
		arn := c.repositoryARN(partition)
		if arn != nil && !slices.ContainsFunc(arns, func(other *string) bool { return *other == *arn }) {
			arns = append(arns, arn)
		}
	}
	return arns
}

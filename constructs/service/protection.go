package service

import (
	"strings"

	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// protectionTag is the key of a tag that the tasks get from their service, by which they are told from those of others.
const protectionTag = "ecskit:service"

// protect lets the tasks protect themselves, and no other task of the cluster. The service waits for the right, for it is below the role.
func (s *Service) protect(p Props) {
	tag := names.Tag(strings.TrimSuffix(check.Place(s, ""), "/"))
	s.Service.Tags().SetTag(jsii.String(protectionTag), &tag, nil, nil)
	rights.AllowFrom(s.Task.Role, "Protection", []*string{s.Task.Role.RoleName()}, rights.Statement{
		Actions:    []string{"ecs:GetTaskProtection", "ecs:UpdateTaskProtection"},
		Resources:  []*string{s.arn("ecs", "task/"+*p.Cluster.ClusterName()+"/*")},
		Conditions: map[string]any{"StringEquals": map[string]string{"aws:ResourceTag/" + protectionTag: tag}},
	})
}

const protectionPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html"

// protectionProblems names what has tasks that cannot be protected.
func (p Props) protectionProblems() check.Problems {
	var ps check.Problems
	if !p.TaskProtection {
		return ps
	}
	if p.Daemon {
		ps.Add("TaskProtection", p.TaskProtection, "must not be set with Daemon, whose tasks cannot be protected").See(protectionPage)
	}
	if p.settings().CodeDeploy != nil {
		ps.Add("TaskProtection", p.TaskProtection, "must not be set with deployment.CodeDeploy, under which tasks have no tag to be told apart by: "+
			"deploy by deployment.Rolling or deployment.BlueGreen").See(protectionPage)
	}
	return ps
}

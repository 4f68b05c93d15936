package rules

import (
	"regexp"
	"slices"
	"strings"
)

// onResources are actions that name what they are about, with what that is. Actions that are not listed, such as those
// of X-Ray and of the channels of ECS Exec, are assumed to know no resources.
// See https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var onResources = []struct{ action, resource string }{
	{"cloudwatch:PutMetricData", "namespace, by a Condition on cloudwatch:namespace"},
	{"cognito-idp:Admin*", "user pool"},
	{"dynamodb:*Item", "table"},
	{"dynamodb:*Table", "table"},
	{"dynamodb:GetRecords", "stream"},
	{"dynamodb:PartiQL*", "table"},
	{"dynamodb:Query", "table and index"},
	{"dynamodb:Scan", "table and index"},
	{"ecr:*Image*", "repository"},
	{"ecs:*", "task or service, or the cluster by a Condition on ecs:cluster"},
	{"elasticfilesystem:Client*", "file system"},
	{"events:PutEvents", "event bus"},
	{"execute-api:*", "API"},
	{"firehose:*", "stream"},
	{"iam:*Role*", "role"},
	{"kafka-cluster:*", "topic"},
	{"kinesis:*Record*", "stream"},
	{"kms:CreateGrant", "key"},
	{"kms:Decrypt", "key"},
	{"kms:Encrypt", "key"},
	{"kms:GenerateDataKey*", "key"},
	{"kms:Sign", "key"},
	{"lambda:Invoke*", "function"},
	{"logs:*LogEvents", "log group"},
	{"logs:CreateLogGroup", "log group"},
	{"logs:CreateLogStream", "log group"},
	{"rds-data:*", "cluster"},
	{"rds-db:*", "database user"},
	{"s3:*Bucket*", "bucket"},
	{"s3:*Object*", "object or prefix"},
	{"scheduler:*Schedule", "schedule"},
	{"secretsmanager:DeleteSecret", "secret"},
	{"secretsmanager:GetSecretValue", "secret"},
	{"secretsmanager:PutSecretValue", "secret"},
	{"secretsmanager:UpdateSecret", "secret"},
	{"sns:*Topic*", "topic"},
	{"sns:Subscribe", "topic"},
	{"sqs:*", "queue"},
	{"ssm:DeleteParameter*", "parameter"},
	{"ssm:GetParameter*", "parameter"},
	{"ssm:PutParameter", "parameter"},
	{"ssm:SendCommand", "instance and document"},
	{"ssm:StartSession", "task or instance"},
	{"states:Start*Execution", "state machine"},
	{"sts:AssumeRole*", "role"},
}

// onNone are actions among them that know no resources.
var onNone = []string{
	"*:Describe*", "*:List*", // names and settings, in most services of all resources at once
	"ecs:DeregisterTaskDefinition", // of any family
	"ecs:DiscoverPollEndpoint",     // where an agent reports to
	"ecs:*AccountSetting*",         // of the account
}

// scopes matches the keys of a Condition by which a statement says what it is about instead of by its Resource.
var scopes = regexp.MustCompile(`(?i)resourcetag/|^ecs:cluster$|^cloudwatch:namespace$|` +
	`^kms:(resourcealiases|requestalias|encryptioncontext)`)

// wildcardResource wants task roles to name resources: whatever takes over a container, by a flaw in the application or
// in one of its libraries, has the rights of its task role. Execution roles are the business of execution-role.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
func wildcardResource(m *model) []Finding {
	var found []Finding
	seen := map[*resource]bool{}
	for _, task := range m.byType[taskDefinition] {
		owner := m.target(task.at("TaskRoleArn"), role)
		if owner == nil || seen[owner] || owner == m.target(task.at("ExecutionRoleArn"), role) {
			continue
		}
		seen[owner] = true
		allowed, _ := m.statements(owner)
		for _, s := range allowed {
			found = append(found, m.unscoped(s, owner)...)
		}
	}
	return found
}

func (m *model) unscoped(s statement, owner *resource) []Finding {
	i := slices.IndexFunc(s.resources, anyResource)
	if i < 0 || scoped(s.at("Condition")) {
		return nil
	}
	actions := s.actions
	if !s.at("NotAction").absent() {
		actions = []string{"*"} // but for a few
	}
	for _, action := range actions {
		if resource := resourceOf(action); resource != "" && m.known(action) {
			return []Finding{s.at("Resource").finding(
				"the task role %s may do %s on %s, so whatever takes over a container of the task can do it to all that "+
					"the account has: name the exact %s",
				owner, action, s.resources[i], resource,
			)}
		}
	}
	return nil
}

// anyResource reports whether the Resource of a statement is "*" or an ARN without a word about the resource.
func anyResource(pattern string) bool {
	p, ok := arnFields(pattern)
	if ok {
		pattern = p[5]
	}
	return pattern != "" && strings.Trim(pattern, "*/:") == ""
}

// resourceOf returns what an action, which may have wildcards, should name, "" if nothing.
func resourceOf(action string) string {
	if slices.ContainsFunc(onNone, func(pattern string) bool { return includes(pattern, action) }) {
		return ""
	}
	for _, on := range onResources {
		if includes(on.action, action) || includes(action, on.action) {
			return on.resource
		}
	}
	return ""
}

// scoped reports whether a Condition says what a statement is about, or could.
func scoped(condition *node) bool {
	for _, operator := range condition.keys() {
		if slices.ContainsFunc(condition.at(operator).keys(), scopes.MatchString) {
			return true
		}
		if _, _, unknown := intrinsic(condition.at(operator).value); unknown {
			return true
		}
	}
	_, _, unknown := intrinsic(condition.value)
	return unknown
}

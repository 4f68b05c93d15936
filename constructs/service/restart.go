package service

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/rights"
	"github.com/ecskit/ecskit/constructs/secret"
)

// Restart replaces the tasks of a service when a value changes that they have read.
type Restart struct {
	constructs.Construct
	// Machine is the Step Functions state machine that replaces the tasks when it is started. It is a plain resource: the
	// CDK's module for it would be compiled into every program with a service.
	Machine awscdk.CfnResource
	// Rules are those of EventBridge that start it, L1 constructs of the CDK.
	Rules []awsevents.CfnRule

	starter *string
}

// restart makes the rules for the values that the tasks read, and the state machine that they start.
func (s *Service) restart(p Props) *Restart {
	r := &Restart{}
	check.Construct(r, s, "Restart")
	worker := rights.NewRole(r, "Role", "states.amazonaws.com")
	policy := rights.Allow(worker, rights.Statement{Actions: []string{"ecs:UpdateService"}, Resources: []*string{s.Service.Ref()}})
	r.Machine = awscdk.NewCfnResource(r, jsii.String("Machine"), &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::StepFunctions::StateMachine"),
		Properties: &map[string]any{
			"RoleArn":          worker.RoleArn(),
			"DefinitionString": restartDefinition(check.EnvOf(r).Partition, *p.Cluster.ClusterName(), *s.name()),
		},
	})
	r.Machine.Node().AddDependency(policy)
	starter := rights.NewRole(r, "RuleRole", "events.amazonaws.com")
	rights.Allow(starter, rights.Statement{Actions: []string{"states:StartExecution"}, Resources: []*string{r.Machine.Ref()}})
	r.starter = starter.RoleArn()

	for _, rule := range patterns(s.Task.Reads()) {
		r.StartOn(rule.id, rule.pattern)
	}
	return r
}

// restartDefinition asks ECS for a new deployment, again if ECS does not answer.
// https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
func restartDefinition(partition, cluster, service string) string {
	definition, err := json.Marshal(map[string]any{
		"StartAt": "Restart",
		"States": map[string]any{"Restart": map[string]any{
			"Type":           "Task",
			"Resource":       "arn:" + partition + ":states:::aws-sdk:ecs:updateService",
			"Parameters":     map[string]any{"Cluster": cluster, "Service": service, "ForceNewDeployment": true},
			"ResultSelector": map[string]any{"Status.$": "$.Service.Status"},
			"Retry": []any{map[string]any{
				"ErrorEquals": []string{"States.ALL"}, "IntervalSeconds": 10, "BackoffRate": 2, "MaxAttempts": 6,
			}},
			"End": true,
		}},
	})
	if err != nil {
		panic(err) // there is nothing in it that has no JSON
	}
	return string(definition)
}

// StartOn replaces the tasks on another event too, such as the change of a feature flag.
func (r *Restart) StartOn(id string, pattern map[string]any) awsevents.CfnRule {
	rule := awsevents.NewCfnRule(r, &id, &awsevents.CfnRuleProps{
		EventPattern: pattern,
		Targets: []*awsevents.CfnRule_TargetProperty{
			{Id: jsii.String("Restart"), Arn: r.Machine.Ref(), RoleArn: r.starter},
		},
	})
	r.Rules = append(r.Rules, rule)
	return rule
}

// changePattern is what one rule matches.
type changePattern struct {
	id      string
	pattern map[string]any
}

// patterns returns what matches a new version of any of the values, in patterns that are not too long.
func patterns(references []secret.Reference) []changePattern {
	var parameters, secrets, names, labels []string
	for _, r := range references {
		switch name, byName := strings.CutSuffix(r.ARN, secret.AnySuffix); {
		case r.Service == secret.ServiceSSM:
			parameters = append(parameters, r.ARN)
			continue
		case r.Stage == "": // a version that stays what it is
			continue
		case byName:
			_, name, _ = strings.Cut(name, ":secret:")
			names = append(names, name)
		default:
			secrets = append(secrets, r.ARN)
		}
		labels = append(labels, r.Stage)
	}
	labels = once(labels)
	var all []changePattern
	add := func(id string, values []string, pattern func([]string) map[string]any) {
		for i, part := range parts(once(values)) {
			all = append(all, changePattern{id + ordinal(i), pattern(part)})
		}
	}
	add("Parameters", parameters, parameterPattern)
	add("Secrets", secrets, func(arns []string) map[string]any {
		return secretPattern(map[string]any{"resources": arns}, map[string]any{"labelUpdated": labels})
	})
	add("NamedSecrets", names, func(names []string) map[string]any {
		return secretPattern(nil, map[string]any{"name": names, "labelUpdated": labels})
	})
	return all
}

// parameterPattern matches a new version of a parameter.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
func parameterPattern(arns []string) map[string]any {
	return map[string]any{
		"source": []string{"aws.ssm"}, "detail-type": []string{"Parameter Store Change"},
		"resources": arns, "detail": map[string]any{"operation": []string{"Create", "Update"}},
	}
}

// secretPattern matches a version of a secret that has got a label, as the last step of a rotation gives it.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
func secretPattern(pattern, detail map[string]any) map[string]any {
	all := map[string]any{
		"source": []string{"aws.secretsmanager"}, "detail-type": []string{"Secret Label Updated"}, "detail": detail,
	}
	maps.Copy(all, pattern)
	return all
}

// maxPattern leaves room for the rest of a pattern in the 2048 characters that EventBridge takes of one.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const maxPattern = 1500

// parts cuts a list where a pattern would become too long.
func parts(values []string) [][]string {
	var all [][]string
	length := maxPattern
	for _, v := range values {
		if length += len(v) + len(`"",`); length > maxPattern {
			all, length = append(all, nil), len(v)
		}
		all[len(all)-1] = append(all[len(all)-1], v)
	}
	return all
}

func once(values []string) []string {
	var all []string
	for _, v := range values {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

func ordinal(i int) string {
	if i == 0 {
		return ""
	}
	return strconv.Itoa(i + 1)
}

// restartProblems names values whose changes are told in another region or account, as far as these are known, and a
// service that reads none.
func (p Props) restartProblems(scope constructs.Construct) check.Problems {
	var ps check.Problems
	if !p.RestartOnSecretChange || !check.InStack(scope) {
		return ps
	}
	references := p.Task.References(scope)
	if len(patterns(references)) == 0 && len(p.Task.Problems()) == 0 {
		ps.Add("RestartOnSecretChange", p.RestartOnSecretChange, "must not be set without Secrets that can change, as a version cannot")
	}
	env := check.EnvOf(scope)
	for _, r := range references {
		arn := strings.Split(r.ARN, ":")
		if foreign(r.Region, env.Region) || len(arn) > 4 && foreign(arn[4], env.Account) {
			ps.Add("RestartOnSecretChange", r.ARN, "must not be set with a value of another region or account, where its changes are told")
		}
	}
	return ps
}

// foreign reports whether a literal is not what the stack says of itself. A stack that does not know has no literals.
func foreign(literal, own string) bool {
	return literal != own && !check.IsToken(literal) && !check.IsToken(own)
}

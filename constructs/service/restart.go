package service

import (
	"encoding/json"
	"slices"
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
			"DefinitionString": restartDefinition(*check.Stack(r).Partition(), *p.Cluster.ClusterName(), *s.Service.AttrName()),
		},
	})
	r.Machine.Node().AddDependency(policy)
	starter := rights.NewRole(r, "RuleRole", "events.amazonaws.com")
	rights.Allow(starter, rights.Statement{Actions: []string{"states:StartExecution"}, Resources: []*string{r.Machine.Ref()}})
	r.starter = starter.RoleArn()

	parameters, secrets := split(s.Task.Reads())
	if parameters != nil {
		r.StartOn("Parameters", parameterPattern(parameters))
	}
	if secrets != nil {
		r.StartOn("Secrets", secretPattern(secrets))
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

func split(references []secret.Reference) (parameters, secrets []secret.Reference) {
	for _, r := range references {
		if r.Service == secret.SSM {
			parameters = append(parameters, r)
		} else {
			secrets = append(secrets, r)
		}
	}
	return parameters, secrets
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

// parameterPattern matches a new version of a parameter.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
func parameterPattern(references []secret.Reference) map[string]any {
	return map[string]any{
		"source": []string{"aws.ssm"}, "detail-type": []string{"Parameter Store Change"},
		"resources": arnsOf(references), "detail": map[string]any{"operation": []string{"Create", "Update"}},
	}
}

// secretPattern matches a new current version of a secret: the end of a rotation, and a value that somebody has put. They
// are known by way of CloudTrail.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html
func secretPattern(references []secret.Reference) map[string]any {
	var ids []any
	for _, arn := range arnsOf(references) {
		if prefix, cut := strings.CutSuffix(arn, secret.AnySuffix); cut {
			ids = append(ids, map[string]any{"prefix": prefix + "-"}, prefix, nameOf(prefix))
		} else if ids = append(ids, arn); !check.IsToken(arn) {
			ids = append(ids, arn[:len(arn)-len(secret.AnySuffix)], nameOf(arn[:len(arn)-len(secret.AnySuffix)]))
		}
	}
	return map[string]any{
		"source": []string{"aws.secretsmanager"},
		"detail": map[string]any{"$or": []any{
			map[string]any{"eventName": []string{"RotationSucceeded"}, "additionalEventData": map[string]any{"SecretId": ids}},
			map[string]any{
				"eventName": []string{"PutSecretValue", "UpdateSecret"},
				// A rotation puts its values with a stage before it makes them the current ones.
				"requestParameters": map[string]any{"secretId": ids, "versionStages": []any{map[string]any{"exists": false}}},
			},
		}},
	}
}

func arnsOf(references []secret.Reference) []string {
	var arns []string
	for _, r := range references {
		if !slices.Contains(arns, r.ARN) {
			arns = append(arns, r.ARN)
		}
	}
	return arns
}

// nameOf returns the name at the end of a secret's ARN.
func nameOf(arn string) string {
	_, name, _ := strings.Cut(arn, ":secret:")
	return name
}

// restartProblems names values whose changes nothing here can notice.
func (p Props) restartProblems() check.Problems {
	var ps check.Problems
	if !p.RestartOnSecretChange {
		return ps
	}
	read := 0
	for _, c := range p.Task.Containers() {
		for _, source := range c.Secrets {
			read++
			if parameter, ok := source.(secret.ParameterStore); ok && parameter.Region != "" {
				ps.Add("RestartOnSecretChange", parameter.Name, "must not be set with a parameter of another region (%s), where its "+
					"changes are told", parameter.Region)
			}
		}
	}
	if read == 0 && p.Task.Logs.Splunk == nil {
		ps.Add("RestartOnSecretChange", p.RestartOnSecretChange, "must not be set without Secrets, whose changes it is about")
	}
	return ps
}

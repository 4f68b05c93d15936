// Package secret says where containers get values from that stand in no template: Parameter Store and Secrets Manager. ECS
// reads them when a task starts, with the task's execution role, and hands them over as environment variables, options of
// a log driver, or credentials of a registry.
//
// Parameter Store is the first choice; Secrets Manager where a value is rotated on a schedule or is a part of a JSON
// document. CloudFormation cannot make a SecureString: [ParameterStore.StoreCommand] is the command that does, and [Generate] a
// construct for values that nobody has to know.
package secret

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// Source is where a value comes from: a [ParameterStore] or [SecretsManager] value, or what [Generate] made.
type Source interface {
	// Problems returns what is wrong with the source itself.
	Problems() check.Problems
	// ProblemsIn returns what is wrong with it for a task in this scope alone.
	ProblemsIn(scope constructs.Construct) check.Problems
	// Reference returns what a task in this scope has to say and may do to read it. Of a source that has no key of its own
	// it is encrypted under the default, which may be nil.
	Reference(scope constructs.Construct, defaultKey awskms.IKey) Reference

	source() // what a source has to tell grows with what it is used for
}

// Map holds sources by the environment variable that a container gets the value as.
type Map map[string]Source

// Reference is how a task refers to a value, and what reading it takes.
type Reference struct {
	// ValueFrom is what a container definition or a log option holds.
	ValueFrom string
	// ARN of the parameter or the secret. A secret that is known by its name alone ends in -??????.
	ARN string
	// Service that keeps the value: SSM or SecretsManager.
	Service Service
	// Region that it is kept in, which may be a token.
	Region string
	// Key is the ARN of the customer-managed key that it is encrypted under. Zero: one that AWS manages, or none.
	Key string
}

// Service is a service of AWS that keeps values, as IAM calls it.
type Service string

// The services that ECS reads values from.
const (
	SSM            Service = "ssm"
	ServiceSecrets Service = "secretsmanager"
)

// Rights returns exactly what the references take: to read each value, and to decrypt it by way of the service that keeps
// it and for that value alone.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html#task-execution-secrets
// https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
func Rights(references []Reference) []rights.Statement {
	var statements []rights.Statement
	for _, service := range []Service{SSM, ServiceSecrets} {
		var arns []string
		var keys []key
		byKey := map[key][]string{}
		for _, r := range references {
			if r.Service != service || slices.Contains(arns, r.ARN) {
				continue
			}
			arns = append(arns, r.ARN)
			if r.Key == "" {
				continue
			}
			k := key{r.Key, r.Region}
			if byKey[k] == nil {
				keys = append(keys, k)
			}
			byKey[k] = append(byKey[k], r.ARN)
		}
		if len(arns) > 0 {
			statements = append(statements, rights.Statement{Actions: []string{service.action()}, Resources: *jsii.Strings(arns...)})
		}
		for _, k := range keys {
			statements = append(statements, rights.Statement{
				Actions: []string{"kms:Decrypt"}, Resources: *jsii.Strings(k.arn), Conditions: service.conditions(k.region, byKey[k]),
			})
		}
	}
	return statements
}

// key is a key as one service in one region uses it.
type key struct{ arn, region string }

func (s Service) action() string {
	if s == SSM {
		return "ssm:GetParameters"
	}
	return "secretsmanager:GetSecretValue"
}

// conditions hold for a key's use by the service, for one of the values.
func (s Service) conditions(region string, arns []string) map[string]any {
	context, operator := "kms:EncryptionContext:PARAMETER_ARN", "StringEquals"
	if s == ServiceSecrets {
		context = "kms:EncryptionContext:SecretARN"
	}
	if slices.ContainsFunc(arns, func(arn string) bool { return strings.HasSuffix(arn, AnySuffix) }) {
		operator = "StringLike"
	}
	conditions := map[string]any{"StringEquals": map[string]any{
		"kms:ViaService": string(s) + "." + region + "." + *awscdk.Aws_URL_SUFFIX(),
	}}
	if operator == "StringEquals" {
		conditions[operator].(map[string]any)[context] = arns
	} else {
		conditions[operator] = map[string]any{context: arns}
	}
	return conditions
}

// place is what a stack says of itself.
type place struct{ partition, region, account string }

func placeOf(scope constructs.Construct) place {
	stack := check.Stack(scope)
	return place{*stack.Partition(), *stack.Region(), *stack.Account()}
}

// arn returns the ARN of a resource in a region, the stack's own if it is empty.
func (p place) arn(service Service, region, resource string) string {
	if region == "" {
		region = p.region
	}
	return strings.Join([]string{"arn", p.partition, string(service), region, p.account, resource}, ":")
}

// keyARN returns the ARN of a source's key: its own, or the default, or none.
func keyARN(own, byDefault awskms.IKey, none bool) string {
	switch {
	case !check.IsNil(own):
		return *own.KeyArn()
	case none || check.IsNil(byDefault):
		return ""
	}
	return *byDefault.KeyArn()
}

// keyProblems names a key of another account, whose policy this library can neither read nor change.
func keyProblems(scope constructs.Construct, k awskms.IKey, trusted bool) check.Problems {
	var ps check.Problems
	if check.IsNil(k) || trusted || !check.InStack(scope) {
		return ps
	}
	account, arn := *check.Stack(scope).Account(), strings.Split(*k.KeyArn(), ":")
	if len(arn) < 6 || check.IsToken(account) || check.IsToken(arn[4]) || arn[4] == account {
		return ps
	}
	ps.Add("Key", *k.KeyArn(), "must be of the stack's account (%s), or its policy must let the task's execution role decrypt: "+
		"if it does, set KeyOfOtherAccount", account).
		See("https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html")
	return ps
}

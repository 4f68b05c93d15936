// Package secret says where containers get values from that stand in no template: Parameter Store and Secrets Manager. ECS
// reads them when a task starts, with the task's execution role, and hands them over as environment variables, options of
// a log driver, or credentials of a registry.
//
// Parameter Store is the first choice; Secrets Manager where a value is rotated on a schedule or is a part of a JSON
// document. CloudFormation cannot make a SecureString: [ParameterStore.StoreCommand] is the command that does, and [Generate] a
// construct for values that nobody has to know.
package secret

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/ask"
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
	// ARN of the parameter or the secret. A secret that is known by its name alone ends in AnySuffix.
	ARN string
	// Service that keeps the value: ServiceSSM or ServiceSecretsManager.
	Service Service
	// Region that it is kept in, which may be a token.
	Region string
	// Key is the ARN of the customer-managed key that it is encrypted under. Zero: one that AWS manages, or none.
	Key string
	// Stage is the label of the version of a secret that is read. Zero: that of a parameter, or a version that stays.
	Stage string
}

// Service is a service of AWS that keeps values, as IAM calls it.
type Service string

// The services that ECS reads values from.
const (
	ServiceSSM            Service = "ssm"
	ServiceSecretsManager Service = "secretsmanager"
)

// Use returns the conditions under which a key serves the service, in a region and for the values alone.
// https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
// https://docs.aws.amazon.com/kms/latest/developerguide/services-secrets-manager.html
func (s Service) Use(region string, arns []string) map[string]any {
	context := "kms:EncryptionContext:PARAMETER_ARN"
	if s == ServiceSecretsManager {
		context = "kms:EncryptionContext:SecretARN"
	}
	exactly := map[string]any{"kms:ViaService": string(s) + "." + region + "." + *awscdk.Aws_URL_SUFFIX()}
	if slices.ContainsFunc(arns, func(arn string) bool { return strings.HasSuffix(arn, AnySuffix) }) {
		return map[string]any{"StringEquals": exactly, "StringLike": map[string]any{context: arns}}
	}
	exactly[context] = arns
	return map[string]any{"StringEquals": exactly}
}

// arn returns the ARN of a value in a region, the stack's own if it is empty.
func (s Service) arn(stack check.Env, region, resource string) string {
	stack.Region = cmp.Or(region, stack.Region)
	return stack.ARN(string(s), resource)
}

// keyARN returns the ARN of a source's key: its own, or the default, or none.
func keyARN(own, byDefault awskms.IKey, none bool) string {
	switch {
	case !check.IsNil(own):
		return *ask.Once(own, "ARN", own.KeyArn)
	case none || check.IsNil(byDefault):
		return ""
	}
	return *ask.Once(byDefault, "ARN", byDefault.KeyArn)
}

// KeyProblems names, for values in a region, a key of another region, and one of another account, whose policy this library
// can neither read nor change, unless it is trusted to let the task decrypt. A region that is empty is the stack's.
func KeyProblems(scope constructs.Construct, field string, key awskms.IKey, region string, trusted bool) check.Problems {
	var ps check.Problems
	if check.IsNil(key) || !check.InStack(scope) {
		return ps
	}
	here, env := check.EnvOf(scope), ask.Once(key, "Env", func() check.Env {
		env := key.Env()
		return check.Env{Region: *env.Region, Account: *env.Account}
	})
	region = cmp.Or(region, here.Region)
	if differ(env.Region, region) {
		ps.Add(field, env.Region, "must be of the region of the value (%s), for a key serves its own region alone", region).
			See("https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html")
	}
	if differ(env.Account, here.Account) && !trusted {
		ps.Add(field, env.Account, "must be of the stack's account (%s), or its policy must let the task's execution role decrypt: if "+
			"it does, set KeyOfOtherAccount", here.Account).
			See("https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html")
	}
	return ps
}

// differ reports whether two values are known not to be the same.
func differ(a, b string) bool { return a != b && !check.IsToken(a) && !check.IsToken(b) }

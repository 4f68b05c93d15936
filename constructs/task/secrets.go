package task

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/internal/rights"
	"github.com/ecskit/ecskit/constructs/secret"
)

// EnvironmentFile is an object in S3 with a line NAME=value for each variable. It is read when a task starts; whoever may
// read it or the task's variables sees them, so it is no place for credentials.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html
type EnvironmentFile struct {
	// Bucket that the object is in. Required.
	Bucket awss3.IBucket
	// Key of the object, which ends in .env. Required.
	Key string
}

const (
	filePage            = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html"
	maxEnvironmentFiles = 10
)

// Problems names a missing bucket and a key that ECS does not take.
func (f EnvironmentFile) Problems() check.Problems {
	var ps check.Problems
	if check.IsNil(f.Bucket) {
		ps.Add("Bucket", nil, "must be set")
	}
	if !check.IsToken(f.Key) && (!strings.HasSuffix(f.Key, ".env") || strings.HasPrefix(f.Key, "/")) {
		ps.Add("Key", f.Key, "must be the key of an object, without a slash at its start, that ends in .env").See(filePage)
	}
	return ps
}

// secretProblems names what is wrong with the sources of the container's values.
func (c Container) secretProblems(p Props) check.Problems {
	var ps check.Problems
	for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
		field := fmt.Sprintf("Secrets[%s]", name)
		if !isVariable(name) {
			ps.Add("Secrets", name, "must have names that are not empty and hold no =, space or NUL")
		}
		if _, plain := c.Environment[name]; plain {
			ps.Add("Secrets", name, "must not have a name that Environment has too")
		}
		if source := c.Secrets[name]; check.IsNil(source) {
			ps.Add(field, nil, "must be a source, such as secret.ParameterStore")
		} else {
			ps.In(field, source.Problems())
		}
	}
	if n := len(c.EnvironmentFiles); n > maxEnvironmentFiles {
		ps.Add("EnvironmentFiles", n, "must be at most %d", maxEnvironmentFiles).See(filePage)
	} else if n > 0 && p.OS.Windows() {
		ps.Add("EnvironmentFiles", n, "must be empty on Windows").See(filePage)
	}
	for i, f := range c.EnvironmentFiles {
		ps.In(fmt.Sprintf("EnvironmentFiles[%d]", i), f.Problems())
	}
	if c.RegistryCredentials != nil {
		ps.In("RegistryCredentials", c.credentialProblems())
	}
	return ps
}

func (c Container) credentialProblems() check.Problems {
	whole := *c.RegistryCredentials
	whole.JSONKey, whole.Stage, whole.VersionID = "", "", ""
	ps := whole.Problems()
	if *c.RegistryCredentials != whole {
		ps.Add("", nil, "must be the whole secret, of which ECS takes the keys username and password").See(registryPage)
	}
	if host, _, _ := strings.Cut(c.Image, "/"); isECR(host) || !check.IsNil(c.Repository) {
		ps.Add("", nil, "must not be set with an image of ECR, which the execution role may pull").See(registryPage)
	}
	return ps
}

const registryPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html"

// ProblemsIn names what is wrong with the sources of values for a task in this scope alone. A service adds them to its
// own problems, so that all are named before anything is made.
func (p Props) ProblemsIn(scope constructs.Construct) check.Problems {
	var ps check.Problems
	for i, c := range p.Containers() {
		for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
			if source := c.Secrets[name]; !check.IsNil(source) {
				ps.In(check.Join(containerPath(i), fmt.Sprintf("Secrets[%s]", name)), source.ProblemsIn(scope))
			}
		}
		if c.RegistryCredentials != nil {
			ps.In(check.Join(containerPath(i), "RegistryCredentials"), c.RegistryCredentials.ProblemsIn(scope))
		}
	}
	if s := p.Logs.Splunk; s != nil && !check.IsNil(s.Token) {
		ps.In("Logs.Splunk.Token", s.Token.ProblemsIn(scope))
	}
	return append(ps, secret.KeyProblems(scope, "SecretsKey", p.SecretsKey, "", false)...)
}

// Reads returns the values that ECS reads when it starts the task: variables, credentials of registries, tokens of logs.
func (t *Task) Reads() []secret.Reference { return t.reads }

// References returns the values that a task in this scope reads when it starts. Those that have problems are left out.
func (p Props) References(scope constructs.Construct) []secret.Reference {
	var references []secret.Reference
	for _, n := range p.named() {
		if !check.IsNil(n.source) && len(n.source.Problems()) == 0 {
			references = append(references, n.source.Reference(scope, p.SecretsKey))
		}
	}
	return references
}

func (t *Task) secrets(c Container, p Props) any {
	var secrets []*awsecs.CfnTaskDefinition_SecretProperty
	for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
		secrets = append(secrets, t.secret(name, c.Secrets[name], p))
	}
	return orNil(secrets)
}

func (t *Task) secret(name string, source secret.Source, p Props) *awsecs.CfnTaskDefinition_SecretProperty {
	return &awsecs.CfnTaskDefinition_SecretProperty{
		Name: &name, ValueFrom: jsii.String(source.Reference(t, p.SecretsKey).ValueFrom),
	}
}

func (c Container) environmentFiles() any {
	var files []*awsecs.CfnTaskDefinition_EnvironmentFileProperty
	for _, f := range c.EnvironmentFiles {
		files = append(files, &awsecs.CfnTaskDefinition_EnvironmentFileProperty{
			Type: jsii.String("s3"), Value: f.Bucket.ArnForObjects(jsii.String(f.Key)),
		})
	}
	return orNil(files)
}

// secretRights is exactly what the references take: to read each value, and to decrypt it by way of the service that keeps
// it and for that value alone.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html#task-execution-secrets
func secretRights(references []secret.Reference) []rights.Statement {
	type key struct{ arn, region string }
	var statements []rights.Statement
	for _, kind := range []struct {
		service secret.Service
		action  string
	}{{secret.ServiceSSM, "ssm:GetParameters"}, {secret.ServiceSecretsManager, "secretsmanager:GetSecretValue"}} {
		var all []string
		var keys []key
		under := map[key][]string{}
		for _, r := range references {
			if r.Service != kind.service {
				continue
			}
			all = appendOnce(all, r.ARN)
			if r.Key != "" {
				k := key{r.Key, r.Region}
				keys, under[k] = appendOnce(keys, k), appendOnce(under[k], r.ARN)
			}
		}
		if all != nil {
			statements = append(statements, rights.Statement{Actions: []string{kind.action}, Resources: *jsii.Strings(all...)})
		}
		for _, k := range keys {
			statements = append(statements, rights.Statement{
				Actions: []string{"kms:Decrypt"}, Resources: *jsii.Strings(k.arn), Conditions: kind.service.Use(k.region, under[k]),
			})
		}
	}
	return statements
}

// fileRights are what ECS needs to read the environment files, and to decrypt those of a bucket with a key.
func (t *Task) fileRights(p Props) []rights.Statement {
	var objects, buckets, keys []string
	for _, c := range p.Containers() {
		for _, f := range c.EnvironmentFiles {
			objects = appendOnce(objects, *f.Bucket.ArnForObjects(jsii.String(f.Key)))
			buckets = appendOnce(buckets, *f.Bucket.BucketArn())
			if key := f.Bucket.EncryptionKey(); !check.IsNil(key) {
				keys = appendOnce(keys, *key.KeyArn())
			}
		}
	}
	if objects == nil {
		return nil
	}
	statements := []rights.Statement{
		{Actions: []string{"s3:GetObject"}, Resources: *jsii.Strings(objects...)},
		{Actions: []string{"s3:GetBucketLocation"}, Resources: *jsii.Strings(buckets...)},
	}
	if keys != nil {
		statements = append(statements, rights.Statement{
			Actions: []string{"kms:Decrypt"}, Resources: *jsii.Strings(keys...),
			Conditions: map[string]any{"StringEquals": map[string]any{
				"kms:ViaService": "s3." + check.EnvOf(t).Region + "." + *awscdk.Aws_URL_SUFFIX(),
			}},
		})
	}
	return statements
}

// exclude keeps everyone else from reading secrets that are to be read by the task alone.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
func (t *Task) exclude(p Props) {
	done := map[string]bool{}
	for _, named := range p.named() {
		s, ok := named.source.(secret.SecretsManager)
		if !ok || !s.Exclusive || done[s.ID()] {
			continue
		}
		done[s.ID()] = true
		id := "Exclusive" + named.id
		awssecretsmanager.NewCfnResourcePolicy(t, &id, &awssecretsmanager.CfnResourcePolicyProps{
			SecretId: jsii.String(s.ID()), BlockPublicPolicy: jsii.Bool(true),
			ResourcePolicy: map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
				"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*",
				"Condition": map[string]any{"ArnNotEquals": map[string]any{"aws:PrincipalArn": t.ExecutionRole.RoleArn()}},
			}}},
		})
	}
}

// printStoreCommands adds an output for each parameter.
func (t *Task) printStoreCommands(p Props, place string) {
	var scope constructs.Construct = t
	if !check.IsNil(p.SecretsKey) {
		if stack := awscdk.Stack_Of(p.SecretsKey); stack != check.Stack(t) {
			scope = stack
		}
	}
	done := map[string]bool{}
	for _, n := range p.named() {
		parameter, ok := n.source.(secret.ParameterStore)
		if !ok {
			continue
		}
		command := parameter.StoreCommandIn(t, p.SecretsKey)
		id := names.Key("Store", place, parameter.Name+parameter.ARN, parameter.Region)
		if command == "" || done[id] { // one that two containers read is stored once, whatever they say of its key
			continue
		}
		done[id] = true
		awscdk.NewCfnOutput(scope, &id, &awscdk.CfnOutputProps{
			Value: &command, Description: jsii.String("Stores $VALUE for " + place),
		})
	}
}

// namedSource is a value that ECS reads, and what tells it from the others of the task, however many come and go.
type namedSource struct {
	id     string
	source secret.Source
}

// named returns all values that ECS reads, in the order of containers and names.
func (p Props) named() []namedSource {
	var named []namedSource
	for _, c := range p.Containers() {
		for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
			named = append(named, namedSource{names.Key(names.Family(name), c.Name, name), c.Secrets[name]})
		}
		if c.RegistryCredentials != nil {
			named = append(named, namedSource{names.Key("Registry", c.Name), *c.RegistryCredentials})
		}
	}
	if s := p.Logs.Splunk; s != nil {
		named = append(named, namedSource{"Splunk", s.Token})
	}
	for i := range named {
		named[i].source = value(named[i].source)
	}
	return named
}

// value returns what a pointer leads to, which is a source too.
func value(source secret.Source) secret.Source {
	if check.IsNil(source) {
		return source
	}
	switch s := source.(type) {
	case *secret.ParameterStore:
		return *s
	case *secret.SecretsManager:
		return *s
	}
	return source
}

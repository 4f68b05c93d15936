package test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/examples/secrets"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

const keyARN = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"

// TestSecretRights reads every kind of source, alone and together, and lists all that the execution role may do.
func TestSecretRights(t *testing.T) {
	const (
		here    = "${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter"
		manager = "${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:"
		logs    = "Allow logs:CreateLogStream logs:PutLogEvents on ${Stack/Task/LogGroup.Arn}"
		viaSSM  = `"kms:ViaService":{"Fn::Join":["",["ssm.",{"Ref":"AWS::Region"},".",{"Ref":"AWS::URLSuffix"}]]}`
		viaSM   = `"kms:ViaService":{"Fn::Join":["",["secretsmanager.",{"Ref":"AWS::Region"},".",{"Ref":"AWS::URLSuffix"}]]}`
	)
	key := func(stack awscdk.Stack) awskms.IKey {
		return awskms.Key_FromKeyArn(stack, jsii.String("Key"), jsii.String(keyARN))
	}
	// join is a literal with what the stack says of itself, as the template has it.
	join := func(service, resource string) string {
		return `{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":` + service + `:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":` + resource + `"]]}`
	}
	for name, c := range map[string]struct {
		props func(stack awscdk.Stack) task.Props
		want  []string
	}{
		"parameter": {func(awscdk.Stack) task.Props {
			return task.Props{Secrets: secret.Map{"A": secret.ParameterStore{Name: "/a"}}}
		}, []string{logs, "Allow ssm:GetParameters on arn:" + here + "/a"}},
		"the same parameter twice": {func(awscdk.Stack) task.Props {
			a := secret.Map{"A": secret.ParameterStore{Name: "/a"}}
			return task.Props{Secrets: a, Sidecars: []task.Container{{Name: "b", Image: "b:1", Secrets: a}}}
		}, []string{logs, "Allow ssm:GetParameters on arn:" + here + "/a"}},
		"parameters under a key": {func(stack awscdk.Stack) task.Props {
			return task.Props{SecretsKey: key(stack), Secrets: secret.Map{
				"A": secret.ParameterStore{Name: "/a"}, "B": secret.ParameterStore{Name: "b"}, "C": secret.ParameterStore{Name: "/c", NoKey: true},
			}}
		}, []string{
			logs,
			"Allow ssm:GetParameters on arn:" + here + "/a arn:" + here + "/b arn:" + here + "/c",
			"Allow kms:Decrypt on " + keyARN + ` if {"StringEquals":{"kms:EncryptionContext:PARAMETER_ARN":[` +
				join("ssm", "parameter/a") + "," + join("ssm", "parameter/b") + "]," + viaSSM + "}}",
		}},
		"parameter of another region": {func(stack awscdk.Stack) task.Props {
			return task.Props{Secrets: secret.Map{"A": secret.ParameterStore{
				ARN: "arn:aws:ssm:eu-west-1:123456789012:parameter/a",
				Key: awskms.Key_FromKeyArn(stack, jsii.String("Key"), jsii.String(cases.IrishKeyARN)),
			}}}
		}, []string{
			logs,
			"Allow ssm:GetParameters on arn:aws:ssm:eu-west-1:123456789012:parameter/a",
			"Allow kms:Decrypt on " + cases.IrishKeyARN + ` if {"StringEquals":{"kms:EncryptionContext:PARAMETER_ARN":[` +
				`"arn:aws:ssm:eu-west-1:123456789012:parameter/a"],"kms:ViaService":{"Fn::Join":["",["ssm.eu-west-1.",{"Ref":"AWS::URLSuffix"}]]}}}`,
		}},
		"parts of a secret": {func(awscdk.Stack) task.Props {
			return task.Props{Secrets: secret.Map{
				"A": secret.SecretsManager{ARN: cases.PaymentARN, JSONKey: "a"}, "B": secret.SecretsManager{ARN: cases.PaymentARN, JSONKey: "b"},
			}}
		}, []string{logs, "Allow secretsmanager:GetSecretValue on " + cases.PaymentARN}},
		"parts of a secret, the key told once": {func(stack awscdk.Stack) task.Props {
			return task.Props{Secrets: secret.Map{
				"A": secret.SecretsManager{ARN: cases.PaymentARN, JSONKey: "a"},
				"B": secret.SecretsManager{ARN: cases.PaymentARN, JSONKey: "b", Key: awskms.Key_FromKeyArn(stack, jsii.String("Key"), jsii.String(cases.IrishKeyARN))},
			}}
		}, []string{
			logs, "Allow secretsmanager:GetSecretValue on " + cases.PaymentARN,
			"Allow kms:Decrypt on " + cases.IrishKeyARN + ` if {"StringEquals":{"kms:EncryptionContext:SecretARN":["` + cases.PaymentARN +
				`"],"kms:ViaService":{"Fn::Join":["",["secretsmanager.eu-west-1.",{"Ref":"AWS::URLSuffix"}]]}}}`,
		}},
		"secret under a key": {func(stack awscdk.Stack) task.Props {
			return task.Props{Secrets: secret.Map{"A": secret.SecretsManager{Name: "a", Key: key(stack)}}}
		}, []string{
			logs,
			"Allow secretsmanager:GetSecretValue on arn:" + manager + "a-??????",
			"Allow kms:Decrypt on " + keyARN + ` if {"StringEquals":{` + viaSM + `},"StringLike":{"kms:EncryptionContext:SecretARN":[` +
				join("secretsmanager", "secret:a-??????") + "]}}",
		}},
		"registry and Splunk": {func(awscdk.Stack) task.Props {
			return task.Props{
				RegistryCredentials: &secret.SecretsManager{ARN: cases.PaymentARN},
				Logs:                task.Logs{Splunk: &task.Splunk{URL: "https://a", Token: secret.ParameterStore{Name: "/splunk"}}},
			}
		}, []string{"Allow ssm:GetParameters on arn:" + here + "/splunk", "Allow secretsmanager:GetSecretValue on " + cases.PaymentARN}},
		"file": {func(stack awscdk.Stack) task.Props {
			return task.Props{EnvironmentFiles: []task.EnvironmentFile{
				{Bucket: awss3.NewBucket(stack, jsii.String("Bucket"), nil), Key: "a.env"},
			}}
		}, []string{logs, "Allow s3:GetObject on ${Stack/Bucket.Arn}/a.env", "Allow s3:GetBucketLocation on ${Stack/Bucket.Arn}"}},
		"file in a bucket with a key": {func(stack awscdk.Stack) task.Props {
			return task.Props{EnvironmentFiles: []task.EnvironmentFile{
				{Bucket: awss3.NewBucket(stack, jsii.String("Bucket"), &awss3.BucketProps{EncryptionKey: key(stack)}), Key: "a.env"},
			}}
		}, []string{
			logs, "Allow s3:GetObject on ${Stack/Bucket.Arn}/a.env", "Allow s3:GetBucketLocation on ${Stack/Bucket.Arn}",
			"Allow kms:Decrypt on " + keyARN + ` if {"StringEquals":{"kms:ViaService":{"Fn::Join":["",["s3.",{"Ref":"AWS::Region"},".",{"Ref":"AWS::URLSuffix"}]]}}}`,
		}},
		"parameter of the app": {func(stack awscdk.Stack) task.Props {
			own := awsssm.NewStringParameter(stack, jsii.String("Own"), &awsssm.StringParameterProps{StringValue: jsii.String("x")})
			return task.Props{Secrets: secret.Map{"A": secret.ParameterStore{ARN: *own.ParameterArn()}}}
		}, []string{logs, "Allow ssm:GetParameters on arn:" + here + "/${Stack/Own}"}},
		"generated": {func(stack awscdk.Stack) task.Props {
			return task.Props{Secrets: secret.Map{"A": secret.Generate(stack, "Session", secret.GenerateProps{Name: "/a"})}}
		}, []string{logs, "Allow ssm:GetParameters on arn:" + here + "${Stack/Session/Parameter/Default}"}},
	} {
		t.Run(name, func(t *testing.T) {
			template := synthStack(t, func(stack awscdk.Stack) {
				props := c.props(stack)
				props.Image = "a:1"
				task.New(stack, "Task", props)
			})
			if diff := cmp.Diff(c.want, policies(template)["Stack/Task/ExecutionRole/Policy"]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestStoreOnce has one command for a parameter that two containers read, of which one says that it has no key.
func TestStoreOnce(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		task.New(stack, "Task", task.Props{
			Image: "a:1", StoreCommands: true, SecretsKey: secret.NewKey(stack, "Key", secret.KeyProps{}).Key,
			Secrets: secret.Map{"A": secret.ParameterStore{Name: "/a"}},
			Sidecars: []task.Container{
				{Name: "b", Image: "b:1", Secrets: secret.Map{"A": secret.ParameterStore{Name: "/a", NoKey: true}}},
			},
		})
	})
	if outputs := template["Outputs"].(map[string]any); len(outputs) != 1 {
		t.Errorf("got %v, want one command", outputs)
	}
}

// TestExclusiveSecrets reads the resource policies of secrets that nobody else may read: one for each secret, however many
// parts of it the task has.
func TestExclusiveSecrets(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		task.New(stack, "Task", task.Props{Image: "a:1", Secrets: secret.Map{
			"A": &secret.SecretsManager{ARN: cases.PaymentARN, JSONKey: "a", Exclusive: true}, // which is a source too
			"B": &secret.SecretsManager{ARN: cases.PaymentARN, JSONKey: "b", Exclusive: true},
			"C": secret.SecretsManager{Name: "shop/hmac"},
		}})
	})
	made := resourcesOf(template, "AWS::SecretsManager::ResourcePolicy")
	if len(made) != 1 {
		t.Fatalf("got %d policies, want 1", len(made))
	}
	for path, properties := range made {
		statement := properties["ResourcePolicy"].(map[string]any)["Statement"].([]any)[0].(map[string]any)
		reader := statement["Condition"].(map[string]any)["ArnNotEquals"].(map[string]any)["aws:PrincipalArn"]
		if properties["SecretId"] != cases.PaymentARN || statement["Effect"] != "Deny" || statement["Principal"] != "*" ||
			statement["Action"] != "secretsmanager:GetSecretValue" || value(template, reader) != "${Stack/Task/ExecutionRole.Arn}" {
			t.Errorf("%s: got %v", path, properties)
		}
	}
}

// TestGenerateRights is what the function that makes a parameter may do: with that parameter alone, under its key.
func TestGenerateRights(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		secret.Generate(stack, "Kept", secret.GenerateProps{Name: "/a"})
		secret.Generate(stack, "Gone", secret.GenerateProps{Name: "b", DeleteWithStack: true})
	})
	const parameter = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/"
	for id, want := range map[string]string{
		"Kept": "Allow ssm:AddTagsToResource ssm:ListTagsForResource ssm:PutParameter on " + parameter + "a",
		"Gone": "Allow ssm:AddTagsToResource ssm:DeleteParameter ssm:ListTagsForResource ssm:PutParameter on " + parameter + "b",
	} {
		wants := []string{"Allow logs:CreateLogStream logs:PutLogEvents on ${Stack/" + id + "/Function/LogGroup.Arn}", want}
		if diff := cmp.Diff(wants, policies(template)["Stack/"+id+"/Function/Role/Policy"]); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
	for path, resource := range resourcesOf(template, "Custom::SecureString") {
		for property := range resource {
			switch property {
			case "ServiceToken", "ServiceTimeout", "Name", "Length", "Characters", "Owner", "DeleteWithResource":
			default:
				t.Errorf("%s has the property %s", path, property)
			}
		}
	}
}

// TestRestartRights is what replaces the tasks of one service when one of its values changes.
func TestRestartRights(t *testing.T) {
	template := byName(synth(t, func(app awscdk.App) { secrets.New(app, "Secrets") }))["Secrets"]
	got := policies(template)
	for path, want := range map[string]string{
		"Role":     "Allow ecs:UpdateService on ${Secrets/Checkout/Service/Service}",
		"RuleRole": "Allow states:StartExecution on ${Secrets/Checkout/Service/Restart/Machine}",
	} {
		if diff := cmp.Diff([]string{want}, got["Secrets/Checkout/Service/Restart/"+path+"/Policy"]); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

// TestBoundaryReachesFunctions finds the permission boundary on every role of an app with custom resources.
func TestBoundaryReachesFunctions(t *testing.T) {
	templates := byName(synth(t, func(app awscdk.App) { secrets.New(app, "Secrets") },
		map[string]any{"@aws-cdk/core:permissionsBoundary": map[string]any{"name": "developers"}}))
	roles := 0
	for _, template := range templates {
		for path, role := range resourcesOf(template, "AWS::IAM::Role") {
			roles++
			if got := value(template, role["PermissionsBoundary"]); got != "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/developers" {
				t.Errorf("%s has the boundary %s", path, got)
			}
		}
	}
	if roles != 7 {
		t.Errorf("got %d roles, want those of the task, its start, the generator, the restart, its rules, the flow log and the default group", roles)
	}
}

// TestSecretMisuse names what is wrong with sources where they are used.
func TestSecretMisuse(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Stack"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("111122223333"), Region: jsii.String("us-east-1"),
	}})
	p := newPlatform(stack, platform.Props{PlainHTTP: true})
	foreign := awskms.Key_FromKeyArn(stack, jsii.String("Foreign"), jsii.String(keyARN))
	elsewhere := awscdk.NewStack(app, jsii.String("Elsewhere"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1"),
	}})
	generated := secret.Generate(elsewhere, "Generated", secret.GenerateProps{Name: "a"})
	err := refused(t, func() {
		web.New(stack, "Web", web.Props{
			Platform: p, RestartOnSecretChange: true,
			Task: task.Props{
				Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1", Port: 8080, RegistryCredentials: &secret.SecretsManager{Name: "a", Key: foreign},
				Environment: map[string]string{"TWICE": "1", "DB_PASSWORD": "hunter2"},
				SecretsKey:  foreign,
				Secrets: secret.Map{
					"TWICE": secret.ParameterStore{Name: "/a"}, "NIL": nil, "": secret.ParameterStore{Name: "/a"},
					"NAME": secret.ParameterStore{Name: "/a:1"}, "KEY": secret.ParameterStore{Name: "/a", Key: foreign},
					"ELSEWHERE": secret.ParameterStore{Name: "/a", Region: "eu-west-1", NoKey: true}, "GENERATED": generated,
					"FAR":   secret.ParameterStore{ARN: "arn:aws:ssm:eu-west-1:111122223333:parameter/a"},
					"OTHER": secret.ParameterStore{ARN: "arn:aws:ssm:us-east-1:999999999999:parameter/a"},
					"IRISH": secret.ParameterStore{Name: "/a", Key: awskms.Key_FromKeyArn(stack, jsii.String("Irish"), jsii.String(cases.IrishKeyARN)), KeyOfOtherAccount: true},
				},
				EnvironmentFiles: []task.EnvironmentFile{{Key: "a.txt"}},
				Logs:             task.Logs{RetentionDays: 30, Splunk: &task.Splunk{URL: "http://a", Token: secret.SecretsManager{Name: "a", Key: foreign}}},
			},
		})
	})
	want := []string{
		"Task.Environment", "Task.Secrets", "Task.Secrets[NAME].Name", "Task.Secrets[NIL]", "Task.Secrets",
		"Task.EnvironmentFiles[0].Bucket", "Task.EnvironmentFiles[0].Key", "Task.RegistryCredentials",
		"Task.Logs.Splunk", "Task.Logs.Splunk.URL",
		"Task.Secrets[FAR].Key", "Task.Secrets[GENERATED]", "Task.Secrets[IRISH].Key", "Task.Secrets[KEY].Key", "Task.Secrets[OTHER].Key", "Task.RegistryCredentials.Key",
		"Task.Logs.Splunk.Token.Key", "Task.SecretsKey", "RestartOnSecretChange", "RestartOnSecretChange", "RestartOnSecretChange",
	}
	if diff := cmp.Diff(want, problemFields(err)); diff != "" {
		t.Errorf("%s\n%v", diff, err)
	}
	err = refused(t, func() {
		web.New(stack, "Web", web.Props{Platform: p, RestartOnSecretChange: true, Task: task.Props{Image: "a:1", Port: 8080}})
	})
	if diff := cmp.Diff([]string{"RestartOnSecretChange"}, problemFields(err)); diff != "" {
		t.Error(diff)
	}
	err = refused(t, func() {
		web.New(stack, "Web", web.Props{Platform: p, RestartOnSecretChange: true, Task: task.Props{
			Image: "a:1", Port: 8080, Secrets: secret.Map{"A": secret.SecretsManager{
				ARN: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf", VersionID: "0123456789abcdef0123456789abcdef",
			}},
		}})
	})
	if diff := cmp.Diff([]string{"RestartOnSecretChange"}, problemFields(err)); diff != "" {
		t.Error(diff)
	}
	err = refused(t, func() {
		daemon.New(stack, "Daemon", daemon.Props{
			Platform: p, Task: task.Props{Image: "a:1", Secrets: secret.Map{"A": secret.ParameterStore{Name: "/a", Key: foreign}}},
		})
	})
	if diff := cmp.Diff([]string{"Task.Secrets[A].Key"}, problemFields(err)); diff != "" {
		t.Error(diff)
	}
	err = refused(t, func() { secret.Generate(stack, "Value", secret.GenerateProps{Name: "a", Key: foreign}) })
	if diff := cmp.Diff([]string{"Key"}, problemFields(err)); diff != "" {
		t.Error(diff)
	}
	err = refused(t, func() { secret.NewKey(stack, "NewKey", secret.KeyProps{Alias: "a b"}) })
	if diff := cmp.Diff([]string{"Alias"}, problemFields(err)); diff != "" {
		t.Error(diff)
	}
}

// TestRestartPatterns compares what the rules of many values match, each in no more than EventBridge takes.
func TestRestartPatterns(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		values := secret.Map{
			"NAMED": secret.SecretsManager{Name: "shop/hmac"}, "OLD": secret.SecretsManager{ARN: cases.PaymentARN, Stage: "AWSPREVIOUS"},
			"PINNED": secret.SecretsManager{ARN: strings.Replace(cases.PaymentARN, "payment", "pinned", 1), VersionID: "0123456789abcdef0123456789abcdef"},
		}
		for i := range 40 {
			values[fmt.Sprint("P", i)] = secret.ParameterStore{Name: fmt.Sprintf("/shop/prod/checkout/a-rather-long-name/%d", i)}
		}
		n := network.New(stack, "Network", network.Props{})
		service.New(stack, "Service", service.Props{
			Cluster: cluster.New(stack, "Cluster", cluster.Props{Network: n}), Task: task.Props{Image: "a:1", Secrets: values},
			RestartOnSecretChange: true,
		})
	})
	parameters, patterns := 0, map[string]any{}
	for path, rule := range resourcesOf(template, "AWS::Events::Rule") {
		pattern := rule["EventPattern"].(map[string]any)
		text, _ := json.Marshal(pattern)
		resolved := strings.NewReplacer(`{"Fn::Join":["",[`, "", `]]}`, "", `{"Ref":"AWS::Partition"}`, "aws", `{"Ref":"AWS::Region"}`,
			"ap-southeast-1", `{"Ref":"AWS::AccountId"}`, "123456789012", `","`, "").Replace(string(text))
		if len(resolved) > 2048 {
			t.Errorf("%s has a pattern of %d characters", path, len(resolved))
		}
		if resources, _ := pattern["resources"].([]any); pattern["source"].([]any)[0] == "aws.ssm" {
			parameters += len(resources)
		} else {
			patterns[strings.TrimPrefix(path, "Stack/Service/Restart/")] = pattern
		}
	}
	if parameters != 40 {
		t.Errorf("got the changes of %d parameters, want 40", parameters)
	}
	labels := []any{"AWSCURRENT", "AWSPREVIOUS"}
	want := map[string]any{
		"Secrets": map[string]any{
			"source": []any{"aws.secretsmanager"}, "detail-type": []any{"Secret Label Updated"},
			"resources": []any{cases.PaymentARN}, "detail": map[string]any{"labelUpdated": labels},
		},
		"NamedSecrets": map[string]any{
			"source": []any{"aws.secretsmanager"}, "detail-type": []any{"Secret Label Updated"},
			"detail": map[string]any{"name": []any{"shop/hmac"}, "labelUpdated": labels},
		},
	}
	if diff := cmp.Diff(want, patterns); diff != "" {
		t.Error(diff)
	}
}

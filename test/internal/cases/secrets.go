package cases

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
)

// What is in another region than the stacks that use it.
const (
	PaymentARN  = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/payment-a1B2c3"
	IrishKeyARN = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
)

// sources uses every source in every way: variables, log options, credentials of a registry, and files in S3.
func sources(stack awscdk.Stack) {
	n := network.New(stack, "Network", Existing(stack))
	c := cluster.New(stack, "Cluster", cluster.Props{Network: n})
	key := secret.NewKey(stack, "Key", secret.KeyProps{Alias: "shop", DeleteWithStack: true})
	generated := secret.Generate(stack, "Generated", secret.GenerateProps{
		Name: "session", Length: 40, Characters: "0123456789abcdef", DeleteWithStack: true,
	})
	managed := secret.Generate(stack, "Managed", secret.GenerateProps{Name: "shop/hmac", SecretsManager: true, Key: key.Key})
	own := awssecretsmanager.NewSecret(stack, jsii.String("Own"), nil)
	foreign := awskms.Key_FromKeyArn(stack, jsii.String("Foreign"), jsii.String(IrishKeyARN))
	service.New(stack, "Service", service.Props{
		Cluster: c,
		Task: task.Props{
			Image: "api:1", SecretsKey: key.Key, StoreCommands: true,
			Secrets: secret.Map{
				"BY_NAME":     secret.ParameterStore{Name: "/shop/api/NAME"},
				"BY_ARN":      secret.ParameterStore{ARN: "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/api/ARN", NoKey: true},
				"ELSEWHERE":   secret.ParameterStore{Name: "flat", Region: "eu-west-1", Key: foreign, KeyOfOtherAccount: true},
				"GENERATED":   generated,
				"HMAC":        managed,
				"OWN":         secret.SecretsManager{ARN: *own.SecretArn(), JSONKey: "password"},
				"PAYMENT":     secret.SecretsManager{ARN: PaymentARN, JSONKey: "key", Stage: "AWSPREVIOUS", Key: foreign, KeyOfOtherAccount: true},
				"PAYMENT_OLD": secret.SecretsManager{ARN: PaymentARN, VersionID: "0123456789abcdef0123456789abcdef"},
				"WHOLE":       secret.SecretsManager{Name: "shop/whole", Key: key.Key, Exclusive: true},
			},
			EnvironmentFiles: []task.EnvironmentFile{{Bucket: awss3.NewBucket(stack, jsii.String("Bucket"), nil), Key: "api/prod.env"}},
			Sidecars: []task.Container{{
				Name: "agent", Image: "registry.example.com/agent:1",
				RegistryCredentials: &secret.SecretsManager{Name: "shop/registry"},
				Secrets:             secret.Map{"TOKEN": secret.ParameterStore{Name: "/shop/api/NAME"}},
			}},
			Logs: task.Logs{Splunk: &task.Splunk{
				URL: "https://splunk.example.com", Token: secret.SecretsManager{ARN: PaymentARN, JSONKey: "splunk"},
				Index: "shop", Source: "ecs", SourceType: "api",
			}, Blocking: true},
		},
	})
}

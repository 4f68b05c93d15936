package secret_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
)

// The command that stores the value of a variable, which is read from the terminal and shown nowhere:
//
//	read -rs VALUE
func ExampleParameterStore_StoreCommand() {
	path := secret.Path{App: "shop", Stage: "prod", Service: "checkout"}

	fmt.Println(path.Parameter("DB_PASSWORD").StoreCommand("alias/Shop/Platform/SecretsKey"))
	// Output:
	// printf %s "$VALUE" | aws ssm put-parameter --overwrite --type SecureString --name /shop/prod/checkout/DB_PASSWORD --key-id alias/Shop/Platform/SecretsKey --value file:///dev/stdin
}

// A task that reads a parameter, a part of a secret, and a value that was made up for it.
func ExampleMap() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)

	task.New(stack, "Task", task.Props{
		Image: "public.ecr.aws/docker/library/busybox:1.37",
		Secrets: secret.Map{
			"DB_PASSWORD": secret.ParameterStore{Name: "/shop/prod/checkout/DB_PASSWORD"},
			"PAYMENT_KEY": secret.SecretsManager{
				ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/payment-a1B2c3", JSONKey: "api-key",
			},
			"SESSION_KEY": secret.Generate(stack, "Session", secret.GenerateProps{Name: "/shop/prod/checkout/SESSION_KEY"}),
		},
	})
}

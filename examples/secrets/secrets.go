// Package secrets is a service that reads what nobody may know: database credentials from Parameter Store under a key of
// the platform's own, the key of a payment provider from Secrets Manager, the token of its Splunk, and a session key that
// was made up for it. None of these values is in a template.
package secrets

import (
	"maps"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// New adds two stacks: the platform with the key, and the service. No task starts before its values are there, so deploy
// the platform first, store them with the commands in its outputs, and then deploy the service. Put the ARN of a secret of
// yours in place of this one, and the address of your Splunk.
func New(app awscdk.App, id string) {
	p := platform.New(newStack(app, id+"Platform"), "Platform", platform.Props{PlainHTTP: true, SecretsKey: true})
	stack := newStack(app, id)

	path := secret.Path{App: "shop", Stage: "prod", Service: "checkout"}
	session := secret.Generate(stack, "Session", secret.GenerateProps{
		Name: path.Parameter("SESSION_KEY").Name, Length: 64, Key: p.SecretsKey.Key,
	})

	values := secret.Map{
		"PAYMENT_KEY": secret.SecretsManager{
			ARN: "arn:aws:secretsmanager:us-east-1:444455556666:secret:shop/payment-a1B2c3", JSONKey: "api-key",
		},
		"SESSION_KEY": session,
	}
	maps.Copy(values, path.Parameters("DB_USER", "DB_PASSWORD"))

	web.New(stack, "Checkout", web.Props{
		Platform: p,
		Task: task.Props{
			Image:       "public.ecr.aws/nginx/nginx-unprivileged:1.29",
			Port:        8080,
			Environment: map[string]string{"DB_HOST": "db.shop.internal"},
			Secrets:     values,
			Logs: task.Logs{Splunk: &task.Splunk{
				URL: "https://splunk.example.com:8088", Token: path.Parameter("SPLUNK_TOKEN"), Index: "shop",
			}},
			StoreCommands: true,
		},
		RestartOnSecretChange: true,
	})
}

func newStack(app awscdk.App, id string) awscdk.Stack { return awscdk.NewStack(app, &id, nil) }

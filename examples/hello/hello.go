// Package hello is the least there is to say: a platform, and a web service on it.
package hello

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// New adds the stack, whose output URL is where the service answers.
func New(app awscdk.App, id string) {
	stack := awscdk.NewStack(app, &id, nil)

	p := platform.New(stack, "Platform", platform.Props{
		PlainHTTP:            true, // for want of a domain and its certificate
		NoDeletionProtection: true, // to be tried and destroyed
	})

	web.New(stack, "Web", web.Props{
		Platform: p,
		Task:     task.Props{Image: "public.ecr.aws/nginx/nginx-unprivileged:1.29", Port: 8080},
	})

	awscdk.NewCfnOutput(stack, jsii.String("URL"), &awscdk.CfnOutputProps{Value: p.URL()})
}

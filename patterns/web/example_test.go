package web_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})

	web.New(stack, "Web", web.Props{
		Platform: p,
		Task:     task.Props{Image: "public.ecr.aws/nginx/nginx-unprivileged:1.29", Port: 8080},
	})
}

// A second service behind the same load balancer, mostly on Spot, that scales and may read a table.
func ExampleProps() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true})
	table := awsdynamodb.NewTable(stack, jsii.String("Table"), &awsdynamodb.TableProps{
		PartitionKey: &awsdynamodb.Attribute{Name: jsii.String("id"), Type: awsdynamodb.AttributeType_STRING},
	})

	api := web.New(stack, "Api", web.Props{
		Platform: p,
		Task:     task.Props{Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:42", Port: 8080},
		Route:    ingress.Route{Path: "/api/*"},
		Capacity: cluster.Spot{},
		Scaling:  &scaling.Policy{Max: 20},
	})
	table.GrantReadData(api)
}

package backend_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// A service that the shop's pages call at http://orders:8080, and nobody else can.
func ExampleNew() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Shop"), nil)
	p := platform.New(stack, "Platform", platform.Props{PlainHTTP: true, Namespace: "shop.internal"})

	pages := web.New(stack, "Pages", web.Props{
		Platform: p, Task: task.Props{Image: "shop/pages:7", Port: 8080}, Connect: &discovery.Connect{},
	})
	backend.New(stack, "Orders", backend.Props{
		Platform: p, Task: task.Props{Image: "shop/orders:3", Port: 8080},
		Connect:   &discovery.Connect{Name: "orders"},
		AllowFrom: []service.Caller{pages},
	})
}

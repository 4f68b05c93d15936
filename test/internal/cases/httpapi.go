package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// apis are three APIs before one internal load balancer: for all requests, for some with tokens from pages of other origins
// under a name of its own, and for programs with credentials of AWS.
func apis(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{
		Network:  Existing(stack),
		NoPublic: true, Internal: true, InternalDomain: &ingress.Domain{Name: "internal.example.com", CertificateARN: CertificateARN},
	})
	web.New(stack, "Orders", web.Props{
		Platform: p, Internal: true, Task: task.Props{Image: "orders:1", Port: 8080}, Route: ingress.Route{Host: "orders.internal.example.com"},
	})
	plain := ingress.NewALB(stack, "Plain", ingress.ALBProps{
		Network: p.Network, Internal: true, PlainHTTP: true, AllowFrom: []string{"192.0.2.0/24"}, NoAccessLogs: true,
	})
	httpapi.New(stack, "All", httpapi.Props{LoadBalancer: p.Internal, Everything: true})
	httpapi.New(stack, "Shop", httpapi.Props{
		LoadBalancer: p.Internal, Host: "orders.internal.example.com",
		Routes: []string{"GET /orders/{id}", "POST /orders", "ANY /cart/{rest+}", "ANY /"},
		Domain: &httpapi.Domain{
			Name: "api.example.com", CertificateARN: CertificateARN, Zone: &ingress.Zone{ID: "Z0123456789ABCDEFGHIJ", Name: "example.com"},
		},
		Authorizer: httpapi.JWT{Issuer: "https://id.example.com", Audience: []string{"shop"}, Scopes: []string{"orders"}},
		CORS: &httpapi.CORS{
			Origins: []string{"https://shop.example.com"}, Methods: []string{"GET", "POST"}, Headers: []string{"authorization"}, Expose: []string{"etag"},
			Credentials: true, MaxAge: time.Hour,
		},
		Throttle: httpapi.Throttle{Rate: 50, Burst: 100}, Timeout: 5500 * time.Millisecond, LogRetentionDays: 30,
	})
	httpapi.New(stack, "Programs", httpapi.Props{
		LoadBalancer: plain, Authorizer: httpapi.IAM{}, CORS: &httpapi.CORS{Origins: []string{"*"}}, NoAccessLogs: true,
	})
}

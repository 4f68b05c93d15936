package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// attended has each door opened as the other cases do not open it, and a secret made under a key of another account.
func attended(stack awscdk.Stack) {
	domain := &ingress.Domain{Name: "example.com", CertificateARN: CertificateARN}
	p := platform.New(stack, "Platform", platform.Props{
		Network:  network.Props{Endpoints: &network.Endpoints{OnlyGateways: true, DynamoDB: true}},
		Domain:   domain,
		Firewall: &ingress.Firewall{BadInputs: ingress.Count, Reputation: ingress.Off},
		SignIn:   true,
		Internal: true, InternalDomain: domain, InternalAllowFrom: []string{"10.0.0.0/8"},
		InternalMoreDomains: []ingress.Domain{{Name: "example.org", CertificateARN: CertificateARN}},
	})
	generated := secret.Generate(stack, "Token", secret.GenerateProps{
		Name: "/shop/token", KeyOfOtherAccount: true,
		Key: awskms.Key_FromKeyArn(stack, jsii.String("Key"), jsii.String("arn:aws:kms:us-east-1:210987654321:key/12345678-90ab-cdef-1234-567890abcdef")),
	})
	web.New(stack, "Staff", web.Props{
		Platform: p, Task: task.Props{Image: "staff:1", Port: 8080, Secrets: secret.Map{"TOKEN": generated}},
		SignIn: ingress.OIDC{
			Issuer: "https://id.example.com", AuthorizationEndpoint: "https://id.example.com/authorize",
			TokenEndpoint: "https://id.example.com/token", UserInfoEndpoint: "https://id.example.com/userinfo", ClientID: "staff",
			ClientSecret: secret.SecretsManager{ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:staff/client-AbCdEf"},
			Session:      ingress.Session{Timeout: 8 * time.Hour},
		},
	})
	ingress.NewRedirect(stack, "Closed", ingress.RedirectProps{
		LoadBalancer: p.Public, Route: ingress.Route{Host: "example.com", Priority: 2}, Override: true, Host: "status.example.com",
	})
	service.New(stack, "Broker", service.Props{
		Cluster: p.Cluster,
		Task:    task.Props{Image: "broker:1", Sidecars: []task.Container{{Name: "proxy", Image: "proxy:1", Port: 1883, Essential: true}}},
		Streams: []ingress.StreamProps{{
			LoadBalancer: ingress.NewNLB(stack, "Streams", ingress.NLBProps{Network: p.Network, AllowFrom: []string{"192.0.2.0/24"}}),
			ListenerPort: 1883, Container: "proxy",
		}},
	})
	httpapi.New(stack, "API", httpapi.Props{
		LoadBalancer: p.Internal, Host: "example.com", Routes: []string{"GET /orders"}, KeepAWSName: true,
		Domain:  &httpapi.Domain{Name: "api.example.com", CertificateARN: CertificateARN},
		Subnets: []awsec2.ISubnet{p.Network.PrivateSubnets[0]},
	})
}

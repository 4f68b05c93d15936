package test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

// TestAPIElsewhere has an API in a stack after that of the load balancer, which is not changed by it, and adds a route to it.
func TestAPIElsewhere(t *testing.T) {
	build := func(routes ...string) map[string]map[string]any {
		return byName(synth(t, func(app awscdk.App) {
			p := platform.New(newStack(app, "Shared"), "Platform", platform.Props{NoPublic: true, Internal: true, PlainHTTP: true})
			if routes != nil {
				httpapi.New(newStack(app, "Front"), "API", httpapi.Props{LoadBalancer: p.Internal, Routes: routes})
			}
		}))
	}
	none, one, two := build(), build("GET /a"), build("GET /a", "GET /b")
	if diff := cmp.Diff(none["Shared"]["Resources"], one["Shared"]["Resources"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(one["Shared"], two["Shared"]); diff != "" {
		t.Error(diff)
	}
	a, b := one["Front"]["Resources"].(map[string]any), two["Front"]["Resources"].(map[string]any)
	var changed []string
	for id := range b {
		if !cmp.Equal(a[id], b[id]) {
			changed = append(changed, resource(two["Front"], id)["Type"].(string))
		}
	}
	// The stage, which takes routes over by itself, only waits for one more.
	if diff := cmp.Diff([]string{"AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage"}, sorted(changed)); diff != "" {
		t.Error(diff)
	}
	if stage := resourcesOf(one["Front"], "AWS::ApiGatewayV2::Stage"); !cmp.Equal(stage, resourcesOf(two["Front"], "AWS::ApiGatewayV2::Stage")) {
		t.Error("the properties of the stage change with its routes")
	}
}

// TestAPIMisuse finds APIs that would be before nothing, named before anything was made.
func TestAPIMisuse(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := newStack(app, "Shop")
	p := newPlatform(stack, platform.Props{
		PlainHTTP: true, Internal: true, InternalDomain: &ingress.Domain{Name: "internal.example.com", CertificateARN: cases.CertificateARN},
	})
	imported := ingress.ImportALB(stack, "Imported", ingress.ALBAttributes{
		Network: p.Network, DNSName: "a.b", SecurityGroupID: "sg-0123456789abcdef0",
		ARN:         "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/1234567890abcdef",
		ListenerARN: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/1234567890abcdef/aaaaaaaaaaaaaaaa",
	})
	elsewhere := awscdk.NewStack(app, jsii.String("Elsewhere"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("eu-north-1"),
	}})
	for name, c := range map[string]struct {
		scope constructs.Construct
		props httpapi.Props
		want  []string
		says  string
	}{
		"zero":     {stack, httpapi.Props{}, []string{"LoadBalancer", "Routes"}, "ingress.NewALB"},
		"public":   {stack, httpapi.Props{LoadBalancer: p.Public, Everything: true}, []string{"LoadBalancer"}, "Internal"},
		"imported": {stack, httpapi.Props{LoadBalancer: imported, Everything: true}, []string{"LoadBalancer"}, "this app"},
		"host":     {stack, httpapi.Props{LoadBalancer: p.Internal, Everything: true, Host: "example.org"}, []string{"Host"}, "internal.example.com"},
		"another region": {elsewhere, httpapi.Props{
			LoadBalancer: p.Internal, Everything: true, Domain: &httpapi.Domain{Name: "a.b", CertificateARN: cases.CertificateARN},
		}, []string{"LoadBalancer", "Domain.CertificateARN"}, "eu-north-1"},
	} {
		before := len(*app.Node().FindAll(constructs.ConstructOrder_PREORDER))
		err := refused(t, func() { httpapi.New(c.scope, "New", c.props) })
		if diff := cmp.Diff(c.want, problemFields(err)); diff != "" || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
		if made := len(*app.Node().FindAll(constructs.ConstructOrder_PREORDER)) - before; made != 0 {
			t.Errorf("%s: %d constructs were made", name, made)
		}
	}
}

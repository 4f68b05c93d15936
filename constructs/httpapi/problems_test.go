package httpapi

import (
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/ingress"
)

func fields(ps check.Problems) []string {
	var fields []string
	for _, p := range ps {
		fields = append(fields, p.Field)
	}
	return fields
}

// TestProblems looks at what can be said without a load balancer, which is a problem of its own.
func TestProblems(t *testing.T) {
	const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"
	zone := &ingress.Zone{ID: "Z0123456789ABCDEFGHIJ", Name: "example.com"}
	for name, c := range map[string]struct {
		props Props
		want  []string
	}{
		"zero": {Props{Everything: true}, nil},
		"both": {Props{Everything: true, Authorizer: IAM{}, KeepAWSName: true}, []string{"Everything", "KeepAWSName"}},
		"every field": {Props{
			Routes: []string{"GET /", "ANY /a/{b}/{c+}", "POST /a.b/c-d"}, Domain: &Domain{Name: "api.example.com", CertificateARN: certificate, Zone: zone},
			Authorizer: JWT{Issuer: "https://a.b", Audience: []string{"c"}}, CORS: &CORS{Origins: []string{"https://a.b", "http://localhost:3000"}},
			Throttle: Throttle{Rate: 1, Burst: 1}, Timeout: 50 * time.Millisecond, LogRetentionDays: 7,
		}, nil},
		"routes": {Props{Routes: []string{
			"/a", "get /a", "GET a", "GET /{a+}/b", "$default", "GET /a/", "GET /b", "GET /b", "ANY /a?b",
		}}, []string{"Routes", "Routes", "Routes", "Routes", "Routes", "Routes", "Routes"}},
		"domain":         {Props{Everything: true, Domain: &Domain{}}, []string{"Domain.Name", "Domain.CertificateARN"}},
		"another zone":   {Props{Everything: true, Domain: &Domain{Name: "a.example.org", CertificateARN: certificate, Zone: zone}}, []string{"Domain.Zone.Name"}},
		"JWT":            {Props{Authorizer: JWT{Issuer: "a.b", Scopes: []string{""}}}, []string{"Authorizer.Issuer", "Authorizer.Audience", "Authorizer.Scopes"}},
		"nowhere":        {Props{Everything: true, Subnets: []awsec2.ISubnet{nil}}, []string{"Subnets[0]"}},
		"nobody":         {Props{Authorizer: (*JWT)(nil)}, []string{"Authorizer"}},
		"pages":          {Props{Everything: true, CORS: &CORS{}}, []string{"CORS.Origins"}},
		"page":           {Props{Everything: true, CORS: &CORS{Origins: []string{"https://a.b/", "a.b", "https://"}, Methods: []string{"get"}}}, []string{"CORS.Origins", "CORS.Origins", "CORS.Origins", "CORS.Methods"}},
		"everyone signs": {Props{Everything: true, CORS: &CORS{Origins: []string{"*"}, Methods: []string{"GET"}, Credentials: true}}, []string{"CORS.Credentials"}},
		"too old":        {Props{Everything: true, CORS: &CORS{Origins: []string{"*"}, MaxAge: 25 * time.Hour}}, []string{"CORS.MaxAge"}},
		"throttle":       {Props{Everything: true, Throttle: Throttle{Rate: -1, Burst: -1}}, []string{"Throttle.Rate", "Throttle.Burst"}},
		"timeout":        {Props{Everything: true, Timeout: time.Minute}, []string{"Timeout"}},
		"retention":      {Props{Everything: true, LogRetentionDays: 2}, []string{"LogRetentionDays"}},
		"log of nothing": {Props{Everything: true, NoAccessLogs: true, LogRetentionDays: 7}, []string{"LogRetentionDays"}},
	} {
		if diff := cmp.Diff(append([]string{"LoadBalancer"}, c.want...), fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s\n%v", name, diff, c.props.Problems())
		}
	}
}

// TestAuthorizerByPointer has a pointer mean what the value does: an API whose authorizer is not recognized would be open.
func TestAuthorizerByPointer(t *testing.T) {
	jwt := JWT{Issuer: "https://a.b", Audience: []string{"c"}}
	for _, c := range []struct{ given, want Authorizer }{{&jwt, jwt}, {&IAM{}, IAM{}}, {jwt, jwt}, {nil, nil}} {
		if diff := cmp.Diff(c.want, Props{LoadBalancer: &ingress.ALB{}, Authorizer: c.given}.withDefaults().Authorizer); diff != "" {
			t.Error(diff)
		}
	}
}

// TestPreflights adds the routes by which browsers ask, wherever another one would take their question.
func TestPreflights(t *testing.T) {
	cors := &CORS{Origins: []string{"*"}}
	for name, c := range map[string]struct {
		props Props
		want  []string
	}{
		"no pages":    {Props{Authorizer: IAM{}, Routes: []string{everything}}, nil},
		"no question": {Props{CORS: cors, Routes: []string{everything}}, nil},
		"everything":  {Props{CORS: cors, Authorizer: IAM{}, Routes: []string{everything}}, []string{"OPTIONS /", "OPTIONS /{path+}"}},
		"some":        {Props{CORS: cors, Authorizer: IAM{}, Routes: []string{"GET /a", "ANY /b", "ANY /c", "OPTIONS /c"}}, []string{"OPTIONS /b"}},
	} {
		if diff := cmp.Diff(c.want, c.props.preflights()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

package ingress

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
)

const clientSecret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/client-AbCdEf"

var provider = OIDC{
	Issuer: "https://id.example.com", AuthorizationEndpoint: "https://id.example.com/authorize", TokenEndpoint: "https://id.example.com/token",
	UserInfoEndpoint: "https://id.example.com/me", ClientID: "shop", ClientSecret: secret.SecretsManager{ARN: clientSecret, JSONKey: "secret"},
}

func TestSignInProblems(t *testing.T) {
	with := func(change func(o *OIDC)) OIDC {
		o := provider
		change(&o)
		return o
	}
	pool := Cognito{UserPoolARN: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf", ClientID: "a", Domain: "shop"}
	for name, c := range map[string]struct {
		signIn SignIn
		want   []string
	}{
		"provider":          {provider, nil},
		"secret by name":    {with(func(o *OIDC) { o.ClientSecret = secret.SecretsManager{Name: "shop/client"} }), nil},
		"pool":              {pool, nil},
		"tokens":            {Cognito{UserPoolARN: "${Token[A.1]}", ClientID: "${Token[A.2]}", Domain: "${Token[A.3]}"}, nil},
		"no provider":       {OIDC{}, []string{"Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint", "ClientID", "ClientSecret.ARN"}},
		"no pool":           {Cognito{}, []string{"UserPoolARN", "ClientID", "Domain"}},
		"plain HTTP":        {with(func(o *OIDC) { o.TokenEndpoint = "http://id.example.com/token" }), []string{"TokenEndpoint"}},
		"another port":      {with(func(o *OIDC) { o.TokenEndpoint = "https://id.example.com:8443/token" }), []string{"TokenEndpoint"}},
		"secret":            {with(func(o *OIDC) { o.ClientSecret.ARN = "GOCSPX-4u9z0wq2" }), []string{"ClientSecret.ARN"}},
		"secret of one":     {with(func(o *OIDC) { o.ClientSecret.Exclusive = true }), []string{"ClientSecret.Exclusive"}},
		"domain with https": {Cognito{UserPoolARN: pool.UserPoolARN, ClientID: "a", Domain: "https://shop"}, []string{"Domain"}},
		"session": {with(func(o *OIDC) {
			o.Session = Session{Scope: "openid  email", Timeout: 8 * 24 * time.Hour, Cookie: "a;b"}
		}), []string{"Session.Scope", "Session.Timeout", "Session.Cookie"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.signIn.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhereUsersCanSignIn(t *testing.T) {
	n, domains := &network.Network{}, []Domain{{Name: "example.com"}}
	secure := &ALB{Network: n, domains: domains, signsIn: true}
	var none *OIDC
	for name, c := range map[string]struct {
		props TargetProps
		want  []string
	}{
		"HTTPS":       {TargetProps{LoadBalancer: secure}, nil},
		"shifting":    {TargetProps{LoadBalancer: secure, Shift: true}, []string{"SignIn"}},
		"gRPC":        {TargetProps{LoadBalancer: secure, Group: TargetGroup{Protocol: GRPC}}, []string{"Group.Protocol"}},
		"no way out":  {TargetProps{LoadBalancer: &ALB{Network: n, domains: domains}}, []string{"SignIn"}},
		"plain HTTP":  {TargetProps{LoadBalancer: &ALB{Network: n, signsIn: true}}, []string{"SignIn"}},
		"nil pointer": {TargetProps{LoadBalancer: secure, SignIn: none}, []string{"SignIn"}},
	} {
		if c.props.SignIn == nil {
			c.props.SignIn = provider
		}
		if diff := cmp.Diff(c.want, fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestSecretsAreResolved(t *testing.T) {
	for want, s := range map[string]secret.SecretsManager{
		"{{resolve:secretsmanager:" + clientSecret + ":SecretString:secret::}}": provider.ClientSecret,
		"{{resolve:secretsmanager:shop/client:SecretString:::}}":                {Name: "shop/client"},
	} {
		if got := resolved(s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

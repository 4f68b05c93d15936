package ingress

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/secret"
)

// SignIn lets a load balancer find out who a user is before a request comes to a task, which then reads it from headers:
// [OIDC] or [Cognito]. The provider must know https://<host>/oauth2/idpresponse as a callback for each host of the route.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
type SignIn interface {
	// Problems names what AWS refuses.
	Problems() check.Problems
	action() *awselasticloadbalancingv2.CfnListenerRule_ActionProperty
}

// OIDC asks an identity provider that speaks OpenID Connect.
type OIDC struct {
	// Issuer is the https URL that the provider goes by. Required.
	Issuer string
	// AuthorizationEndpoint, TokenEndpoint and UserInfoEndpoint are https URLs of the provider, on port 443. Required.
	AuthorizationEndpoint, TokenEndpoint, UserInfoEndpoint string
	// ClientID is what the provider knows the application by. Required.
	ClientID string
	// ClientSecret is where its secret is, in Secrets Manager; it is in no template. It is read when the listener rule is
	// made or changed: after another value has been stored, set the VersionID. Required.
	ClientSecret secret.SecretsManager
	// Session says how long a user stays signed in. Zero: see [Session].
	Session Session
}

// Cognito asks a user pool of Amazon Cognito.
type Cognito struct {
	// UserPoolARN is the ARN of the user pool. Required.
	UserPoolARN string
	// ClientID is the id of an app client of the pool that has a client secret. Required.
	ClientID string
	// Domain of the pool: the prefix that it has at Amazon Cognito, or the whole name if it is its own. Required.
	Domain string
	// Session says how long a user stays signed in. Zero: see [Session].
	Session Session
}

// Session says how long and for what a user is signed in.
type Session struct {
	// Scope is what the application wants to know, separated by spaces. Zero: openid.
	Scope string
	// Timeout is how long a user stays signed in, 1 s to 7 days. Zero: 12 h.
	Timeout time.Duration
	// Cookie is the name of the cookie that tells the user. Routes of one host with different clients need different ones.
	// Zero: AWSELBAuthSessionCookie.
	Cookie string
	// Deny answers 401 to who is not signed in, as programs want it that do not follow to a page. Zero: the user is sent to
	// sign in.
	Deny bool
}

// DefaultSessionTimeout is how long a user stays signed in unless it is said otherwise.
const DefaultSessionTimeout = 12 * time.Hour

const (
	signInPage      = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html"
	signInShiftPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html"
	actionPage      = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html"
)

var (
	_ SignIn = OIDC{}
	_ SignIn = Cognito{}
)

var (
	userPoolARN  = regexp.MustCompile(`^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool/[a-z0-9-]+_[A-Za-z0-9]+$`)
	poolDomain   = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
	scopePattern = regexp.MustCompile(`^[!#-\[\]-~]+( [!#-\[\]-~]+)*$`)
	cookieName   = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$")
)

// Problems names what is missing, endpoints that the load balancer could not reach, and a secret that is written out.
func (o OIDC) Problems() check.Problems {
	var ps check.Problems
	for _, endpoint := range []struct{ field, url string }{
		{"Issuer", o.Issuer}, {"AuthorizationEndpoint", o.AuthorizationEndpoint}, {"TokenEndpoint", o.TokenEndpoint},
		{"UserInfoEndpoint", o.UserInfoEndpoint},
	} {
		if !check.IsToken(endpoint.url) && !isSecureURL(endpoint.url) {
			ps.Add(endpoint.field, endpoint.url, "must be an https URL on port 443 with a host name").See(signInPage)
		}
	}
	if o.ClientID == "" {
		ps.Add("ClientID", nil, "must be set")
	}
	ps.In("ClientSecret", o.ClientSecret.Problems())
	if o.ClientSecret.Exclusive {
		ps.Add("ClientSecret.Exclusive", o.ClientSecret.Exclusive, "must not be set, for CloudFormation reads the secret")
	}
	ps.In("Session", o.Session.Problems())
	return ps
}

func isSecureURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && (u.Port() == "" || u.Port() == "443") && u.User == nil
}

// Problems names what is missing or none of Amazon Cognito's.
func (c Cognito) Problems() check.Problems {
	var ps check.Problems
	if !check.IsToken(c.UserPoolARN) && !userPoolARN.MatchString(c.UserPoolARN) {
		ps.Add("UserPoolARN", c.UserPoolARN, "must be arn:<partition>:cognito-idp:<region>:<account>:userpool/<id>")
	}
	if c.ClientID == "" {
		ps.Add("ClientID", nil, "must be set, to an app client with a client secret").See(signInPage)
	}
	if !check.IsToken(c.Domain) && !poolDomain.MatchString(c.Domain) {
		ps.Add("Domain", c.Domain, "must be the prefix of the user pool's domain, or its own domain, without https://")
	}
	ps.In("Session", c.Session.Problems())
	return ps
}

// Problems names a scope, a time or a cookie that AWS refuses.
func (s Session) Problems() check.Problems {
	var ps check.Problems
	if s.Scope != "" && !scopePattern.MatchString(s.Scope) {
		ps.Add("Scope", s.Scope, "must be words separated by single spaces, such as openid email").See(signInPage)
	}
	if s.Timeout != 0 {
		ps.Seconds("Timeout", s.Timeout, time.Second, 7*24*time.Hour).See(signInPage)
	}
	if s.Cookie != "" && !cookieName.MatchString(s.Cookie) {
		ps.Add("Cookie", s.Cookie, "must be the name of a cookie, 1-128 letters, digits and symbols").See(signInPage)
	}
	return ps
}

func (s Session) scope() *string { return jsii.String(cmp.Or(s.Scope, "openid")) }

func (s Session) timeout() *float64 {
	return jsii.Number(cmp.Or(s.Timeout, DefaultSessionTimeout).Seconds())
}

func (s Session) cookie() *string { return jsii.String(cmp.Or(s.Cookie, "AWSELBAuthSessionCookie")) }

func (s Session) otherwise() *string {
	if s.Deny {
		return jsii.String("deny")
	}
	return jsii.String("authenticate")
}

func (o OIDC) action() *awselasticloadbalancingv2.CfnListenerRule_ActionProperty {
	return &awselasticloadbalancingv2.CfnListenerRule_ActionProperty{
		Type: jsii.String("authenticate-oidc"), Order: jsii.Number(1),
		AuthenticateOidcConfig: &awselasticloadbalancingv2.CfnListenerRule_AuthenticateOidcConfigProperty{
			Issuer: &o.Issuer, AuthorizationEndpoint: &o.AuthorizationEndpoint, TokenEndpoint: &o.TokenEndpoint,
			UserInfoEndpoint: &o.UserInfoEndpoint, ClientId: &o.ClientID, ClientSecret: jsii.String(resolved(o.ClientSecret)),
			Scope: o.Session.scope(), SessionTimeout: o.Session.timeout(), SessionCookieName: o.Session.cookie(),
			OnUnauthenticatedRequest: o.Session.otherwise(),
		},
	}
}

// resolved returns what CloudFormation reads a secret by.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
func resolved(s secret.SecretsManager) string {
	return "{{resolve:secretsmanager:" + strings.Join([]string{s.ID(), "SecretString", s.JSONKey, s.Stage, s.VersionID}, ":") + "}}"
}

func (c Cognito) action() *awselasticloadbalancingv2.CfnListenerRule_ActionProperty {
	return &awselasticloadbalancingv2.CfnListenerRule_ActionProperty{
		Type: jsii.String("authenticate-cognito"), Order: jsii.Number(1),
		AuthenticateCognitoConfig: &awselasticloadbalancingv2.CfnListenerRule_AuthenticateCognitoConfigProperty{
			UserPoolArn: &c.UserPoolARN, UserPoolClientId: &c.ClientID, UserPoolDomain: &c.Domain,
			Scope: c.Session.scope(), SessionTimeout: c.Session.timeout(), SessionCookieName: c.Session.cookie(),
			OnUnauthenticatedRequest: c.Session.otherwise(),
		},
	}
}

// signInProblems names what keeps a load balancer from asking who a user is.
func (p TargetProps) signInProblems() check.Problems {
	var ps check.Problems
	if p.SignIn == nil {
		return ps
	}
	if check.IsNil(p.SignIn) {
		ps.Add("SignIn", nil, "must not be a nil pointer")
		return ps
	}
	ps.In("SignIn", p.SignIn.Problems())
	if p.Shift {
		ps.Add("SignIn", nil, "must not be set where traffic shifts, for Amazon ECS writes the rule's actions anew and is not known to "+
			"keep the one that asks who the user is: deployment.Rolling goes with it, or an application that signs users in itself").See(signInShiftPage)
	}
	if protocol := p.Group.withDefaults().Protocol; protocol != HTTP1 {
		ps.Add("Group.Protocol", string(protocol), "must be %s with SignIn", HTTP1).See(actionPage)
	}
	switch alb := p.LoadBalancer; {
	case alb == nil || alb.Network == nil:
	case !alb.secure():
		ps.Add("SignIn", nil, "must not be set on a load balancer that serves plain HTTP").See(actionPage)
	case !alb.signsIn:
		ps.Add("SignIn", nil, "must not be set, for the load balancer cannot reach an identity provider: set SignIn there too").See(signInPage)
	}
	return ps
}

// openToProviders lets the load balancer ask identity providers, whose addresses nobody knows.
func (a *ALB) openToProviders() {
	awsec2.NewCfnSecurityGroupEgress(a, jsii.String("SignIn"), &awsec2.CfnSecurityGroupEgressProps{
		GroupId: a.gate.group, CidrIp: jsii.String("0.0.0.0/0"),
		IpProtocol: jsii.String("tcp"), FromPort: jsii.Number(443), ToPort: jsii.Number(443),
		Description: jsii.String("To identity providers"),
	})
}

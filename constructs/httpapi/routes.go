package httpapi

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

const (
	routePage = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html"
	jwtPage   = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html"
)

// everything is the route of requests that no other takes.
const everything = "$default"

// routeKey matches a method and a path, of which the last part alone may stand for several.
var routeKey = regexp.MustCompile(`^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) /([A-Za-z0-9._~!$&'()*,;=:@%-]+/|\{[A-Za-z0-9._-]+\}/)*` +
	`([A-Za-z0-9._~!$&'()*,;=:@%-]+|\{[A-Za-z0-9._-]+\+?\})?$`)

// Authorizer asks who a request is from: [JWT] or [IAM].
type Authorizer interface {
	// Problems names everything that is wrong with it.
	Problems() check.Problems
	authorizer() Authorizer // as a value, for a pointer to one is an Authorizer too
}

// JWT lets in requests with a token, in the header Authorization, of an issuer of OpenID Connect or OAuth 2.0, such as a user
// pool of Amazon Cognito. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
type JWT struct {
	// Issuer is the URL of who issues the tokens. Required.
	Issuer string
	// Audience are the clients that tokens may be for. Required.
	Audience []string
	// Scopes of which a token must have one. Zero: none.
	Scopes []string
}

// IAM lets in requests that are signed with credentials of AWS which have the right execute-api:Invoke.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
type IAM struct{}

var (
	_ Authorizer = JWT{}
	_ Authorizer = IAM{}
)

func (j JWT) authorizer() Authorizer { return j }
func (i IAM) authorizer() Authorizer { return i }

// Problems names an issuer that is none, and a missing audience.
func (j JWT) Problems() check.Problems {
	var ps check.Problems
	if !check.IsToken(j.Issuer) && (!strings.HasPrefix(j.Issuer, "https://") || len(j.Issuer) == len("https://")) {
		ps.Add("Issuer", j.Issuer, "must be a URL that starts with https://").See(jwtPage)
	}
	if len(j.Audience) == 0 {
		ps.Add("Audience", nil, "must be set, or tokens for every client of the issuer would do").See(jwtPage)
	}
	if slices.Contains(j.Audience, "") {
		ps.Add("Audience", "", "must not be empty").See(jwtPage)
	}
	if slices.Contains(j.Scopes, "") {
		ps.Add("Scopes", "", "must not be empty").See(jwtPage)
	}
	return ps
}

// Problems returns none: there is nothing to say.
func (IAM) Problems() check.Problems { return nil }

// route makes the authorizer and the routes.
func (a *API) route(p Props) {
	properties := map[string]any{"AuthorizationType": "NONE"}
	switch authorizer := p.Authorizer.(type) {
	case JWT:
		a.Authorizer = a.resource("Authorizer", "Authorizer", map[string]any{
			"ApiId": a.API.Ref(), "Name": "JWT", "AuthorizerType": "JWT", "IdentitySource": []string{"$request.header.Authorization"},
			"JwtConfiguration": map[string]any{"Issuer": authorizer.Issuer, "Audience": authorizer.Audience},
		})
		properties = map[string]any{"AuthorizationType": "JWT", "AuthorizerId": a.Authorizer.Ref()}
		if len(authorizer.Scopes) > 0 {
			properties["AuthorizationScopes"] = authorizer.Scopes
		}
	case IAM:
		properties = map[string]any{"AuthorizationType": "AWS_IAM"}
	}
	for _, key := range p.Routes {
		a.addRoute(key, properties)
	}
	for _, key := range p.preflights() {
		a.addRoute(key, map[string]any{"AuthorizationType": "NONE"})
	}
}

func (a *API) addRoute(key string, properties map[string]any) {
	all := map[string]any{"ApiId": a.API.Ref(), "RouteKey": key, "Target": "integrations/" + *a.Integration.Ref()}
	for name, value := range properties {
		all[name] = value
	}
	a.Routes = append(a.Routes, a.resource(names.Key("Route", key), "Route", all))
}

// preflights are the routes for requests that browsers make before they call, which carry nothing to tell who they are from:
// wherever another route would take them and ask.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
func (p Props) preflights() []string {
	if p.CORS == nil || p.Authorizer == nil {
		return nil
	}
	var keys []string
	add := func(key string) {
		if !slices.Contains(p.Routes, key) {
			keys = append(keys, key)
		}
	}
	for _, key := range p.Routes {
		if path, found := strings.CutPrefix(key, "ANY "); found {
			add("OPTIONS " + path)
		} else if key == everything {
			add("OPTIONS /")
			add("OPTIONS /{path+}")
		}
	}
	return keys
}

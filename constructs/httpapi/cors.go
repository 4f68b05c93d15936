package httpapi

import (
	"cmp"
	"regexp"
	"slices"
	"time"

	"github.com/ecskit/ecskit/constructs/check"
)

const corsPage = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html"

var plainOrigin = regexp.MustCompile(`^https?://[^/?#\s]+$`)

// CORS says which pages may call the API from browsers, and how. API Gateway then answers for the services, whose own
// headers about it are taken away. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
type CORS struct {
	// Origins of the pages, such as https://shop.example.com, or * for all. Required.
	Origins []string
	// Methods that they may use. Zero: all.
	Methods []string
	// Headers that they may send, beside those that are always allowed. Zero: authorization and content-type, and with IAM those that
	// signed requests have.
	Headers []string
	// Expose are the headers of responses that they may read, beside those that are always allowed. Zero: none.
	Expose []string
	// Credentials lets them send cookies. Not with *. Zero: not.
	Credentials bool
	// MaxAge is how long a browser remembers all this, up to 24 h. Zero: 5 min.
	MaxAge time.Duration
}

// Problems names missing and wrong origins, and methods that are none.
func (c CORS) Problems() check.Problems {
	var ps check.Problems
	if len(c.Origins) == 0 {
		ps.Add("Origins", nil, "must be set")
	}
	for _, origin := range c.Origins {
		if origin != "*" && !check.IsToken(origin) && !plainOrigin.MatchString(origin) {
			ps.Add("Origins", origin, "must be origins such as https://shop.example.com, without a path, or *").See(corsPage)
		}
	}
	for _, method := range c.Methods {
		if !slices.Contains([]string{"*", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}, method) {
			ps.Add("Methods", method, "must be methods of HTTP in capitals, or *").See(corsPage)
		}
	}
	star := slices.ContainsFunc(slices.Concat(c.Origins, c.Methods, c.Headers, c.Expose), func(s string) bool { return s == "*" })
	if c.Credentials && (star || len(c.Methods) == 0) {
		ps.Add("Credentials", c.Credentials, "must not be set with *, which browsers then do not take, nor without Methods").See(corsPage)
	}
	ps.Seconds("MaxAge", c.MaxAge, 0, 24*time.Hour).See(corsPage)
	return ps
}

// configuration is what browsers are told.
func (c CORS) configuration(authorizer Authorizer) map[string]any {
	headers := []string{"authorization", "content-type"}
	if _, signed := authorizer.(IAM); signed {
		headers = append(headers, "x-amz-content-sha256", "x-amz-date", "x-amz-security-token")
	}
	orElse := func(list []string, otherwise ...string) []string {
		if len(list) == 0 {
			return otherwise
		}
		return list
	}
	age := c.MaxAge
	age = cmp.Or(age, 5*time.Minute)
	configuration := map[string]any{
		"AllowOrigins": c.Origins, "AllowMethods": orElse(c.Methods, "*"), "AllowHeaders": orElse(c.Headers, headers...),
		"AllowCredentials": c.Credentials, "MaxAge": int(age.Seconds()),
	}
	if len(c.Expose) > 0 {
		configuration["ExposeHeaders"] = c.Expose
	}
	return configuration
}

package task

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ecskit/ecskit/constructs/check"
)

// A plain variable is readable by everyone who may describe a task definition, in every revision ever registered.
const credentialPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html"

var (
	// credentialName matches the names that credentials usually have.
	credentialName = regexp.MustCompile(
		`(?i:(PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIAL|(API|PRIVATE|ACCESS|ENCRYPTION|SIGNING|JWT|SECRET|SESSION|MASTER|HMAC)_?KEY(_?BASE)?)S?(_?ID)?(_?BASE64|_?\d+)?$)` +
			`|(?i:(^|_)(PASS|PWD|TOKENS?|PAT)\d*$)|[a-z](Pass|Pwd|Tokens?)$`)
	// harmlessValue matches what a variable of such a name can hold and no credential is: a switch, a path, a URL, an ARN.
	harmlessValue = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|0|1|(/[\w.-]+)+/?|[a-z][a-z0-9+.-]*://.*|arn:.*)$`)
	// maxTokens matches the limits of language models, which count another kind of token.
	maxTokens = regexp.MustCompile(`(?i)MAX_?([A-Z]+_)?TOKENS$`)
	// credentialValue matches what only credentials look like: AWS access keys, private keys, tokens of code forges, chat
	// and payment services, connection strings and URLs with a password or a capability.
	credentialValue = regexp.MustCompile(
		`\b(AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[0-9A-Za-z]{36}|\bgithub_pat_[0-9A-Za-z]|` +
			`\bxox[baprs]-[0-9A-Za-z-]{10}|\bsk_live_[0-9A-Za-z]|` +
			`^[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s:@]+@|^[^/\s:@]+:[^/\s:@]+@(tcp|unix)\(|(?i:^(basic|bearer) [a-z0-9+/._~-]{8,}=*$)|` +
			`\{\{resolve:(secretsmanager|ssm-secure):|(?i:(^|[?&;\s])(password|pwd)=[^&;\s])|://hooks\.slack\.com/services/`)
)

// looksLikeCredential reports whether a variable seems to hold what belongs in a secret.
func looksLikeCredential(name, value string) bool {
	return credentialValue.MatchString(value) ||
		credentialName.MatchString(name) && !harmlessValue.MatchString(value) && !maxTokens.MatchString(name)
}

// environmentProblems names variables without a usable name and those that look like credentials.
func environmentProblems(variables map[string]string, plain []string) check.Problems {
	var ps check.Problems
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if !isVariable(name) {
			ps.Add("Environment", name, "must have names that are not empty and hold no =, space or NUL")
		}
		if slices.Contains(plain, name) {
			continue
		}
		if looksLikeCredential(name, variables[name]) {
			ps.Add("Environment", name, "must not hold what looks like a credential: put it into Secrets; "+
				"if it is none, name the variable in Allow.PlainVariables").See(credentialPage)
		}
	}
	return ps
}

// isVariable reports whether a variable can have the name.
func isVariable(name string) bool { return name != "" && !strings.ContainsAny(name, "= \x00") }

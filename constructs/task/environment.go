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
		`(?i:(PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)S?(_?ID)?$)` +
			`|(?i:(^|_)(PASS|PWD|TOKENS?)$)|[a-z](Pass|Pwd|Tokens?)$`)
	// credentialValue matches what only credentials look like: AWS access keys, private keys, tokens of code forges and
	// chat services, and URLs with a password or a capability.
	credentialValue = regexp.MustCompile(
		`\b(AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[0-9A-Za-z]{36}|\bxox[baprs]-[0-9A-Za-z-]{10}|` +
			`^[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s:@]+@|[?&;]password=[^&;\s]|://hooks\.slack\.com/services/`)
)

// environmentProblems names variables without a usable name and those that look like credentials.
func environmentProblems(variables map[string]string, plain []string) check.Problems {
	var ps check.Problems
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if name == "" || strings.ContainsAny(name, "= \x00") {
			ps.Add("Environment", name, "must have names that are not empty and hold no =, space or NUL")
		}
		if slices.Contains(plain, name) {
			continue
		}
		if credentialName.MatchString(name) || credentialValue.MatchString(variables[name]) {
			ps.Add("Environment", name, "must not hold what looks like a credential; "+
				"if it is none, name the variable in Allow.PlainVariables").See(credentialPage)
		}
	}
	return ps
}

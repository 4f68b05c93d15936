package rules

import (
	"regexp"
	"strings"
)

// unresolved are the characters that stand for references in a text, as a regular expression has them in a class.
const unresolved = `\x{F0000}-\x{10FFFF}`

// secretStart is the first character of a password that is written out: not that of a reference, a shell variable, a
// dynamic reference, a path or a place holder.
const secretStart = `[^\s/:@;&'"$<>{%*` + unresolved + `]`

// credentialValues are the values that nothing but a credential looks like, wherever they stand. Each is a format that
// its issuer documents, so that scanners can tell it; see, for example,
// https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
var credentialValues = []struct {
	what    string
	part    string // of every match, and quicker to look for
	pattern *regexp.Regexp
}{
	{"an access key of AWS", "IA", regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{16}\b`)},
	{"a private key", "PRIVATE KEY", regexp.MustCompile(`-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----`)},
	{"a token of GitHub", "_", regexp.MustCompile(`\b(gh[oprsu]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z]{22})`)},
	{"a token of GitLab", "gl", regexp.MustCompile(`\bgl(pat|dt|rt)-[0-9A-Za-z_-]{20}`)},
	{"a token of Slack", "-", regexp.MustCompile(`\b(xox[a-z]|xapp)-[0-9A-Za-z]+-[0-9A-Za-z-]{10}`)},
	{"a webhook of Slack", "://hooks", regexp.MustCompile(`://hooks\.slack\.com/(services|workflows|triggers)/[0-9A-Z]`)},
	{"a webhook of Discord", "discord", regexp.MustCompile(`://([a-z]+\.)?discord(app)?\.com/api/webhooks/[0-9]`)},
	{"a key of Stripe", "k_live_", regexp.MustCompile(`\b[rs]k_live_[0-9A-Za-z]{16}`)},
	{"a URL with a password", "://", regexp.MustCompile(
		`\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@]*:` + secretStart + `[^\s/:@` + unresolved + `]*@`)},
	{"a connection string with a password", "=", regexp.MustCompile(
		`(?i)((^|[?&;\s])(--([a-z]+-)*)?password|;\s*pwd)[ \t]*=[ \t]*['"]?` + secretStart)},
}

var (
	// credentialName matches the names that credentials have.
	credentialName = regexp.MustCompile(`(?i:password|passwd|passphrase|secret|credentials?|` +
		`(api|access|private|secret|signing|encryption|license|shared|account|master|auth)[-_.]?key)$|` +
		`(?i:(^|[-_./])(pass|pwd|pw|token))$|[a-z](Pass|Pwd|Token)$`)

	// harmlessValue matches, as name=value, what something of such a name can hold and a credential does not.
	harmlessValue = regexp.MustCompile(`^[^=]*=((?i)` + strings.Join([]string{
		`|true|false|yes|no|on|off|[01]|none|null|enabled|disabled|required|optional`, // a switch, or nothing
		`[/.~].*|[a-z]:\\.*|[\w-]+\.(json|pem|key|crt|p12|jks|txt|env|ya?ml|toml)`,    // a file
		`(?-i:[a-z0-9_.-]+(/[a-z0-9_.-]+)+)`,                                          // the name of a secret or parameter
		`[a-z][a-z0-9+.-]*://.*|arn:.*|urn:.*`,                                        // where something is
		`[$<[{%].*`,                                                                   // a place holder, a variable
		`X(-[a-z]+)+`,                                                                 // the name of a header
	}, "|") + `)$` +
		// The name of a key or a secret, the id of a key, and the tokens of which text consists.
		`|(?i)^[^=]*(key|secret)=(?-i:[a-z]+([-_][a-z]+)+)$` +
		`|(?i)^[^=]*key=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$` +
		`|(?i)^[^=]*token=.{1,7}$`)
)

// suspect says why a value of that name seems to be a credential, "" if it does not.
func suspect(name, value string) string {
	for _, c := range credentialValues {
		if strings.Contains(value, c.part) && c.pattern.MatchString(value) {
			return "looks like " + c.what
		}
	}
	if literalText(value) && credentialName.MatchString(name) && spelledOut(name, value) {
		return "has the name of a credential and a value that is written out"
	}
	return ""
}

// spelledOut reports whether a value that should be a credential is one, and not what only stands for it: a reference, a
// dynamic reference, or a harmless value.
func spelledOut(name, value string) bool {
	return literalText(value) && !strings.Contains(value, "{{resolve:") && !harmlessValue.MatchString(name+"="+value)
}

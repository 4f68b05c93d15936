package rules

import (
	"encoding/base64"
	"regexp"
	"unicode/utf8"
)

// Settings of the container agent, each as a shell script, the settings of Bottlerocket or PowerShell write it.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
var (
	blockMetadata = regexp.MustCompile(`(?im)^\s*([^#\s].*)?(\bECS_AWSVPC_BLOCK_IMDS["']?\s*=\s*["']?(true|t|1)\b|` +
		`\bawsvpc-block-imds\s*=\s*true\b|-AwsvpcBlockIMDS\b)`)
	containerStopTimeout = regexp.MustCompile(`(?i)\bECS_CONTAINER_STOP_TIMEOUT\b|\bcontainer-stop-timeout\b`)
)

// configures reports whether instances of a launch template start with a setting of the container agent; unknown if the
// templates do not tell, or if there is no user data and the AMI has all settings.
func configures(template *resource, setting *regexp.Regexp) (set, known bool) {
	text, ok := userData(template.at("LaunchTemplateData", "UserData"))
	if !ok {
		return false, false
	}
	set = setting.MatchString(text)
	return set, set || template.stack.resolver.known(text)
}

// userData returns user data in plain text.
func userData(n *node) (text string, ok bool) {
	if name, argument, _ := intrinsic(n.value); name == "Fn::Base64" {
		return n.with(argument).text(), true
	}
	decoded, err := base64.StdEncoding.DecodeString(n.text())
	return string(decoded), err == nil && len(decoded) > 0 && utf8.Valid(decoded) // otherwise it is compressed
}

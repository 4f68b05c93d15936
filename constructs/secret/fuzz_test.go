package secret

import (
	"strings"
	"testing"
)

// FuzzReferences takes any text for a name and an ARN. What is taken is told apart again: an ARN has all of its parts, and a name that
// is taken makes an ARN that is taken.
func FuzzReferences(f *testing.F) {
	for _, seed := range []string{
		"/shop/api/key", "key", "/aws/key", "a:1", "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key", "arn:aws:ssm:eu-west-1:123456789012:parameter/shop:3",
		"arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf:key::",
		"arn:::::", ":::::::", "${Token[TOKEN.1]}", "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for service, problems := range map[string]int{
			"ssm": len(ParameterStore{ARN: text}.Problems()), "secretsmanager": len(SecretsManager{ARN: text}.Problems()),
		} {
			if problems > 0 || text == "" || strings.Contains(text, "${Token[") {
				continue
			}
			parts := strings.Split(text, ":")
			if len(parts) < 6 || parts[0] != "arn" || parts[2] != service || parts[3] == "" || len(parts[4]) != 12 {
				t.Errorf("%q is taken", text)
			}
		}
		if strings.Contains(text, "${Token[") || len(nameProblems(text)) > 0 {
			return
		}
		arn := "arn:aws:ssm:eu-west-1:123456789012:parameter" + slash(text) + text
		if ps := (ParameterStore{ARN: arn}).Problems(); len(ps) > 0 {
			t.Errorf("%q is taken, %q is not: %v", text, arn, ps)
		}
	})
}

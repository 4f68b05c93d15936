package rules

import "testing"

func TestGlob(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"a", "", false},
		{"*", "", true},
		{"**", "abc", true},
		{"a*c", "abbc", true},
		{"a*c", "abcb", false},
		{"a*bc", "abcbc", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"a.c", "abc", false},
		{"é?", "éü", true},
	} {
		if got := glob(test.pattern, test.text); got != test.want {
			t.Errorf("glob(%q, %q) = %v", test.pattern, test.text, got)
		}
	}
}

func TestEverything(t *testing.T) {
	const ssm = "arn:aws:ssm:eu-west-1:111122223333:"
	for pattern, want := range map[string]bool{
		"*":                                true,
		"arn:*":                            true,
		"arn:aws:ssm":                      false,
		"arn:aws:ssm:*":                    true,
		"arn:aws:*:eu-west-1:1:key/1":      true,
		"arn:aws:logs:*:*:*":               true,
		"arn:aws:logs:*:*:log-group:*":     true,
		"arn:aws:logs:*:*:log-group:/shop": false,
		ssm + "parameter*":                 true,
		ssm + "parameter/*":                true,
		ssm + "parameter/shop/*":           false,
		"arn:aws:ecr:*:*:repository/*":     true,
		"arn:aws:s3:::*":                   true,
		"arn:aws:s3:::bucket/*":            false,
		"":                                 false,
	} {
		if got := everything(pattern); got != want {
			t.Errorf("everything(%q) = %v", pattern, got)
		}
	}
}

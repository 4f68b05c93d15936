package rules

import (
	"strings"
	"testing"
)

func TestSuspect(t *testing.T) {
	for _, test := range []struct {
		name, value string
		want        bool
	}{
		{"DB_PASSWORD", "hunter2", true},
		{"db-passwd", "hunter2", true},
		{"smtpPass", "hunter2", true},
		{"SMTP_PASS", "hunter2", true},
		{"apiKey", "0123456789abcdef", true},
		{"API_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfi", true},
		{"AUTH_TOKEN", "0123456789abcdef", true},
		{"splunk-token", "01234567-89ab-cdef-0123-456789abcdef", true},
		{"GOOGLE_CREDENTIALS", "e30=", true},
		{"X", "gl" + "pat-" + strings.Repeat("a", 20), true},
		{"X", "xo" + "xb-1234567890-abcdefghijkl", true},
		{"X", "sk_" + "live_" + strings.Repeat("a", 16), true},
		{"X", "https://discord.com/api/" + "webhooks/1/x", true},
		{"X", "redis://:hunter2@cache:6379", true},
		{"X", "Server=db;Pwd=hunter2", true},
		{"X", "serve --password=hunter2", true},

		{"DB_PASSWORD", "", false},
		{"DB_PASSWORD", "{{resolve:ssm:/shop/db}}", false},
		{"DB_PASSWORD", "a{{resolve:ssm:/shop/db}}", false},
		{"DB_PASSWORD", "$OTHER", false},
		{"DB_PASSWORD", "<your password>", false},
		{"DB_PASSWORD", "a" + string(firstReference), false},
		{"DB_PASSWORD_FILE", "hunter2", false},
		{"DB_SECRET", "shop-db", false},
		{"BYPASS", "everything", false},
		{"COMPASS", "everything", false},
		{"PARTITION_KEY", "customer", false},
		{"SIGNING_KEY", "alias/shop", false},
		{"ENCRYPTION_KEY", "01234567-89ab-cdef-0123-456789abcdef", false},
		{"EOS_TOKEN", "</s>", false},
		{"STOP_TOKEN", "END", false},
		{"MAX_TOKENS", "4096000000", false},
		{"APP_CREDENTIALS", "google.json", false},
		{"X", "postgres://app@db/shop", false},
		{"X", "postgres://app:" + string(firstReference) + "@db/shop", false},
		{"X", "postgres://app:${DB_PASSWORD}@db/shop", false},
		{"X", "https://example.com:8080/@user", false},
		{"X", "password=$DB_PASSWORD", false},
		{"X", "pwd=/srv && serve", false},
		{"X", "PASSWORD=\nUSER=app", false},
		{"X", "global-accelerator-of-the-shop", false},
	} {
		if got := suspect(test.name, test.value) != ""; got != test.want {
			t.Errorf("suspect(%q, %q) = %v", test.name, test.value, got)
		}
	}
}

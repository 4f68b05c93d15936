package schedule

import (
	"errors"
	"testing"
	"time"
)

func TestExpressions(t *testing.T) {
	for _, right := range []string{
		"cron(0 10 * * ? *)", "cron(15 12 * * ? *)", "cron(0 18 ? * MON-FRI *)", "cron(0 8 1 * ? *)", "cron(0/15 * * * ? *)",
		"cron(0/10 * ? * MON-FRI *)", "cron(0/5 8-17 ? * MON-FRI *)", "cron(30 6 ? * MON *)", "cron(0 0 L * ? *)", "cron(0 0 LW * ? *)",
		"cron(0 0 15W * ? *)", "cron(0 0 ? * 6L *)", "cron(0 0 ? * FRI#2 2026-2030)", "cron(0,30 9-17/2 ? JAN,3 FRI-MON *)", "cron(*/5 * ? * sun *)",
		"rate(1 minute)", "rate(5 minutes)", "rate(1 day)", "rate(12 hours)", "at(2026-12-24T18:00:00)",
	} {
		if ps := Problems("When", right); len(ps) > 0 {
			t.Errorf("%s: %v", right, ps)
		}
	}
	for _, wrong := range []string{
		"", "0 10 * * ? *", "cron(0 10 * * ?)", "cron(0 10 * * * *)", "cron(0 10 ? * ? *)", "cron(60 10 * * ? *)", "cron(0 24 * * ? *)",
		"cron(0 10 0 * ? *)", "cron(0 10 32 * ? *)", "cron(0 10 * 13 ? *)", "cron(0 10 ? * 0 *)", "cron(0 10 ? * 8 *)", "cron(0 10 ? * MOO *)",
		"cron(0 10 * * ? 1969)", "cron(30-10 * * * ? *)", "cron(0/0 * * * ? *)", "cron(0/x * * * ? *)", "cron(0  10 * * ? *)", "cron(? 10 * * ? *)",
		"cron(0 10 L-3 * ? *)", "cron(0 10 40W * ? *)", "cron(0 10 ? * MON#6 *)", "cron(0 10 ? * ABC#1 *)", "cron(,1 10 * * ? *)", "cron(+1 10 * * ? *)",
		"rate(0 minutes)", "rate(1 minutes)", "rate(5 minute)", "rate(5 weeks)", "rate(1.5 hours)", "rate(05 hours)", "rate(5)",
		"at(2026-12-24 18:00:00)", "at(2026-02-30T00:00:00)", "at(2026-12-24T18:00)",
	} {
		if ps := Problems("When", wrong); len(ps) != 1 || ps[0].Field != "When" || ps[0].Page == "" {
			t.Errorf("%q: got %v", wrong, ps)
		}
	}
	if HasZone("rate(1 day)") || !HasZone("cron(0 10 * * ? *)") || !HasZone("at(2026-12-24T18:00:00)") {
		t.Error("a time zone is for cron and at")
	}
}

func TestZones(t *testing.T) {
	for _, right := range []string{"", "UTC", "Europe/Rome", "America/Argentina/Buenos_Aires", "Etc/GMT+9"} {
		if ps := ZoneProblems("TimeZone", right); len(ps) > 0 {
			t.Errorf("%s: %v", right, ps)
		}
	}
	for _, wrong := range []string{"Local", "Europe/Roma", "CEST", "../etc/passwd", "+02:00", "posix/Europe/Rome", "Europe/"} {
		if ps := ZoneProblems("TimeZone", wrong); len(ps) != 1 || ps[0].Field != "TimeZone" {
			t.Errorf("%s: got %v", wrong, ps)
		}
	}
	none := func(string) (*time.Location, error) { return nil, errors.New("no database") }
	if !known("Europe/Roma", none) || known("no zone", none) {
		t.Error("without a database, only the form is known")
	}
}

package schedule

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// FuzzExpression takes any text for an expression. One that is taken is written as AWS writes it, and what it says can be told: each
// field of a cron expression stands for a number that is in its range, and a list in another order for the same.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{
		"cron(0 10 * * ? *)", "cron(0/15 8-17/2 ? JAN,3 FRI-MON 2026-2030)", "cron(0 0 15W * ? *)", "cron(0 0 LW * ? *)", "cron(0 0 ? * 6L *)",
		"cron(0 0 ? * FRI#2 *)", "rate(1 minute)", "rate(12 hours)", "at(2026-12-24T18:00:00)", "cron()", "rate(-1 days)", "at()", "cron(0 0 ? * #1 *)",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		if len(Problems("When", expression)) > 0 {
			return
		}
		name, arguments, _ := strings.Cut(strings.TrimSuffix(expression, ")"), "(")
		if name+"("+arguments+")" != expression {
			t.Fatalf("%q is taken", expression)
		}
		switch fields := strings.Split(arguments, " "); name {
		case "rate":
			n, err := strconv.Atoi(fields[0])
			if err != nil || n < 1 || len(fields) != 2 || !slices.Contains([]string{"minute", "hour", "day"}, strings.TrimSuffix(fields[1], "s")) {
				t.Errorf("%q is taken", expression)
			}
		case "at":
			if len(arguments) != len("2026-12-24T18:00:00") {
				t.Errorf("%q is taken", expression)
			}
		case "cron":
			for i, field := range fields {
				items := strings.Split(field, ",")
				for _, item := range items {
					if !stands(i, item) {
						t.Errorf("%q is taken, with %q for %s", expression, item, parts[i].name)
					}
				}
				slices.Reverse(items)
				fields[i] = strings.Join(items, ",")
			}
			if again := "cron(" + strings.Join(fields, " ") + ")"; len(Problems("When", again)) > 0 {
				t.Errorf("%q is taken, %q is not", expression, again)
			}
		}
	})
}

// stands reports whether the item of a field stands for a number at all: it reads an item from the other end than the parser.
func stands(field int, item string) bool {
	p := parts[field]
	value := func(text string) bool {
		if i := slices.Index(p.names, strings.ToUpper(text)); i >= 0 {
			return true
		}
		n, err := strconv.ParseUint(text, 10, 16)
		return err == nil && int(n) >= p.least && int(n) <= p.most
	}
	if day := field == dayOfMonth || field == dayOfWeek; day && (item == "?" || item == "L") || field == dayOfMonth && item == "LW" {
		return true
	}
	if number, found := strings.CutSuffix(item, "W"); found && field == dayOfMonth && value(number) {
		return true
	}
	if number, found := strings.CutSuffix(item, "L"); found && field == dayOfWeek && value(number) {
		return true
	}
	if number, nth, found := strings.Cut(item, "#"); found {
		return field == dayOfWeek && value(number) && len(nth) == 1 && nth >= "1" && nth <= "5"
	}
	first, step, _ := strings.Cut(item, "/")
	if n, err := strconv.ParseUint(step, 10, 16); step != "" && (err != nil || n == 0) || strings.HasSuffix(item, "/") {
		return false
	}
	from, to, ranged := strings.Cut(first, "-")
	return first == "*" || value(from) && (!ranged || value(to))
}

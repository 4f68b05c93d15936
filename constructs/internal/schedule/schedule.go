// Package schedule knows the expressions by which Application Auto Scaling and EventBridge Scheduler are told when to act.
package schedule

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ecskit/ecskit/constructs/check"
)

const (
	cronPage = "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html"
	whenPage = "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html"
)

var (
	call      = regexp.MustCompile(`^(cron|rate|at)\((.*)\)$`)
	rateUnits = regexp.MustCompile(`^(minute|hour|day)(s?)$`)
)

// Problems names an expression that is none of cron(...), rate(...) and at(...) as AWS takes them.
func Problems(field, expression string) check.Problems {
	var ps check.Problems
	m := call.FindStringSubmatch(expression)
	if m == nil {
		ps.Add(field, expression, "must be cron(minutes hours day-of-month month day-of-week year), rate(value unit) or at(yyyy-mm-ddThh:mm:ss)").See(whenPage)
		return ps
	}
	switch m[1] {
	case "at":
		if _, err := time.Parse("2006-01-02T15:04:05", m[2]); err != nil {
			ps.Add(field, expression, "must be a date and a time that exist, as at(yyyy-mm-ddThh:mm:ss)").See(whenPage)
		}
	case "rate":
		if !isRate(m[2]) {
			ps.Add(field, expression, "must be rate(value unit): a whole positive number, and minute, hour or day after 1 or minutes, hours or days after "+
				"more").See(whenPage)
		}
	case "cron":
		if fault := cronFault(m[2]); fault != "" {
			ps.Add(field, expression, "%s", fault).See(cronPage)
		}
	}
	return ps
}

// HasZone reports whether a time zone makes a difference to an expression.
func HasZone(expression string) bool { return !strings.HasPrefix(expression, "rate(") }

func isRate(text string) bool {
	value, unit, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(value)
	m := rateUnits.FindStringSubmatch(unit)
	return err == nil && n > 0 && strconv.Itoa(n) == value && m != nil && (m[2] == "") == (n == 1)
}

// part is what one field of a cron expression takes.
type part struct {
	name        string
	least, most int
	names       []string // of the numbers from least on
	more        *regexp.Regexp
}

var parts = []part{
	{name: "minutes", least: 0, most: 59},
	{name: "hours", least: 0, most: 23},
	{name: "day-of-month", least: 1, most: 31, more: regexp.MustCompile(`^(L|LW|(\d{1,2})W)$`)},
	{name: "month", least: 1, most: 12, names: []string{
		"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
	}},
	{name: "day-of-week", least: 1, most: 7, names: weekdays, more: regexp.MustCompile(`^(L|([1-7]|[A-Z]{3})L|([1-7]|[A-Z]{3})#[1-5])$`)},
	{name: "year", least: 1970, most: 2199},
}

var weekdays = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}

const dayOfMonth, dayOfWeek = 2, 4

// cronFault says what is wrong with the fields of a cron expression; nothing if it is empty.
func cronFault(text string) string {
	fields := strings.Fields(text)
	if len(fields) != len(parts) || strings.Join(fields, " ") != text {
		return "must have six fields with a space between: minutes hours day-of-month month day-of-week year"
	}
	if (fields[dayOfMonth] == "?") == (fields[dayOfWeek] == "?") {
		return "must have a ? in exactly one of day-of-month and day-of-week, the one that the other decides"
	}
	for i, field := range fields {
		if field == "?" && (i == dayOfMonth || i == dayOfWeek) {
			continue
		}
		for _, item := range strings.Split(field, ",") {
			if !parts[i].takes(item) {
				return "must have in the field " + parts[i].name + " numbers of " + strconv.Itoa(parts[i].least) + "-" + strconv.Itoa(parts[i].most) +
					parts[i].orNames() + ", ranges and steps of them, or a wildcard that the field knows; not " + strconv.Quote(item)
			}
		}
	}
	return ""
}

func (p part) orNames() string {
	if p.names == nil {
		return ""
	}
	return " or " + p.names[0] + "-" + p.names[len(p.names)-1]
}

// takes reports whether an item of the field is a number, a name, a range, or one of them with a step, or a wildcard.
func (p part) takes(item string) bool {
	if p.more != nil && p.more.MatchString(item) {
		return p.takesMore(item)
	}
	start, step, stepped := strings.Cut(item, "/")
	if stepped {
		if n, err := strconv.Atoi(step); err != nil || n < 1 || n > p.most || strconv.Itoa(n) != step {
			return false
		}
	}
	if start == "*" {
		return true
	}
	from, to, ranged := strings.Cut(start, "-")
	a, ok := p.number(from)
	if !ok || !ranged {
		return ok
	}
	b, ok := p.number(to)
	return ok && (a <= b || p.name == "day-of-week")
}

// takesMore looks into a wildcard with a number or a name: 15W, 6L, FRI#2.
func (p part) takesMore(item string) bool {
	number := strings.TrimSuffix(strings.TrimSuffix(item, "W"), "L")
	number, _, _ = strings.Cut(number, "#")
	if number == "" {
		return true
	}
	_, ok := p.number(number)
	return ok
}

func (p part) number(text string) (int, bool) {
	for i, name := range p.names {
		if strings.EqualFold(name, text) {
			return p.least + i, true
		}
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= p.least && n <= p.most && !strings.HasPrefix(text, "+")
}

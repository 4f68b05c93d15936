package schedule

import (
	"regexp"
	"strings"
	"time"

	"github.com/ecskit/ecskit/constructs/check"
)

var zoneName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)

// ZoneProblems names a time zone that the IANA database does not have. It asks the database that Go finds on the machine, which any
// with Go has: to carry one along would make every program half a megabyte bigger. Where there is none, only the form is checked. An
// empty zone is UTC.
func ZoneProblems(field, zone string) check.Problems {
	var ps check.Problems
	if zone == "" || check.IsToken(zone) {
		return ps
	}
	if !known(zone, time.LoadLocation) {
		ps.Add(field, zone, "must be a name of the IANA time zone database, such as Europe/Rome, with its capital letters, or empty for UTC").See(cronPage)
	}
	return ps
}

func known(zone string, load func(string) (*time.Location, error)) bool {
	first, _, _ := strings.Cut(zone, "/")
	switch first {
	case "Local", "posix", "right", "posixrules", "Factory", "localtime": // which are Go's or the machine's own
		return false
	}
	if !zoneName.MatchString(zone) {
		return false
	}
	if _, err := load("Europe/Rome"); err != nil {
		return true
	}
	_, err := load(zone)
	return err == nil
}

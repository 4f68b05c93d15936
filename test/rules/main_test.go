package rules_test

import (
	"runtime/debug"
	"testing"
)

// TestMain collects garbage less often: tests make and drop templates by the thousand, and few are in use at a time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}

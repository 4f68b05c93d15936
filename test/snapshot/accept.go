package snapshot

import (
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// acceptance tells how to accept the template of a test.
func acceptance(t testing.TB) string {
	command := fmt.Sprintf("to accept: go test %s -run '%s' -update", packagePath(), pattern(t.Name()))
	if flag.Lookup(updateFlag) == nil {
		return command + "\n(the flag is there once TestMain calls snapshot.Main)"
	}
	return command
}

// packagePath is the directory of the test from the module's root, as go test wants it.
func packagePath() string {
	directories, err := ascend(".")
	if err != nil {
		return "."
	}
	var dir, root string
	for root = range directories {
		if dir == "" {
			dir = root
		}
	}
	path, err := filepath.Rel(root, dir)
	if err != nil || path == "." || !isModuleRoot(root) {
		return "."
	}
	return "./" + filepath.ToSlash(path)
}

// pattern matches one test and no other whose name only begins with its own.
func pattern(test string) string {
	names := strings.Split(test, "/")
	for i, name := range names {
		names[i] = "^" + regexp.QuoteMeta(name) + "$"
	}
	return strings.Join(names, "/")
}

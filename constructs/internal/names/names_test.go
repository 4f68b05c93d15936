package names_test

import (
	"strings"
	"testing"

	"github.com/ecskit/ecskit/constructs/internal/names"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("é", 300)
	for _, c := range []struct{ got, want string }{
		{names.Family("Shop/Api_1/Café"), "Shop-Api_1-Caf-"},
		{names.Family(long), strings.Repeat("-", 255)},
		{names.Description("Tasks of", `Shop/Api "1".x`), "Tasks of Shop/Api -1-.x"},
		{names.Description("", long), " " + strings.Repeat("-", 254)},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestKey(t *testing.T) {
	a, b := names.Key("Public", "Shop/Platform/Public", "false"), names.Key("Public", "Shop/Platform/Public", "true")
	if a == b || len(a) != len("Public")+8 || a != names.Key("Public", "Shop/Platform/Public", "false") {
		t.Errorf("got the keys %s and %s", a, b)
	}
}

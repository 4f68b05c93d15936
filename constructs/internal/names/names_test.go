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

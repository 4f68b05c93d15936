package snapshot

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// withoutFlags replaces the flags of the test binary by none.
func withoutFlags(t *testing.T) {
	t.Helper()
	flags := flag.CommandLine
	flag.CommandLine = flag.NewFlagSet("test", flag.ContinueOnError)
	t.Cleanup(func() { flag.CommandLine = flags })
}

func TestFlagOfThePackageUnderTestServes(t *testing.T) {
	withoutFlags(t)
	own := flag.Bool(updateFlag, false, "")
	registerFlag()
	if updating() {
		t.Error("updating without the flag set")
	}
	*own = true
	if !updating() {
		t.Error("the flag of the package under test was not read")
	}
}

func TestAcceptance(t *testing.T) {
	dir := inModule(t)
	writeFile(t, filepath.Join(dir, "infra", "shop", "shop_test.go"), "")
	t.Chdir(filepath.Join(dir, "infra", "shop"))
	want := "to accept: go test ./infra/shop -run '^TestAcceptance$' -update"
	if got := acceptance(t); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	t.Run("case (1)", func(t *testing.T) {
		want := `to accept: go test ./infra/shop -run '^TestAcceptance$/^case_\(1\)$' -update`
		if got := acceptance(t); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestAcceptanceWithoutFlag(t *testing.T) {
	withoutFlags(t)
	if got := acceptance(t); !strings.Contains(got, "snapshot.Main") {
		t.Errorf("got %q", got)
	}
	registerFlag()
	if got := acceptance(t); strings.Contains(got, "snapshot.Main") {
		t.Errorf("got %q", got)
	}
}

func TestPrepareEnvironment(t *testing.T) {
	t.Setenv("CDK_OUTDIR", "out")
	t.Setenv(validation, "true")
	prepareEnvironment()
	if got := os.Getenv(validation); got != "true" {
		t.Errorf("got %q: what the environment sets should stay", got)
	}
	if got, set := os.LookupEnv("CDK_OUTDIR"); set {
		t.Errorf("CDK_OUTDIR is %q", got)
	}
	os.Unsetenv(validation)
	prepareEnvironment()
	if got := os.Getenv(validation); got != "false" {
		t.Errorf("got %q, want validation to be off", got)
	}
}

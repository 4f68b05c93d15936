package property

import (
	"flag"
	"os"
	"testing"

	"github.com/ecskit/ecskit/test/snapshot"
)

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "40"); err != nil { // unless the command line says otherwise
		panic(err)
	}
	os.Exit(snapshot.Main(m))
}

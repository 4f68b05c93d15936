package property

import (
	"os"
	"testing"

	"github.com/ecskit/ecskit/test/snapshot"
)

func TestMain(m *testing.M) { os.Exit(snapshot.Main(m)) }

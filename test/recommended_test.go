package test

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/test/snapshot"
)

// TestRecommendedFlags compares the flags of cdk.json with those that the CDK's own package recommends.
func TestRecommendedFlags(t *testing.T) {
	var want map[string]any
	if err := json.NewDecoder(packageFile(t, "package/recommended-feature-flags.json")).Decode(&want); err != nil {
		t.Fatal(err)
	}
	got, err := snapshot.Context(".")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cdk.json lacks (-) or adds (+):\n%s", diff)
	}
}

// packageFile finds a file of aws-cdk-lib in the archive that the Go module of the CDK carries.
func packageFile(t *testing.T, name string) *tar.Reader {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-cdk-go/awscdk/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	archives, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "jsii", "aws-cdk-lib-*.tgz"))
	if err != nil || len(archives) != 1 {
		t.Fatalf("got the archives %v, want one (%v)", archives, err)
	}
	file, err := os.Open(archives[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if header.Name == name {
			return archive
		}
	}
}

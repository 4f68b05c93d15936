package task

import (
	"strings"
	"testing"
)

// FuzzImage takes any text for an image. One that is taken is made of what it says, in a registry that is told from a repository as
// docker does.
func FuzzImage(f *testing.F) {
	for _, seed := range []string{
		"nginx", "nginx:1.29", "ghcr.io/shop/api:v1", "localhost:5000/a/b", "registry:5000/a", "public.ecr.aws/x/y@sha256:" + strings.Repeat("a", 64),
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1", "123456789012.dkr-ecr.eu-west-1.on.aws/shop", "[::1]:5000/a", "a__b/c", "A/b", "a/",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop--api",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, image string) {
		if len(imageProblems(image, nil)) > 0 {
			return
		}
		rest, digest, pinned := strings.Cut(image, "@")
		last := strings.LastIndex(rest, "/")
		name, tag, tagged := strings.Cut(rest[last+1:], ":")
		name = rest[:last+1] + name
		again := name
		if tagged {
			again += ":" + tag
		}
		if pinned {
			again += "@" + digest
		}
		if again != image || name == "" || tagged && tag == "" || pinned && digest == "" {
			t.Errorf("%q is taken for %q, %q, %q", image, name, tag, digest)
		}
		host, path, found := strings.Cut(name, "/")
		if !found || !strings.ContainsAny(host, ".:") && host != "localhost" {
			path = name // of Docker Hub
		}
		if path != strings.ToLower(path) || strings.Contains(path, "//") {
			t.Errorf("%q is taken, with the repository %q", image, path)
		}
		if got, want := moves(image), !pinned && (!tagged || tag == "latest"); got != want {
			t.Errorf("moves(%q) is %t", image, got)
		}
		arn := Container{Image: image}.repositoryARN("aws")
		if isECR(host) != (arn != nil) || arn != nil && !strings.HasSuffix(*arn, ":repository/"+path) {
			t.Errorf("%q is of the repository %v", image, arn)
		}
	})
}

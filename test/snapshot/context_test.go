package snapshot

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestContext(t *testing.T) {
	const file = `{"app":"go run .","context":{"flag":true,"list":["a"]}}`
	tests := map[string]struct {
		files map[string]string
		want  map[string]any
	}{
		"in the directory": {
			files: map[string]string{"app/shop/cdk.json": file, "app/cdk.json": `{"context":{"other":1}}`},
			want:  map[string]any{"flag": true, "list": []any{"a"}},
		},
		"above": {
			files: map[string]string{"app/cdk.json": file},
			want:  map[string]any{"flag": true, "list": []any{"a"}},
		},
		"at the module's root": {
			files: map[string]string{"app/cdk.json": file, "app/go.mod": "module m\n"},
			want:  map[string]any{"flag": true, "list": []any{"a"}},
		},
		"above the module's root": {
			files: map[string]string{"cdk.json": file, "app/go.mod": "module m\n"},
			want:  map[string]any{},
		},
		"no context": {
			files: map[string]string{"app/cdk.json": `{"app":"go run ."}`},
			want:  map[string]any{},
		},
		"nowhere": {want: map[string]any{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "go.mod"), "module m\n")
			writeFile(t, filepath.Join(dir, "app", "shop", "shop.go"), "package shop\n")
			for file, content := range test.files {
				writeFile(t, filepath.Join(dir, file), content)
			}
			got, err := Context(filepath.Join(dir, "app", "shop"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestContextOfBrokenFile(t *testing.T) {
	dir := inModule(t)
	writeFile(t, filepath.Join(dir, "cdk.json"), `{"context":`)
	if _, err := Context("."); err == nil {
		t.Error("got no error")
	}
	record(t, func(t testing.TB) { NewApp(t) }).wantFailure(t, "cdk.json", "unexpected end")
}

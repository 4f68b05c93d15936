package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
)

// Context returns the context, which holds the feature flags, of the nearest cdk.json: in dir or the closest directory
// above it, up to the one with the go.mod. Without a cdk.json, or without a context in it, the map is empty.
func Context(dir string) (map[string]any, error) {
	directories, err := ascend(dir)
	if err != nil {
		return nil, err
	}
	for d := range directories {
		content, err := os.ReadFile(filepath.Join(d, "cdk.json"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return parseContext(content, filepath.Join(d, "cdk.json"))
	}
	return map[string]any{}, nil
}

func parseContext(content []byte, file string) (map[string]any, error) {
	project := struct{ Context map[string]any }{Context: map[string]any{}}
	if err := json.Unmarshal(content, &project); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return project.Context, nil
}

// ascend yields dir and the directories above it, up to and with the module's root.
func ascend(dir string) (iter.Seq[string], error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	return func(yield func(string) bool) {
		for d := dir; yield(d) && !isModuleRoot(d) && filepath.Dir(d) != d; {
			d = filepath.Dir(d)
		}
	}, nil
}

func isModuleRoot(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

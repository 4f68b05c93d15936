//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/go-cmp/cmp"
)

// sameTemplates compares the templates of two assemblies as a whole: resources with their logical ids, types, properties,
// dependencies, policies and paths, and outputs, parameters and rules. Nothing is left out or made alike but what JSON has
// no opinion of: white space, and the order of an object's keys.
func sameTemplates(a, b string) error {
	one, err := templates(a)
	if err != nil {
		return err
	}
	other, err := templates(b)
	if err != nil {
		return err
	}
	if len(one) == 0 {
		return errors.New("no templates in " + a)
	}
	if diff := cmp.Diff(one, other); diff != "" {
		return fmt.Errorf("(a) has what is behind -, (b) what is behind +\n%s", diff)
	}
	return nil
}

// templates returns the templates of an assembly by their files.
func templates(dir string) (map[string]any, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.template.json"))
	if err != nil {
		return nil, err
	}
	found := map[string]any{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var template any
		if err := json.Unmarshal(content, &template); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		found[filepath.Base(file)] = template
	}
	return found, nil
}

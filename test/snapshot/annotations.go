package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// errorAnnotations returns what constructs of the stack have been marked with as an error. The CDK's command line
// refuses to deploy such a stack; synthesis alone says nothing of it.
func errorAnnotations(templateFile string) ([]string, error) {
	var metadata map[string][]struct {
		Type string
		Data any
	}
	err := readJSON(strings.TrimSuffix(templateFile, ".template.json")+".metadata.json", &metadata)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var found []string
	for _, path := range slices.Sorted(maps.Keys(metadata)) {
		for _, entry := range metadata[path] {
			if entry.Type == "aws:cdk:error" {
				found = append(found, fmt.Sprintf("%s: %v", strings.TrimPrefix(path, "/"), entry.Data))
			}
		}
	}
	return found, nil
}

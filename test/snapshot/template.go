package snapshot

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	nestedStack    = "AWS::CloudFormation::Stack"
	nestedTemplate = "NestedTemplate"
)

// assets is what the asset manifests of a cloud assembly tell.
type assets struct {
	dir    string
	hashes []string
	nested map[string]string // template file of a nested stack by its hash
}

type assetManifest struct {
	Files        map[string]fileAsset
	DockerImages map[string]any
}

type fileAsset struct {
	Source struct{ Path string }
}

func readAssets(dir string) (assets, error) {
	found := assets{dir: dir, nested: map[string]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.assets.json"))
	if err != nil {
		return assets{}, err
	}
	for _, file := range files {
		var manifest assetManifest
		if err := readJSON(file, &manifest); err != nil {
			return assets{}, err
		}
		found.add(manifest)
	}
	return found, nil
}

func (a *assets) add(manifest assetManifest) {
	for hash, file := range manifest.Files {
		a.hashes = append(a.hashes, hash)
		if strings.HasSuffix(file.Source.Path, ".nested.template.json") {
			a.nested[hash] = file.Source.Path
		}
	}
	for hash := range manifest.DockerImages {
		a.hashes = append(a.hashes, hash)
	}
}

// wholeTemplate reads a template and puts the templates of its nested stacks under the resources that deploy them.
func (a assets) wholeTemplate(file string) (map[string]any, error) {
	template, err := readTemplate(file)
	if err != nil {
		return nil, err
	}
	for _, resource := range resources(template) {
		nested, ok := a.nestedFile(resource)
		if !ok {
			continue
		}
		if resource[nestedTemplate], err = a.wholeTemplate(filepath.Join(a.dir, nested)); err != nil {
			return nil, err
		}
	}
	return template, nil
}

// nestedFile finds the hash that the URL of a nested stack ends with, wherever the functions that build it put it.
func (a assets) nestedFile(resource map[string]any) (string, bool) {
	if resource["Type"] != nestedStack {
		return "", false
	}
	properties, _ := resource["Properties"].(map[string]any)
	url := compact(properties["TemplateURL"])
	for hash, file := range a.nested {
		if strings.Contains(url, hash) {
			return file, true
		}
	}
	return "", false
}

// resources returns the resources of a template by their logical ids.
func resources(template map[string]any) map[string]map[string]any {
	section, _ := template["Resources"].(map[string]any)
	all := make(map[string]map[string]any, len(section))
	for id, r := range section {
		if resource, ok := r.(map[string]any); ok {
			all[id] = resource
		}
	}
	return all
}

func readTemplate(file string) (map[string]any, error) {
	var template map[string]any
	err := readJSON(file, &template)
	return template, err
}

func readJSON(file string, into any) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

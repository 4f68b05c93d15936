package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Template is one CloudFormation template.
type Template struct {
	Name string         // name of the stack; for a nested stack, the parent's Name, "/" and its logical id there
	Body map[string]any // as encoding/json decodes it
}

// Parse decodes the JSON template of the stack called name.
func Parse(name string, data []byte) (Template, error) {
	var body map[string]any
	if err := json.Unmarshal(data, &body); err != nil {
		return Template{}, fmt.Errorf("template %s: %w", name, err)
	}
	return Template{name, body}, nil
}

// Assembly reads the templates of all stacks in the CDK cloud assembly at dir, which is what "cdk synth" and App.Synth
// write: those of the app, of its stages and of nested stacks. An assembly without a stack is an error.
func Assembly(dir string) ([]Template, error) {
	templates, err := assembly(dir)
	if err == nil && len(templates) == 0 {
		err = fmt.Errorf("%s: the cloud assembly has no stack", dir)
	}
	return templates, err
}

// manifest is the manifest.json of a cloud assembly.
type manifest struct {
	Artifacts map[string]struct {
		Type       string
		Properties struct {
			TemplateFile  string // of a stack
			StackName     string // of a stack, if it differs from the artifact's id
			DirectoryName string // of a stage
			File          string // of an asset manifest
		}
	}
}

// assets is an asset manifest: the files that a deployment uploads, by hash.
type assets struct {
	Files map[string]struct {
		Source struct{ Path string }
	}
}

func assembly(dir string) ([]Template, error) {
	var m manifest
	if err := decode(dir, "manifest.json", &m); err != nil {
		return nil, err
	}
	var templates []Template
	files := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		var more []Template
		var err error
		switch a, p := m.Artifacts[id], m.Artifacts[id].Properties; a.Type {
		case "aws:cloudformation:stack":
			name := p.StackName
			if name == "" {
				name = id
			}
			more = []Template{{Name: name}}
			err = decode(dir, p.TemplateFile, &more[0].Body)
		case "cdk:cloud-assembly":
			more, err = assembly(filepath.Join(dir, p.DirectoryName))
		case "cdk:asset-manifest":
			err = templateAssets(dir, p.File, files)
		}
		if err != nil {
			return nil, err
		}
		templates = append(templates, more...)
	}
	return withNested(dir, templates, files)
}

// templateAssets adds the JSON files of an asset manifest to files, by hash.
func templateAssets(dir, file string, files map[string]string) error {
	var a assets
	if err := decode(dir, file, &a); err != nil {
		return err
	}
	for hash, f := range a.Files {
		if strings.HasSuffix(f.Source.Path, ".json") {
			files[hash] = f.Source.Path
		}
	}
	return nil
}

// withNested appends the templates of nested stacks, and of those nested in them. Only the hash in the TemplateURL of
// an AWS::CloudFormation::Stack tells which file of the assembly it is made from.
func withNested(dir string, templates []Template, files map[string]string) ([]Template, error) {
	for i := 0; i < len(templates); i++ {
		resources, _ := templates[i].Body["Resources"].(map[string]any)
		for _, id := range slices.Sorted(maps.Keys(resources)) {
			resource, _ := resources[id].(map[string]any)
			if resource["Type"] != nestedStack {
				continue
			}
			file, ok := templateFile(resource, files)
			if !ok {
				continue
			}
			nested := Template{Name: templates[i].Name + "/" + id}
			if err := decode(dir, file, &nested.Body); err != nil {
				return nil, err
			}
			templates = append(templates, nested)
		}
	}
	return templates, nil
}

func templateFile(stack map[string]any, files map[string]string) (string, bool) {
	url, _ := json.Marshal(stack["Properties"]) // which was read from JSON
	for hash, file := range files {
		if strings.Contains(string(url), "/"+hash+".json") {
			return file, true
		}
	}
	return "", false
}

func decode(dir, file string, into any) error {
	path := filepath.Join(dir, file)
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/test/rules"
)

// assembly is a cloud assembly with a stack, a nested stack with another one in it, and a stage.
var assembly = map[string]string{
	"manifest.json": `{"version": "54.0.0", "artifacts": {
		"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
		"Shop.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}},
		"Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}},
		"assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
	}}`,
	"Shop.assets.json": `{"files": {
		"0123": {"source": {"path": "Api.nested.template.json", "packaging": "file"}},
		"4567": {"source": {"path": "Db.nested.template.json", "packaging": "file"}},
		"89ab": {"source": {"path": "asset.89ab", "packaging": "zip"}}
	}}`,
	"Shop.template.json": `{"Resources": {
		"ALogGroup": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30}},
		"AStackElsewhere": ` + nestedStack("ffff") + `,
		"Api": ` + nestedStack("0123") + `
	}}`,
	"Api.nested.template.json": `{"Resources": {"Db": ` + nestedStack("4567") + `}}`,
	"Db.nested.template.json":  `{"Resources": {"Logs": {"Type": "AWS::Logs::LogGroup"}}}`,
	"assembly-Prod/manifest.json": `{"artifacts": {"ProdShop": {"type": "aws:cloudformation:stack",
		"properties": {"templateFile": "ProdShop.template.json", "stackName": "Prod-Shop"}}}}`,
	"assembly-Prod/ProdShop.template.json": `{"Resources": {"Logs": {"Type": "AWS::Logs::LogGroup"}}}`,
}

func nestedStack(hash string) string {
	return `{"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Join": ["", [
		"https://s3.", {"Ref": "AWS::Region"}, "/", {"Fn::Sub": "assets-${AWS::Region}"}, "/` + hash + `.json"]]}}}`
}

// write writes an assembly to a new directory.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAssembly(t *testing.T) {
	templates, err := rules.Assembly(write(t, assembly))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, template := range templates {
		names = append(names, template.Name)
	}
	if diff := cmp.Diff([]string{"Shop", "Prod-Shop", "Shop/Api", "Shop/Api/Db"}, names); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var stacks []string
	for _, finding := range rules.Check(templates...) {
		stacks = append(stacks, finding.Stack)
	}
	if diff := cmp.Diff([]string{"Prod-Shop", "Shop/Api/Db"}, stacks); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAssemblyErrors(t *testing.T) {
	for _, test := range []struct{ name, file, content, want string }{
		{"no stack", "manifest.json", `{"artifacts": {}}`, "no stack"},
		{"bad manifest", "manifest.json", `[]`, "manifest.json"},
		{"bad template", "Shop.template.json", `{"Resources"}`, "Shop.template.json"},
		{"bad nested template", "Db.nested.template.json", `[]`, "Db.nested.template.json"},
		{"bad asset manifest", "Shop.assets.json", `{"files": []}`, "Shop.assets.json"},
		{"bad stage", "assembly-Prod/manifest.json", ``, filepath.Join("assembly-Prod", "manifest.json")},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, assembly)
			if err := os.WriteFile(filepath.Join(dir, test.file), []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := rules.Assembly(dir); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error about %s", err, test.want)
			}
		})
	}
	if _, err := rules.Assembly(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Errorf("got %v for a directory that does not exist", err)
	}
}

func TestParse(t *testing.T) {
	if _, err := rules.Parse("Shop", []byte(`{`)); err == nil || !strings.Contains(err.Error(), "template Shop") {
		t.Errorf("got %v, want an error that names the template", err)
	}
	if _, err := rules.Parse("Shop", []byte(`[]`)); err == nil {
		t.Error("got no error for a template that is a list")
	}
}

// Command generate writes the table of package replacement. It takes the path of db.json.gz in the npm package
// @aws-cdk/aws-service-spec, and templates whose resource types are to be in the table:
//
//	npm install --no-save @aws-cdk/aws-service-spec
//	go run ./test/replacement/generate node_modules/@aws-cdk/aws-service-spec/db.json.gz test/testdata/*.json > table.json
package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "generate: needs db.json.gz and templates")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// specification is what is read of the database.
type specification struct {
	Schema struct {
		Resource struct {
			Entities []struct {
				CloudFormationType string
				Properties         map[string]struct{ CausesReplacement string }
			}
		}
	}
}

func run(out io.Writer, database string, templates []string) error {
	types, err := typesOf(templates)
	if err != nil {
		return err
	}
	file, err := os.Open(database)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("%s: %w", database, err)
	}
	var spec specification
	if err := json.NewDecoder(unzipped).Decode(&spec); err != nil {
		return fmt.Errorf("%s: %w", database, err)
	}
	table := map[string][]string{}
	for _, resource := range spec.Schema.Resource.Entities {
		if !types[resource.CloudFormationType] {
			continue
		}
		fixed := []string{}
		for name, property := range resource.Properties {
			if property.CausesReplacement != "" && property.CausesReplacement != "no" {
				fixed = append(fixed, name)
			}
		}
		slices.Sort(fixed)
		table[resource.CloudFormationType] = fixed
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(table)
}

// typesOf returns the resource types of templates.
func typesOf(templates []string) (map[string]bool, error) {
	types := map[string]bool{}
	for _, path := range templates {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var template struct {
			Resources map[string]struct{ Type string }
		}
		if err := json.Unmarshal(content, &template); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, resource := range template.Resources {
			types[resource.Type] = true
		}
	}
	return types, nil
}

// Package replacement knows which changes of a resource make CloudFormation replace it.
package replacement

import (
	_ "embed"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"sync"
)

// table.json is written by the command in generate, from the CloudFormation resource specification that the CDK is made
// of: resource types, and their properties that cannot be changed in place.
//
//go:embed table.json
var table []byte

var load = sync.OnceValue(func() map[string][]string {
	var types map[string][]string
	if err := json.Unmarshal(table, &types); err != nil {
		panic("replacement: table.json: " + err.Error())
	}
	return types
})

// Known reports whether the table has a resource type.
func Known(resourceType string) bool {
	_, known := load()[resourceType]
	return known
}

// Properties returns the properties whose change replaces a resource of the type, in order.
func Properties(resourceType string) []string { return load()[resourceType] }

// Causes returns the properties in which two versions of a resource differ and whose change replaces it, in order. Another
// type replaces it by itself.
func Causes(before, after map[string]any) []string {
	if before["Type"] != after["Type"] {
		return []string{"Type"}
	}
	a, _ := before["Properties"].(map[string]any)
	b, _ := after["Properties"].(map[string]any)
	resourceType, _ := after["Type"].(string)
	return slices.DeleteFunc(slices.Clone(Properties(resourceType)), func(name string) bool {
		return reflect.DeepEqual(a[name], b[name])
	})
}

// Replaced returns, of the resources that two templates share, those that CloudFormation replaces by the second, with the
// properties that cause it. A resource that refers to one of them is updated or replaced in its turn, as it were changed.
func Replaced(before, after map[string]any) map[string][]string {
	a, _ := before["Resources"].(map[string]any)
	b, _ := after["Resources"].(map[string]any)
	found := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(a)) {
		old, _ := a[id].(map[string]any)
		if now, kept := b[id].(map[string]any); kept {
			if causes := Causes(old, now); len(causes) > 0 {
				found[id] = causes
			}
		}
	}
	return found
}

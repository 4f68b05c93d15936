package rules_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ecskit/ecskit/test/rules"
)

// edit sets what is at a path below Resources, such as Task.Properties.ContainerDefinitions[0].Name, to a JSON value,
// or removes it if the value is empty.
type edit struct{ path, value string }

// base is a template without a mistake, and what is changed in it.
type base struct {
	file       string
	breakages  []change
	nearMisses []change
}

var (
	fargate = base{
		"testdata/healthy.json", slices.Concat(
			breakages, secretBreakages, shiftBreakages, codeDeployBreakages, discoveryBreakages,
			policyBreakages, doorBreakages, streamBreakages, apiBreakages, queueBreakages,
		),
		slices.Concat(
			nearMisses, secretNearMisses, shiftNearMisses, codeDeployNearMisses, discoveryNearMisses,
			policyNearMisses, doorNearMisses, streamNearMisses, apiNearMisses, queueNearMisses,
		),
	}
	ec2    = base{"testdata/healthy_ec2.json", ec2Breakages, ec2NearMisses}
	closed = base{"testdata/healthy_closed.json", closedBreakages, closedNearMisses}
	bases  = []base{fargate, ec2, closed}
)

// bodies are the templates of bases as they are decoded, by file. Whatever is made of them shares what it does not
// change.
var bodies = map[string]map[string]any{}

// healthy returns the template, edited.
func (b base) healthy(t testing.TB, edits ...edit) rules.Template {
	t.Helper()
	template := rules.Template{Name: "Shop", Body: bodies[b.file]}
	if template.Body == nil {
		data, err := os.ReadFile(b.file)
		if err != nil {
			t.Fatal(err)
		}
		if template, err = rules.Parse("Shop", data); err != nil {
			t.Fatal(err)
		}
		bodies[b.file] = template.Body
	}
	for _, e := range edits {
		var value any
		if e.value != "" {
			if err := json.Unmarshal([]byte(e.value), &value); err != nil {
				t.Fatalf("%s: %v", e.path, err)
			}
		}
		keys := strings.FieldsFunc("Resources."+e.path, func(r rune) bool { return strings.ContainsRune(".[]", r) })
		template.Body = set(template.Body, keys, value).(map[string]any)
	}
	return template
}

// set returns a copy of container with the value at the path of keys, or without it if the value is nil. The index after
// the last of a list appends to it.
func set(container any, keys []string, value any) any {
	if len(keys) == 0 {
		return value
	}
	if list, ok := container.([]any); ok {
		i, err := strconv.Atoi(keys[0])
		if err != nil {
			panic(err)
		}
		list = slices.Clone(list)
		if i == len(list) {
			list = append(list, nil)
		}
		list[i] = set(list[i], keys[1:], value)
		return list
	}
	object, _ := container.(map[string]any)
	if object = maps.Clone(object); object == nil {
		object = map[string]any{}
	}
	object[keys[0]] = set(object[keys[0]], keys[1:], value)
	if object[keys[0]] == nil {
		delete(object, keys[0])
	}
	return object
}

// forms are the ways to deploy the same resources. Rules must not depend on it.
var forms = []struct {
	name     string
	reversed bool // whether to check them in the other order as well, for which one of the forms will do
	make     func(rules.Template) []rules.Template
}{
	{"one stack", false, func(t rules.Template) []rules.Template { return []rules.Template{t} }},
	{"stack outputs", true, func(t rules.Template) []rules.Template { return split(t, getStackOutput) }},
	{"exports", false, func(t rules.Template) []rules.Template { return split(t, importValue) }},
	{"nested stack", false, func(t rules.Template) []rules.Template { return split(t, nested) }},
}

// platform are the resources that services share; they make a stack of their own where the template is split.
var platform = []string{
	"Cluster", "Repository", "Lb", "LbGroup", "Clients", "Https", "Http",
	"Pool", "Instances", "Template", "InstanceGroup", "InstanceProfile", "InstanceRole", "Key", "KeyAlias",
	"Vpc", "Subnet", "OtherSubnet", "PublicSubnet", "Table", "PublicTable", "Routing", "OtherRouting", "PublicRouting",
	"Internet", "PublicRoute", "Peering", "Route",
}

// split moves the platform to a stack of its own, with references in the style of refer.
func split(whole rules.Template, refer func(from, to *half, name string, value any) any) []rules.Template {
	p, s := halfOf(whole, "Platform"), halfOf(whole, "Shop")
	resources := whole.Body["Resources"].(map[string]any)
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		h := s
		if slices.Contains(platform, id) {
			h = p
		}
		h.section("Resources")[id] = resources[id]
	}
	p.link(s, refer)
	s.link(p, refer)
	if s.section("Parameters")["nested"] != nil {
		delete(s.section("Parameters"), "nested")
		p.section("Resources")["Nested"].(map[string]any)["Type"] = "AWS::CloudFormation::Stack"
		s.Name = "Platform/Nested"
	}
	return []rules.Template{p.Template, s.Template}
}

// half is a template that refers to resources of another.
type half struct{ rules.Template }

// halfOf returns a half without resources, with the parameters of the whole.
func halfOf(whole rules.Template, name string) *half {
	parameters, _ := whole.Body["Parameters"].(map[string]any)
	return &half{rules.Template{Name: name, Body: map[string]any{
		"Parameters": maps.Clone(parameters), "Resources": map[string]any{},
	}}}
}

func (h *half) section(name string) map[string]any {
	section, _ := h.Body[name].(map[string]any)
	if section == nil {
		section = map[string]any{}
		h.Body[name] = section
	}
	return section
}

// link replaces references to resources of another half.
func (h *half) link(other *half, refer func(from, to *half, name string, value any) any) {
	resources := h.section("Resources")
	for id, resource := range resources {
		if r, ok := resource.(map[string]any); ok {
			if properties, changed := h.relink(r["Properties"], other, refer); changed {
				resources[id] = set(r, []string{"Properties"}, properties)
			}
		}
	}
}

// relink returns a copy of a value with other references, or the value itself if it has none to the other half.
func (h *half) relink(value any, other *half, refer func(from, to *half, name string, value any) any) (relinked any, changed bool) {
	switch v := value.(type) {
	case []any:
		for i, element := range v {
			if element, ok := h.relink(element, other, refer); ok {
				if !changed {
					v, changed = slices.Clone(v), true
				}
				v[i] = element
			}
		}
		return v, changed
	case map[string]any:
		if format, ok := v["Fn::Sub"].(string); ok {
			v, changed = spelledOut(format), true
		}
		if id, ok := target(v); ok && other.section("Resources")[id] != nil {
			data, _ := json.Marshal(v)
			return refer(h, other, notWord.ReplaceAllString(string(data), ""), v), true
		}
		for key, element := range v {
			if element, ok := h.relink(element, other, refer); ok {
				if !changed {
					v, changed = maps.Clone(v), true
				}
				v[key] = element
			}
		}
		return v, changed
	}
	return value, false
}

var (
	notWord     = regexp.MustCompile(`\W`)
	placeholder = regexp.MustCompile(`\$\{[A-Z][\w.]*\}`)
)

// target returns the logical id that a Ref or Fn::GetAtt refers to.
func target(value map[string]any) (string, bool) {
	if id, ok := value["Ref"].(string); ok {
		return id, true
	}
	switch a := value["Fn::GetAtt"].(type) {
	case string:
		id, _, _ := strings.Cut(a, ".")
		return id, true
	case []any:
		id, ok := a[0].(string)
		return id, ok
	}
	return "", false
}

// spelledOut returns Fn::Sub with references as variables, which can be relinked.
func spelledOut(format string) map[string]any {
	variables := map[string]any{}
	format = placeholder.ReplaceAllStringFunc(format, func(match string) string {
		name := match[2 : len(match)-1]
		variable := "v" + strings.ReplaceAll(name, ".", "")
		variables[variable] = map[string]any{"Ref": name}
		if strings.Contains(name, ".") {
			variables[variable] = map[string]any{"Fn::GetAtt": name}
		}
		return "${" + variable + "}"
	})
	return map[string]any{"Fn::Sub": []any{format, variables}}
}

// getStackOutput refers as the CDK does by default with its recommended feature flags.
func getStackOutput(_, to *half, name string, value any) any {
	to.section("Outputs")[name] = map[string]any{"Value": value}
	return map[string]any{"Fn::GetStackOutput": map[string]any{
		"StackName": to.Name, "OutputName": name, "Region": map[string]any{"Ref": "AWS::Region"},
	}}
}

// importValue refers as the CDK does without them.
func importValue(_, to *half, name string, value any) any {
	export := map[string]any{"Fn::Sub": "${AWS::StackName}:" + name}
	to.section("Outputs")[name] = map[string]any{"Value": value, "Export": map[string]any{"Name": export}}
	return map[string]any{"Fn::ImportValue": to.Name + ":" + name}
}

// nested refers to the parent by a parameter and to the nested stack by its output.
func nested(from, to *half, name string, value any) any {
	if from.Name == "Platform" {
		to.section("Outputs")[name] = map[string]any{"Value": value}
		return map[string]any{"Fn::GetAtt": []any{"Nested", "Outputs." + name}}
	}
	to.Body["Resources"] = set(to.section("Resources"), []string{"Nested", "Properties", "Parameters", name}, value)
	from.section("Parameters")["nested"] = true
	from.section("Parameters")[name] = map[string]any{"Type": "String"}
	return map[string]any{"Ref": name}
}

package test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/ecskit/ecskit/test/rules"
)

// synthStack builds one stack and returns its template.
func synthStack(t *testing.T, b func(stack awscdk.Stack)) map[string]any {
	t.Helper()
	return byName(synth(t, inStack("Stack", b)))["Stack"]
}

// byName returns the bodies of templates by stack.
func byName(templates []rules.Template) map[string]map[string]any {
	bodies := map[string]map[string]any{}
	for _, t := range templates {
		bodies[t.Name] = t.Body
	}
	return bodies
}

// resourcesOf returns the properties of the resources of one type by their construct path, which says more than a
// logical id.
func resourcesOf(template map[string]any, resourceType string) map[string]map[string]any {
	found := map[string]map[string]any{}
	for id := range template["Resources"].(map[string]any) {
		if r := resource(template, id); r["Type"] == resourceType {
			properties, _ := r["Properties"].(map[string]any)
			found[r["Metadata"].(map[string]any)["aws:cdk:path"].(string)] = properties
		}
	}
	return found
}

func resource(template map[string]any, id string) map[string]any {
	return template["Resources"].(map[string]any)[id].(map[string]any)
}

// policies returns the statements of every policy of the template, as "actions on resources", by the construct path of
// the policy.
func policies(template map[string]any) map[string][]string {
	found := map[string][]string{}
	for path, policy := range resourcesOf(template, "AWS::IAM::Policy") {
		for _, s := range policy["PolicyDocument"].(map[string]any)["Statement"].([]any) {
			found[path] = append(found[path], describe(template, s.(map[string]any)))
		}
	}
	return found
}

func describe(template map[string]any, statement map[string]any) string {
	text := strings.Join(listOf(template, statement["Action"]), " ") + " on " + strings.Join(listOf(template, statement["Resource"]), " ")
	if condition, found := statement["Condition"]; found {
		text += " if " + value(template, condition)
	}
	return statement["Effect"].(string) + " " + text
}

func sorted(items []string) []string {
	slices.Sort(items)
	return items
}

func listOf(template map[string]any, v any) []string {
	items, isList := v.([]any)
	if !isList {
		items = []any{v}
	}
	var texts []string
	for _, item := range items {
		texts = append(texts, value(template, item))
	}
	return sorted(texts)
}

// value renders a value for people: a reference as the path of what it refers to.
func value(template map[string]any, v any) string {
	object, isObject := v.(map[string]any)
	if !isObject {
		if s, isString := v.(string); isString {
			return s
		}
		text, _ := json.Marshal(v)
		return string(text)
	}
	if ref, found := object["Ref"].(string); found {
		return "${" + name(template, ref) + "}"
	}
	if att, found := object["Fn::GetAtt"].([]any); found {
		return fmt.Sprintf("${%s.%s}", name(template, att[0].(string)), att[1])
	}
	if join, found := object["Fn::Join"].([]any); found {
		var parts []string
		for _, part := range join[1].([]any) {
			parts = append(parts, value(template, part))
		}
		return strings.Join(parts, join[0].(string))
	}
	text, _ := json.Marshal(v)
	return string(text)
}

func name(template map[string]any, id string) string {
	if strings.HasPrefix(id, "AWS::") {
		return id
	}
	path := resource(template, id)["Metadata"].(map[string]any)["aws:cdk:path"].(string)
	return strings.TrimSuffix(path, "/Resource")
}

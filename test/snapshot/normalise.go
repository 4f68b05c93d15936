package snapshot

import (
	"regexp"
	"strings"
)

const placeholder = "<hash>"

// versionID is the logical id of a Lambda function's current version: it ends with an MD5 of the function and its code.
var versionID = regexp.MustCompile(`^(.*)[0-9a-f]{32}$`)

// normalise returns a copy of a whole template without what changes while nothing that is deployed does.
func normalise(whole map[string]any, hashes []string) map[string]any {
	template := replaceStrings(whole, strings.NewReplacer(replacements(whole, hashes)...)).(map[string]any)
	removeNoise(template)
	return template
}

// replacements are pairs for a [strings.Replacer]. Only SHA-256 sums count as hashes of assets: a shorter string, from
// a synthesizer that makes its own, could be part of any word.
func replacements(whole map[string]any, hashes []string) []string {
	var pairs []string
	for _, hash := range hashes {
		if len(hash) == 64 {
			pairs = append(pairs, hash, placeholder)
		}
	}
	return append(pairs, versionReplacements(whole)...)
}

func versionReplacements(whole map[string]any) []string {
	var pairs []string
	for id, resource := range resources(whole) {
		match := versionID.FindStringSubmatch(id)
		if resource["Type"] == "AWS::Lambda::Version" && match != nil {
			pairs = append(pairs, id, match[1]+placeholder)
		}
		if nested, ok := resource[nestedTemplate].(map[string]any); ok {
			pairs = append(pairs, versionReplacements(nested)...)
		}
	}
	return pairs
}

// replaceStrings copies a JSON value with the replacements in its strings and keys.
func replaceStrings(v any, replacer *strings.Replacer) any {
	switch v := v.(type) {
	case map[string]any:
		replaced := make(map[string]any, len(v))
		for key, value := range v {
			replaced[replacer.Replace(key)] = replaceStrings(value, replacer)
		}
		return replaced
	case []any:
		replaced := make([]any, len(v))
		for i, value := range v {
			replaced[i] = replaceStrings(value, replacer)
		}
		return replaced
	case string:
		return replacer.Replace(v)
	}
	return v
}

func removeNoise(template map[string]any) {
	for id, resource := range resources(template) {
		if resource["Type"] == "AWS::CDK::Metadata" {
			removeEntry(template, "Resources", id)
		}
		removeMetadata(resource)
		if nested, ok := resource[nestedTemplate].(map[string]any); ok {
			removeNoise(nested)
		}
	}
	removeEntry(template, "Conditions", "CDKMetadataAvailable")
	removeEntry(template, "Parameters", "BootstrapVersion")
	removeEntry(template, "Rules", "CheckBootstrapVersion")
}

func removeMetadata(resource map[string]any) {
	metadata, _ := resource["Metadata"].(map[string]any)
	for key := range metadata {
		if strings.HasPrefix(key, "aws:cdk:") || strings.HasPrefix(key, "aws:asset:") {
			removeEntry(resource, "Metadata", key)
		}
	}
}

// removeEntry removes an entry of a section, and the section with its last entry.
func removeEntry(of map[string]any, section, key string) {
	entries, _ := of[section].(map[string]any)
	delete(entries, key)
	if len(entries) == 0 {
		delete(of, section)
	}
}

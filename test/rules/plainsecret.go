package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// plainSecret wants no credential to be written out in a template. The template stays in repositories and in the history
// of the stack, and everyone who may describe a task definition or a function reads its variables. No reason repeats the
// value, which would bring it into one more log.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
func plainSecret(m *model) []Finding {
	var found []Finding
	for _, task := range m.byType[taskDefinition] {
		for _, container := range task.at("ContainerDefinitions").items() {
			found = append(found, plainInContainer(container)...)
		}
	}
	for _, function := range m.byType[lambdaFunction] {
		variables := function.at("Environment", "Variables")
		for _, name := range variables.keys() {
			found = append(found, plain(name, variables.at(name), "let the function read it from Secrets Manager or "+
				"Parameter Store")...)
		}
	}
	for _, parameter := range m.byType[storedParameter] {
		found = append(found, plain(parameter.at("Name").text(), parameter.at("Value"), "a template can only make a "+
			"String: store a SecureString by other means")...)
	}
	for _, secret := range m.byType[storedSecret] {
		found = append(found, plainSecretString(secret.at("SecretString"))...)
	}
	return found
}

func plainInContainer(container *node) []Finding {
	var found []Finding
	for _, variable := range container.at("Environment").items() {
		found = append(found, plain(variable.at("Name").text(), variable.at("Value"), "name a parameter or a secret in "+
			"Secrets")...)
	}
	for _, options := range []*node{
		container.at("LogConfiguration", "Options"), container.at("FirelensConfiguration", "Options"),
	} {
		for _, name := range options.keys() {
			found = append(found, plain(name, options.at(name), "name a parameter or a secret in SecretOptions")...)
		}
	}
	for _, list := range []string{"EntryPoint", "Command"} {
		found = append(found, plainArguments(container.at(list).items())...)
	}
	return found
}

// plainArguments looks at each argument on its own and at name=value.
func plainArguments(arguments []*node) []Finding {
	var found []Finding
	for _, argument := range arguments {
		reason := suspect("", argument.text())
		name, value, _ := strings.Cut(argument.text(), "=")
		if reason == "" && !strings.ContainsAny(name, " \t\n") {
			reason = suspect(name, value)
		}
		if reason != "" {
			found = append(found, writtenOut(argument, "an argument", reason, "name a parameter or a secret in Secrets, "+
				"and let the command take it from the variable"))
		}
	}
	return found
}

// plain returns a finding if a value of that name is a credential, or the value of a parameter that is read at
// deployment: CloudFormation does not read a SecureString so, and anything else is in plain.
// See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
func plain(name string, value *node, remedy string) []Finding {
	if reason := suspect(name, value.text()); reason != "" {
		return []Finding{writtenOut(value, name, reason, remedy)}
	}
	for _, parameter := range references(value.value) {
		if value.resource.stack.readsParameter(parameter) && credentialName.MatchString(name) {
			return []Finding{writtenOut(value, name, fmt.Sprintf("has the name of a credential and the value of the "+
				"parameter that the template parameter %s reads, which is no SecureString and is in plain here",
				parameter), remedy)}
		}
	}
	return nil
}

func writtenOut(value *node, name, reason, remedy string) Finding {
	return value.finding(
		"%s %s, so everyone reads it who may see the template or describe the resource: %s, and replace a value that has "+
			"been in use",
		name, reason, remedy,
	)
}

// publicKey matches the keys of a secret that do not hold what is secret of it.
var publicKey = regexp.MustCompile(`(?i)^(user(_?name)?|login|host(_?name)?|port|engine|db_?(name|instance_?identifier|` +
	`cluster_?identifier)|database|region|(master)?arn)$`)

// plainSecretString wants the value of a secret to be made up by Secrets Manager: whatever is written out here is secret,
// unless it is the rest of a JSON object.
func plainSecretString(value *node) []Finding {
	var found []Finding
	for name, text := range secretValues(value.text()) {
		if !publicKey.MatchString(name) && spelledOut(name, text) {
			found = append(found, writtenOut(value, name, "is part of a secret and written out", "use "+
				"GenerateSecretString, or store the value by other means"))
		}
	}
	return found
}

// secretValues returns the strings in a JSON object, or all of a text that is none.
func secretValues(text string) map[string]string {
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil {
		return map[string]string{"SecretString": text}
	}
	values := map[string]string{}
	for name, value := range object {
		values[name], _ = value.(string)
	}
	return values
}

// keys returns the keys of an object, none of an intrinsic function.
func (n *node) keys() []string {
	if _, _, ok := intrinsic(n.value); ok {
		return nil
	}
	object, _ := n.value.(map[string]any)
	return slices.Sorted(maps.Keys(object))
}

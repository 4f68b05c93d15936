package rules

import (
	"encoding/json"
	"strconv"
	"strings"
)

// resolver turns the values of templates into texts that can be compared, also across templates.
//
// A text is a string in which each reference that stands for a value of the deployment (the id of a security group, the
// region) is a single rune of Unicode's private use planes. So texts are equal if and only if the deployed strings are
// known to be, and the functions of package strings split and search them as if they were literal.
type resolver struct {
	byName     map[string]*stack // nil for a name that several templates have
	exports    map[string]*export
	references []reference
	runes      map[string]string // of references, by key
	memo       map[string]string
}

// reference is what a rune of a text stands for.
type reference struct {
	label  string // what a reason shows
	known  bool   // stands for something in the given templates or for a pseudo parameter, not for any string at all
	atom   bool   // a name, which unlike an ARN or an id has none of the characters that templates split strings at
	suffix bool   // the six characters that Secrets Manager adds to a name
}

// export is an output of a stack that Fn::ImportValue can name.
type export struct {
	stack *stack
	value any
}

const firstReference = '\U000F0000'

func newResolver() resolver {
	return resolver{
		byName:  map[string]*stack{},
		exports: map[string]*export{},
		runes:   map[string]string{},
		memo:    map[string]string{},
	}
}

func (v *resolver) addStack(s *stack) {
	if _, taken := v.byName[s.name]; taken {
		v.byName[s.name] = nil
		return
	}
	v.byName[s.name] = s
}

func (v *resolver) addExports(s *stack) {
	outputs, _ := s.body["Outputs"].(map[string]any)
	for _, output := range outputs {
		body, _ := output.(map[string]any)
		name, ok := body["Export"].(map[string]any)
		if !ok {
			continue
		}
		text := v.resolve(s, name["Name"])
		if _, taken := v.exports[text]; taken {
			v.exports[text] = nil
			continue
		}
		v.exports[text] = &export{s, body["Value"]}
	}
}

// pseudo parameters that are the same for all stacks, as far as a template tells.
var pseudo = map[string]reference{
	"AWS::AccountId": {label: "${AWS::AccountId}", known: true, atom: true},
	"AWS::Partition": {label: "${AWS::Partition}", known: true, atom: true},
	"AWS::Region":    {label: "${AWS::Region}", known: true, atom: true},
	"AWS::URLSuffix": {label: "${AWS::URLSuffix}", known: true, atom: true},
}

// shapes gives, for a type of resource, what Ref and attributes return in terms of its physical name. A variable in it
// is a pseudo parameter, "Ref" for what Ref returns if nothing more is known of it, or a property. A property that the
// template leaves out, such as the name that CloudFormation then generates, is a reference of its own.
//
// Source: "Return values" of each type in
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
var shapes = map[string]map[string]string{
	ecsService:     {"ServiceArn": "${Ref}", "Name": "${ServiceName}"},
	taskDefinition: {"TaskDefinitionArn": "${Ref}"},
	targetGroup:    {"TargetGroupArn": "${Ref}"},
	listener:       {"ListenerArn": "${Ref}"},
	listenerRule:   {"RuleArn": "${Ref}"},
	loadBalancer:   {"LoadBalancerArn": "${Ref}"},
	securityGroup:  {"GroupId": "${Ref}", "Id": "${Ref}"},
	managedPolicy:  {"PolicyArn": "${Ref}"},
	role:           {"Ref": "${RoleName}", "Arn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${RoleName}"},
	logGroup: {
		"Ref": "${LogGroupName}",
		"Arn": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${LogGroupName}:*",
	},
	ecsCluster: {
		"Ref": "${ClusterName}",
		"Arn": "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/${ClusterName}",
	},
	capacityProvider: {"Ref": "${Name}"},
	autoScalingGroup: {
		"Ref": "${AutoScalingGroupName}",
		"AutoScalingGroupARN": "arn:${AWS::Partition}:autoscaling:${AWS::Region}:${AWS::AccountId}:autoScalingGroup:" +
			"${Id}:autoScalingGroupName/${AutoScalingGroupName}",
	},
	launchTemplate: {"LaunchTemplateId": "${Ref}"},
	vpc:            {"VpcId": "${Ref}"},
	subnet:         {"SubnetId": "${Ref}"},
	routeTable:     {"RouteTableId": "${Ref}"},
	"AWS::ECR::Repository": {
		"Ref":           "${RepositoryName}",
		"Arn":           "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/${RepositoryName}",
		"RepositoryUri": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/${RepositoryName}",
	},
	storedParameter: {"Ref": "${Name}"},
	// The ARN of a secret ends in a suffix that Secrets Manager makes up, even if the template names the secret.
	storedSecret: {
		"Ref": "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${Name}-${Suffix}",
		"Id":  "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${Name}-${Suffix}",
	},
	"AWS::SecretsManager::SecretTargetAttachment": {"Ref": "${SecretId}", "Id": "${SecretId}"},
	kmsKey: {
		"Ref": "${KeyId}", "KeyId": "${KeyId}",
		"Arn": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${KeyId}",
	},
	kmsAlias: {"Ref": "${AliasName}"},
	bucket:   {"Ref": "${BucketName}", "Arn": "arn:${AWS::Partition}:s3:::${BucketName}"},
}

// resolve returns the text of a value in a stack; "" for nil.
func (v *resolver) resolve(s *stack, value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return literal(value)
	case bool:
		return strconv.FormatBool(value)
	case int:
		return strconv.Itoa(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	if text, ok := v.call(s, value); ok {
		return text
	}
	expression, _ := json.Marshal(value) // sorts keys, so that equal expressions are equal texts
	return v.unknown(s, string(expression))
}

// literal keeps a character of a template from being taken for a reference.
func literal(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= firstReference {
			return '\uFFFD'
		}
		return r
	}, text)
}

// intrinsic returns the name and the argument of an intrinsic function.
func intrinsic(value any) (name string, argument any, ok bool) {
	object, _ := value.(map[string]any)
	if len(object) != 1 {
		return "", nil, false
	}
	for name, argument = range object {
		ok = name == "Ref" || strings.HasPrefix(name, "Fn::")
	}
	return name, argument, ok
}

// call resolves an intrinsic function, unless its result is only known at deployment.
func (v *resolver) call(s *stack, value any) (string, bool) {
	name, argument, _ := intrinsic(value)
	switch name {
	case "Ref":
		id, ok := argument.(string)
		return v.ref(s, id), ok
	case "Fn::GetAtt":
		return v.getAtt(s, argument)
	case "Fn::Join":
		return v.join(s, argument)
	case "Fn::Sub":
		return v.sub(s, argument)
	case "Fn::Select":
		return v.choose(s, argument)
	case "Fn::ImportValue":
		return v.importValue(s, argument), true
	case "Fn::GetStackOutput":
		return v.stackOutput(s, argument)
	}
	return "", false
}

func (v *resolver) ref(s *stack, id string) string {
	if r, ok := pseudo[id]; ok {
		return v.intern(id, r)
	}
	if id == "AWS::StackName" && !strings.Contains(s.name, "/") {
		return s.name
	}
	if r := s.resources[id]; r != nil {
		return v.attribute(r, "Ref")
	}
	return v.parameter(s, id)
}

func (v *resolver) getAtt(s *stack, argument any) (string, bool) {
	var id, attribute string
	switch a := argument.(type) {
	case string:
		id, attribute, _ = strings.Cut(a, ".")
	case []any:
		if len(a) == 2 {
			id, _ = a[0].(string)
			attribute, _ = a[1].(string)
		}
	}
	r := s.resources[id]
	if r == nil {
		return "", false
	}
	return v.attribute(r, attribute), true
}

// attribute returns what Fn::GetAtt or, for "Ref", Ref return for a resource.
func (v *resolver) attribute(r *resource, name string) string {
	text, ok := r.attributes[name]
	if !ok {
		text = v.findAttribute(r, name)
		r.attributes[name] = text
	}
	return text
}

func (v *resolver) findAttribute(r *resource, name string) string {
	if output, ok := strings.CutPrefix(name, "Outputs."); ok && r.kind == nestedStack {
		return v.output(r.String(), output)
	}
	if shape, ok := shapes[r.kind][name]; ok {
		return v.expand(shape, func(variable string) string { return v.variable(r, variable) })
	}
	return v.identity(r, name)
}

func (v *resolver) variable(r *resource, name string) string {
	if name == "Ref" {
		return v.identity(r, name)
	}
	if r, ok := pseudo[name]; ok {
		return v.intern(name, r)
	}
	return v.once(r.stack, r.id+" property "+name, func() string {
		if property := r.at(name); !property.absent() {
			return property.text()
		}
		return v.intern(r.stack.key(r.id+" name "+name), reference{
			label: "${" + r.String() + "." + name + "}", known: true, atom: true,
			suffix: r.kind == storedSecret && name == "Suffix",
		})
	})
}

// identity stands for an attribute of which nothing is known but whose it is. Only what Ref returns for a resource
// of AWS identifies it; a custom resource may return anything, also the name of something in another stack.
func (v *resolver) identity(r *resource, attribute string) string {
	label := "${" + r.String() + "." + attribute + "}"
	if attribute == "Ref" {
		label = "${" + r.String() + "}"
	}
	custom := !strings.HasPrefix(r.kind, "AWS::") || r.kind == "AWS::CloudFormation::CustomResource"
	known := attribute == "Ref" && !custom
	return v.intern(r.stack.key(r.id+" attribute "+attribute), reference{label: label, known: known})
}

// parameter resolves a parameter of a nested stack by what its parent passes; any other is unknown. Of one that
// CloudFormation reads from Parameter Store, the parent passes the name and not the value.
func (v *resolver) parameter(s *stack, name string) string {
	return v.once(s, "parameter "+name, func() string {
		if slash := strings.LastIndex(s.name, "/"); slash >= 0 && !s.readsParameter(name) {
			if parent := v.byName[s.name[:slash]]; parent != nil && parent.resources[s.name[slash+1:]] != nil {
				if argument := parent.resources[s.name[slash+1:]].at("Parameters", name); !argument.absent() {
					return argument.text()
				}
			}
		}
		return v.unknown(s, "${"+s.name+"/"+name+"}")
	})
}

// readsParameter reports whether a parameter of the template takes its value from Parameter Store.
func (s *stack) readsParameter(name string) bool {
	parameters, _ := s.body["Parameters"].(map[string]any)
	parameter, _ := parameters[name].(map[string]any)
	kind, _ := parameter["Type"].(string)
	return strings.HasPrefix(kind, "AWS::SSM::Parameter::Value<")
}

func (v *resolver) join(s *stack, argument any) (string, bool) {
	arguments, _ := argument.([]any)
	if len(arguments) != 2 {
		return "", false
	}
	texts, ok := v.list(s, arguments[1])
	return strings.Join(texts, v.resolve(s, arguments[0])), ok
}

// list resolves a list that is written out or made by Fn::Split.
func (v *resolver) list(s *stack, value any) ([]string, bool) {
	if elements, ok := value.([]any); ok {
		var texts []string
		for _, element := range elements {
			if element != nil {
				texts = append(texts, v.resolve(s, element))
			}
		}
		return texts, true
	}
	name, argument, _ := intrinsic(value)
	arguments, _ := argument.([]any)
	if name != "Fn::Split" || len(arguments) != 2 {
		return nil, false
	}
	separator, text := v.resolve(s, arguments[0]), v.resolve(s, arguments[1])
	whole := func(r reference) bool { return r.atom || r.known && !strings.ContainsAny(separator, ":/.-") }
	if separator == "" || !v.all(text, whole) {
		return nil, false
	}
	return strings.Split(text, separator), true
}

func (v *resolver) choose(s *stack, argument any) (string, bool) {
	arguments, _ := argument.([]any)
	if len(arguments) != 2 {
		return "", false
	}
	index, err := strconv.Atoi(v.resolve(s, arguments[0]))
	texts, ok := v.list(s, arguments[1])
	if err != nil || !ok || index < 0 || index >= len(texts) {
		return "", false
	}
	return texts[index], true
}

func (v *resolver) sub(s *stack, argument any) (string, bool) {
	format, ok := argument.(string)
	var variables map[string]any
	if arguments, _ := argument.([]any); len(arguments) == 2 {
		format, ok = arguments[0].(string)
		variables, _ = arguments[1].(map[string]any)
	}
	return v.expand(format, func(name string) string {
		if value, ok := variables[name]; ok {
			return v.resolve(s, value)
		}
		if strings.Contains(name, ".") {
			return v.resolve(s, map[string]any{"Fn::GetAtt": name})
		}
		return v.ref(s, name)
	}), ok
}

// expand replaces each ${name} of a format; ${!name} stands for the text ${name}.
func (v *resolver) expand(format string, value func(name string) string) string {
	var text strings.Builder
	rest := literal(format)
	for {
		before, after, found := strings.Cut(rest, "${")
		name, next, closed := strings.Cut(after, "}")
		if !found || !closed {
			return text.String() + rest
		}
		text.WriteString(before)
		if verbatim, ok := strings.CutPrefix(name, "!"); ok {
			text.WriteString("${" + verbatim + "}")
		} else {
			text.WriteString(value(name))
		}
		rest = next
	}
}

func (v *resolver) importValue(s *stack, argument any) string {
	name := v.resolve(s, argument)
	return v.once(nil, "import "+name, func() string {
		if e := v.exports[name]; e != nil {
			return v.resolve(e.stack, e.value)
		}
		return v.unknown(nil, "${import "+v.show(name)+"}")
	})
}

func (v *resolver) stackOutput(s *stack, argument any) (string, bool) {
	arguments, _ := argument.(map[string]any)
	name, ok := arguments["OutputName"].(string)
	return v.output(v.resolve(s, arguments["StackName"]), name), ok
}

// output returns the value of an output of the stack of that name.
func (v *resolver) output(stackName, name string) string {
	return v.once(nil, "output "+stackName+" "+name, func() string {
		if s := v.byName[stackName]; s != nil {
			outputs, _ := s.body["Outputs"].(map[string]any)
			output, _ := outputs[name].(map[string]any)
			if value := output["Value"]; value != nil {
				return v.resolve(s, value)
			}
		}
		return v.unknown(nil, "${"+v.show(stackName)+"."+name+"}")
	})
}

// key makes a key unique among stacks.
func (s *stack) key(key string) string {
	if s == nil {
		return key
	}
	return strconv.Itoa(s.index) + " " + key
}

// once resolves what a key stands for a single time. What refers to itself in a circle is unknown.
func (v *resolver) once(s *stack, key string, resolve func() string) string {
	key = s.key(key)
	if text, ok := v.memo[key]; ok {
		return text
	}
	v.memo[key] = v.intern("circle "+key, reference{label: "a reference to itself"})
	v.memo[key] = resolve()
	return v.memo[key]
}

func (v *resolver) unknown(s *stack, label string) string {
	return v.intern(s.key("unknown "+label), reference{label: label})
}

func (v *resolver) intern(key string, r reference) string {
	text, ok := v.runes[key]
	if !ok {
		text = string(firstReference + rune(len(v.references)))
		v.runes[key] = text
		v.references = append(v.references, r)
	}
	return text
}

// known reports whether the templates determine the text.
func (v *resolver) known(text string) bool {
	return v.all(text, func(r reference) bool { return r.known })
}

func (v *resolver) all(text string, holds func(reference) bool) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return r >= firstReference && !holds(v.references[r-firstReference])
	})
}

// literalText reports whether the text has no reference in it.
func literalText(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= firstReference })
}

// mayEqual reports whether two texts are equal or could be, for all that the templates tell.
func (v *resolver) mayEqual(a, b string) bool {
	return a == b || !v.known(a) || !v.known(b)
}

// show returns a text as people read it.
func (v *resolver) show(text string) string {
	var shown strings.Builder
	for _, r := range text {
		if r < firstReference {
			shown.WriteRune(r)
			continue
		}
		shown.WriteString(v.references[r-firstReference].label)
	}
	return shown.String()
}

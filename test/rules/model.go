package rules

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Types of resources that more than one rule looks at.
const (
	ecsCluster       = "AWS::ECS::Cluster"
	association      = "AWS::ECS::ClusterCapacityProviderAssociations"
	capacityProvider = "AWS::ECS::CapacityProvider"
	ecsService       = "AWS::ECS::Service"
	taskDefinition   = "AWS::ECS::TaskDefinition"
	scalableTarget   = "AWS::ApplicationAutoScaling::ScalableTarget"
	autoScalingGroup = "AWS::AutoScaling::AutoScalingGroup"
	launchTemplate   = "AWS::EC2::LaunchTemplate"
	targetGroup      = "AWS::ElasticLoadBalancingV2::TargetGroup"
	listener         = "AWS::ElasticLoadBalancingV2::Listener"
	listenerRule     = "AWS::ElasticLoadBalancingV2::ListenerRule"
	loadBalancer     = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	securityGroup    = "AWS::EC2::SecurityGroup"
	role             = "AWS::IAM::Role"
	inlinePolicy     = "AWS::IAM::Policy"
	rolePolicy       = "AWS::IAM::RolePolicy"
	managedPolicy    = "AWS::IAM::ManagedPolicy"
	logGroup         = "AWS::Logs::LogGroup"
	storedParameter  = "AWS::SSM::Parameter"
	storedSecret     = "AWS::SecretsManager::Secret"
	kmsKey           = "AWS::KMS::Key"
	kmsAlias         = "AWS::KMS::Alias"
	bucket           = "AWS::S3::Bucket"
	bucketPolicy     = "AWS::S3::BucketPolicy"
	lambdaFunction   = "AWS::Lambda::Function"
	deploymentGroup  = "AWS::CodeDeploy::DeploymentGroup"
	deploymentConfig = "AWS::CodeDeploy::DeploymentConfig"
	cloudMapService  = "AWS::ServiceDiscovery::Service"
	nestedStack      = "AWS::CloudFormation::Stack"
)

// model is what the rules see of the templates: their resources by type and by what refers to them.
type model struct {
	resolver
	byType map[string][]*resource // in order of stack and logical id
	byText map[[2]string][]*resource

	// What several rules ask for, found out when the first one does.
	services        func() []service
	ingress, egress func() []groupRule // of all security groups in the templates
	needs           func(task *resource) []need
	policies        func(role *resource) policies
	dependencies    func(*resource) map[string]bool // logical ids that CloudFormation creates before it
	waitsFor        func(*resource) []string
	joinStacks      func()
}

// stack is one template.
type stack struct {
	index     int // tells templates of the same name apart
	name      string
	body      map[string]any
	resources map[string]*resource
	resolver  *resolver
	joined    *stack // another of the same environment, nil for the one that stands for all of them
}

// resource is one resource of a template.
type resource struct {
	stack *stack
	id    string
	kind  string // its Type
	body  map[string]any
	root  *node // all of body, with what is beside the properties

	attributes map[string]string // texts, by the names that somebody has asked for
}

// newModel never fails: whatever is not shaped like a template holds no resources.
func newModel(templates []Template) *model {
	m := &model{resolver: newResolver(), byType: map[string][]*resource{}, byText: map[[2]string][]*resource{}}
	var stacks []*stack
	for i, t := range templates {
		body, _ := prune(t.Body).(map[string]any)
		stacks = append(stacks, &stack{index: i, name: t.Name, body: body, resolver: &m.resolver})
		m.add(stacks[i])
	}
	for _, s := range stacks {
		m.addExports(s)
	}
	for _, kind := range slices.Sorted(maps.Keys(m.byType)) {
		for _, r := range m.byType[kind] {
			for _, text := range m.identities(r) {
				m.byText[[2]string{r.kind, text}] = append(m.byText[[2]string{r.kind, text}], r)
			}
		}
	}
	m.services = sync.OnceValue(m.findServices)
	m.ingress = sync.OnceValue(func() []groupRule { return m.groupRules("SecurityGroupIngress", "SourceSecurityGroupId") })
	m.egress = sync.OnceValue(func() []groupRule { return m.groupRules("SecurityGroupEgress", "DestinationSecurityGroupId") })
	m.needs, m.policies, m.dependencies = remembering(m.findNeeds), remembering(m.findPolicies), remembering(m.findDependencies)
	m.waitsFor = remembering((*resource).names)
	m.joinStacks = sync.OnceFunc(func() { m.joinEnvironments(stacks) })
	return m
}

// remembering returns a function that calls f once for each argument.
func remembering[K comparable, V any](f func(K) V) func(K) V {
	results := map[K]V{}
	return func(key K) V {
		result, ok := results[key]
		if !ok {
			result = f(key)
			results[key] = result
		}
		return result
	}
}

func (m *model) add(s *stack) {
	m.addStack(s)
	s.resources = map[string]*resource{}
	resources, _ := s.body["Resources"].(map[string]any)
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		body, _ := resources[id].(map[string]any)
		kind, _ := body["Type"].(string)
		r := &resource{stack: s, id: id, kind: kind, body: body, attributes: map[string]string{}}
		r.root = &node{resource: r, value: body}
		s.resources[id] = r
		m.byType[kind] = append(m.byType[kind], r)
	}
}

// identities returns the texts by which other resources mean r.
func (m *model) identities(r *resource) []string {
	texts := []string{m.attribute(r, "Ref")}
	switch r.kind {
	case role, kmsKey, bucket, cloudMapService, sqsQueue:
		texts = append(texts, m.attribute(r, "Arn"))
	case storedSecret:
		if name := r.at("Name"); !name.absent() { // whose ARN may go without its suffix
			texts = append(texts, m.arnOf("secretsmanager", "secret:"+name.text()))
		}
	case ecsService:
		texts = append(texts, m.attribute(r, "Name"))
	case targetGroup:
		texts = append(texts, m.attribute(r, "TargetGroupName"))
	case taskDefinition:
		// With the CODE_DEPLOY controller the CDK writes the family, not the Ref, into the service.
		texts = append(texts, r.at("Family").text())
	case association:
		texts = append(texts, clusterName(r.at("Cluster")))
	case launchTemplate:
		texts = append(texts, r.at("LaunchTemplateName").text())
	}
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// find returns the resource of a type that text means in a stack, or nil if it is not in the templates.
func (m *model) find(from *stack, kind, text string) *resource {
	if found := m.findAll(from, kind, text); len(found) > 0 {
		return found[0]
	}
	return nil
}

// findAll returns the resources of a type that text means in a stack. Stacks that deploy the same thing twice, say for
// test and production, use the same literal names, so those in the own stack come before all others.
func (m *model) findAll(from *stack, kind, text string) []*resource {
	all := m.byText[[2]string{kind, text}]
	if len(all) < 2 {
		return all
	}
	own := slices.DeleteFunc(slices.Clone(all), func(r *resource) bool { return r.stack != from })
	if len(own) > 0 {
		return own
	}
	return all
}

// target returns the resource of a type that a property refers to, or nil if it is not in the templates.
func (m *model) target(n *node, kind string) *resource {
	return m.find(n.resource.stack, kind, n.text())
}

// String returns the resource as a reason names it.
func (r *resource) String() string {
	return r.stack.name + "/" + r.id
}

// at returns the property of r at a path of keys.
func (r *resource) at(keys ...string) *node {
	return r.root.at("Properties").at(keys...)
}

// node is a value in a resource, nil if it is not there. Rules ask the same of the same values again and again, so a node
// keeps what has been found out about it.
type node struct {
	resource *resource
	parent   *node // nil for all of the resource
	key      string
	index    int // if parent is a list, otherwise -1
	value    any
	below    *node   // at the key that somebody asked for last
	next     *node   // at the one before, below the same parent
	elements []*node // nil until somebody asks
	resolved *string // nil until somebody asks
}

// at returns the value at a path of keys below n. Below an intrinsic function everything is as unknown as its result.
func (n *node) at(keys ...string) *node {
	for _, key := range keys {
		n = n.child(key)
	}
	return n
}

func (n *node) child(key string) *node {
	for child := n.below; child != nil; child = child.next {
		if child.key == key {
			return child
		}
	}
	child := &node{resource: n.resource, parent: n, key: key, index: -1, value: n.value, next: n.below}
	if _, _, ok := intrinsic(n.value); !ok {
		object, _ := n.value.(map[string]any)
		child.value = object[key]
	}
	n.below = child
	return child
}

// with returns n as if it had another value.
func (n *node) with(value any) *node {
	return &node{resource: n.resource, parent: n.parent, key: n.key, index: n.index, value: value}
}

// path returns where n is in its resource.
func (n *node) path() string {
	switch {
	case n.parent == nil:
		return ""
	case n.index >= 0:
		return n.parent.path() + "[" + strconv.Itoa(n.index) + "]"
	}
	return strings.TrimPrefix(n.parent.path()+"."+n.key, ".")
}

// items returns the elements of a list. A single value counts as a list of one: IAM allows that, and an intrinsic
// function in place of a list thereby becomes one unknown element.
func (n *node) items() []*node {
	list, ok := n.value.([]any)
	switch {
	case n.absent():
		return nil
	case !ok:
		return []*node{n}
	case n.elements == nil:
		n.elements = make([]*node, 0, len(list))
		for i, value := range list {
			if value != nil {
				n.elements = append(n.elements, &node{resource: n.resource, parent: n, index: i, value: value})
			}
		}
	}
	return slices.Clip(n.elements)
}

// absent reports whether there is no value; nor is there in a nil node.
func (n *node) absent() bool {
	return n == nil || n.value == nil
}

// written reports whether the value is there for certain: an intrinsic function may also return AWS::NoValue.
func (n *node) written() bool {
	_, _, ok := intrinsic(n.value)
	return !ok && !n.absent()
}

// text returns the value as a resolved string.
func (n *node) text() string {
	if n.resolved == nil {
		text := n.resource.stack.resolver.resolve(n.resource.stack, n.value)
		n.resolved = &text
	}
	return *n.resolved
}

// texts returns the elements of a list as resolved strings.
func (n *node) texts() []string {
	if texts, ok := n.resource.stack.resolver.list(n.resource.stack, n.value); ok {
		return texts
	}
	var texts []string
	for _, item := range n.items() {
		texts = append(texts, item.text())
	}
	return texts
}

// known reports whether the templates determine the value.
func (n *node) known() bool {
	return n.resource.stack.resolver.known(n.text())
}

// number returns the value as an integer, which CloudFormation also takes from a string.
func (n *node) number() (int, bool) {
	number, err := strconv.Atoi(n.text())
	return number, err == nil
}

// finding returns a finding at n; Check fills in the rule.
func (n *node) finding(format string, args ...any) Finding {
	reason := n.resource.stack.resolver.show(fmt.Sprintf(format, args...))
	return Finding{Stack: n.resource.stack.name, LogicalID: n.resource.id, Path: n.path(), Reason: reason}
}

// prune returns a template without what is set to AWS::NoValue. List elements keep their place, so that paths hold.
func prune(value any) any {
	if pruned(value) {
		return value
	}
	switch v := value.(type) {
	case map[string]any:
		if v["Ref"] == "AWS::NoValue" {
			return nil
		}
		pruned := make(map[string]any, len(v))
		for key, value := range v {
			if value := prune(value); value != nil {
				pruned[key] = value
			}
		}
		return pruned
	case []any:
		pruned := make([]any, len(v))
		for i, value := range v {
			pruned[i] = prune(value)
		}
		return pruned
	}
	return value
}

// pruned reports whether there is nothing to prune in a value, as in most.
func pruned(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for key, value := range v {
			if value == nil || key == "Ref" && value == "AWS::NoValue" || !pruned(value) {
				return false
			}
		}
	case []any:
		return !slices.ContainsFunc(v, func(value any) bool { return !pruned(value) })
	}
	return true
}

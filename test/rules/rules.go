package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Rule is one thing that Check looks for.
type Rule struct {
	ID    string // stable, in kebab case; of Controls, that of AWS
	Doc   string // what the rule demands, in one line without a full stop
	check func(*model) []Finding
}

// All returns the rules, in the order in which documentation should list them.
func All() []Rule {
	return []Rule{
		{"fargate-size", "a task definition for Fargate has a pair of Cpu and Memory that Fargate offers", fargateSize},
		{"target-type", "targets have type ip in network mode awsvpc, instance in any other", targetType},
		{"load-balancer-ingress", "load balancers reach tasks on the ports they serve and on no other",
			loadBalancerIngress},
		{"open-ingress", "only load balancers are open to the internet, and only where they listen", openIngress},
		{"listener-ingress", "a load balancer lets somebody in where it listens", listenerIngress},
		{"equal-rules", "no two rules of a security group are equal", equalRules},
		{"host-port", "no two mappings take the same port, and there is an instance for each task that takes one", hostPort},
		{"own-roles", "each task definition has a task role and an execution role of its own", ownRoles},
		{"execution-role", "an execution role grants what agents need to start its tasks, and no more", executionRole},
		{"policy-names", "no two policies in a role have one name", policyNames},
		{"secret-privacy", "only the execution roles of the tasks that refer to a secret can read it", secretPrivacy},
		{"plain-secret", "no credential is written out in a template", plainSecret},
		{"wildcard-resource", "a task role names the resources that it has rights to", wildcardResource},
		{"log-retention", "log groups expire, and no container makes a log group of its own", logRetention},
		{"desired-count", "a service that Application Auto Scaling scales has no DesiredCount", desiredCount},
		{"first-task", "a service that may have no tasks gets one when there is work", firstTask},
		{"role-policy-dependency", "a service waits for the policies of its tasks' roles", rolePolicyDependency},
		{"propagate-tags", "tasks get the tags of their service and those that Amazon ECS manages", propagateTags},
		{"stop-timeout", "a container's stop timeout covers its target groups' deregistration delay", stopTimeout},
		{"shifted-traffic", "a service whose deployments shift traffic has what Amazon ECS needs for that", shiftedTraffic},
		{"code-deploy", "a service that CodeDeploy deploys can be deployed, again and again", codeDeploy},
		{"service-discovery", "the names of a service lead to its tasks", serviceDiscovery},
		{"private-api", "an HTTP API reaches the load balancer that it is before", privateAPI},
		{"queue-subscription", "a queue takes what its topics send", queueSubscription},
		{"visibility-timeout", "a queue hides a message for as long as the tasks that receive it may take to stop", visibilityTimeout},
		{"dead-letter-queue", "a dead-letter queue is of the type of its queue, and keeps messages for as long at least", deadLetterQueue},
		{"listener-certificate", "a listener for HTTPS or TLS has a certificate", listenerCertificate},
		{"web-acl", "a web ACL is before something and blocks something", webACL},
		{"sign-in", "a load balancer that asks who a user is can, over HTTPS, with a secret that is kept", signIn},
		{"launch-type", "a service has a launch type or a capacity provider strategy, and a DAEMON the former", launchType},
		{"mixed-strategy", "a capacity provider strategy is one that Amazon ECS takes", mixedStrategy},
		{"association-dependency", "a service waits until its cluster has its capacity providers", associationDependency},
		{"daemon", "a DAEMON has nothing that is for a number of tasks", daemon},
		{"bin-packing", "tasks that are packed by memory or CPU reserve it", binPacking},
		{"zone-rebalancing", "a service that is balanced across Availability Zones can be", zoneRebalancing},
		{"capacity-provider", "instances come when tasks wait, and go when no task runs on them", capacityProviders},
		{"instance-metadata", "containers cannot read the credentials of their instance", instanceMetadata},
		{"encrypted-volumes", "the volumes of instances are encrypted", encryptedVolumes},
		{"way-out", "tasks and instances reach what they need to start, by a route or by VPC endpoints", wayOut},
		{"endpoint-ingress", "interface endpoints are open to somebody", endpointIngress},
		{"endpoint-dependency", "a service waits for the VPC endpoints that its tasks start by", endpointDependency},
	}
}

// Finding is a place in a template that breaks a rule.
type Finding struct {
	Rule      string // id of the rule
	Stack     string // name of the template
	LogicalID string // of the resource
	Path      string // of the property, such as Properties.ContainerDefinitions[0].StopTimeout
	Reason    string // what goes wrong in production, the value found, and the remedy
}

// String returns the finding as one line.
func (f Finding) String() string {
	place := strings.Trim(f.Stack+"/"+f.LogicalID+" "+f.Path, "/ ") // an unused exception has no stack and no path
	return fmt.Sprintf("%s: %s: %s", f.Rule, place, f.Reason)
}

// Check looks for breaches of any rule in the templates, which may refer to each other, and returns them in order of
// stack, logical id and path. A value that the given templates do not determine is assumed to be right.
func Check(templates ...Template) []Finding { return check(All(), templates) }

func check(rules []Rule, templates []Template) []Finding {
	m := newModel(templates)
	var found []Finding
	for _, rule := range rules {
		for _, f := range rule.check(m) {
			f.Rule = rule.ID
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Stack, b.Stack), cmp.Compare(a.LogicalID, b.LogicalID), cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Reason, b.Reason))
	})
	return slices.Compact(found)
}

// Except accepts the findings of one rule at one resource.
type Except struct {
	Rule      string
	LogicalID string
	Reason    string // why this is right here; an exception without a reason accepts nothing
}

// Accept returns the findings that no exception accepts, and a finding for each exception that accepts nothing. The
// latter belong to no rule; their Rule is "exception".
func Accept(findings []Finding, exceptions ...Except) []Finding {
	used := make([]bool, len(exceptions))
	rest := slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool {
		accepted := false
		for i, e := range exceptions {
			if e.Reason != "" && e.Rule == f.Rule && e.LogicalID == f.LogicalID {
				used[i], accepted = true, true
			}
		}
		return accepted
	})
	for i, e := range exceptions {
		if !used[i] {
			rest = append(rest, e.unused())
		}
	}
	return rest
}

func (e Except) unused() Finding {
	reason := "nothing there breaks %s any more, so the exception would hide the next mistake: remove it"
	if e.Reason == "" {
		reason = "the exception from %s does not say why it is right, so it accepts nothing: give it a Reason"
	}
	return Finding{Rule: "exception", LogicalID: e.LogicalID, Reason: fmt.Sprintf(reason, e.Rule)}
}

// Assert reports every finding in the templates that no exception accepts as an error of the test.
func Assert(t testing.TB, templates []Template, exceptions ...Except) {
	t.Helper()
	for _, f := range Accept(Check(templates...), exceptions...) {
		t.Error(f)
	}
}

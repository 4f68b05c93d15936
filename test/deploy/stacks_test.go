package deploy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// stack returns what CloudFormation says of a stack, nil if there is none of the name.
func (a *account) stack(ctx context.Context, name string) (*types.Stack, error) {
	out, err := a.stacks.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	switch {
	case err != nil && strings.Contains(err.Error(), "does not exist"):
		return nil, nil
	case err != nil:
		return nil, err
	case len(out.Stacks) == 0 || out.Stacks[0].StackStatus == types.StackStatusDeleteComplete:
		return nil, nil
	}
	return &out.Stacks[0], nil
}

// deployed reads the stacks of an assembly.
func deployed(t *testing.T, c *account, from assembly) world {
	t.Helper()
	w := world{account: c, stacks: map[string]*stack{}, known: map[string]string{}}
	for _, name := range from.stackNames(t) {
		description, err := c.stack(t.Context(), name)
		if err != nil || description == nil {
			t.Fatalf("%s is not there: %v", name, err)
		}
		if status := description.StackStatus; status != types.StackStatusCreateComplete && status != types.StackStatusUpdateComplete {
			t.Errorf("%s is %s", name, status)
		}
		s := &stack{
			name: name, template: from.template(t, name),
			ids: map[string]string{}, outputs: map[string]string{}, parameters: map[string]string{},
		}
		for _, output := range description.Outputs {
			s.outputs[*output.OutputKey] = aws.ToString(output.OutputValue)
		}
		for _, parameter := range description.Parameters {
			s.parameters[*parameter.ParameterKey] = aws.ToString(parameter.ParameterValue)
			if parameter.ResolvedValue != nil {
				s.parameters[*parameter.ParameterKey] = *parameter.ResolvedValue
			}
		}
		pages := cloudformation.NewListStackResourcesPaginator(c.stacks, &cloudformation.ListStackResourcesInput{StackName: &name})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.StackResourceSummaries {
				s.ids[*r.LogicalResourceId] = aws.ToString(r.PhysicalResourceId)
			}
		}
		w.stacks[name] = s
	}
	return w
}

// resources returns all resources that the templates ask for, in order.
func (w world) resources(t *testing.T) []resource {
	t.Helper()
	var all []resource
	for _, name := range slices.Sorted(maps.Keys(w.stacks)) {
		s := w.stacks[name]
		resources := s.resources()
		for _, logical := range slices.Sorted(maps.Keys(resources)) {
			id, made := s.ids[logical]
			if !made {
				t.Errorf("%s/%s: CloudFormation has made nothing", name, logical)
				continue
			}
			want, err := resolver{w, s, t.Context()}.properties(logical)
			if err != nil {
				t.Error(err)
				continue
			}
			policy := fmt.Sprint(resources[logical]["DeletionPolicy"])
			all = append(all, resource{
				stack: name, logical: logical, kind: resources[logical]["Type"].(string), id: id, want: want,
				keep: strings.HasPrefix(policy, "Retain"),
			})
		}
	}
	return all
}

// joined adds to security groups and roles what other resources add to them, so that what nobody asked for is found.
func joined(resources []resource) []resource {
	rules := map[string]map[string][]any{"AWS::EC2::SecurityGroupIngress": {}, "AWS::EC2::SecurityGroupEgress": {}}
	policies := map[string][]any{}
	for _, r := range resources {
		switch r.kind {
		case "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress":
			group := r.text("GroupId")
			rules[r.kind][group] = append(rules[r.kind][group], r.want)
		case "AWS::IAM::Policy":
			for _, role := range r.list("Roles") {
				policies[role] = append(policies[role], object{"PolicyName": r.want["PolicyName"], "PolicyDocument": r.want["PolicyDocument"]})
			}
		}
	}
	extended := func(property any, more []any) []any {
		own, _ := property.([]any)
		return slices.Concat(own, more)
	}
	var all []resource
	for _, r := range resources {
		r.want = maps.Clone(r.want)
		switch r.kind {
		case "AWS::EC2::SecurityGroup":
			for kind, of := range rules {
				property := strings.TrimPrefix(kind, "AWS::EC2::")
				r.want[property] = extended(r.want[property], of[r.id])
			}
		case "AWS::IAM::Role":
			r.want["Policies"] = extended(r.want["Policies"], policies[r.id])
			r.want["ManagedPolicyArns"] = extended(r.want["ManagedPolicyArns"], nil)
		}
		all = append(all, r)
	}
	return all
}

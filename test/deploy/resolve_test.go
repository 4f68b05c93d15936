package deploy

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// stack is a template, and what CloudFormation made of it.
type stack struct {
	name                string
	template            object
	ids                 map[string]string // physical by logical id
	outputs, parameters map[string]string
}

// resources returns the resources of the template under their logical ids.
func (s *stack) resources() map[string]object {
	all := map[string]object{}
	for id, r := range s.template["Resources"].(object) {
		all[id] = r.(object)
	}
	return all
}

// world is all stacks of an assembly, in the account that they are in.
type world struct {
	*account
	stacks map[string]*stack
	known  map[string]string // attributes that had to be asked for
}

// resolver gives the values of a stack's references.
type resolver struct {
	world
	own *stack
	ctx context.Context
}

// properties returns the properties of a resource with every reference resolved.
func (r resolver) properties(id string) (want map[string]any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%s/%s: %v", r.own.name, id, cause)
		}
	}()
	properties, _ := r.own.resources()[id]["Properties"].(object)
	want = object{}
	for name, v := range properties {
		want[name] = r.value(v)
	}
	return want, nil
}

// value panics at what it cannot resolve: properties has the name of the resource for it.
func (r resolver) value(v any) any {
	switch v := v.(type) {
	case []any:
		values := []any{}
		for _, item := range v {
			if value := r.value(item); value != nil {
				values = append(values, value)
			}
		}
		return values
	case object:
		if len(v) == 1 {
			for function, argument := range v {
				if function == "Ref" || strings.HasPrefix(function, "Fn::") {
					return r.call(function, argument)
				}
			}
		}
		values := object{}
		for key, item := range v {
			if value := r.value(item); value != nil {
				values[key] = value
			}
		}
		return values
	}
	return v
}

func (r resolver) call(function string, argument any) any {
	switch function {
	case "Ref":
		return r.ref(argument.(string))
	case "Fn::GetAtt":
		pair := argument.([]any)
		return r.attribute(pair[0].(string), pair[1].(string))
	case "Fn::GetStackOutput":
		output := r.value(argument).(object)
		name := fmt.Sprint(output["OutputName"])
		value, found := r.world.stacks[fmt.Sprint(output["StackName"])].outputs[name]
		if !found {
			panic(fmt.Sprintf("stack %s has no output %s", output["StackName"], name))
		}
		return value
	case "Fn::Join":
		pair := r.value(argument).([]any)
		var parts []string
		for _, part := range pair[1].([]any) {
			parts = append(parts, fmt.Sprint(part))
		}
		return strings.Join(parts, pair[0].(string))
	case "Fn::Sub":
		return variable.ReplaceAllStringFunc(argument.(string), func(name string) string {
			return fmt.Sprint(r.ref(name[2 : len(name)-1]))
		})
	case "Fn::Select":
		pair := argument.([]any)
		var index int
		if _, err := fmt.Sscan(fmt.Sprint(pair[0]), &index); err != nil {
			panic(err)
		}
		return r.value(pair[1]).([]any)[index]
	case "Fn::GetAZs":
		var zones []any
		for _, zone := range r.zones {
			zones = append(zones, zone)
		}
		return zones
	case "Fn::Base64":
		return base64.StdEncoding.EncodeToString([]byte(fmt.Sprint(r.value(argument))))
	}
	panic("does not know " + function)
}

var variable = regexp.MustCompile(`\$\{[^!}]+}`)

func (r resolver) ref(name string) any {
	switch name {
	case "AWS::AccountId":
		return r.id
	case "AWS::Region":
		return r.region
	case "AWS::Partition":
		return r.partition
	case "AWS::URLSuffix":
		return "amazonaws.com"
	case "AWS::StackName":
		return r.own.name
	case "AWS::NoValue":
		return nil
	}
	if id, found := r.own.ids[name]; found {
		return id
	}
	if value, found := r.own.parameters[name]; found {
		return value
	}
	panic("nothing is called " + name)
}

// attribute makes the attributes that follow from the physical id, as AWS documents them, and asks for the others.
func (r resolver) attribute(logical, name string) any {
	id, found := r.own.ids[logical]
	if !found {
		panic("nothing is called " + logical)
	}
	last := id[strings.LastIndexAny(id, "/:")+1:]
	kind := r.own.resources()[logical]["Type"].(string)
	switch kind + "." + name {
	case "AWS::EC2::SecurityGroup.GroupId", "AWS::ServiceDiscovery::PrivateDnsNamespace.Id":
		return id
	case "AWS::ECS::Service.Name", "AWS::SQS::Queue.QueueName", "AWS::StepFunctions::StateMachine.Name":
		return last
	case "AWS::ElasticLoadBalancingV2::LoadBalancer.LoadBalancerFullName":
		return id[strings.Index(id, ":loadbalancer/")+len(":loadbalancer/"):]
	case "AWS::ElasticLoadBalancingV2::TargetGroup.TargetGroupFullName":
		return id[strings.Index(id, ":targetgroup/")+1:]
	case "AWS::ElasticLoadBalancingV2::TargetGroup.TargetGroupName":
		return strings.Split(id, "/")[1]
	case "AWS::DynamoDB::Table.Arn":
		return r.arn("dynamodb", "table/"+id)
	case "AWS::ECS::Cluster.Arn":
		return r.arn("ecs", "cluster/"+id)
	case "AWS::Events::Rule.Arn":
		return r.arn("events", "rule/"+id)
	case "AWS::IAM::InstanceProfile.Arn":
		return r.global("instance-profile/" + id)
	case "AWS::IAM::Role.Arn":
		return r.global("role/" + id)
	case "AWS::KMS::Key.Arn":
		return r.arn("kms", "key/"+id)
	case "AWS::Lambda::Function.Arn":
		return r.arn("lambda", "function:"+id)
	case "AWS::Logs::LogGroup.Arn":
		return r.arn("logs", "log-group:"+id+":*")
	case "AWS::S3::Bucket.Arn":
		return "arn:" + r.partition + ":s3:::" + id
	case "AWS::SQS::Queue.Arn":
		return r.arn("sqs", last)
	case "AWS::ServiceDiscovery::PrivateDnsNamespace.Arn":
		return r.arn("servicediscovery", "namespace/"+id)
	case "AWS::ServiceDiscovery::Service.Arn":
		return r.arn("servicediscovery", "service/"+id)
	}
	return r.asked(resource{stack: r.own.name, logical: logical, kind: kind, id: id}, name)
}

// asked reads the resource for an attribute, and remembers it.
func (r resolver) asked(of resource, name string) any {
	key := of.String() + "." + name
	if value, known := r.known[key]; known {
		return value
	}
	if _, readable := kinds[of.kind]; !readable {
		panic("does not know " + of.kind + "." + name)
	}
	description, err := r.describe(r.ctx, of)
	if err != nil {
		panic(err)
	}
	fields, _ := description.(object)
	value, found := field(fields, name)
	if !found {
		panic(fmt.Sprintf("%s is not in %v", key, maps.Keys(fields)))
	}
	r.known[key] = fmt.Sprint(value)
	return r.known[key]
}

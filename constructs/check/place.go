package check

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// location is where a construct is, as CloudFormation sees it.
type location struct {
	*home
	place string
}

// home is a stack with what it says of itself, asked for when it is needed and once.
type home struct {
	stack awscdk.Stack
	env   func() Env
	stage func() awscdk.Stage
	top   func() awscdk.Stack // the one that it is nested in, however deeply, or itself
}

// Env is where the resources of a stack are, each part a token if it is known at deployment only. The partition always is one: that
// of the stack is a literal with some feature flags and none with others.
type Env struct {
	Partition string
	Region    string
	Account   string
}

// ARN returns the ARN of a resource of a service of AWS there.
func (e Env) ARN(service, resource string) string {
	return strings.Join([]string{"arn", e.Partition, service, e.Region, e.Account, resource}, ":")
}

// locations remembers, for the few constructs that others are made in, what never changes and takes node half a dozen
// requests to tell. jsii keeps every construct for as long as the process runs, so nothing is kept here that would go.
var locations sync.Map // of constructs.Construct to *location

// locate returns where scope is; nil outside of a stack.
func locate(scope constructs.Construct) *location {
	if IsNil(scope) {
		return nil
	}
	if !reflect.TypeOf(scope).Comparable() {
		return nil // a struct that holds a construct by value, which the CDK would not know either
	}
	if known, ok := locations.Load(scope); ok {
		return known.(*location)
	}
	stack := stackOf(scope)
	if stack == nil {
		return nil
	}
	h := homeOf(stack)
	top := h.top()
	l := &location{h, *top.StackName()}
	if scope != constructs.Construct(top) {
		l.place += visible(strings.TrimPrefix(*scope.Node().Path(), *top.Node().Path()))
	}
	locations.Store(scope, l)
	return l
}

// homeOf returns what is known of a stack, which all constructs in it share.
func homeOf(stack awscdk.Stack) *home {
	h, _ := homes.LoadOrStore(stack, &home{
		stack: stack,
		env: sync.OnceValue(func() Env {
			return Env{Partition: *awscdk.Aws_PARTITION(), Region: *stack.Region(), Account: *stack.Account()}
		}),
		stage: sync.OnceValue(func() awscdk.Stage { return awscdk.Stage_Of(stack) }),
		top: sync.OnceValue(func() awscdk.Stack {
			top := stack
			for parent := top.NestedStackParent(); parent != nil; parent = top.NestedStackParent() {
				top = parent
			}
			return top
		}),
	})
	return h.(*home)
}

var homes sync.Map // of awscdk.Stack to *home

// visible leaves out the ids that logical ids leave out too, so that constructs can be regrouped below one called Default.
func visible(path string) string {
	ids := slices.DeleteFunc(strings.Split(path, "/"), func(id string) bool { return id == "Default" })
	return strings.Join(ids, "/")
}

func stackOf(scope constructs.Construct) (stack awscdk.Stack) {
	defer func() {
		if recover() != nil { // the CDK throws if there is none
			stack = nil
		}
	}()
	return awscdk.Stack_Of(scope)
}

// Stack returns the stack that scope is, or is in; nil outside of any.
func Stack(scope constructs.Construct) awscdk.Stack {
	if l := locate(scope); l != nil {
		return l.stack
	}
	return nil
}

// Top returns the stack that scope is deployed with: the outermost of nested ones. It panics outside of any.
func Top(scope constructs.Construct) awscdk.Stack { return locate(scope).top() }

// EnvOf returns where the resources of the stack are that scope is, or is in. It panics outside of any.
func EnvOf(scope constructs.Construct) Env { return locate(scope).env() }

// InStack reports whether scope is a stack or inside one.
func InStack(scope constructs.Construct) bool { return locate(scope) != nil }

// Place returns what CloudFormation knows a construct with this id in scope by: the name of the stack and the ids below
// it, those of nested stacks included and those called Default left out. Unlike the path it stays the same when the stack
// moves into a stage, or gets another id and keeps its name. Outside of a stack it is the id.
func Place(scope constructs.Construct, id string) string {
	if l := locate(scope); l != nil {
		return l.place + "/" + id
	}
	return id
}

// known is locate for a construct of this library, which has been located if it was made; nil otherwise.
func known(c constructs.Construct) *location {
	if l, ok := locations.Load(c); ok {
		return l.(*location)
	}
	return nil
}

// Refer names what keeps a construct in scope from referring to another one: another app, stage, account or region. The
// CDK would refuse some of it later and less clearly, and let the rest fail at deployment.
func Refer(scope, other constructs.Construct) Problems {
	var ps Problems
	a, b := locate(scope), known(other)
	if a == nil || b == nil || a.stack == b.stack {
		return ps
	}
	if x, y := a.env(), b.env(); x.Account != y.Account || x.Region != y.Region {
		ps.Add("", nil, "must be in the account and region of the stack it is used in: give both stacks the same Env, or neither one")
	}
	if a.stage() != b.stage() {
		ps.Add("", nil, "must be in the app and the stage of the stack it is used in")
	}
	return ps
}

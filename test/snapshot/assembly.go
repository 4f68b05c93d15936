package snapshot

import (
	"path/filepath"
	"reflect"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// synthesized is one stack in a cloud assembly.
type synthesized struct {
	path string // of the construct
	file string // of the template
}

func (s synthesized) dir() string { return filepath.Dir(s.file) }

// locate synthesizes the app of the stack. It only calls methods of the stack and never passes it to the CDK, which
// would not know a struct of Go that embeds the stack it made.
func locate(t testing.TB, stack awscdk.Stack) synthesized {
	t.Helper()
	isolate(t)
	if isNil(stack) {
		t.Fatal("the stack is nil")
	}
	stage := synthesize(t, stack)
	for _, scope := range *stack.Node().Scopes() {
		if inner, ok := scope.(awscdk.Stage); ok {
			stage = inner
		}
	}
	return synthesized{
		path: *stack.Node().Path(),
		file: filepath.Join(*stage.Outdir(), *stack.TemplateFile()),
	}
}

// locateAll is locate for all stacks of a stage.
func locateAll(t testing.TB, stage awscdk.Stage) []synthesized {
	t.Helper()
	isolate(t)
	if isNil(stage) {
		t.Fatal("the app or stage is nil")
	}
	synthesize(t, stage)
	var all []synthesized
	for _, stack := range *stage.Synth(nil).StacksRecursively() {
		all = append(all, synthesized{path: *stack.HierarchicalId(), file: *stack.TemplateFullPath()})
	}
	return all
}

// synthesize returns the app of a stack or stage, synthesized as a whole, as the command line does it.
func synthesize(t testing.TB, c constructs.IConstruct) awscdk.Stage {
	t.Helper()
	app, ok := c.Node().Root().(awscdk.Stage)
	if !ok {
		t.Fatalf("%s is not in an app", *c.Node().Path())
	}
	app.Synth(nil)
	return app
}

func isNil(v any) bool {
	value := reflect.ValueOf(v)
	return !value.IsValid() || value.Kind() == reflect.Pointer && value.IsNil()
}

package property

import (
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	cjob "github.com/ecskit/ecskit/constructs/job"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/job"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/patterns/worker"
)

// constructors are all that make something of props, by the type of these.
var constructors = map[reflect.Type]func(scope constructs.Construct, id string, props any){}

func construct[P, T any](f func(constructs.Construct, string, P) T) struct{} {
	constructors[typeOf[P]()] = func(scope constructs.Construct, id string, props any) { f(scope, id, props.(P)) }
	return struct{}{}
}

var _ = []struct{}{
	construct(alarm.New), construct(alarm.NewTopic),
	construct(cluster.New), construct(cluster.Import), construct(cluster.NewPool), construct(cluster.NewManagedInstances),
	construct(discovery.NewNamespace), construct(discovery.ImportNamespace), construct(discovery.NewRegistry),
	construct(httpapi.New),
	construct(ingress.NewALB), construct(ingress.ImportALB), construct(ingress.NewNLB), construct(ingress.NewTarget), construct(ingress.NewStream),
	construct(ingress.NewReach), construct(ingress.NewResponse), construct(ingress.NewRedirect),
	construct(cjob.New), construct(network.New), construct(queue.New), construct(scaling.New), construct(secret.Generate), construct(secret.NewKey),
	construct(service.New), construct(task.New),
	construct(backend.New), construct(daemon.New), construct(job.New), construct(platform.New), construct(platform.Import), construct(web.New),
	construct(worker.New),
}

// make makes a construct, and returns the error of one that was refused. Any other panic fails the test.
func construction(t *rapid.T, scope constructs.Construct, id string, props any) (err *check.Error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case *check.Error:
			err = cause
		default:
			t.Fatalf("the constructor of %T panics: %v\n%+v\n%s", props, cause, props, debug.Stack())
		}
	}()
	constructors[reflect.TypeOf(props)](scope, id, props)
	return nil
}

func nodes(scope constructs.Construct) int {
	return len(*scope.Node().FindAll(constructs.ConstructOrder_PREORDER))
}

// testBuild changes fields of valid props to anything. Where nothing is said to be wrong with that, the construct is made and
// can be synthesized, unless it is refused for the place that it is to be in; otherwise it is refused in the same words.
func testBuild(t *testing.T, w *scene, f *garbler) {
	made, refused, misplaced := 0, 0, 0
	stages := 0
	bases := w.bases()
	t.Run("cases", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			base := reflect.ValueOf(rapid.SampledFrom(bases).Draw(t, "base"))
			v := reflect.New(base.Type()).Elem()
			v.Set(base)
			for range rapid.IntRange(1, 3).Draw(t, "changes") {
				f.change(t, v, 0)
			}
			props := v.Interface()
			problems := problemsOf(t, props.(checked))
			stages++
			stack := constructs.Construct(nil)
			switch id := jsii.String(fmt.Sprintf("Stack%d", stages)); props.(type) {
			case cluster.PoolProps, cluster.ManagedInstancesProps: // are in the stack of their cluster
				stack = constructs.NewConstruct(w.stack, id)
			default:
				stack = awscdk.NewStack(w.app, id, nil)
			}
			err := construction(t, stack, "New", props)
			switch {
			case err == nil && len(problems) > 0:
				t.Fatalf("%+v is made in spite of %v", props, problems)
			case err == nil:
				made++
				return
			case len(problems) == 0:
				misplaced++
			default:
				refused++
			}
			if n := nodes(stack); n != 1 {
				t.Fatalf("%d constructs are left of what was refused: %v", n-1, err)
			}
			for i, p := range problems {
				if i >= len(err.Problems) || err.Problems[i].String() != p.String() {
					t.Fatalf("Problems says\n%s\nand the constructor\n%s", &check.Error{Problems: problems}, err)
				}
			}
			stack.Node().Scope().Node().TryRemoveChild(stack.Node().Id())
		})
	})
	w.app.Synth(nil)
	t.Logf("%d made and synthesized, %d refused, %d of these for their place alone", made, refused+misplaced, misplaced)
}

// change sets one field somewhere in v to anything, and leaves what v was copied from as it is.
func (f *garbler) change(t *rapid.T, v reflect.Value, depth int) {
	if v.Kind() == reflect.Interface && !v.IsNil() && v.Elem().Kind() == reflect.Struct {
		inside := reflect.New(v.Elem().Type()).Elem()
		inside.Set(v.Elem())
		f.change(t, inside, depth+1)
		v.Set(inside)
		return
	}
	if v.Kind() == reflect.Pointer && !v.IsNil() && !isConstructPointer(v.Type()) {
		inside := reflect.New(v.Type().Elem())
		inside.Elem().Set(v.Elem())
		f.change(t, inside.Elem(), depth+1)
		v.Set(inside)
		return
	}
	if v.Kind() == reflect.Slice && v.Len() > 0 && v.Type().Elem().Kind() == reflect.Struct {
		inside := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(inside, v)
		f.change(t, inside.Index(rapid.IntRange(0, v.Len()-1).Draw(t, "index")), depth+1)
		v.Set(inside)
		return
	}
	if v.Kind() != reflect.Struct {
		v.SetZero()
		f.fill(t, v, "", wildness(rapid.IntRange(0, 2).Draw(t, "wildness")), 1)
		return
	}
	i := rapid.IntRange(0, v.NumField()-1).Draw(t, "field")
	field := v.Type().Field(i)
	switch inside := v.Field(i); {
	case !field.IsExported():
	case inside.Kind() == reflect.Struct, !inside.IsZero() && inside.Kind() != reflect.Map && rapid.Bool().Draw(t, "inside"):
		f.change(t, inside, depth+1)
	default:
		inside.SetZero()
		for range 8 { // most tries leave it at zero
			if f.fill(t, inside, field.Name, wildness(rapid.IntRange(0, 2).Draw(t, "wildness")), depth+1); !inside.IsZero() {
				return
			}
		}
	}
}

func isConstructPointer(pointer reflect.Type) bool {
	return pointer.Elem().Kind() == reflect.Struct && (isConstruct(pointer) || strings.HasSuffix(pointer.Elem().PkgPath(), "/constructs/alarm"))
}

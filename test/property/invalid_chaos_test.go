package property

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
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

// checked is what says what is wrong with it.
type checked interface{ Problems() check.Problems }

// everything is every type of the library that says what is wrong with it.
var everything = []checked{
	alarm.Policy{}, alarm.Props{}, &alarm.Topic{}, alarm.TopicProps{},
	cluster.Attributes{}, &cluster.Cluster{}, cluster.AllPools{}, cluster.Fargate{}, &cluster.ManagedInstances{}, cluster.ManagedInstancesProps{},
	cluster.Mix{}, &cluster.Pool{}, cluster.PoolProps{}, cluster.PoolShare{}, cluster.Props{}, cluster.Range{}, cluster.Spot{}, cluster.SpotMix{},
	deployment.Approval{}, deployment.BlueGreen{}, deployment.Canary{}, deployment.CodeDeploy{}, deployment.Hook{}, deployment.Linear{},
	deployment.Rolling{}, deployment.Step{}, deployment.Task{},
	discovery.CloudMap{}, discovery.Connect{}, &discovery.Namespace{}, discovery.NamespaceAttributes{}, discovery.NamespaceProps{}, discovery.TLS{},
	discovery.RegistryProps{},
	httpapi.CORS{}, httpapi.Domain{}, httpapi.IAM{}, httpapi.JWT{}, httpapi.Props{}, httpapi.Throttle{},
	ingress.ALBAttributes{}, ingress.ALBProps{}, ingress.Cognito{}, ingress.Domain{}, ingress.Firewall{}, ingress.FirewallMode(""),
	ingress.HealthCheck{}, ingress.NLBProps{}, ingress.OIDC{}, ingress.Partition{}, ingress.ReachProps{}, ingress.RedirectProps{},
	ingress.ResponseProps{}, ingress.Route{}, ingress.RuleGroup{}, ingress.Session{}, ingress.StreamGroup{}, ingress.StreamProps{},
	ingress.TargetGroup{}, ingress.TargetProps{}, ingress.TestListener{}, ingress.Zone{},
	cjob.Event{}, cjob.ForEach{}, cjob.Props{}, cjob.Schedule{},
	network.Endpoints{}, network.Props{},
	queue.Props{}, queue.Subscription{},
	scaling.Backlog{}, scaling.Metric{}, scaling.Policy{}, scaling.Predictive{}, scaling.Props{}, scaling.Schedule{}, scaling.StepScaling{},
	secret.GenerateProps{}, &secret.Generated{}, secret.KeyProps{}, secret.ParameterStore{}, secret.Path{}, secret.SecretsManager{},
	service.Placement{}, service.Props{},
	task.Container{}, task.EnvironmentFile{}, task.HealthCheck{}, task.HostMount{}, task.Logs{}, task.Props{}, task.Restart{}, task.Splunk{},
	task.Ulimit{},
	backend.Props{}, daemon.Props{}, job.Props{}, platform.Attributes{}, platform.Props{}, web.Props{}, worker.Props{},
}

// TestEverything finds types in the source of the library that the list leaves out.
func TestEverything(t *testing.T) {
	listed := map[string]bool{}
	for _, c := range everything {
		listed[strings.TrimPrefix(reflect.TypeOf(c).String(), "*")] = true
	}
	found := 0
	for _, root := range []string{"../../constructs", "../../patterns"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/internal/") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				f, isFunc := n.(*ast.FuncDecl)
				if !isFunc || f.Recv == nil || f.Name.Name != "Problems" {
					return true
				}
				receiver := f.Recv.List[0].Type
				if star, pointer := receiver.(*ast.StarExpr); pointer {
					receiver = star.X
				}
				found++
				if name := file.Name.Name + "." + receiver.(*ast.Ident).Name; !listed[name] {
					t.Errorf("%s is not in the list", name)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found == 0 {
		t.Error("no method Problems was found")
	}
}

// problemsOf asks what is wrong with props, which must not panic.
func problemsOf(t *rapid.T, c checked) check.Problems {
	defer func() {
		if cause := recover(); cause != nil {
			t.Fatalf("%T panics: %v\n%+v\n%s", c, cause, c, debug.Stack())
		}
	}()
	return c.Problems()
}

// testChaos fills every type with anything: to say what is wrong must not panic, names fields that there are, and says the
// same twice.
func testChaos(t *testing.T, f *garbler) {
	cases, empty := 0, 0
	for _, c := range everything {
		kind := reflect.TypeOf(c)
		if kind.Kind() == reflect.Pointer {
			continue // which constructors make
		}
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				v := reflect.New(kind).Elem()
				f.fill(t, v, kind.Name(), wildness(rapid.IntRange(0, 2).Draw(t, "wildness")), 0)
				props := v.Interface().(checked)
				problems := problemsOf(t, props)
				cases++
				if len(problems) == 0 {
					empty++
				}
				for _, p := range problems {
					if err := resolve(v, p.Field); err != "" {
						t.Fatalf("%T: %s\n%s", props, p, err)
					}
				}
			})
		})
	}
	t.Logf("%d cases of %d types, %d without problems", cases, len(everything), empty)
}

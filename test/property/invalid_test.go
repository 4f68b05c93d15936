package property

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"
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
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/job"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/patterns/worker"
	"github.com/ecskit/ecskit/test/snapshot"
)

// TestInvalid gives wrong props to everything that takes props: they are refused before anything is made, by an error that
// names the fields that are wrong and no others.
func TestInvalid(t *testing.T) {
	theScene = newScene(t, snapshot.NewApp(t))
	f := newGarbler(theScene)
	t.Run("spoiled", testSpoiled)
	t.Run("chaos", func(t *testing.T) { testChaos(t, f) })
	t.Run("build", func(t *testing.T) { testBuild(t, theScene, f) })
}

// suite is a kind of props with what can be wrong with it.
type suite struct {
	name     string
	spoilers [][]string                                  // what each of them makes wrong
	draw     func(t *rapid.T) (checked, []string)        // spoiled props, and the fields that are wrong
	base     func() checked                              // props that are right
	alone    func(t *rapid.T, i int) (checked, []string) // spoiled by one
}

func suiteOf[P checked](name string, base func() P, spoilers []spoiler[P]) suite {
	s := suite{name: name, base: func() checked { return base() }}
	for _, one := range spoilers {
		s.spoilers = append(s.spoilers, one.wrong)
	}
	spoil := func(t *rapid.T, chosen []spoiler[P]) (checked, []string) {
		props, fields := base(), []string(nil)
		for _, one := range chosen {
			one.spoil(t, &props)
			fields = append(fields, one.wrong...)
		}
		slices.Sort(fields)
		return props, slices.Compact(fields)
	}
	s.draw = func(t *rapid.T) (checked, []string) { return spoil(t, few(t, spoilers)) }
	s.alone = func(t *rapid.T, i int) (checked, []string) { return spoil(t, spoilers[i:i+1]) }
	return s
}

// suites are all that is spoiled.
func suites() []suite {
	return []suite{
		suiteOf("network", func() network.Props { return network.Props{} }, openSpoilers),
		suiteOf("network without NAT", func() network.Props { return network.Props{NoNAT: true} }, closedSpoilers),
		suiteOf("network of one's own", func() network.Props { return network.Props{VPC: theScene.vpc} }, ownSpoilers),
		suiteOf("cluster", func() cluster.Props { return cluster.Props{Network: theScene.platform.Network} }, clusterSpoilers),
		suiteOf("imported cluster", func() cluster.Attributes {
			return cluster.Attributes{Name: "a", Network: theScene.platform.Network}
		}, importedClusterSpoilers),
		suiteOf("pool", func() cluster.PoolProps {
			return cluster.PoolProps{Cluster: theScene.platform.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 2}
		}, poolSpoilers),
		suiteOf("managed instances", func() cluster.ManagedInstancesProps {
			return cluster.ManagedInstancesProps{Cluster: theScene.platform.Cluster}
		}, managedSpoilers),
		suiteOf("task", containers, taskSpoilers),
		suiteOf("alarms", func() alarm.Props {
			return alarm.Props{Prefix: "a", Cluster: jsii.String("a"), Service: jsii.String("a")}
		}, alarmPropsSpoilers),
		suiteOf("topic", func() alarm.TopicProps { return alarm.TopicProps{} }, topicSpoilers),
		suiteOf("namespace", func() discovery.NamespaceProps {
			return discovery.NamespaceProps{Name: "a.b", Network: theScene.platform.Network}
		}, namespaceSpoilers),
		suiteOf("imported namespace", func() discovery.NamespaceAttributes {
			return discovery.NamespaceAttributes{Name: "a.b", ID: "ns-1", ARN: aToken(), Network: theScene.platform.Network}
		}, importedNamespaceSpoilers),
		suiteOf("service", func() service.Props {
			return service.Props{
				Cluster: theScene.platform.Cluster, Task: containers(),
				Targets: []target{{LoadBalancer: theScene.alb, Route: ingress.Route{Path: "/spoiled/*"}}},
			}
		}, serviceSpoilers),
		suiteOf("target", func() target {
			return target{LoadBalancer: theScene.alb, Route: ingress.Route{Path: "/target/*"}, Port: 80}
		}, looseTargetSpoilers),
		suiteOf("stream", func() ingress.StreamProps {
			return ingress.StreamProps{LoadBalancer: theScene.nlb, ListenerPort: 7000, Port: 7000}
		}, streamSpoilers),
		suiteOf("load balancer", func() ingress.ALBProps {
			d := domain()
			return ingress.ALBProps{Network: theScene.platform.Network, Domain: &d}
		}, balancerSpoilers),
		suiteOf("network load balancer", func() ingress.NLBProps { return ingress.NLBProps{Network: theScene.platform.Network} }, nlbSpoilers),
		suiteOf("imported load balancer", imported, importedSpoilers),
		suiteOf("response", func() ingress.ResponseProps {
			return ingress.ResponseProps{LoadBalancer: theScene.alb, Route: ingress.Route{Path: "/gone/*"}}
		}, responseSpoilers),
		suiteOf("redirect", func() ingress.RedirectProps {
			return ingress.RedirectProps{LoadBalancer: theScene.alb, Route: ingress.Route{Path: "/old/*"}, Path: "/new"}
		}, redirectSpoilers),
		suiteOf("reach", func() ingress.ReachProps {
			return ingress.ReachProps{Targets: []target{{LoadBalancer: theScene.alb, Port: 80}}, SecurityGroup: theScene.pool.SecurityGroup}
		}, reachSpoilers),
		suiteOf("API", func() httpapi.Props {
			return httpapi.Props{LoadBalancer: theScene.platform.Internal, Routes: []string{"GET /a"}}
		}, apiSpoilers),
		suiteOf("queue", func() queue.Props { return queue.Props{} }, queueSpoilers),
		suiteOf("generated value", func() secret.GenerateProps { return secret.GenerateProps{Name: "/a"} }, generateSpoilers),
		suiteOf("key", func() secret.KeyProps { return secret.KeyProps{} }, keySpoilers),
		suiteOf("building block of jobs", func() cjob.Props { return cjob.Props{Cluster: theScene.platform.Cluster, Task: containers()} }, jobSpoilers),
		suiteOf("job", func() job.Props { return job.Props{Platform: theScene.platform, Task: containers()} }, jobPatternSpoilers),
		suiteOf("platform", func() platform.Props {
			d := domain()
			return platform.Props{Domain: &d, Internal: true, InternalDomain: &d}
		}, platformSpoilers),
		suiteOf("imported platform", func() platform.Attributes {
			return platform.Attributes{Network: network.Props{VPC: theScene.vpc}, ClusterName: "a"}
		}, platformImportSpoilers),
		suiteOf("web", func() web.Props {
			return web.Props{Platform: theScene.platform, Task: containers(), Route: ingress.Route{Path: "/web/*"}}
		}, webSpoilers),
		suiteOf("backend", func() backend.Props {
			return backend.Props{Platform: theScene.platform, Task: containers(), Connect: &discovery.Connect{Name: "backend"}}
		}, backendSpoilers),
		suiteOf("worker", func() worker.Props {
			return worker.Props{Platform: theScene.platform, Task: containers(), MessageTime: time.Minute, Latency: time.Hour}
		}, workerSpoilers),
		suiteOf("daemon", func() daemon.Props { return daemon.Props{Platform: theScene.platform, Task: host()} }, daemonSpoilers),
	}
}

// testSpoiled spoils right props in one to four ways that have nothing to do with one another.
func testSpoiled(t *testing.T) {
	cases, spoilers, before := 0, 0, nodes(theScene.app)
	fields := map[string]bool{}
	scope := constructs.NewConstruct(theScene.stack, jsii.String("Spoiled")) // for pools are in the stack of their cluster
	for _, s := range suites() {
		spoilers += len(s.spoilers)
		for _, wrong := range s.spoilers {
			for _, field := range wrong {
				fields[s.name+" "+withoutIndices(field)] = true
			}
		}
		t.Run(s.name, func(t *testing.T) {
			if ps := s.base().Problems(); len(ps) > 0 {
				t.Fatal(&check.Error{Path: "base", Problems: ps})
			}
			named := func(t *rapid.T, props checked, want []string) check.Problems {
				cases++
				problems := problemsOf(t, props)
				if diff := cmp.Diff(want, fieldsOf(problems)); diff != "" {
					t.Fatalf("%s\n%v\n%+v", diff, &check.Error{Problems: problems}, props)
				}
				return problems
			}
			refused := func(t *rapid.T, props checked, problems check.Problems) {
				err := construction(t, scope, "New", props)
				switch {
				case err == nil:
					t.Fatalf("it is made in spite of %v", problems)
				case !slices.Equal(lines(problems), lines(err.Problems)):
					t.Fatalf("Problems says\n%s\nand the constructor\n%s\n%+v", &check.Error{Problems: problems}, err, props)
				}
				if n := nodes(scope); n != 1 {
					t.Fatalf("%d constructs are left of what was refused", n-1)
				}
			}
			for i := range s.spoilers {
				fewer(t, 40)
				t.Run(fmt.Sprint(i, " ", strings.Join(s.spoilers[i], " ")), func(t *testing.T) {
					rapid.Check(t, func(t *rapid.T) {
						props, want := s.alone(t, i)
						named(t, props, want)
					})
				})
			}
			fewer(t, 1)
			t.Run("several", func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					props, want := s.draw(t)
					refused(t, props, named(t, props, want))
				})
			})
		})
	}
	theScene.stack.Node().TryRemoveChild(scope.Node().Id())
	if after := nodes(theScene.app); after != before {
		t.Errorf("%d constructs are left", after-before)
	}
	t.Logf("%d cases, %d spoilers of %d fields", cases, spoilers, len(fields))
}

// asked is how many cases the command line asks for.
var asked = sync.OnceValue(func() int { return flag.Lookup("rapid.checks").Value.(flag.Getter).Get().(int) })

// fewer has the next properties be tested with a part of the cases that the command line asks for.
func fewer(t *testing.T, part int) {
	t.Helper()
	if err := flag.Set("rapid.checks", strconv.Itoa(max(asked()/part, 1))); err != nil {
		t.Fatal(err)
	}
}

func lines(ps check.Problems) []string {
	var all []string
	for _, p := range ps {
		all = append(all, p.String())
	}
	return all
}

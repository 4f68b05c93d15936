package test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/patterns/worker"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/snapshot"
)

// refused runs f, which must panic with a *check.Error, and returns it.
func refused(t *testing.T, f func()) (err *check.Error) {
	t.Helper()
	defer func() {
		t.Helper()
		cause := recover()
		var ok bool
		if err, ok = cause.(*check.Error); !ok {
			t.Fatalf("got the panic %v, want a *check.Error", cause)
		}
	}()
	f()
	return nil
}

func problemFields(err *check.Error) []string {
	var fields []string
	for _, p := range err.Problems {
		fields = append(fields, p.Field)
	}
	return fields
}

// TestMisuse gives every constructor invalid props and finds all problems named before anything was made.
func TestMisuse(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Stack"), nil)
	p := newPlatform(stack, platform.Props{PlainHTTP: true})
	bare := bareVPC(stack)
	inside := awsec2.Vpc_FromVpcAttributes(stack, jsii.String("Inside"), &awsec2.VpcAttributes{
		VpcId: jsii.String("vpc-2"), VpcCidrBlock: jsii.String("10.0.0.0/16"),
		AvailabilityZones: jsii.Strings("us-east-1a", "us-east-1b"),
		PrivateSubnetIds:  jsii.Strings("subnet-a", "subnet-b"),
	})
	api := task.Props{Image: "api:1", Port: 8080}
	web.New(stack, "Api", web.Props{Platform: p, Task: api, Route: ingress.Route{Path: "/api/*"}})

	elsewhere := awscdk.NewStack(app, jsii.String("Elsewhere"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("eu-north-1"),
	}})
	distant := alarm.NewTopic(elsewhere, "Alarms", alarm.TopicProps{})
	staged := awscdk.NewStack(awscdk.NewStage(app, jsii.String("Stage"), nil), jsii.String("Stack"), nil)
	foreign := awscdk.NewStack(snapshot.NewApp(t), jsii.String("Stack"), nil)

	type construct func(scope constructs.Construct, id string)
	withWeb := func(props web.Props) construct {
		return func(scope constructs.Construct, id string) { web.New(scope, id, props) }
	}
	nodes := func() int {
		return len(*app.Node().FindAll(constructs.ConstructOrder_PREORDER)) + len(*foreign.Node().FindAll(constructs.ConstructOrder_PREORDER))
	}
	zero := map[string]construct{
		"network": func(scope constructs.Construct, id string) { network.New(scope, id, network.Props{}) },
		"web":     withWeb(web.Props{Platform: p, Task: api}),
	}
	for name, c := range map[string]struct {
		scope constructs.Construct
		id    string
		make  construct
		want  []string
	}{
		"network": {stack, "New", func(s constructs.Construct, id string) { network.New(s, id, network.Props{Zones: 9, CIDR: "x"}) }, []string{"CIDR", "Zones"}},
		"cluster": {stack, "New", func(s constructs.Construct, id string) { cluster.New(s, id, cluster.Props{}) }, []string{"Network"}},
		"task":    {stack, "New", func(s constructs.Construct, id string) { task.New(s, id, task.Props{}) }, []string{"Image"}},
		"secrets": {stack, "New", func(s constructs.Construct, id string) {
			task.New(s, id, task.Props{Image: "a:1", Secrets: secret.Map{
				"A": secret.SecretsManager{ARN: "shop/db"}, "B": secret.ParameterStore{ARN: "/shop/db"}, "C": secret.ParameterStore{ARN: "arn:aws:ssm:x:y"},
			}})
		}, []string{"Secrets[A].ARN", "Secrets[B].ARN", "Secrets[C].ARN"}},
		"balancer": {stack, "New", func(s constructs.Construct, id string) { ingress.NewALB(s, id, ingress.ALBProps{}) }, []string{"Network", "Domain"}},
		"target":   {stack, "New", func(s constructs.Construct, id string) { ingress.NewTarget(s, id, ingress.TargetProps{}) }, []string{"LoadBalancer"}},
		"scaling":  {stack, "New", func(s constructs.Construct, id string) { scaling.New(s, id, scaling.Props{}) }, []string{"Max", "Cluster", "Service"}},
		"service":  {stack, "New", func(s constructs.Construct, id string) { service.New(s, id, service.Props{}) }, []string{"Cluster", "Task.Image"}},
		"platform": {stack, "New", func(s constructs.Construct, id string) { platform.New(s, id, platform.Props{}) }, []string{"Domain"}},
		"queue":    {stack, "New", func(s constructs.Construct, id string) { queue.New(s, id, queue.Props{MaxReceives: -1}) }, []string{"MaxReceives"}},
		"worker": {stack, "New", func(s constructs.Construct, id string) { worker.New(s, id, worker.Props{}) }, []string{
			"Platform", "Task.Image", "MessageTime", "Latency",
		}},
		"worker of another region": {elsewhere, "New", func(s constructs.Construct, id string) {
			worker.New(s, id, worker.Props{Platform: p, Task: api, MessageTime: time.Second, Latency: time.Minute})
		}, []string{"Platform"}},
		"web": {stack, "New", withWeb(web.Props{}), []string{"Platform", "Task.Port", "Task.Image"}},
		"everything at once": {stack, "New", withWeb(web.Props{
			Platform: p, Task: task.Props{Port: 70000, CPU: 300}, Scaling: &scaling.Policy{Min: 2, Max: 1},
			Route: ingress.Route{Path: "api"},
		}), []string{"Task.CPU", "Task.Image", "Task.Port", "Scaling.Max", "Route.Path"}},
		"same route":        {stack, "New", withWeb(web.Props{Platform: p, Task: api, Route: ingress.Route{Path: "/api/*"}}), []string{"Route"}},
		"same route of one": {stack, "New", withWeb(web.Props{Platform: p, Task: api, MoreTargets: []ingress.TargetProps{{LoadBalancer: p.Public}}}), []string{"MoreTargets[0].Route"}},
		"same route, service": {stack, "New", func(s constructs.Construct, id string) {
			service.New(s, id, service.Props{Cluster: p.Cluster, Task: api, Targets: []ingress.TargetProps{
				{LoadBalancer: p.Public, Route: ingress.Route{Path: "/api/*"}},
			}})
		}, []string{"Targets[0].Route"}},
		"same route, target": {stack, "New", func(s constructs.Construct, id string) {
			ingress.NewTarget(s, id, ingress.TargetProps{LoadBalancer: p.Public, Port: 80, Route: ingress.Route{Path: "/api/*"}})
		}, []string{"[0].Route"}},
		"response": {stack, "New", func(s constructs.Construct, id string) { ingress.NewResponse(s, id, ingress.ResponseProps{}) }, []string{"LoadBalancer"}},
		"redirect": {stack, "New", func(s constructs.Construct, id string) { ingress.NewRedirect(s, id, ingress.RedirectProps{}) }, []string{"LoadBalancer", "Path"}},
		"same route, response": {stack, "New", func(s constructs.Construct, id string) {
			ingress.NewResponse(s, id, ingress.ResponseProps{LoadBalancer: p.Public, Route: ingress.Route{Path: "/api/*"}})
		}, []string{"Route"}},
		"response of another region": {elsewhere, "New", func(s constructs.Construct, id string) {
			ingress.NewResponse(s, id, ingress.ResponseProps{LoadBalancer: p.Public})
		}, []string{"LoadBalancer"}},
		"reach": {stack, "New", func(s constructs.Construct, id string) { ingress.NewReach(s, id, ingress.ReachProps{}) }, []string{"Targets", "SecurityGroup"}},
		"reach of nobody's pool": {stack, "New", func(s constructs.Construct, id string) {
			ingress.NewReach(s, id, ingress.ReachProps{Targets: []ingress.TargetProps{{LoadBalancer: p.Public, Port: 80}}, Pools: []*cluster.Pool{nil}})
		}, []string{"Pools[0]"}},
		"VPC for the inside alone": {stack, "New", func(s constructs.Construct, id string) {
			platform.New(s, id, platform.Props{Network: network.Props{VPC: inside}, PlainHTTP: true})
		}, []string{"Network.VPC"}},
		"another region": {elsewhere, "New", zero["web"], []string{"Platform"}},
		"network of another region": {elsewhere, "New", func(s constructs.Construct, id string) {
			ingress.NewALB(s, id, ingress.ALBProps{Network: p.Network, PlainHTTP: true})
		}, []string{"Network"}},
		"cluster's network of another region": {elsewhere, "New", func(s constructs.Construct, id string) {
			cluster.New(s, id, cluster.Props{Network: p.Network})
		}, []string{"Network"}},
		"load balancer of another region": {elsewhere, "New", func(s constructs.Construct, id string) {
			service.New(s, id, service.Props{Cluster: p.Cluster, Task: api, Targets: []ingress.TargetProps{{LoadBalancer: p.Public}}})
		}, []string{"Targets[0].LoadBalancer", "Cluster"}},
		"topic of another region": {stack, "New", withWeb(web.Props{
			Platform: p, Task: api, Route: ingress.Route{Path: "/new/*"}, Alarms: alarm.Policy{Topic: distant},
		}), []string{"Alarms.Topic"}},
		"another stage": {staged, "New", zero["web"], []string{"Platform"}},
		"another app":   {foreign, "New", zero["web"], []string{"Platform"}},
		"id of no name": {stack, "Default", zero["web"], []string{"id"}},
		"id of a token": {stack, *stack.Region(), zero["web"], []string{"id"}},
		"certificate of another region": {elsewhere, "New", func(s constructs.Construct, id string) {
			domain := &ingress.Domain{Name: "example.com", CertificateARN: cases.CertificateARN}
			ingress.NewALB(s, id, ingress.ALBProps{Network: p.Network, Domain: domain})
		}, []string{"Network", "Domain.CertificateARN"}},
		"firewall of another region": {elsewhere, "New", func(s constructs.Construct, id string) {
			ingress.NewALB(s, id, ingress.ALBProps{Network: p.Network, PlainHTTP: true, Firewall: &ingress.Firewall{
				ACLARN: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b",
			}})
		}, []string{"Network", "Firewall.ACLARN"}},
		"imported balancer": {stack, "New", func(s constructs.Construct, id string) { ingress.ImportALB(s, id, ingress.ALBAttributes{}) }, []string{
			"Network", "ARN", "ListenerARN", "SecurityGroupID", "DNSName",
		}},
		"users over plain HTTP": {stack, "New", withWeb(web.Props{Platform: p, Task: api, Route: ingress.Route{Path: "/staff/*"}, SignIn: ingress.Cognito{
			UserPoolARN: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf", ClientID: "a", Domain: "staff",
		}}), []string{"SignIn"}},
		"nil scope":                   {nil, "New", zero["web"], []string{"scope"}},
		"app as scope":                {app, "New", zero["network"], []string{"scope"}},
		"empty id":                    {stack, "", zero["web"], []string{"id"}},
		"slash in id":                 {stack, "a/b", zero["web"], []string{"id"}},
		"id and route that are taken": {stack, "Api", withWeb(web.Props{Platform: p, Task: api, Route: ingress.Route{Path: "/api/*"}}), []string{"id"}},
		"struct with a stack in it":   {wrapped{stack, nil}, "New", zero["web"], []string{"scope"}},
		"id that is taken":            {stack, "Api", zero["web"], []string{"id"}},
		"VPC with no subnets": {stack, "New", func(s constructs.Construct, id string) {
			network.New(s, id, network.Props{VPC: bare, Zones: 3})
		}, []string{"VPC", "VPC", "VPC"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := nodes()
			err := refused(t, func() { c.make(c.scope, c.id) })
			if diff := cmp.Diff(c.want, problemFields(err)); diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
			made := nodes() - before
			if made != 0 {
				t.Errorf("%d constructs were made", made)
			}
		})
	}
}

// wrapped is a stack as the CDK does not know it.
type wrapped struct {
	awscdk.Stack
	names []string
}

// bareVPC is an imported VPC that says no more than its id.
func bareVPC(stack awscdk.Stack) awsec2.IVpc {
	return awsec2.Vpc_FromVpcAttributes(stack, jsii.String("Bare"), &awsec2.VpcAttributes{
		VpcId: jsii.String("vpc-1"), AvailabilityZones: jsii.Strings("us-east-1a"),
	})
}

// TestCollisionIsExplained reads the whole message.
func TestCollisionIsExplained(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Shop"), nil)
	p := newPlatform(stack, platform.Props{PlainHTTP: true})
	add := func(id string, r ingress.Route) *web.Web {
		return web.New(stack, id, web.Props{Platform: p, Task: task.Props{Image: "api:1", Port: 8080}, Route: r})
	}
	first := add("Api", ingress.Route{Path: "/api/*"})
	err := refused(t, func() { add("Copy", ingress.Route{Path: "/api/*"}) })
	want := `Shop/Copy: invalid props
  Route: must not receive the same requests as the route of Shop/Api/Service/Route (/api/*): change a condition of one ` +
		`of the two, give alternatives targets of their own, or set a Priority, the lower number being tried first; got "/api/*"`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
	taken := int(*first.Service.Targets[0].Rule.Priority())
	err = refused(t, func() { add("Other", ingress.Route{Path: "/x/*", Priority: taken}) })
	if text := err.Error(); !strings.Contains(text, "must have another priority than the route of Shop/Api/Service/Route (/api/*)") ||
		!strings.Contains(text, "for example to ") {
		t.Errorf("the message does not name the other route or a remedy:\n%s", text)
	}
	add("Copy", ingress.Route{Path: "/api/*", Priority: 500}) // the first remedy
	templatesOf(t, app)
}

// TestAZoneTooMany asks a stack that knows its zones for more of them than it has.
func TestAZoneTooMany(t *testing.T) {
	app := snapshot.NewApp(t, map[string]any{
		"availability-zones:account=123456789012:region=us-west-1": []string{"us-west-1a", "us-west-1c"},
	})
	stack := awscdk.NewStack(app, jsii.String("Stack"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("us-west-1"),
	}})
	err := refused(t, func() { network.New(stack, "Network", network.Props{Zones: 3, CIDR: "x"}) })
	if !slices.Equal(problemFields(err), []string{"CIDR", "Zones"}) {
		t.Error(err)
	}
	err = refused(t, func() {
		platform.New(stack, "Platform", platform.Props{Network: network.Props{Zones: 3}, PlainHTTP: true})
	})
	if !slices.Equal(problemFields(err), []string{"Network.Zones"}) {
		t.Error(err)
	}
	if made := len(*stack.Node().Children()); made != 0 {
		t.Errorf("%d constructs were made", made)
	}
}

// TestKnownZones uses the first of the zones that the stack knows.
func TestKnownZones(t *testing.T) {
	app := snapshot.NewApp(t, map[string]any{
		"availability-zones:account=123456789012:region=us-west-2": []string{"us-west-2a", "us-west-2b", "us-west-2c"},
	})
	stack := awscdk.NewStack(app, jsii.String("Stack"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("us-west-2"),
	}})
	network.New(stack, "Network", network.Props{})
	zones := map[any]int{}
	for _, subnet := range resourcesOf(byName(templatesOf(t, app))["Stack"], "AWS::EC2::Subnet") {
		zones[subnet["AvailabilityZone"]]++
	}
	if diff := cmp.Diff(map[any]int{"us-west-2a": 3, "us-west-2b": 3}, zones); diff != "" {
		t.Error(diff)
	}
}

// TestNameGeneratedTwice refuses a second value for a name, which would fail the deployment, wherever in the stack it is.
func TestNameGeneratedTwice(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Stack"), nil)
	other := awscdk.NewStack(app, jsii.String("Other"), nil)
	nested := awscdk.NewNestedStack(stack, jsii.String("Nested"), nil)
	for _, p := range []secret.GenerateProps{{Name: "/shop/key"}, {Name: "/shop/key", SecretsManager: true}} {
		id := fmt.Sprint("Key", p.SecretsManager)
		secret.Generate(stack, id, p)
		secret.Generate(other, id, p)
		for _, scope := range []constructs.Construct{stack, nested} {
			err := refused(t, func() { secret.Generate(scope, id+"Again", p) })
			if diff := cmp.Diff([]string{"Name"}, problemFields(err)); diff != "" {
				t.Error(diff)
			}
		}
	}
	second := secret.GenerateProps{Name: "/shop/key2"}
	if err := refused(t, func() { secret.Generate(stack, "Keyfalse", second) }); !slices.Equal(problemFields(err), []string{"id"}) {
		t.Error(err)
	}
	secret.Generate(nested, "Elsewhere", second) // what was refused for its id has not taken the name
}

package test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/examples/fleet"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/rules"
	"github.com/ecskit/ecskit/test/snapshot"
)

func newStack(app awscdk.App, id string) awscdk.Stack { return awscdk.NewStack(app, &id, nil) }

func newPool(scope constructs.Construct, id string, c *cluster.Cluster) *cluster.Pool {
	return cluster.NewPool(scope, id, cluster.PoolProps{Cluster: c, InstanceTypes: []string{"m7i.large"}, Max: 4})
}

// TestInstanceRights is what the ECS agent does, and nothing for applications.
func TestInstanceRights(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		newPool(stack, "Pool", cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})}))
	})
	want := []string{
		"Allow ecs:DeregisterContainerInstance ecs:RegisterContainerInstance ecs:SubmitAttachmentStateChanges " +
			"ecs:SubmitContainerStateChange ecs:SubmitTaskStateChange on ${Stack/Cluster/Cluster.Arn}",
		`Allow ecs:Poll ecs:StartTelemetrySession on * if {"ArnEquals":{"ecs:cluster":{"Fn::GetAtt":["ClusterC2E21B66","Arn"]}}}`,
		"Allow ecs:DiscoverPollEndpoint on *",
	}
	if diff := cmp.Diff(want, policies(template)["Stack/Pool/Role/Policy"]); diff != "" {
		t.Error(diff)
	}
	for path, role := range resourcesOf(template, "AWS::IAM::Role") {
		if managed := role["ManagedPolicyArns"]; managed != nil && strings.HasPrefix(path, "Stack/Pool/") {
			t.Errorf("%s has the managed policies %v", path, managed)
		}
	}
}

// TestFleetRights are those of four services and a daemon, each its own.
func TestFleetRights(t *testing.T) {
	templates := byName(synth(t, func(app awscdk.App) { fleet.New(app, "Fleet") }))
	got := map[string][]string{}
	for path, statements := range policies(templates["Fleet"]) {
		if name, ok := strings.CutSuffix(path, "/Service/Task/Role/DefaultPolicy/Resource"); ok {
			got[strings.TrimPrefix(name, "Fleet/")] = statements
		}
	}
	want := map[string][]string{
		"Documents": {"Allow s3:GetBucket* s3:GetObject* s3:List* on ${Fleet/Bucket.Arn} ${Fleet/Bucket.Arn}/*"},
		"Intake":    {"Allow sqs:GetQueueAttributes sqs:GetQueueUrl sqs:SendMessage on ${Fleet/Queue.Arn}"},
		"Orders": {"Allow dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:ConditionCheckItem dynamodb:DeleteItem " +
			"dynamodb:DescribeTable dynamodb:GetItem dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:PutItem dynamodb:Query " +
			"dynamodb:Scan dynamodb:UpdateItem on ${Fleet/Table.Arn}"},
		"LogShipper": {"Allow logs:CreateLogStream logs:PutLogEvents on ${Fleet/InstanceLogs.Arn}"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestBridgeInAnotherStack puts services in stacks of their own. What reaches the instances is the load balancer, on the
// ports that Docker gives away, and nothing else; and the second service changes nothing where the first one is, nor in
// what both share.
func TestBridgeInAnotherStack(t *testing.T) {
	build := func(names ...string) cases.Build {
		return func(app awscdk.App) {
			shared := newStack(app, "Shared")
			p := platform.New(shared, "Platform", platform.Props{PlainHTTP: true})
			pool := newPool(shared, "Pool", p.Cluster)
			for _, name := range names {
				web.New(newStack(app, name), "Web", web.Props{
					Platform: p, Capacity: pool, Task: task.Props{Image: "a:1", Port: 8080}, Route: ingress.Route{Path: "/" + name},
				})
			}
		}
	}
	one, two := files(t, build("One")), files(t, build("One", "Two"))
	for name, template := range one {
		if diff := cmp.Diff(template, two[name]); diff != "" {
			t.Errorf("%s changed (-before +after):\n%s", name, diff)
		}
	}
	var found []string
	for stack, template := range byName(synth(t, build("One", "Two"))) {
		for _, direction := range []string{"Ingress", "Egress"} {
			for _, rule := range resourcesOf(template, "AWS::EC2::SecurityGroup"+direction) {
				found = append(found, stack+" "+direction+" "+value(template, rule["GroupId"])+" "+
					value(template, rule["SourceSecurityGroupId"])+value(template, rule["DestinationSecurityGroupId"])+" "+
					value(template, rule["IpProtocol"])+" "+value(template, rule["FromPort"])+"-"+value(template, rule["ToPort"]))
			}
		}
	}
	const pool, alb = "${Shared/Pool/SecurityGroup.GroupId}", "${Shared/Platform/Public/SecurityGroup.GroupId}"
	want := []string{
		"Shared Egress " + alb + " null" + pool + " tcp 32768-65535",
		"Shared Ingress " + pool + " " + alb + "null tcp 32768-65535",
	}
	if diff := cmp.Diff(want, sorted(found)); diff != "" {
		t.Error(diff)
	}
}

// TestStacksOfAFleet divides network, load balancer, cluster and service among stacks, and finds that the passage between
// load balancer and pool makes no two of them depend on each other.
func TestStacksOfAFleet(t *testing.T) {
	for name, tt := range map[string]struct{ network, balancer, cluster, service, passage string }{
		"all in one":                     {"A", "A", "A", "A", "A"},
		"service apart":                  {"A", "A", "A", "B", "A"},
		"load balancer apart":            {"A", "B", "A", "C", "B"},
		"load balancer with the service": {"A", "B", "A", "B", "B"},
		"cluster apart":                  {"A", "A", "B", "C", "B"},
		"cluster with the service":       {"A", "A", "B", "B", "B"},
		"network apart":                  {"A", "B", "B", "C", "B"},
		"each in a stack of its own":     {"A", "B", "C", "D", "B"},
		"three stacks, balancer at hand": {"A", "B", "C", "B", "B"},
	} {
		t.Run(name, func(t *testing.T) {
			templates := synth(t, func(app awscdk.App) {
				made := map[string]awscdk.Stack{}
				in := func(id string) awscdk.Stack {
					if made[id] == nil {
						made[id] = newStack(app, id)
					}
					return made[id]
				}
				n := network.New(in(tt.network), "Network", network.Props{})
				alb := ingress.NewALB(in(tt.balancer), "ALB", ingress.ALBProps{Network: n, PlainHTTP: true})
				c := cluster.New(in(tt.cluster), "Cluster", cluster.Props{Network: n})
				service.New(in(tt.service), "Service", service.Props{
					Cluster: c, Capacity: newPool(in(tt.cluster), "Pool", c), Task: task.Props{Image: "a:1", Port: 8080},
					Targets: []ingress.TargetProps{{LoadBalancer: alb}},
				})
			})
			var passages []string
			for _, template := range templates {
				for range resourcesOf(template.Body, "AWS::EC2::SecurityGroupIngress") {
					passages = append(passages, template.Name)
				}
				for range resourcesOf(template.Body, "AWS::EC2::SecurityGroupEgress") {
					passages = append(passages, template.Name)
				}
			}
			if diff := cmp.Diff([]string{tt.passage, tt.passage}, passages); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDeletionOrder follows what depends on what: CloudFormation deletes the service before the association, that before
// the capacity provider, and that before the group.
func TestDeletionOrder(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		p := newPlatform(stack, platform.Props{PlainHTTP: true})
		pool := newPool(stack, "Pool", p.Cluster)
		web.New(stack, "Web", web.Props{Platform: p, Capacity: pool, Task: task.Props{Image: "a:1", Port: 8080}})
		daemon.New(stack, "Daemon", daemon.Props{Platform: p, Task: task.Props{Image: "a:1"}})
	})
	chain := []string{
		"AWS::ECS::Service", "AWS::ECS::ClusterCapacityProviderAssociations", "AWS::ECS::CapacityProvider", "AWS::AutoScaling::AutoScalingGroup",
	}
	ids := map[string][]string{}
	for id := range template["Resources"].(map[string]any) {
		kind := resource(template, id)["Type"].(string)
		ids[kind] = append(ids[kind], id)
	}
	if len(ids[chain[0]]) != 2 {
		t.Fatalf("got the services %v, want two", ids[chain[0]])
	}
	for i, kind := range chain[:len(chain)-1] {
		for _, id := range ids[kind] {
			next := ids[chain[i+1]][0]
			if !slices.Contains(waitsFor(resource(template, id)), next) {
				t.Errorf("%s does not wait for %s", id, next)
			}
		}
	}
}

// waitsFor returns the logical ids that a resource names: in DependsOn, or by a reference.
func waitsFor(v any) []string {
	var ids []string
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			switch value := value.(type) {
			case string:
				if key == "Ref" {
					ids = append(ids, value)
				}
			case []any:
				if key == "DependsOn" || key == "Fn::GetAtt" {
					for _, item := range value {
						id, _ := item.(string)
						ids = append(ids, id)
					}
				}
			}
			ids = append(ids, waitsFor(value)...)
		}
	case []any:
		for _, item := range v {
			ids = append(ids, waitsFor(item)...)
		}
	}
	return ids
}

// TestReservedStackNames gives a capacity provider a name where CloudFormation would make one that ECS refuses, and leaves
// it to CloudFormation elsewhere.
func TestReservedStackNames(t *testing.T) {
	for stack, want := range map[string]any{
		"Shop": nil, "ECS-Shop": "pool-ECS-Shop-Pool-Provider", "fargateless": "pool-fargateless-Pool-Provider", "AwsShop": "pool-AwsShop-Pool-Provider",
	} {
		template := byName(synth(t, inStack(stack, func(stack awscdk.Stack) {
			newPool(stack, "Pool", cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})}))
		})))[stack]
		for _, provider := range resourcesOf(template, "AWS::ECS::CapacityProvider") {
			if got := provider["Name"]; got != want {
				t.Errorf("%s: got %v, want %v", stack, got, want)
			}
		}
	}
}

// TestPoolsChange changes one thing of a pool and lists the resources and parameters that differ. A change of the launch
// template is a new version of it, by which the group replaces its instances.
func TestPoolsChange(t *testing.T) {
	release := func(change func(*cluster.PoolProps), more ...string) map[string]any {
		return synthStack(t, func(stack awscdk.Stack) {
			p := newPlatform(stack, platform.Props{PlainHTTP: true})
			props := cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 4}
			change(&props)
			web.New(stack, "Api", web.Props{
				Platform: p, Capacity: cluster.NewPool(stack, "Pool", props), Task: task.Props{Image: "a:1", Port: 8080},
			})
			for _, id := range more {
				newPool(stack, id, p.Cluster)
			}
		})
	}
	first := release(func(*cluster.PoolProps) {})
	for name, c := range map[string]struct {
		change func(*cluster.PoolProps)
		want   []string
	}{
		"nothing":  {func(*cluster.PoolProps) {}, nil},
		"an image": {func(p *cluster.PoolProps) { p.AMI = "ami-01234567" }, []string{"-Pool/Image", "~Pool/LaunchTemplate"}},
		// A parameter that the stack has already would keep its value.
		"an image by its path": {func(p *cluster.PoolProps) { p.AMI = "/images/ecs" }, []string{"+Pool/Image", "-Pool/Image", "~Pool/LaunchTemplate"}},
		"another system":       {func(p *cluster.PoolProps) { p.OS = cluster.Bottlerocket }, []string{"+Pool/Image", "-Pool/Image", "~Pool/LaunchTemplate"}},
		"other GPUs": {
			func(p *cluster.PoolProps) { p.InstanceTypes = []string{"g5.xlarge"} }, []string{"+Pool/Image", "-Pool/Image", "~Pool/LaunchTemplate"},
		},
		"a bigger disk": {func(p *cluster.PoolProps) { p.DiskGiB = 60 }, []string{"~Pool/LaunchTemplate"}},
		"another type":  {func(p *cluster.PoolProps) { p.InstanceTypes = []string{"m7i.xlarge"} }, []string{"~Pool/LaunchTemplate"}},
		"more types":    {func(p *cluster.PoolProps) { p.InstanceTypes = append(p.InstanceTypes, "m6i.large") }, []string{"~Pool/Group"}},
		"Spot":          {func(p *cluster.PoolProps) { p.Spot = &cluster.SpotMix{} }, []string{"~Pool/Group"}},
		"more of it":    {func(p *cluster.PoolProps) { p.Max = 9 }, []string{"~Pool/Group"}},
		"less full":     {func(p *cluster.PoolProps) { p.TargetPercent = 80 }, []string{"~Pool/Provider"}},
		"development":   {func(p *cluster.PoolProps) { p.NoScaleInProtection = true }, []string{"~Pool/Group", "~Pool/Provider"}},
	} {
		if diff := cmp.Diff(c.want, changes(first, release(c.change))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var touched []string
	for _, change := range changes(first, release(func(*cluster.PoolProps) {}, "Second")) {
		if !strings.HasPrefix(change, "+Second") {
			touched = append(touched, change)
		}
	}
	if diff := cmp.Diff([]string{"~Platform/Cluster/Cluster/Cluster"}, touched); diff != "" {
		t.Errorf("a second pool: %s", diff)
	}
}

// image matches the id of the parameter that holds the image of a pool.
var image = regexp.MustCompile(`^([A-Za-z]+)Image[0-9A-Fa-f]{16}$`)

// changes lists the resources and parameters that appear, disappear or differ, by their path below the stack.
func changes(before, after map[string]any) []string {
	var found []string
	paths := func(template map[string]any) map[string]any {
		resources := map[string]any{}
		for id := range template["Resources"].(map[string]any) {
			resources[strings.TrimPrefix(name(template, id), "Stack/")] = resource(template, id)
		}
		for id, parameter := range template["Parameters"].(map[string]any) {
			resources[id] = parameter
		}
		return resources
	}
	a, b := paths(before), paths(after)
	for path, r := range a {
		if _, found2 := b[path]; !found2 {
			found = append(found, "-"+image.ReplaceAllString(path, "$1/Image"))
		} else if !cmp.Equal(r, b[path]) {
			found = append(found, "~"+path)
		}
	}
	for path := range b {
		if _, known := a[path]; !known {
			found = append(found, "+"+image.ReplaceAllString(path, "$1/Image"))
		}
	}
	return sorted(found)
}

// TestConnectionsOfBridge opens a database to two services that share their instances' network, from two stacks.
func TestConnectionsOfBridge(t *testing.T) {
	templates := synth(t, func(app awscdk.App) {
		shared := newStack(app, "Shared")
		p := platform.New(shared, "Platform", platform.Props{PlainHTTP: true})
		pool := newPool(shared, "Pool", p.Cluster)
		database := awsec2.NewSecurityGroup(shared, jsii.String("Database"), &awsec2.SecurityGroupProps{Vpc: p.Network.VPC})
		for _, name := range []string{"One", "Two"} {
			api := web.New(newStack(app, name), "Web", web.Props{
				Platform: p, Capacity: pool, Task: task.Props{Image: "a:1", Port: 8080}, Route: ingress.Route{Path: "/" + name},
			})
			database.Connections().AllowFrom(api, awsec2.Port_Tcp(jsii.Number(5432)), nil)
		}
	})
	var from []string
	for _, template := range templates {
		for path, rule := range resourcesOf(template.Body, "AWS::EC2::SecurityGroupIngress") {
			if strings.Contains(path, "Database") {
				from = append(from, template.Name+" "+value(template.Body, rule["SourceSecurityGroupId"])+":"+value(template.Body, rule["FromPort"]))
			}
		}
	}
	if diff := cmp.Diff([]string{"Shared ${Shared/Pool/SecurityGroup.GroupId}:5432"}, from); diff != "" {
		t.Error(diff)
	}
}

// TestConnectionsOfInstances opens a database to what shares the network of instances: a daemon on all of them, of a pool
// that is added later too, and a task on one that ECS manages.
func TestConnectionsOfInstances(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		p := newPlatform(stack, platform.Props{PlainHTTP: true})
		newPool(stack, "Pool", p.Cluster)
		database := awsec2.NewSecurityGroup(stack, jsii.String("Database"), &awsec2.SecurityGroupProps{Vpc: p.Network.VPC})
		for _, of := range []awsec2.IConnectable{
			daemon.New(stack, "Daemon", daemon.Props{Platform: p, Task: task.Props{Image: "a:1"}}),
			service.New(stack, "Host", service.Props{
				Cluster: p.Cluster, Task: task.Props{Image: "a:1", NetworkMode: task.Host},
				Capacity: cluster.NewManagedInstances(stack, "Managed", cluster.ManagedInstancesProps{Cluster: p.Cluster}),
			}),
			service.New(stack, "None", service.Props{
				Cluster: p.Cluster, Task: task.Props{Image: "a:1", NetworkMode: task.None}, Capacity: newPool(stack, "Other", p.Cluster),
			}),
		} {
			database.Connections().AllowFrom(of, awsec2.Port_Tcp(jsii.Number(5432)), nil)
		}
	})
	var from []string
	for path, rule := range resourcesOf(template, "AWS::EC2::SecurityGroupIngress") {
		if strings.Contains(path, "Database") {
			from = append(from, value(template, rule["SourceSecurityGroupId"]))
		}
	}
	want := []string{
		"${Stack/Managed/SecurityGroup.GroupId}", "${Stack/Other/SecurityGroup.GroupId}", "${Stack/Pool/SecurityGroup.GroupId}",
	}
	if diff := cmp.Diff(want, sorted(from)); diff != "" {
		t.Error(diff)
	}
}

// TestNearAcrossStacks refers to a service of another stack in an app that asks for exports, and none is made.
func TestNearAcrossStacks(t *testing.T) {
	templates := byName(synth(t, func(app awscdk.App) {
		shared := newStack(app, "Shared")
		p := platform.New(shared, "Platform", platform.Props{PlainHTTP: true})
		pool := newPool(shared, "Pool", p.Cluster)
		cache := service.New(newStack(app, "Cache"), "Cache", service.Props{Cluster: p.Cluster, Capacity: pool, Task: task.Props{Image: "a:1"}})
		service.New(newStack(app, "Api"), "Api", service.Props{
			Cluster: p.Cluster, Capacity: pool, Task: task.Props{Image: "a:1"},
			Placement: service.Placement{Constraints: []service.Constraint{service.Near(cache.Group())}},
		})
	}, map[string]any{"@aws-cdk/core:defaultCrossStackReferences": "strong"}))
	for name, template := range templates {
		if outputs, _ := template["Outputs"].(map[string]any); uses(outputs, "Export") || uses(template, "Fn::ImportValue") {
			t.Errorf("%s exports or imports", name)
		}
	}
}

// TestHostPorts gives two services in network mode host one port of a pool, which the second may not have, and another one,
// which it may. What reaches a service stands in its own stack.
func TestHostPorts(t *testing.T) {
	app := snapshot.NewApp(t)
	shared := newStack(app, "Shared")
	p := platform.New(shared, "Platform", platform.Props{PlainHTTP: true})
	pool := newPool(shared, "Pool", p.Cluster)
	add := func(stack string, port int) {
		web.New(newStack(app, stack), "Web", web.Props{
			Platform: p, Capacity: pool, Task: task.Props{Image: "a:1", Port: port, NetworkMode: task.Host},
			Route: ingress.Route{Path: "/" + stack},
		})
	}
	add("One", 8080)
	err := refused(t, func() { add("Two", 8080) })
	if diff := cmp.Diff([]string{"Task.Port"}, problemFields(err)); diff != "" {
		t.Errorf("%s\n%v", diff, err)
	}
	add("Three", 8081)
	for stack, want := range map[string]int{"Shared": 0, "One": 1, "Three": 1} {
		if got := len(resourcesOf(byName(templatesOf(t, app))[stack], "AWS::EC2::SecurityGroupIngress")); got != want {
			t.Errorf("%s: got %d ingress rules, want %d", stack, got, want)
		}
	}
}

// TestTooManyPools asks for one more capacity provider than a cluster can have.
func TestTooManyPools(t *testing.T) {
	stack := newStack(snapshot.NewApp(t), "Stack")
	c := cluster.New(stack, "Cluster", cluster.Props{Network: network.New(stack, "Network", network.Props{})})
	for i := range 18 {
		newPool(stack, "Pool"+strconv.Itoa(i), c)
	}
	err := refused(t, func() { newPool(stack, "More", c) })
	if diff := cmp.Diff([]string{"Cluster"}, problemFields(err)); diff != "" {
		t.Error(diff)
	}
}

// TestInstanceMetadataIsNoticed sets the field that opens the instance's credentials to containers, which the rules then
// find.
func TestInstanceMetadataIsNoticed(t *testing.T) {
	app := snapshot.NewApp(t)
	cases.Cases["Development"](app)
	app.Synth(nil)
	templates, err := rules.Assembly(*app.Outdir())
	if err != nil {
		t.Fatal(err)
	}
	findings := rules.Check(templates...)
	if len(findings) != 1 || findings[0].Rule != relaxations["Development"].Rule {
		t.Errorf("got %v", findings)
	}
}

// TestFleetMisuse gives services capacities that do not go with them.
func TestFleetMisuse(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := newStack(app, "Stack")
	p := newPlatform(stack, platform.Props{PlainHTTP: true})
	other := cluster.New(stack, "Other", cluster.Props{Network: p.Network})
	poolOf := func(id string, props cluster.PoolProps) *cluster.Pool {
		if props.Cluster == nil {
			props.Cluster = p.Cluster
		}
		return cluster.NewPool(stack, id, props)
	}
	pool := poolOf("Pool", cluster.PoolProps{InstanceTypes: []string{"m7i.large"}, Max: 3})
	arm := poolOf("ARM", cluster.PoolProps{InstanceTypes: []string{"m7g.large"}, Max: 3})
	gpus := poolOf("GPUs", cluster.PoolProps{InstanceTypes: []string{"g5.xlarge"}, Max: 3})
	newer := poolOf("Newer", cluster.PoolProps{InstanceTypes: []string{"g99.xlarge"}, Max: 3})
	foreign := poolOf("Foreign", cluster.PoolProps{Cluster: other, InstanceTypes: []string{"m7i.large"}, Max: 3})
	managed := cluster.NewManagedInstances(stack, "Managed", cluster.ManagedInstancesProps{Cluster: p.Cluster})
	small := cluster.NewManagedInstances(stack, "Small", cluster.ManagedInstancesProps{
		Cluster: p.Cluster, VCPUs: cluster.Range{Max: 2}, MemoryMiB: cluster.Range{Max: 4096},
	})
	host := task.Props{Image: "a:1", Port: 8080, NetworkMode: task.Host}
	target := []ingress.TargetProps{{LoadBalancer: p.Public}}
	distinct := service.Placement{Constraints: []service.Constraint{service.DistinctInstances}}
	for name, tt := range map[string]struct {
		props service.Props
		want  []string
	}{
		"right":                             {service.Props{Capacity: pool}, nil},
		"ARM":                               {service.Props{Capacity: arm, Task: task.Props{Architecture: task.ARM64}}, nil},
		"a type that is not known":          {service.Props{Capacity: newer, Task: task.Props{GPUs: 9, CPU: 100000, MemoryMiB: 1000000}}, nil},
		"no pool":                           {service.Props{Capacity: (*cluster.Pool)(nil)}, []string{"Capacity"}},
		"pool of nobody":                    {service.Props{Capacity: &cluster.Pool{}}, []string{"Capacity"}},
		"another cluster":                   {service.Props{Capacity: foreign}, []string{"Capacity"}},
		"pools of two clusters":             {service.Props{Capacity: cluster.Mix{{Pool: pool}, {Pool: foreign}}}, []string{"Capacity[1].Pool"}},
		"all pools":                         {service.Props{Capacity: cluster.AllPools{}}, []string{"Capacity"}},
		"architecture":                      {service.Props{Capacity: arm}, []string{"Task.Architecture"}},
		"other architecture":                {service.Props{Capacity: pool, Task: task.Props{Architecture: task.ARM64}}, []string{"Task.Architecture"}},
		"managed architecture":              {service.Props{Capacity: managed, Task: task.Props{Architecture: task.ARM64}}, []string{"Task.Architecture"}},
		"too large":                         {service.Props{Capacity: pool, Task: task.Props{CPU: 4096, MemoryMiB: 8192}}, []string{"Task.CPU", "Task.MemoryMiB"}},
		"too large by reservation":          {service.Props{Capacity: pool, Task: task.Props{CPUReservation: 2049, MemoryReservationMiB: 7936}}, []string{"Task.CPUReservation", "Task.MemoryReservationMiB"}},
		"too large by limit":                {service.Props{Capacity: pool, Task: task.Props{MemoryLimitMiB: 9000}}, []string{"Task.MemoryLimitMiB"}},
		"too large for what ECS may choose": {service.Props{Capacity: small, Task: task.Props{CPU: 4096, MemoryMiB: 8192}}, []string{"Task.CPU", "Task.MemoryMiB"}},
		"architectures of a mix":            {service.Props{Capacity: cluster.Mix{{Pool: pool}, {Pool: arm}}}, []string{"Task.Architecture"}},
		"daemon of two architectures":       {service.Props{Daemon: true, Capacity: cluster.Mix{{Pool: pool}, {Pool: arm}}}, nil},
		"no architecture":                   {service.Props{Capacity: pool, Task: task.Props{Architecture: "ARM"}}, []string{"Task.Architecture"}},
		"packed singleton":                  {service.Props{Capacity: pool, Singleton: true, Placement: service.Placement{Strategies: []service.Strategy{service.BinpackMemory}}}, nil},
		"eleven constraints":                {service.Props{Capacity: pool, Daemon: true, Placement: service.Placement{Constraints: []service.Constraint{"a exists", "b exists", "c exists", "d exists", "e exists", "f exists", "g exists", "h exists", "i exists", "j exists"}}}, []string{"Placement.Constraints"}},
		"near on what ECS places":           {service.Props{Capacity: managed, Placement: service.Placement{Constraints: []service.Constraint{service.Near("service:a"), service.MemberOf("attribute:rack == 1"), service.MemberOf("attribute:ecs.subnet-id == a")}}}, []string{"Placement.Constraints[0]", "Placement.Constraints[1]"}},
		"port of the agent":                 {service.Props{Capacity: pool, Task: task.Props{Port: 51678, NetworkMode: task.Host}, Count: 1}, []string{"Task.Port"}},
		"long drain":                        {service.Props{Capacity: pool, Task: task.Props{StopTimeout: time.Hour}}, nil},
		"long drain on Fargate":             {service.Props{Task: task.Props{StopTimeout: time.Hour}}, []string{"Task.StopTimeout"}},
		"just not too large":                {service.Props{Capacity: pool, Task: task.Props{CPU: 2048, MemoryMiB: 7935}}, nil},
		"no GPUs":                           {service.Props{Capacity: pool, Task: task.Props{GPUs: 1}}, []string{"Task.GPUs"}},
		"GPUs":                              {service.Props{Capacity: gpus, Task: task.Props{GPUs: 1}}, nil},
		"too many GPUs":                     {service.Props{Capacity: gpus, Task: task.Props{GPUs: 2}}, []string{"Task.GPUs"}},
		"GPUs that are not asked":           {service.Props{Capacity: managed, Task: task.Props{GPUs: 1}}, []string{"Task.GPUs"}},
		"launch type":                       {service.Props{Capacity: pool, Task: task.Props{LaunchType: task.Fargate}}, []string{"Task.LaunchType"}},
		"tmpfs":                             {service.Props{Capacity: managed, Task: task.Props{Tmpfs: map[string]int{"/tmp": 9}}}, []string{"Task.Tmpfs"}},
		"bridge":                            {service.Props{Capacity: managed, Task: task.Props{NetworkMode: task.Bridge}}, []string{"Task.NetworkMode"}},
		"two ports alike": {service.Props{Capacity: pool, Count: 1, Task: task.Props{
			Port: 8080, NetworkMode: task.Host, Sidecars: []task.Container{{Name: "b", Image: "b:1", Port: 8080}},
		}}, []string{"Task.Sidecars[0].Port"}},
		"more tasks than instances":    {service.Props{Capacity: pool, Task: host, Count: 4}, []string{"Count"}},
		"no instance to spare":         {service.Props{Capacity: pool, Task: host, Count: 3}, []string{"Count"}},
		"an instance to spare":         {service.Props{Capacity: pool, Task: host, Count: 2}, nil},
		"stops before it starts":       {service.Props{Capacity: pool, Task: host, Count: 3, Deploy: deployment.Rolling{MinHealthyPercent: 50}}, nil},
		"host mode without ports":      {service.Props{Capacity: pool, Task: task.Props{NetworkMode: task.Host}, Count: 9}, nil},
		"scaled beyond instances":      {service.Props{Capacity: pool, Task: host, Scaling: &scaling.Policy{Max: 4}}, []string{"Scaling.Max"}},
		"pools of six":                 {service.Props{Capacity: cluster.Mix{{Pool: pool}, {Pool: poolOf("Sixth", cluster.PoolProps{InstanceTypes: []string{"m7i.large"}, Max: 3})}}, Task: host, Count: 5}, nil},
		"distinct beyond instances":    {service.Props{Capacity: pool, Placement: distinct, Count: 4}, []string{"Count"}},
		"singleton on an instance":     {service.Props{Capacity: poolOf("One", cluster.PoolProps{InstanceTypes: []string{"m7i.large"}, Max: 1}), Task: host, Singleton: true}, nil},
		"placement":                    {service.Props{Capacity: pool, Placement: service.Placement{Strategies: []service.Strategy{"x"}}}, []string{"Placement.Strategies[0]"}},
		"placement on Fargate":         {service.Props{Placement: service.Placement{Strategies: []service.Strategy{service.SpreadZones}, NoRebalancing: true, Constraints: distinct.Constraints}}, []string{"Placement.Strategies", "Placement.NoRebalancing", "Placement.Constraints"}},
		"placement of what ECS places": {service.Props{Capacity: managed, Placement: service.Placement{Strategies: []service.Strategy{service.SpreadZones}, NoRebalancing: true, Constraints: distinct.Constraints}}, []string{"Placement.Strategies", "Placement.Constraints", "Placement.NoRebalancing"}},
		"port without a network":       {service.Props{Capacity: pool, Task: task.Props{Port: 8080, NetworkMode: task.None}, Targets: target}, []string{"Task.Port", "Task.NetworkMode"}},
		"health check port":            {service.Props{Capacity: pool, Task: task.Props{Port: 8080}, Targets: []ingress.TargetProps{{LoadBalancer: p.Public, Group: ingress.TargetGroup{HealthCheck: ingress.HealthCheck{Port: 81}}}}}, []string{"Targets[0].Group.HealthCheck.Port"}},
		"load balancer to the host":    {service.Props{Capacity: managed, Task: host, Targets: target}, []string{"Task.NetworkMode"}},
		"instances as targets":         {service.Props{Task: task.Props{Port: 8080}, Targets: []ingress.TargetProps{{LoadBalancer: p.Public, Instances: true}}}, []string{"Targets[0].Instances"}},
		"daemon":                       {service.Props{Daemon: true}, nil},
		"daemon in a zone":             {service.Props{Daemon: true, Capacity: pool, Placement: service.Placement{Constraints: []service.Constraint{service.MemberOf("attribute:ecs.availability-zone == a")}}}, nil},
		"daemon on Fargate":            {service.Props{Daemon: true, Capacity: cluster.Fargate{}}, []string{"Capacity"}},
		"daemon on what ECS manages":   {service.Props{Daemon: true, Capacity: managed}, []string{"Capacity"}},
		"no daemon": {service.Props{
			Daemon: true, Count: 2, Scaling: &scaling.Policy{Max: 3}, Singleton: true, Deploy: deployment.Rolling{}, Targets: target,
			Placement: service.Placement{Strategies: []service.Strategy{service.SpreadZones}, NoRebalancing: true, Constraints: distinct.Constraints},
			Task:      task.Props{Port: 8080},
		}, []string{
			"Placement.Strategies", "Placement.Constraints", "Placement.NoRebalancing",
			"Count", "Scaling", "Singleton", "Deploy", "Targets",
		}},
	} {
		tt.props.Cluster = p.Cluster
		tt.props.Task.Image = "a:1"
		var fields []string
		for _, problem := range tt.props.Problems() {
			fields = append(fields, problem.Field)
		}
		if diff := cmp.Diff(tt.want, fields); diff != "" {
			t.Errorf("%s: %s\n%v", name, diff, tt.props.Problems())
		}
	}

	err := refused(t, func() { newPool(newStack(app, "Elsewhere"), "Pool", p.Cluster) })
	if diff := cmp.Diff([]string{"Cluster"}, problemFields(err)); diff != "" {
		t.Errorf("a pool in another stack: %s", diff)
	}
	err = refused(t, func() {
		daemon.New(stack, "Daemon", daemon.Props{
			Platform: p, Pools: []*cluster.Pool{nil, foreign, pool}, Task: task.Props{Port: -1},
		})
	})
	if diff := cmp.Diff([]string{"Task.Image", "Task.Port", "Pools[0]"}, problemFields(err)); diff != "" {
		t.Errorf("pools of a daemon: %s", diff)
	}
	for name, pools := range map[string][]*cluster.Pool{"Pools[1]": {pool, pool}, "Pools": {foreign}} {
		err = refused(t, func() {
			daemon.New(stack, "Daemon", daemon.Props{Platform: p, Pools: pools, Task: task.Props{Image: "a:1"}})
		})
		if diff := cmp.Diff([]string{name}, problemFields(err)); diff != "" {
			t.Errorf("pools of a daemon: %s", diff)
		}
	}
	err = refused(t, func() {
		daemon.New(stack, "Daemon", daemon.Props{
			Platform: p, Constraints: []service.Constraint{""}, Task: task.Props{Image: "a:1", OS: task.WindowsServer2022Core},
		})
	})
	if diff := cmp.Diff([]string{"Task.OS", "Constraints[0]"}, problemFields(err)); diff != "" {
		t.Errorf("a daemon: %s", diff)
	}
	err = refused(t, func() { daemon.New(stack, "Daemon", daemon.Props{}) })
	if diff := cmp.Diff([]string{"Platform", "Task.Image"}, problemFields(err)); diff != "" {
		t.Errorf("no daemon: %s", diff)
	}
}

package property

import (
	"time"

	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/alarm"
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

// containers is a task of two, with something in most fields.
func containers() task.Props {
	return task.Props{
		Image: "shop/api:1", Port: 8080, ExtraPorts: []int{9090}, CPU: 1024, MemoryMiB: 2048, StopTimeout: time.Minute,
		Environment: map[string]string{"MODE": "fast"},
		Secrets:     secret.Map{"DB_PASSWORD": secret.ParameterStore{Name: "/shop/db"}, "TOKEN": secret.SecretsManager{ARN: secretARN, JSONKey: "a"}},
		HealthCheck: &task.HealthCheck{Command: []string{"CMD", "true"}}, DependsOn: map[string]task.Condition{"proxy": task.Started},
		Ulimits: []task.Ulimit{{Name: "nofile", Soft: 1024, Hard: 2048}},
		Sidecars: []task.Container{
			{Name: "proxy", Image: "proxy:1", Port: 7000, HealthCheck: &task.HealthCheck{Command: []string{"CMD-SHELL", "true"}}},
			{Name: "agent", Image: "agent:1", Restart: &task.Restart{}},
		},
	}
}

// host is a task on an instance.
func host() task.Props {
	return task.Props{
		Image: "shop/api:1", Port: 8080, MemoryMiB: 512, HostMounts: []task.HostMount{{HostPath: "/proc", Path: "/host/proc"}},
		Sidecars: []task.Container{{Name: "proxy", Image: "proxy:1", MemoryReservationMiB: 64}},
	}
}

// bases are valid props of every constructor, with something in most of their fields.
func (w *scene) bases() []checked {
	p := w.platform
	plain := task.Props{Image: "shop/api:1", Port: 8080}
	domain := &ingress.Domain{Name: "shop.example.com", Zone: &ingress.Zone{ID: "Z0123456789ABCDEFGHIJ", Name: "example.com"}}
	policy := scaling.Policy{
		Min: 2, Max: 10, CPU: 60, Predictive: &scaling.Predictive{},
		Steps: []scaling.StepScaling{{
			Name: "Lag", Metric: scaling.Metric{Namespace: "Shop", Name: "Lag"}, Steps: []scaling.Step{scaling.Below(10, -1), scaling.From(50, 1)},
		}},
		Schedules: []scaling.Schedule{{Name: "Day", When: "cron(0 8 ? * MON-FRI *)", TimeZone: "Europe/Rome", Min: 4}},
	}
	return []checked{
		alarm.Props{Prefix: "Shop", Cluster: jsii.String("c"), Service: jsii.String("s"), Policy: alarm.Policy{Own: []string{"mine"}, Topic: p.AlarmTopic}},
		alarm.TopicProps{Emails: []string{"ops@example.com"}},
		cluster.Props{Network: p.Network}, cluster.Attributes{Name: "other", Network: p.Network},
		discovery.NamespaceProps{Name: "other.internal", Network: p.Network},
		discovery.NamespaceAttributes{
			Name: "a.internal", Network: p.Network, ID: "ns-0123456789abcdef",
			ARN: "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef",
		},
		discovery.RegistryProps{CloudMap: discovery.CloudMap{Namespace: p.Namespace, Name: "registry"}},
		httpapi.Props{
			LoadBalancer: p.Internal, Authorizer: httpapi.JWT{Issuer: "https://id.example.com", Audience: []string{"a"}},
			Routes: []string{"GET /a"}, CORS: &httpapi.CORS{Origins: []string{"https://shop.example.com"}},
			Domain: &httpapi.Domain{Name: "api.example.com", CertificateARN: aCertificate},
		},
		ingress.ALBProps{Network: p.Network, Domain: domain, Firewall: &ingress.Firewall{}, Test: &ingress.TestListener{AllowFrom: []string{"10.0.0.0/8"}}},
		ingress.ALBProps{Network: p.Network, PlainHTTP: true, Internal: true},
		ingress.ALBAttributes{
			Network: p.Network, ARN: albARN, ListenerARN: albListener + "0123456789abcdef", SecurityGroupID: "sg-0123456789abcdef0",
			Domains: []string{"shop.example.com"}, Partition: ingress.Partition{Number: 1, Of: 2},
		},
		ingress.NLBProps{Network: p.Network, AllowFrom: []string{"10.0.0.0/8"}},
		ingress.TargetProps{LoadBalancer: w.alb, Port: 8080, Route: ingress.Route{Path: "/target/*"}},
		ingress.StreamProps{LoadBalancer: w.nlb, ListenerPort: 9000, Port: 8080},
		ingress.ReachProps{
			Targets:       []ingress.TargetProps{{LoadBalancer: w.alb, Port: 8080}},
			Streams:       []ingress.StreamProps{{LoadBalancer: w.nlb, Port: 8080}},
			SecurityGroup: w.pool.SecurityGroup,
		},
		ingress.ResponseProps{LoadBalancer: w.alb, Route: ingress.Route{Path: "/closed/*"}, Body: "closed"},
		ingress.RedirectProps{LoadBalancer: w.alb, Route: ingress.Route{Path: "/old/*"}, Path: "/new/#{path}"},
		cjob.Props{
			Cluster: p.Cluster, Task: plain, Schedule: &cjob.Schedule{When: "rate(1 hour)"}, Topic: p.AlarmTopic,
			Events: []cjob.Event{{Pattern: map[string]any{"source": []string{"a"}}}}, Variables: map[string]string{"KEY": "detail.key"},
		},
		network.Props{Endpoints: &network.Endpoints{ParameterStore: true}}, network.Props{NoNAT: true}, network.Props{VPC: w.vpc},
		queue.Props{Topics: []queue.Subscription{{Topic: w.topic, Filter: map[string]any{"kind": []string{"a"}}}}, Key: w.key},
		scaling.Props{Policy: policy, Cluster: jsii.String("c"), Service: jsii.String("s")},
		secret.GenerateProps{Name: "/shop/made"}, secret.KeyProps{Alias: "shop"},
		cluster.PoolProps{Cluster: p.Cluster, InstanceTypes: []string{"m7i.large"}, Max: 2, Spot: &cluster.SpotMix{}},
		cluster.ManagedInstancesProps{Cluster: p.Cluster},
		service.Props{
			Cluster: p.Cluster, Task: containers(), Scaling: &policy, Deploy: deployment.Canary{}, BeforeRelease: &deployment.Task{Command: []string{"migrate"}},
			Targets: []ingress.TargetProps{{LoadBalancer: w.alb, Route: ingress.Route{Path: "/service/*"}}},
			Connect: &discovery.Connect{Namespace: p.Namespace, Name: "service"}, AllowFrom: []service.Caller{w.caller},
		},
		service.Props{
			Cluster: p.Cluster, Capacity: cluster.Mix{{Pool: w.pool}}, Task: host(), Deploy: deployment.CodeDeploy{Canary: &deployment.Step{Percent: 10, Interval: time.Minute}},
			Targets: []ingress.TargetProps{{LoadBalancer: p.Public, Route: ingress.Route{Path: "/host/*"}}},
		},
		service.Props{
			Cluster: p.Cluster, Capacity: cluster.Spot{}, Task: plain, CloudMap: &discovery.CloudMap{Namespace: p.Namespace, Name: "mapped"},
			Streams: []ingress.StreamProps{{LoadBalancer: w.nlb, ListenerPort: 7000}},
		},
		containers(),
		backend.Props{Platform: p, Task: plain, Connect: &discovery.Connect{Name: "backend"}, Deploy: deployment.BlueGreen{}},
		daemon.Props{Platform: p, Task: task.Props{Image: "agent:1"}}, daemon.Props{Platform: p, Pools: []*cluster.Pool{w.pool}, Task: host()},
		job.Props{Platform: p, Task: containers(), ForEach: &cjob.ForEach{Items: "items"}},
		platform.Props{Domain: domain, Internal: true, InternalDomain: domain, Namespace: "b.internal", AlarmTopic: &alarm.TopicProps{}},
		platform.Attributes{
			Network: network.Props{VPC: w.vpc}, ClusterName: "other",
			Public: &ingress.ALBAttributes{
				ARN: albARN, ListenerARN: albListener + "0123456789abcdef", SecurityGroupID: "sg-0123456789abcdef0",
				Domains: []string{"shop.example.com"},
			},
		},
		web.Props{Platform: p, Task: containers(), Route: ingress.Route{Path: "/web/*"}, Deploy: deployment.Linear{}, Scaling: &policy},
		web.Props{Platform: p, Task: plain, Route: ingress.Route{Path: "/rolling/*"}, Deploy: deployment.Rolling{}},
		worker.Props{Platform: p, Task: plain, MessageTime: time.Second, Latency: time.Minute, Queue: queue.Props{MaxReceives: 3}},
	}
}

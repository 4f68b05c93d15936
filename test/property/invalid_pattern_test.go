package property

import (
	"math"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
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

var queueSpoilers = []spoiler[queue.Props]{
	beside("ContentDeduplication", "FIFO", func(_ *rapid.T, p *queue.Props) { p.ContentDeduplication = true }),
	beside("VisibilityTimeout", "Retention", func(t *rapid.T, p *queue.Props) {
		p.VisibilityTimeout = notIn(t, time.Second, 12*time.Hour, time.Second)
	}),
	one("MaxReceives", func(t *rapid.T, p *queue.Props) { p.MaxReceives = outside(t, 1, 1000) }),
	beside("Retention", "VisibilityTimeout", func(t *rapid.T, p *queue.Props) { p.Retention = notIn(t, time.Minute, 14*day, time.Second) }),
	beside("Retention", "VisibilityTimeout", func(_ *rapid.T, p *queue.Props) { p.Retention, p.VisibilityTimeout = 10*time.Minute, 10*time.Minute }),
	beside("MaxAge", "NoAlarms", func(t *rapid.T, p *queue.Props) { p.MaxAge = notIn(t, time.Second, 14*day, time.Second) }),
	beside("NoAlarms", "MaxAge AlarmTopic", func(_ *rapid.T, p *queue.Props) { p.NoAlarms, p.AlarmTopic = true, theScene.topic }),
	beside("Topics[0].Topic", "Topics FIFO", func(t *rapid.T, p *queue.Props) {
		p.Topics = []queue.Subscription{{Topic: wrong[awssns.ITopic](t, nil, (*noTopic)(nil))}}
	}),
	beside("Topics[1].Topic", "Topics FIFO", func(_ *rapid.T, p *queue.Props) {
		p.Topics = []queue.Subscription{{Topic: theScene.topic}, {Topic: theScene.topic}}
	}),
	beside("Topics[0].Topic", "Topics FIFO", func(_ *rapid.T, p *queue.Props) {
		p.FIFO, p.Topics = true, []queue.Subscription{{Topic: theScene.topic}}
	}),
	beside("Topics[0].Filter", "Topics FIFO", func(_ *rapid.T, p *queue.Props) {
		p.Topics = []queue.Subscription{{Topic: theScene.topic, Filter: map[string]any{}}}
	}),
	beside("Topics[0].Filter[kind]", "Topics FIFO", func(t *rapid.T, p *queue.Props) {
		p.Topics = []queue.Subscription{{Topic: theScene.topic, Filter: map[string]any{"kind": wrong[any](t, nil, "a", 1, []string{}, math.NaN(), func() {}, map[string]any{"a": 1})}}}
	}),
	beside("Topics[0].FilterBody", "Topics FIFO", func(_ *rapid.T, p *queue.Props) {
		p.Topics = []queue.Subscription{{Topic: theScene.topic, FilterBody: true}}
	}),
}

var generateSpoilers = []spoiler[secret.GenerateProps]{
	beside("Name", "SecretsManager", func(t *rapid.T, p *secret.GenerateProps) {
		p.Name = wrong(t, "", "/", "a/b", "/a b", "/aws/a", "/a:1", aToken())
	}),
	beside("Name", "SecretsManager Length Characters", func(t *rapid.T, p *secret.GenerateProps) {
		p.SecretsManager, p.Name = true, wrong(t, "", "a b", "shop-AbCdEf", "é", strings.Repeat("a", 513))
	}),
	beside("Length", "SecretsManager", func(t *rapid.T, p *secret.GenerateProps) { p.Length = outside(t, 16, 1024) }),
	beside("Characters", "SecretsManager", func(t *rapid.T, p *secret.GenerateProps) {
		p.Characters = wrong(t, "a", "abcdefghi", "aabcdefghij", "abcdefghij ", "abcdefghij{", "abcdefghijé", "abcdefghij\n")
	}),
	{[]string{"Length", "Characters"}, []string{"SecretsManager", "Name"}, func(_ *rapid.T, p *secret.GenerateProps) {
		p.Name, p.SecretsManager, p.Length, p.Characters = "a", true, 20, "abcdefghij"
	}},
	beside("KeyOfOtherAccount", "Key", func(_ *rapid.T, p *secret.GenerateProps) { p.KeyOfOtherAccount = true }),
}

var keySpoilers = []spoiler[secret.KeyProps]{
	one("Alias", func(t *rapid.T, p *secret.KeyProps) { p.Alias = wrong(t, "a b", "aws/a", "alias/a", "é", "a:b", " ") }),
}

var jobScheduleSpoilers = []spoiler[cjob.Schedule]{
	beside("When", "TimeZone", func(t *rapid.T, s *cjob.Schedule) { s.When = wrong(t, "", "x", "cron()", "rate(1 days)", "at(x)") }),
	beside("TimeZone", "When", func(t *rapid.T, s *cjob.Schedule) {
		s.When, s.TimeZone = "cron(0 3 * * ? *)", wrong(t, "x", "Local", "Europe/Nowhere")
	}),
	beside("TimeZone", "When", func(_ *rapid.T, s *cjob.Schedule) { s.TimeZone = "Europe/Rome" }),
	one("Window", func(t *rapid.T, s *cjob.Schedule) { s.Window = notMinutes(t, day) }),
	one("Input", func(t *rapid.T, s *cjob.Schedule) {
		s.Input = map[string]any{"a": wrong[any](t, func() {}, math.NaN())}
	}),
}

var jobSpoilers = concat(
	at("Task", func(p *cjob.Props) *task.Props { return &p.Task }, taskSpoilers),
	held("Schedule", "ForEach", func() cjob.Schedule { return cjob.Schedule{When: "rate(1 hour)"} }, func(p *cjob.Props, s cjob.Schedule) { p.Schedule = &s }, jobScheduleSpoilers),
	[]spoiler[cjob.Props]{
		one("Cluster", func(t *rapid.T, p *cjob.Props) { p.Cluster = wrong(t, nil, &cluster.Cluster{}) }),
		beside("Capacity", "Task Cluster", func(t *rapid.T, p *cjob.Props) {
			p.Capacity = wrong[cluster.Capacity](t, (*cluster.Pool)(nil), (*cluster.Spot)(nil), (*cluster.Mix)(nil), &cluster.Pool{})
		}),
		beside("Events[0].Pattern", "Events", func(t *rapid.T, p *cjob.Props) { p.Events = []cjob.Event{{Pattern: wrong(t, nil, map[string]any{})}} }),
		beside("ForEach.Items", "ForEach AtDeploy Schedule", func(t *rapid.T, p *cjob.Props) {
			p.ForEach = &cjob.ForEach{Items: wrong(t, "", "$.a", "a.", ".a", "a[0]", "a b", "1a")}
		}),
		beside("ForEach.AtOnce", "ForEach AtDeploy Schedule", func(t *rapid.T, p *cjob.Props) { p.ForEach = &cjob.ForEach{Items: "a", AtOnce: outside(t, 1, 40)} }),
		beside("Schedule.Input", "ForEach AtDeploy Schedule", func(_ *rapid.T, p *cjob.Props) {
			p.ForEach, p.Schedule = &cjob.ForEach{Items: "a"}, &cjob.Schedule{When: "rate(1 hour)"}
		}),
		beside("Variables[KEY]", "Variables ForEach", func(t *rapid.T, p *cjob.Props) {
			p.Variables = map[string]string{"KEY": wrong(t, "", "$.a", "a[0]", "a b")}
		}),
		beside("Variables[A B]", "Variables", func(_ *rapid.T, p *cjob.Props) { p.Variables = map[string]string{"A B": "a"} }),
		beside("Variables[MODE]", "Variables Task", func(_ *rapid.T, p *cjob.Props) { p.Variables = map[string]string{"MODE": "a"} }),
		beside("Timeout", "AtDeploy", func(t *rapid.T, p *cjob.Props) { p.Timeout = notSeconds(t, time.Second, 30*day) }),
		beside("Retries", "AtDeploy", func(t *rapid.T, p *cjob.Props) { p.Retries = outside(t, 1, 10) }),
		beside("AtDeploy", "Timeout Retries ForEach NoOverlap", func(_ *rapid.T, p *cjob.Props) { p.AtDeploy, p.Timeout = true, time.Hour }),
		beside("AtDeploy", "Timeout Retries ForEach NoOverlap", func(_ *rapid.T, p *cjob.Props) { p.AtDeploy, p.NoOverlap = true, true }),
		one("Topic", func(_ *rapid.T, p *cjob.Props) { p.Topic = &alarm.Topic{} }),
	},
)

// jobPatternSpoilers are those of the job below.
var jobPatternSpoilers = concat(func() []spoiler[job.Props] {
	var moved []spoiler[job.Props]
	for _, s := range but(jobSpoilers, "Cluster") {
		moved = append(moved, spoiler[job.Props]{s.wrong, s.with, func(t *rapid.T, p *job.Props) {
			inner := cjob.Props{
				Task: p.Task, Capacity: p.Capacity, Schedule: p.Schedule, Events: p.Events, ForEach: p.ForEach, Variables: p.Variables, Timeout: p.Timeout,
				Retries: p.Retries, AtDeploy: p.AtDeploy, NoOverlap: p.NoOverlap, Topic: p.Topic,
			}
			s.spoil(t, &inner)
			p.Task, p.Capacity, p.Schedule, p.Events, p.ForEach, p.Variables = inner.Task, inner.Capacity, inner.Schedule, inner.Events, inner.ForEach, inner.Variables
			p.Timeout, p.Retries, p.AtDeploy, p.NoOverlap, p.Topic = inner.Timeout, inner.Retries, inner.AtDeploy, inner.NoOverlap, inner.Topic
		}})
	}
	return moved
}(), []spoiler[job.Props]{
	one("Platform", func(t *rapid.T, p *job.Props) { p.Platform = wrong(t, nil, &platform.Platform{}) }),
})

var platformSpoilers = concat(
	at("Network", func(p *platform.Props) *network.Props { return &p.Network }, openSpoilers),
	held("Domain", "PlainHTTP NoPublic MoreDomains SignIn", domain, func(p *platform.Props, d ingress.Domain) { p.Domain = &d }, domainSpoilers),
	held("InternalDomain", "PlainHTTP Internal InternalMoreDomains SignIn", domain, func(p *platform.Props, d ingress.Domain) { p.InternalDomain = &d }, domainSpoilers),
	held("Firewall", "NoPublic", func() ingress.Firewall { return ingress.Firewall{} }, func(p *platform.Props, f ingress.Firewall) { p.Firewall = &f }, firewallSpoilers),
	held("Test", "", func() ingress.TestListener { return ingress.TestListener{AllowFrom: []string{"10.0.0.0/8"}} },
		func(p *platform.Props, l ingress.TestListener) { p.Test = &l }, testSpoilers),
	held("AlarmTopic", "", func() alarm.TopicProps { return alarm.TopicProps{} }, func(p *platform.Props, a alarm.TopicProps) { p.AlarmTopic = &a }, topicSpoilers),
	at("Partition", func(p *platform.Props) *ingress.Partition { return &p.Partition }, partitionSpoilers),
	[]spoiler[platform.Props]{
		one("Namespace", func(t *rapid.T, p *platform.Props) { p.Namespace = wrong(t, "A.b", "a..b", "-a", "a b", aToken()) }),
		beside("AllowFrom", "NoPublic", func(t *rapid.T, p *platform.Props) { p.AllowFrom = []string{wrong(t, notRanges...)} }),
		beside("InternalAllowFrom", "Internal", func(t *rapid.T, p *platform.Props) { p.InternalAllowFrom = []string{wrong(t, notRanges...)} }),
		beside("MoreDomains[0].Name", "MoreDomains Domain", func(t *rapid.T, p *platform.Props) {
			p.MoreDomains = []ingress.Domain{{Name: wrong(t, "", "a b", "shop.example.com"), CertificateARN: aCertificate}}
		}),
		beside("InternalMoreDomains[0].CertificateARN", "InternalMoreDomains InternalDomain", func(t *rapid.T, p *platform.Props) {
			p.InternalMoreDomains = []ingress.Domain{{Name: "a.b", CertificateARN: wrong(t, "", "x")}}
		}),
		one("IdleTimeout", func(t *rapid.T, p *platform.Props) { p.IdleTimeout = notSeconds(t, time.Second, 4000*time.Second) }),
		one("ConnectionLogs", func(_ *rapid.T, p *platform.Props) { p.NoAccessLogs, p.ConnectionLogs = true, true }),
		beside("PlainHTTP", "Domain InternalDomain", func(_ *rapid.T, p *platform.Props) { p.PlainHTTP = true }),
		beside("Domain", "MoreDomains PlainHTTP NoPublic", func(_ *rapid.T, p *platform.Props) { p.Domain = nil }),
		{[]string{"Domain", "MoreDomains", "AllowFrom", "Firewall"}, []string{"NoPublic", "PlainHTTP"}, func(_ *rapid.T, p *platform.Props) {
			p.NoPublic, p.MoreDomains, p.AllowFrom, p.Firewall = true, []ingress.Domain{{}}, []string{"x"}, &ingress.Firewall{Rate: "x"}
		}},
		{[]string{"InternalDomain", "InternalMoreDomains", "InternalAllowFrom"}, []string{"Internal", "PlainHTTP"}, func(_ *rapid.T, p *platform.Props) {
			p.Internal, p.InternalMoreDomains, p.InternalAllowFrom = false, []ingress.Domain{{}}, []string{"x"}
		}},
	},
)

var platformImportSpoilers = concat(
	held("Public", "", imported, func(p *platform.Attributes, a ingress.ALBAttributes) { p.Public = &a }, but(importedSpoilers, "Network")),
	held("Internal", "", imported, func(p *platform.Attributes, a ingress.ALBAttributes) { p.Internal = &a }, but(importedSpoilers, "Network")),
	[]spoiler[platform.Attributes]{
		one("Network.VPC", func(_ *rapid.T, p *platform.Attributes) { p.Network.VPC = nil }),
		one("ClusterName", func(t *rapid.T, p *platform.Attributes) { p.ClusterName = wrong(t, "", "a b", "a/b") }),
		beside("Namespace.ID", "Namespace", func(t *rapid.T, p *platform.Attributes) {
			p.Namespace = &discovery.NamespaceAttributes{Name: "a.b", ID: wrong(t, "", "x"), ARN: aToken()}
		}),
		beside("Namespace.Name", "Namespace", func(t *rapid.T, p *platform.Attributes) {
			p.Namespace = &discovery.NamespaceAttributes{Name: wrong(t, "", "x y"), ID: aToken(), ARN: aToken()}
		}),
	},
)

func imported() ingress.ALBAttributes {
	return ingress.ALBAttributes{
		ARN: albARN, ListenerARN: albListener + "0123456789abcdef", SecurityGroupID: "sg-0123456789abcdef0", DNSName: "a.b", Network: theScene.platform.Network,
	}
}

// webSpoilers are for a service behind the public load balancer, which serves plain HTTP.
var webSpoilers = concat(
	at("Task", func(p *web.Props) *task.Props { return &p.Task }, but(taskSpoilers, "Port", "StopTimeout", "CPU")),
	at("Route", func(p *web.Props) *ingress.Route { return &p.Route }, but(routeSpoilers, "Host", "AltHosts")),
	at("TargetGroup", func(p *web.Props) *ingress.TargetGroup { return &p.TargetGroup }, groupSpoilers),
	policySpoilers(func(p *web.Props, d deployment.Policy) { p.Deploy = d }),
	held("Scaling", "Deploy", scaled, func(p *web.Props, s scaling.Policy) { p.Scaling = &s }, scalingSpoilers),
	at("Alarms", func(p *web.Props) *alarm.Policy { return &p.Alarms }, alarmSpoilers),
	held("Connect", "Task Deploy", func() discovery.Connect { return discovery.Connect{Name: "a"} }, func(p *web.Props, c discovery.Connect) { p.Connect = &c }, connectSpoilers),
	held("MoreTargets[1]", "MoreTargets Deploy", func() target { return target{LoadBalancer: theScene.alb, Route: ingress.Route{Path: "/more/*"}} },
		func(p *web.Props, more target) {
			p.MoreTargets = []target{{LoadBalancer: theScene.alb, Route: ingress.Route{Path: "/other/*"}}, more}
			p.Deploy = nil
		}, but(targetSpoilers, "Port")),
	held("Streams[0]", "Streams Deploy Task", func() ingress.StreamProps { return ingress.StreamProps{LoadBalancer: theScene.nlb, ListenerPort: 5555} },
		func(p *web.Props, s ingress.StreamProps) { p.Streams = []ingress.StreamProps{s} }, but(streamSpoilers, "Port", "Protocol", "Group", "IdleTimeout")),
	[]spoiler[web.Props]{
		beside("Platform", "Internal Route SignIn Connect Task Scaling", func(t *rapid.T, p *web.Props) { p.Platform = wrong(t, nil, &platform.Platform{}) }),
		beside("Task.Port", "Task Connect MoreTargets Streams", func(_ *rapid.T, p *web.Props) { p.Task.Port = 0 }),
		beside("Task.Port", "Task Connect MoreTargets Streams", func(t *rapid.T, p *web.Props) { p.Task.Port = outside(t, 1024, 65535) }),
		beside("MoreTargets", "MoreTargets Deploy", func(_ *rapid.T, p *web.Props) {
			for i := range 5 {
				p.MoreTargets = append(p.MoreTargets, target{LoadBalancer: theScene.alb, Route: ingress.Route{Path: "/" + string(rune('a'+i))}})
			}
		}),
		beside("SignIn", "Deploy TargetGroup", func(_ *rapid.T, p *web.Props) { p.Deploy, p.SignIn = nil, cognito() }),
		beside("TargetGroup.Protocol", "TargetGroup SignIn", func(_ *rapid.T, p *web.Props) { p.TargetGroup.Protocol = ingress.HTTP2 }),
		beside("TargetGroup.Stickiness", "TargetGroup Deploy", func(_ *rapid.T, p *web.Props) {
			p.Deploy, p.TargetGroup.Stickiness = deployment.BlueGreen{}, time.Minute
		}),
		one("HealthCheckGrace", func(t *rapid.T, p *web.Props) { p.HealthCheckGrace = notSeconds(t, 0, math.MaxInt32*time.Second) }),
	},
)

var backendSpoilers = concat(
	at("Task", func(p *backend.Props) *task.Props { return &p.Task }, but(taskSpoilers, "Port", "CPU", "NetworkMode")),
	policySpoilers(func(p *backend.Props, d deployment.Policy) { p.Deploy = d }),
	at("Connect", func(p *backend.Props) *discovery.Connect {
		c := *p.Connect
		p.Connect = &c
		return p.Connect
	}, connectSpoilers),
	at("Alarms", func(p *backend.Props) *alarm.Policy { return &p.Alarms }, alarmSpoilers),
	[]spoiler[backend.Props]{
		beside("Platform", "Connect", func(t *rapid.T, p *backend.Props) {
			p.Connect = &discovery.Connect{Namespace: theScene.platform.Namespace, Name: "a"}
			p.Platform = wrong(t, nil, &platform.Platform{})
		}),
		beside("Connect", "CloudMap Deploy", func(_ *rapid.T, p *backend.Props) { p.Connect = nil }),
		beside("Count", "Scaling", func(t *rapid.T, p *backend.Props) { p.Count = wrong(t, -1, -1<<63) }),
	},
)

var workerSpoilers = concat(
	at("Task", func(p *worker.Props) *task.Props { return &p.Task }, but(taskSpoilers, "StopTimeout", "CPU")),
	at("Queue", func(p *worker.Props) *queue.Props { return &p.Queue }, but(queueSpoilers, "VisibilityTimeout", "Retention")),
	at("Alarms", func(p *worker.Props) *alarm.Policy { return &p.Alarms }, alarmSpoilers),
	held("Schedules[0]", "Min Max Schedules", func() scaling.Schedule { return scaling.Schedule{Name: "Day", When: "cron(0 8 ? * MON-FRI *)"} },
		func(p *worker.Props, s scaling.Schedule) { p.Min, p.Max, p.Schedules = 2, 10, []scaling.Schedule{s} }, scheduleSpoilers),
	held("Deploy", "Min", func() deployment.BlueGreen { return deployment.BlueGreen{} }, func(p *worker.Props, d deployment.BlueGreen) { p.Deploy = d }, blueGreenSpoilers),
	[]spoiler[worker.Props]{
		one("Platform", func(t *rapid.T, p *worker.Props) { p.Platform = wrong(t, nil, &platform.Platform{}) }),
		beside("MessageTime", "Latency Queue", func(t *rapid.T, p *worker.Props) { p.MessageTime = wrong(t, 0, -1, -time.Hour, math.MinInt64) }),
		beside("Latency", "MessageTime Queue", func(t *rapid.T, p *worker.Props) { p.Latency = wrong(t, 0, -1, time.Millisecond, math.MinInt64) }),
		beside("Queue.VisibilityTimeout", "Queue MessageTime Task.StopTimeout", func(_ *rapid.T, p *worker.Props) { p.Queue.VisibilityTimeout = time.Minute }),
		beside("Min", "Max Schedules Deploy", func(t *rapid.T, p *worker.Props) { p.Min = wrong(t, -1, -1<<63) }),
		beside("Max", "Min Schedules", func(t *rapid.T, p *worker.Props) { p.Min, p.Max = 5, wrong(t, 5, 4, 1) }),
		beside("OwnQueue", "Queue", func(_ *rapid.T, p *worker.Props) { p.OwnQueue, p.Queue.FIFO = theScene.queue, true }),
		beside("Deploy", "Min", func(t *rapid.T, p *worker.Props) {
			p.Deploy = wrong[deployment.Policy](t, deployment.CodeDeploy{}, &deployment.Canary{}, deployment.Linear{})
		}),
		beside("Task.Environment[QUEUE_URL]", "Task.Environment Task.Secrets", func(_ *rapid.T, p *worker.Props) { p.Task.Environment = map[string]string{"QUEUE_URL": "a"} }),
	},
)

var daemonSpoilers = concat([]spoiler[daemon.Props]{
	beside("Platform", "Pools", func(t *rapid.T, p *daemon.Props) { p.Platform = wrong(t, nil, &platform.Platform{}) }),
	beside("Pools[1]", "Pools Task Constraints", func(t *rapid.T, p *daemon.Props) {
		p.Pools = []*cluster.Pool{theScene.pool, wrong(t, nil, &cluster.Pool{}, theScene.pool)}
	}),
	beside("Constraints[0]", "Constraints", func(t *rapid.T, p *daemon.Props) {
		p.Constraints = []service.Constraint{service.Constraint(wrong(t, "", strings.Repeat("a", 2001)))}
	}),
	one("Task.Image", func(t *rapid.T, p *daemon.Props) { p.Task.Image = wrong(t, "", "a b", "A/b") }),
	one("Task.HostMounts[0].HostPath", func(t *rapid.T, p *daemon.Props) {
		p.Task.HostMounts[0].HostPath = wrong(t, "", "proc", "/proc/", "/a/../b")
	}),
	one("Task.StopTimeout", func(t *rapid.T, p *daemon.Props) { p.Task.StopTimeout = notSeconds(t, 2*time.Second, day) }),
	beside("Task.NetworkMode", "Task", func(t *rapid.T, p *daemon.Props) { p.Task.NetworkMode = unknown[task.NetworkMode](t) }),
	beside("Task.LaunchType", "Task", func(_ *rapid.T, p *daemon.Props) { p.Task.LaunchType = task.Fargate }),
	beside("Task.OS", "Task", func(_ *rapid.T, p *daemon.Props) { p.Task.OS = task.WindowsServer2022Core }),
}, at("Alarms", func(p *daemon.Props) *alarm.Policy { return &p.Alarms }, alarmSpoilers))

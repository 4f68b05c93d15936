package property

import (
	"math"
	"strings"
	"time"

	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
)

func notMinutes(t *rapid.T, most time.Duration) time.Duration { return notIn(t, 0, most, time.Minute) }

const day = 24 * time.Hour

var hookSpoilers = []spoiler[deployment.Hook]{
	one("Function", func(t *rapid.T, h *deployment.Hook) {
		h.Function = wrong[awslambda.IFunction](t, nil, (*noFunction)(nil))
	}),
	one("Stages", func(t *rapid.T, h *deployment.Hook) { h.Stages = wrong(t, nil, []deployment.Stage{}) }),
	beside("Stages[1]", "Stages", func(t *rapid.T, h *deployment.Hook) {
		h.Stages = []deployment.Stage{deployment.PreScaleUp, wrong(t, "", deployment.PreScaleUp, unknown[deployment.Stage](t))}
	}),
	one("Details", func(t *rapid.T, h *deployment.Hook) {
		h.Details = map[string]any{"a": wrong[any](t, func() {}, make(chan int), math.NaN(), math.Inf(1))}
	}),
	one("Timeout", func(t *rapid.T, h *deployment.Hook) { h.Timeout = notMinutes(t, day) }),
}

var approvalSpoilers = []spoiler[deployment.Approval]{
	one("Stages", func(_ *rapid.T, a *deployment.Approval) { a.Stages = nil }),
	beside("Stages[0]", "Stages", func(t *rapid.T, a *deployment.Approval) {
		a.Stages = []deployment.Stage{wrong(t, "x", deployment.TestTrafficShift, deployment.ProductionTrafficShift)}
	}),
	one("Timeout", func(t *rapid.T, a *deployment.Approval) { a.Timeout = notMinutes(t, day) }),
}

// shift spoils what all policies of ECS have that shift requests.
func shiftSpoilers[P any](bake func(*P) *time.Duration, hooks func(*P) *[]deployment.Hook, approvals func(*P) *[]deployment.Approval) []spoiler[P] {
	right := func() deployment.Hook {
		return deployment.Hook{Function: theScene.function, Stages: []deployment.Stage{deployment.PreScaleUp}}
	}
	return concat([]spoiler[P]{
		one("Bake", func(t *rapid.T, p *P) { *bake(p) = notMinutes(t, day) }),
	}, held("Hooks[1]", "Hooks", right, func(p *P, h deployment.Hook) { *hooks(p) = []deployment.Hook{right(), h} }, hookSpoilers),
		held("Approvals[0]", "Approvals", func() deployment.Approval {
			return deployment.Approval{Stages: []deployment.Stage{deployment.PostScaleUp}}
		},
			func(p *P, a deployment.Approval) { *approvals(p) = []deployment.Approval{a} }, approvalSpoilers))
}

var (
	blueGreenSpoilers = shiftSpoilers(func(p *deployment.BlueGreen) *time.Duration { return &p.Bake },
		func(p *deployment.BlueGreen) *[]deployment.Hook { return &p.Hooks },
		func(p *deployment.BlueGreen) *[]deployment.Approval { return &p.Approvals })
	canarySpoilers = concat(shiftSpoilers(func(p *deployment.Canary) *time.Duration { return &p.Bake },
		func(p *deployment.Canary) *[]deployment.Hook { return &p.Hooks },
		func(p *deployment.Canary) *[]deployment.Approval { return &p.Approvals }), []spoiler[deployment.Canary]{
		one("CanaryBake", func(t *rapid.T, p *deployment.Canary) { p.CanaryBake = notMinutes(t, day) }),
		one("Percent", func(t *rapid.T, p *deployment.Canary) {
			p.Percent = wrong(t, -1, 100, 99.95, 0.05, 10.25, math.NaN(), math.Inf(1), math.Inf(-1), 1e308, 5e-324)
		}),
	})
	linearSpoilers = concat(shiftSpoilers(func(p *deployment.Linear) *time.Duration { return &p.Bake },
		func(p *deployment.Linear) *[]deployment.Hook { return &p.Hooks },
		func(p *deployment.Linear) *[]deployment.Approval { return &p.Approvals }), []spoiler[deployment.Linear]{
		one("StepBake", func(t *rapid.T, p *deployment.Linear) { p.StepBake = notMinutes(t, day) }),
		one("StepPercent", func(t *rapid.T, p *deployment.Linear) {
			p.StepPercent = wrong(t, -1, 2.9, 50.1, 10.25, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324)
		}),
	})
	rollingSpoilers = []spoiler[deployment.Rolling]{
		beside("MinHealthyPercent", "MaxPercent", func(t *rapid.T, p *deployment.Rolling) { p.MinHealthyPercent = outside(t, 1, 100) }),
		beside("MaxPercent", "MinHealthyPercent", func(t *rapid.T, p *deployment.Rolling) { p.MaxPercent = below(t, 100) }),
		beside("MaxPercent", "MinHealthyPercent", func(_ *rapid.T, p *deployment.Rolling) { p.MaxPercent = 100 }),
	}
	codeDeploySpoilers = []spoiler[deployment.CodeDeploy]{
		beside("Canary.Percent", "Canary Linear Config", func(t *rapid.T, p *deployment.CodeDeploy) {
			p.Canary = &deployment.Step{Percent: wrong(t, 0, outside(t, 1, 99)), Interval: time.Minute}
		}),
		beside("Linear.Interval", "Canary Linear Config", func(t *rapid.T, p *deployment.CodeDeploy) {
			p.Linear = &deployment.Step{Percent: 10, Interval: wrong(t, 0, notIn(t, time.Minute, 2*day, time.Minute))}
		}),
		beside("Canary", "Linear Config", func(_ *rapid.T, p *deployment.CodeDeploy) {
			p.Canary, p.Config = &deployment.Step{Percent: 10, Interval: time.Minute}, "mine"
		}),
		beside("Canary", "Linear Config", func(_ *rapid.T, p *deployment.CodeDeploy) {
			p.Canary, p.Linear = &deployment.Step{Percent: 10, Interval: time.Minute}, &deployment.Step{Percent: 10, Interval: time.Minute}
		}),
		beside("Config", "Canary Linear", func(t *rapid.T, p *deployment.CodeDeploy) {
			p.Config = wrong(t, "CodeDeployDefault.", "CodeDeployDefault.OneAtATime", "CodeDeployDefault.LambdaAllAtOnce")
		}),
		one("Approval", func(t *rapid.T, p *deployment.CodeDeploy) { p.Approval = notMinutes(t, 2*day) }),
		one("Bake", func(t *rapid.T, p *deployment.CodeDeploy) { p.Bake = notMinutes(t, 2*day) }),
		beside("Trigger", "Approval Bake Canary Linear Config Hooks CreatedWithPort NoRollback", func(_ *rapid.T, p *deployment.CodeDeploy) { p.Bake = time.Hour }),
		beside("Hooks[BeforeInstall]", "Hooks", func(t *rapid.T, p *deployment.CodeDeploy) {
			p.Hooks = map[deployment.Event]awslambda.IFunction{deployment.BeforeInstall: wrong[awslambda.IFunction](t, nil, (*noFunction)(nil))}
		}),
		beside("Hooks[x]", "Hooks", func(_ *rapid.T, p *deployment.CodeDeploy) {
			p.Hooks = map[deployment.Event]awslambda.IFunction{"x": theScene.function}
		}),
		beside("Trigger", "NoRollback CreatedWithPort", func(t *rapid.T, p *deployment.CodeDeploy) { p.Trigger = unknown[deployment.Trigger](t) }),
		beside("NoRollback", "Trigger", func(_ *rapid.T, p *deployment.CodeDeploy) { p.NoRollback = true }),
		beside("CreatedWithPort", "Trigger", func(t *rapid.T, p *deployment.CodeDeploy) { p.CreatedWithPort = outside(t, 1, 65535) }),
		beside("CreatedWithPort", "Trigger", func(_ *rapid.T, p *deployment.CodeDeploy) {
			p.Trigger, p.CreatedWithPort = deployment.Pipeline, 8080
		}),
	}
)

// policySpoilers are for a service whose requests can be shifted.
func policySpoilers[O any](put func(*O, deployment.Policy)) []spoiler[O] {
	return concat(
		held("Deploy", "Scaling", func() deployment.Rolling { return deployment.Rolling{} }, func(o *O, p deployment.Rolling) { put(o, p) }, rollingSpoilers),
		held("Deploy", "Scaling", func() deployment.BlueGreen { return deployment.BlueGreen{} }, func(o *O, p deployment.BlueGreen) { put(o, &p) }, blueGreenSpoilers),
		held("Deploy", "Scaling", func() deployment.Canary { return deployment.Canary{} }, func(o *O, p deployment.Canary) { put(o, p) }, canarySpoilers),
		held("Deploy", "Scaling", func() deployment.Linear { return deployment.Linear{} }, func(o *O, p deployment.Linear) { put(o, &p) }, linearSpoilers),
	)
}

var scheduleSpoilers = []spoiler[scaling.Schedule]{
	one("Name", func(t *rapid.T, s *scaling.Schedule) { s.Name = wrong(t, "", badWord(t), strings.Repeat("a", 257)) }),
	beside("When", "TimeZone", func(t *rapid.T, s *scaling.Schedule) {
		s.When = wrong(t, "", "x", "cron()", "cron(0 8 * * * *)", "cron(0 8 ? * MON-FRI)", "cron(60 8 ? * 1 *)", "rate(0 days)", "rate(1 hours)", "rate(-1 days)",
			"at(2026-02-30T00:00:00)", "at(x)", "CRON(0 8 ? * 1 *)", "cron(0 8 ? * 1 *) ")
	}),
	beside("TimeZone", "When", func(t *rapid.T, s *scaling.Schedule) {
		s.TimeZone = wrong(t, "x", "Local", "Europe/Nowhere", "../etc", "Europe/rome")
	}),
	beside("TimeZone", "When", func(_ *rapid.T, s *scaling.Schedule) { s.When, s.TimeZone = "rate(1 day)", "Europe/Rome" }),
	beside("Min", "Max Off", func(t *rapid.T, s *scaling.Schedule) { s.Min = wrong(t, -1, -1<<63, 11, 1<<62) }),
	beside("Max", "Min Off", func(t *rapid.T, s *scaling.Schedule) { s.Max = wrong(t, -1, -1<<63, 11, 1<<62, 1) }),
	beside("Off", "Min Max", func(_ *rapid.T, s *scaling.Schedule) { s.Off, s.Min = true, 2 }),
}

var stepSpoilers = []spoiler[scaling.StepScaling]{
	one("Name", func(t *rapid.T, s *scaling.StepScaling) {
		s.Name = wrong(t, "", "1a", "a-b", badWord(t), strings.Repeat("a", 65))
	}),
	one("Metric.Namespace", func(_ *rapid.T, s *scaling.StepScaling) { s.Metric.Namespace = "" }),
	one("Metric.Name", func(_ *rapid.T, s *scaling.StepScaling) { s.Metric.Name = "" }),
	one("Metric.Statistic", func(t *rapid.T, s *scaling.StepScaling) {
		s.Metric.Statistic = wrong(t, "average", "p", "p101", "avg", "p999")
	}),
	beside("Metric.Period", "Datapoints", func(t *rapid.T, s *scaling.StepScaling) {
		s.Metric.Period = wrong(t, -time.Second, time.Second, 15*time.Second, 61*time.Second, 25*time.Hour, time.Nanosecond, math.MinInt64)
	}),
	beside("Datapoints", "Metric.Period", func(t *rapid.T, s *scaling.StepScaling) { s.Datapoints = outside(t, 1, 1440) }),
	one("Steps", func(_ *rapid.T, s *scaling.StepScaling) { s.Steps = nil }),
	beside("Steps[0].Change", "Steps", func(_ *rapid.T, s *scaling.StepScaling) { s.Steps[0].Change = 0 }),
	beside("Steps[1].Upper", "Steps", func(t *rapid.T, s *scaling.StepScaling) { s.Steps[1].Upper = wrong(t, 50, 1, math.NaN(), math.Inf(-1)) }),
	beside("Steps[1].Upper", "Steps", func(_ *rapid.T, s *scaling.StepScaling) { s.Steps[1].Upper = 100 }),
	beside("Steps[0].Lower", "Steps", func(_ *rapid.T, s *scaling.StepScaling) { s.Steps[0].Lower = 1 }),
	beside("Steps[1].Lower", "Steps", func(t *rapid.T, s *scaling.StepScaling) { s.Steps[1].Lower = wrong[float64](t, 10, 9, -1) }),
	beside("Steps", "Steps", func(_ *rapid.T, s *scaling.StepScaling) {
		s.Steps = nil
		for i := range 21 {
			s.Steps = append(s.Steps, scaling.Between(float64(i), float64(i+1), i+1))
		}
		s.Steps[20].Upper = math.Inf(1)
	}),
}

// scaled is what is spoiled.
func scaled() scaling.Policy {
	return scaling.Policy{
		Min: 2, Max: 10, CPU: 60, Predictive: &scaling.Predictive{},
		Steps: []scaling.StepScaling{{
			Name: "Lag", Metric: scaling.Metric{Namespace: "Shop", Name: "Lag"}, Steps: []scaling.Step{scaling.Below(10, -1), scaling.From(50, 1)},
		}},
		Schedules: []scaling.Schedule{{Name: "Day", When: "cron(0 8 ? * MON-FRI *)", Min: 4}, {Name: "Night", When: "cron(0 20 ? * MON-FRI *)"}},
	}
}

var scalingSpoilers = concat(
	at("Schedules[1]", func(p *scaling.Policy) *scaling.Schedule { return &p.Schedules[1] }, scheduleSpoilers),
	at("Steps[0]", func(p *scaling.Policy) *scaling.StepScaling { return &p.Steps[0] }, stepSpoilers),
	[]spoiler[scaling.Policy]{
		beside("Min", "Max Schedules ToZero", func(t *rapid.T, p *scaling.Policy) { p.Min = wrong(t, -1, -1<<63) }),
		beside("Max", "Min Schedules", func(t *rapid.T, p *scaling.Policy) { p.Max, p.Schedules = wrong(t, 0, 1, 2, -1, -1<<63), nil }),
		beside("CPU", "Memory Predictive HighResolution ToZero", func(t *rapid.T, p *scaling.Policy) { p.Memory, p.CPU = 50, outside(t, 1, 100) }),
		beside("Memory", "CPU Predictive ToZero", func(t *rapid.T, p *scaling.Policy) { p.Memory = outside(t, 1, 100) }),
		one("RequestsPerTask", func(t *rapid.T, p *scaling.Policy) { p.RequestsPerTask = wrong(t, -1, -1<<63) }),
		beside("ResponseTime", "AverageResponse", func(t *rapid.T, p *scaling.Policy) { p.ResponseTime = wrong(t, -1, 1, time.Microsecond, -time.Second) }),
		beside("AverageResponse", "ResponseTime", func(_ *rapid.T, p *scaling.Policy) { p.AverageResponse = true }),
		one("OutCooldown", func(t *rapid.T, p *scaling.Policy) { p.OutCooldown = notSeconds(t, 0, day) }),
		one("InCooldown", func(t *rapid.T, p *scaling.Policy) { p.InCooldown = notSeconds(t, 0, day) }),
		beside("Predictive.Ahead", "Predictive", func(t *rapid.T, p *scaling.Policy) {
			p.Predictive = &scaling.Predictive{Ahead: notSeconds(t, 0, 3599*time.Second)}
		}),
		{[]string{"Predictive", "HighResolution"}, []string{"CPU", "Memory"}, func(_ *rapid.T, p *scaling.Policy) { p.CPU, p.HighResolution = 0, true }},
		beside("Steps[1].Name", "Steps", func(_ *rapid.T, p *scaling.Policy) { p.Steps = append(p.Steps, p.Steps[0]) }),
		beside("Schedules[2].Name", "Schedules", func(_ *rapid.T, p *scaling.Policy) { p.Schedules = append(p.Schedules, p.Schedules[0]) }),
		beside("Steps[0].Steps", "NoScaleIn Steps", func(_ *rapid.T, p *scaling.Policy) { p.NoScaleIn = true }),
		beside("Backlog.Queue", "Backlog", func(t *rapid.T, p *scaling.Policy) {
			p.Backlog = &scaling.Backlog{Queue: wrong(t, nil, jsii.String("")), MessageTime: 1, Latency: 1}
		}),
		beside("Backlog.Latency", "Backlog", func(t *rapid.T, p *scaling.Policy) {
			p.Backlog = &scaling.Backlog{Queue: jsii.String("a"), MessageTime: time.Minute, Latency: wrong(t, 0, -1, time.Second, math.MinInt64)}
		}),
		{[]string{"ToZero", "Min", "NoScaleIn", "CPU", "Memory", "RequestsPerTask", "ResponseTime"}, []string{""}, func(_ *rapid.T, p *scaling.Policy) {
			*p = scaling.Policy{ToZero: true, Max: 3, Min: 1, NoScaleIn: true, CPU: 1, Memory: 1, RequestsPerTask: 1, ResponseTime: time.Second}
		}},
	},
)

var alarmSpoilers = []spoiler[alarm.Policy]{
	one("ErrorPercent", func(t *rapid.T, p *alarm.Policy) { p.ErrorPercent = outside(t, 1, 100) }),
	one("MinRequests", func(t *rapid.T, p *alarm.Policy) { p.MinRequests = wrong(t, -1, -1<<63) }),
	one("Latency", func(t *rapid.T, p *alarm.Policy) {
		p.Latency = wrong(t, -1, 1, time.Microsecond, -time.Second, 1500*time.Microsecond)
	}),
	one("CPU", func(t *rapid.T, p *alarm.Policy) { p.CPU = outside(t, 1, 100) }),
	one("Memory", func(t *rapid.T, p *alarm.Policy) { p.Memory = outside(t, 1, 100) }),
	beside("Own[1]", "Own", func(t *rapid.T, p *alarm.Policy) { p.Own = []string{"a", wrong(t, "", strings.Repeat("a", 256))} }),
	beside("OnlyOwn", "CPU Memory Latency MinRequests ErrorPercent", func(_ *rapid.T, p *alarm.Policy) { p.OnlyOwn, p.CPU = true, 50 }),
	one("Topic", func(t *rapid.T, p *alarm.Policy) {
		p.Topic = wrong(t, &alarm.Topic{}, alarm.ImportTopic(""), alarm.ImportTopic("arn:aws:sqs:us-east-1:123456789012:a"))
	}),
}

var alarmPropsSpoilers = concat(at("", func(p *alarm.Props) *alarm.Policy { return &p.Policy }, alarmSpoilers), []spoiler[alarm.Props]{
	one("Prefix", func(_ *rapid.T, p *alarm.Props) { p.Prefix = "" }),
	one("Cluster", func(_ *rapid.T, p *alarm.Props) { p.Cluster = nil }),
	one("Service", func(_ *rapid.T, p *alarm.Props) { p.Service = nil }),
	beside("Targets[0].LoadBalancer", "Targets", func(_ *rapid.T, p *alarm.Props) { p.Targets = []alarm.Target{{Groups: []*string{jsii.String("a")}}} }),
	beside("Streams[0].Groups", "Streams", func(t *rapid.T, p *alarm.Props) {
		p.Streams = []alarm.Target{{LoadBalancer: jsii.String("a"), Groups: wrong(t, nil, []*string{nil})}}
	}),
})

var topicSpoilers = []spoiler[alarm.TopicProps]{
	beside("Emails[1]", "Emails", func(t *rapid.T, p *alarm.TopicProps) {
		p.Emails = []string{"a@b.c", wrong(t, "", "a", "@b.c", "a@b", "a @b.c", "a@b.c", aToken())}
	}),
}

var tlsSpoilers = []spoiler[discovery.TLS]{
	one("AuthorityARN", func(t *rapid.T, p *discovery.TLS) { p.AuthorityARN = wrong(t, "", "arn:", aCertificate, "x") }),
	one("KeyARN", func(t *rapid.T, p *discovery.TLS) {
		p.KeyARN = wrong(t, "x", "alias/a", aCertificate, "arn:aws:kms:us-east-1:123456789012:alias/a")
	}),
}

var connectSpoilers = concat([]spoiler[discovery.Connect]{
	one("Namespace", func(_ *rapid.T, c *discovery.Connect) { c.Namespace = &discovery.Namespace{} }),
	one("Name", func(t *rapid.T, c *discovery.Connect) {
		c.Name = wrong(t, "A", "-a", "a.b", "a b", strings.Repeat("a", 62), aToken())
	}),
	one("Container", func(t *rapid.T, c *discovery.Connect) { c.Container = wrong(t, "nobody", " ", "é") }),
	beside("Port", "CallPort", func(t *rapid.T, c *discovery.Connect) { c.Port, c.CallPort = wrong(t, -1, 70000, 1, 9999), 80 }),
	one("CallPort", func(t *rapid.T, c *discovery.Connect) { c.CallPort = outside(t, 1, 65535) }),
	beside("Protocol", "RequestTimeout", func(t *rapid.T, c *discovery.Connect) { c.Protocol = unknown[discovery.Protocol](t) }),
	beside("RequestTimeout", "Protocol", func(t *rapid.T, c *discovery.Connect) { c.RequestTimeout = notSeconds(t, 0, math.MaxInt32*time.Second) }),
	beside("RequestTimeout", "Protocol", func(_ *rapid.T, c *discovery.Connect) { c.NoRequestTimeout, c.RequestTimeout = true, time.Second }),
	beside("RequestTimeout", "Protocol", func(_ *rapid.T, c *discovery.Connect) { c.Protocol, c.NoRequestTimeout = discovery.TCP, true }),
	one("IdleTimeout", func(t *rapid.T, c *discovery.Connect) { c.IdleTimeout = notSeconds(t, 0, math.MaxInt32*time.Second) }),
}, held("TLS", "", func() discovery.TLS {
	return discovery.TLS{AuthorityARN: "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/12345678-abcd"}
}, func(c *discovery.Connect, tls discovery.TLS) { c.TLS = &tls }, tlsSpoilers))

var cloudMapSpoilers = []spoiler[discovery.CloudMap]{
	one("Namespace", func(_ *rapid.T, c *discovery.CloudMap) { c.Namespace = &discovery.Namespace{} }),
	one("Name", func(t *rapid.T, c *discovery.CloudMap) {
		c.Name = wrong(t, "", "A", "-a", "a_b", "a.b", "a b", strings.Repeat("a", 64), aToken())
	}),
	one("Container", func(t *rapid.T, c *discovery.CloudMap) { c.Container = wrong(t, "nobody", " ", "é") }),
	one("Port", func(t *rapid.T, c *discovery.CloudMap) { c.Port = wrong(t, -1, 70000, 1, 9999) }),
	one("TTL", func(t *rapid.T, c *discovery.CloudMap) { c.TTL = notSeconds(t, time.Second, time.Hour) }),
}

var namespaceSpoilers = []spoiler[discovery.NamespaceProps]{
	one("Name", func(t *rapid.T, p *discovery.NamespaceProps) {
		p.Name = wrong(t, "", "A.b", "a..b", "-a", "a b", ".a", "a.", strings.Repeat("a.", 101)+"a", aToken())
	}),
	one("Network", func(t *rapid.T, p *discovery.NamespaceProps) { p.Network = noNetwork(t) }),
}

var importedNamespaceSpoilers = []spoiler[discovery.NamespaceAttributes]{
	one("Name", func(t *rapid.T, p *discovery.NamespaceAttributes) { p.Name = wrong(t, "", "A.b", "a..b", aToken()) }),
	one("Network", func(t *rapid.T, p *discovery.NamespaceAttributes) { p.Network = noNetwork(t) }),
	beside("ID", "ARN", func(t *rapid.T, p *discovery.NamespaceAttributes) {
		p.ID, p.ARN = wrong(t, "", "x", "ns-", "NS-1", "ns-a b"), aToken()
	}),
	beside("ARN", "ID", func(t *rapid.T, p *discovery.NamespaceAttributes) {
		p.ARN = wrong(t, "", "x", aCertificate, "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0", "arn:aws:servicediscovery:us-east-1:123456789012:service/ns-0")
	}),
}

// serviceSpoilers are for a service with a target, on Fargate, that is scaled.
var serviceSpoilers = concat(
	at("Task", func(p *service.Props) *task.Props { return &p.Task }, but(taskSpoilers, "Port", "StopTimeout", "CPU")),
	policySpoilers(func(p *service.Props, d deployment.Policy) { p.Deploy = d }),
	held("Deploy", "Scaling Connect", func() deployment.CodeDeploy { return deployment.CodeDeploy{} },
		func(p *service.Props, c deployment.CodeDeploy) { p.Deploy, p.Connect = &c, nil }, codeDeploySpoilers),
	held("Scaling", "Deploy", scaled, func(p *service.Props, s scaling.Policy) { p.Scaling = &s }, scalingSpoilers),
	at("Alarms", func(p *service.Props) *alarm.Policy { return &p.Alarms }, alarmSpoilers),
	held("Connect", "Task Deploy", func() discovery.Connect { return discovery.Connect{Namespace: theScene.platform.Namespace, Name: "a"} },
		func(p *service.Props, c discovery.Connect) { p.Connect = &c }, connectSpoilers),
	held("CloudMap", "Task Deploy", func() discovery.CloudMap {
		return discovery.CloudMap{Namespace: theScene.platform.Namespace, Name: "a"}
	},
		func(p *service.Props, c discovery.CloudMap) { p.CloudMap = &c }, cloudMapSpoilers),
	relying(at("Targets[0]", func(p *service.Props) *target { return &p.Targets[0] }, but(targetSpoilers, "Port")), "Deploy"),
	[]spoiler[service.Props]{
		beside("Cluster", "Connect CloudMap Scaling", func(t *rapid.T, p *service.Props) { p.Cluster = wrong(t, nil, &cluster.Cluster{}) }),
		beside("Capacity", "Task Connect CloudMap AllowFrom", func(t *rapid.T, p *service.Props) {
			p.Capacity = wrong[cluster.Capacity](t, (*cluster.Pool)(nil), (*cluster.Spot)(nil), (*cluster.AllPools)(nil), (*cluster.Mix)(nil), (*cluster.ManagedInstances)(nil))
		}),
		beside("Capacity.Base", "Capacity Task Connect CloudMap AllowFrom", func(t *rapid.T, p *service.Props) { p.Capacity = cluster.Spot{Base: outside(t, 1, 100000)} }),
		beside("Capacity.Weight", "Capacity Task Connect CloudMap AllowFrom", func(t *rapid.T, p *service.Props) { p.Capacity = &cluster.Spot{Weight: outside(t, 1, 1000)} }),
		beside("Capacity.Weight", "Capacity Task Connect CloudMap AllowFrom", func(_ *rapid.T, p *service.Props) { p.Capacity = cluster.Spot{OnlySpot: true, Weight: 1} }),
		beside("Placement.Strategies", "Capacity", func(_ *rapid.T, p *service.Props) { p.Placement.Strategies = []service.Strategy{} }),
		beside("Placement.Constraints", "Capacity", func(_ *rapid.T, p *service.Props) { p.Placement.Constraints = []service.Constraint{"a"} }),
		beside("Placement.NoRebalancing", "Capacity", func(_ *rapid.T, p *service.Props) { p.Placement.NoRebalancing = true }),
		one("HealthCheckGrace", func(t *rapid.T, p *service.Props) { p.HealthCheckGrace = notSeconds(t, 0, math.MaxInt32*time.Second) }),
		beside("Count", "Scaling", func(t *rapid.T, p *service.Props) { p.Scaling, p.Count = nil, wrong(t, -1, -1<<63) }),
		beside("Count", "Scaling Deploy", func(_ *rapid.T, p *service.Props) { p.Scaling, p.Count = &scaling.Policy{Max: 3}, 2 }),
		{[]string{"Count", "Scaling", "Deploy"}, []string{"Singleton"}, func(_ *rapid.T, p *service.Props) {
			p.Singleton, p.Count, p.Scaling, p.Deploy = true, 2, &scaling.Policy{Max: 3}, deployment.Rolling{}
		}},
		beside("BeforeRelease.Command", "BeforeRelease Deploy", func(_ *rapid.T, p *service.Props) { p.BeforeRelease = &deployment.Task{} }),
		beside("BeforeRelease.Timeout", "BeforeRelease Deploy", func(t *rapid.T, p *service.Props) {
			p.BeforeRelease = &deployment.Task{Command: []string{"a"}, Timeout: notSeconds(t, time.Second, 55*time.Minute)}
		}),
		beside("AllowFrom[0]", "AllowFrom Task Connect CloudMap Capacity", func(t *rapid.T, p *service.Props) {
			p.AllowFrom = []service.Caller{wrong[service.Caller](t, nil, (*service.Service)(nil), &service.Service{})}
		}),
		beside("AllowFrom[1]", "AllowFrom Task Connect CloudMap Capacity", func(_ *rapid.T, p *service.Props) {
			p.AllowFrom = []service.Caller{theScene.caller, theScene.caller}
		}),
		beside("ForceNewDeployment", "Deploy Scaling Connect", func(_ *rapid.T, p *service.Props) {
			p.Deploy, p.ForceNewDeployment, p.Connect = deployment.CodeDeploy{}, "a", nil
		}),
		beside("TaskProtection", "Deploy Scaling Connect", func(_ *rapid.T, p *service.Props) {
			p.Deploy, p.TaskProtection, p.Connect = &deployment.CodeDeploy{}, true, nil
		}),
		beside("Connect", "Deploy Scaling", func(_ *rapid.T, p *service.Props) {
			p.Deploy, p.Connect = deployment.CodeDeploy{}, &discovery.Connect{Namespace: theScene.platform.Namespace}
		}),
		beside("CloudMap", "Deploy Scaling", func(_ *rapid.T, p *service.Props) {
			p.Deploy, p.CloudMap = deployment.Linear{}, &discovery.CloudMap{Namespace: theScene.platform.Namespace, Name: "a"}
		}),
		beside("Deploy", "Targets Scaling Connect", func(t *rapid.T, p *service.Props) {
			p.Targets, p.Deploy, p.Connect = nil, wrong[deployment.Policy](t, deployment.Canary{}, &deployment.Linear{}, deployment.CodeDeploy{}), nil
		}),
		beside("Deploy.Hooks", "Deploy Scaling Targets Connect", func(_ *rapid.T, p *service.Props) {
			p.Targets[0].LoadBalancer, p.Connect = theScene.untested, nil
			p.Deploy = deployment.BlueGreen{Hooks: []deployment.Hook{{Function: theScene.function, Stages: []deployment.Stage{deployment.PostTestTrafficShift}}}}
		}),
	},
)

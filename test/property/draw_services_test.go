package property

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/job"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/daemon"
	jobpattern "github.com/ecskit/ecskit/patterns/job"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/patterns/worker"
)

func (w *world) drawWeb(t *rapid.T, internal bool) servicePlan {
	var s servicePlan
	p := &web.Props{Internal: internal, HealthCheckGrace: maybe(t, time.Second, time.Hour), Alarms: drawAlarms(t)}
	s.Web = p
	d := pick(t, rolling, rolling, blueGreen, canary, linear, codeDeploy)
	g := w.drawGround(t)
	w.drawDiscovery(t, &p.CloudMap, &p.Connect, d, false)
	p.Task = w.drawTask(t, g, needs{port: true, free: p.Connect != nil || g.launch == task.ManagedInstances, noProxy: p.Connect == nil})
	drawEntrance(t, p.Task, p.CloudMap, p.Connect)
	p.Capacity, p.Placement = g.capacity, drawPlacement(t, g)
	p.Route = w.drawRoute(t, internal)
	ports := append([]int{p.Task.Port}, p.Task.ExtraPorts...)
	p.TargetGroup = w.drawGroup(t, w.secure(internal), d.shifts(), p.Task.NetworkMode, g, ports, p.Task.StopTimeout)
	if w.plan.Platform.SignIn && w.secure(internal) && !d.shifts() && chance(t, 1) {
		p.SignIn, p.TargetGroup.Protocol, p.TargetGroup.HealthCheck.Codes = drawSignIn(t), "", ""
	}
	if d != codeDeploy {
		w.drawMore(t, &s, g, d, ports)
	}
	tested := w.plan.Platform.Test != nil || p.Connect != nil && p.Connect.Name != "" && p.Connect.Protocol != discovery.TCP && d != codeDeploy
	for _, stream := range s.Streams {
		tested = tested || stream.Stream.Test != nil
	}
	w.drawPace(t, d, &pace{
		count: &p.Count, singleton: &p.Singleton, scaling: &p.Scaling, deploy: &p.Deploy, before: &p.BeforeRelease,
		force: &p.ForceNewDeployment, restart: &p.RestartOnSecretChange,
	}, p.Task, load{requests: true, insights: !w.plan.Platform.NoInsights, fast: d != codeDeploy}, tested)
	return s
}

// drawMore draws further targets and streams.
func (w *world) drawMore(t *rapid.T, s *servicePlan, g ground, d way, ports []int) {
	p := s.Web
	for range pick(t, 0, 0, 1, 2) {
		internal := w.drawInternal(t)
		target := ingress.TargetProps{Route: w.drawRoute(t, internal), Port: maybe(t, ports...)}
		target.Group = w.drawGroup(t, w.secure(internal), d.shifts(), p.Task.NetworkMode, g, ports, p.Task.StopTimeout)
		if i := slices.IndexFunc(p.Task.Sidecars, func(c task.Container) bool { return c.Port != 0 }); i >= 0 && chance(t, 1) {
			c := p.Task.Sidecars[i]
			target.Container, target.Port = c.Name, 0
			target.Group = w.drawGroup(t, w.secure(internal), d.shifts(), p.Task.NetworkMode, g, []int{c.Port}, c.StopTimeout)
		}
		s.MoreTargets = append(s.MoreTargets, targetPlan{internal, target})
	}
	for range pick(t, 0, 0, 1, 2) {
		if stream, ok := w.drawStream(t, p.Task, g, d); ok {
			s.Streams = append(s.Streams, stream)
		}
	}
}

// drawDiscovery draws how others find a service, and how it finds others.
func (w *world) drawDiscovery(t *rapid.T, cloudMap **discovery.CloudMap, connect **discovery.Connect, d way, must bool) {
	if w.plan.Platform.Namespace == "" {
		return
	}
	name := fmt.Sprintf("service-%d", len(w.plan.Services))
	if !d.shifts() && (must && chance(t, 1) || chance(t, 2)) {
		*cloudMap = &discovery.CloudMap{Name: name, TTL: maybe(t, time.Second, time.Hour)}
	}
	if d == codeDeploy || *cloudMap != nil && chance(t, 1) || !must && !chance(t, 1) {
		return
	}
	c := &discovery.Connect{NoAccessLogs: chance(t, 1)}
	if must && *cloudMap == nil || chance(t, 1) {
		c.Name, c.CallPort, c.Protocol = name, maybe(t, 80, 8080), maybe(t, discovery.HTTP, discovery.HTTP2, discovery.GRPC, discovery.TCP)
		c.IdleTimeout = maybe(t, time.Second, time.Hour)
		if c.Protocol != discovery.TCP {
			if c.RequestTimeout = maybe(t, time.Second, time.Hour); c.RequestTimeout == 0 {
				c.NoRequestTimeout = chance(t, 1)
			}
		}
		c.TLS = drawTLS(t)
	}
	*connect = c
}

// drawEntrance draws which container and port of a task others find, where it is not the main one's own.
func drawEntrance(t *rapid.T, p task.Props, cloudMap *discovery.CloudMap, connect *discovery.Connect) {
	draw := func() (container string, port int) {
		i := slices.IndexFunc(p.Sidecars, func(c task.Container) bool { return c.Port != 0 })
		if i < 0 || !chance(t, 2) {
			return "", maybe(t, append([]int{p.Port}, p.ExtraPorts...)...)
		}
		return p.Sidecars[i].Name, maybe(t, p.Sidecars[i].Ports()...)
	}
	if cloudMap != nil {
		cloudMap.Container, cloudMap.Port = draw()
	}
	if connect != nil && connect.Name != "" {
		connect.Container, connect.Port = draw()
	}
}

func drawTLS(t *rapid.T) *discovery.TLS {
	if !chance(t, 2) {
		return nil
	}
	return &discovery.TLS{
		AuthorityARN: "arn:aws:acm-pca:" + region + ":" + account + ":certificate-authority/12345678-90ab-cdef-1234-567890abcdef",
		KeyARN:       maybe(t, "arn:aws:kms:"+region+":"+account+":key/12345678-90ab-cdef-1234-567890abcdef"),
	}
}

func (w *world) drawBackend(t *rapid.T) servicePlan {
	p := &backend.Props{HealthCheckGrace: maybe(t, time.Second, time.Hour), Alarms: drawAlarms(t)}
	d := pick(t, rolling, rolling, blueGreen, canary, linear)
	g := w.drawGround(t)
	w.drawDiscovery(t, &p.CloudMap, &p.Connect, d, true)
	p.Task = w.drawTask(t, g, needs{port: true, free: p.Connect != nil, noProxy: p.Connect == nil})
	drawEntrance(t, p.Task, p.CloudMap, p.Connect)
	p.Capacity, p.Placement = g.capacity, drawPlacement(t, g)
	w.drawPace(t, d, &pace{
		count: &p.Count, singleton: &p.Singleton, scaling: &p.Scaling, deploy: &p.Deploy, before: &p.BeforeRelease,
		force: &p.ForceNewDeployment, restart: &p.RestartOnSecretChange,
	}, p.Task, load{insights: !w.plan.Platform.NoInsights, fast: true}, p.Connect != nil && p.Connect.Protocol != discovery.TCP)
	return servicePlan{Backend: p}
}

func (w *world) drawWorker(t *rapid.T) servicePlan {
	p := &worker.Props{Alarms: drawAlarms(t), MessageTime: pick(t, time.Second, 7*time.Second, 10*time.Minute), Max: pick(t, 4, 5), Min: maybe(t, 1, 3)}
	p.Latency = p.MessageTime * time.Duration(between(t, 1, 100))
	d := pick(t, rolling, rolling, blueGreen)
	if w.plan.Platform.Namespace != "" && chance(t, 2) {
		p.Connect = &discovery.Connect{NoAccessLogs: chance(t, 1)}
	}
	g := w.drawGround(t)
	p.Task = w.drawTask(t, g, needs{free: p.Connect != nil, noProxy: p.Connect == nil, brief: true})
	p.Capacity, p.Placement = g.capacity, drawPlacement(t, g)
	p.Schedules = drawSchedules(t, p.Min, p.Max)
	if chance(t, 2) {
		p.OwnQueue = ownQueue{FIFO: chance(t, 1)}
	} else {
		p.Queue = w.drawQueue(t)
	}
	p.Deploy = drawPolicy(t, d, max(p.Min, 1), false)
	p.BeforeRelease, p.ForceNewDeployment = drawBeforeRelease(t, p.Deploy), seldom(t, "1")
	p.RestartOnSecretChange = w.canRestart(p.Task) && chance(t, 1)
	return servicePlan{Worker: p}
}

func (w *world) drawQueue(t *rapid.T) queue.Props {
	q := queue.Props{
		FIFO: chance(t, 1), VisibilityTimeout: seldom(t, 12*time.Hour), MaxReceives: maybe(t, 1, 1000), Retention: maybe(t, 14*24*time.Hour),
		Key: w.maybeKey(t),
	}
	q.ContentDeduplication = q.FIFO && chance(t, 1)
	for i := range pick(t, 0, 0, 1, 2) {
		s := queue.Subscription{Topic: ownTopic{Number: i, FIFO: q.FIFO}, Wrapped: chance(t, 1)}
		if s.Filter = maybe(t, map[string]any{"kind": []any{"image"}}); s.Filter != nil {
			s.FilterBody = chance(t, 1)
		}
		q.Topics = append(q.Topics, s)
	}
	if q.NoAlarms = chance(t, 2); !q.NoAlarms {
		q.MaxAge = maybe(t, time.Second, 14*24*time.Hour)
		if chance(t, 1) {
			q.AlarmTopic = ownTopic{Number: 9}
		}
	}
	return q
}

func (w *world) drawJob(t *rapid.T) servicePlan {
	p := &jobpattern.Props{Retries: maybe(t, 1, 3)}
	g := w.drawGround(t)
	p.Capacity, p.Task = g.capacity, w.drawTask(t, g, needs{noProxy: true})
	if chance(t, 1) {
		p.Schedule = &job.Schedule{When: pick(t, "rate(5 minutes)", "cron(0 3 * * ? *)", "at(2031-11-28T00:00:00)"), Window: maybe(t, time.Minute, 24*time.Hour), Off: chance(t, 2)}
		if p.Schedule.When[0] != 'r' {
			p.Schedule.TimeZone = maybe(t, "Europe/Zurich")
		}
	}
	if chance(t, 1) {
		p.Events = some(t, job.Event{Pattern: map[string]any{"source": []any{"aws.s3"}}}, job.Event{Pattern: map[string]any{"source": []any{"shop"}}, Bus: "shop"})
	}
	if p.NoOverlap = chance(t, 2); !p.NoOverlap && chance(t, 1) {
		p.AtDeploy, p.Timeout = true, maybe(t, time.Second, 10*time.Minute)
	} else {
		p.Timeout = maybe(t, time.Second, 30*24*time.Hour)
		if chance(t, 2) {
			p.ForEach = &job.ForEach{Items: "detail.files", AtOnce: maybe(t, 1, 40)}
		}
	}
	if p.AtDeploy {
		p.Retries = 0
	}
	if chance(t, 1) {
		p.Variables = map[string]string{"OBJECT": "detail.object.key"}
		if p.ForEach != nil {
			p.Variables["FILE"] = ""
		}
	}
	if p.Schedule != nil && (p.ForEach != nil || chance(t, 1)) {
		p.Schedule.Input = map[string]any{"detail": map[string]any{"files": []any{"a", "b"}}}
	}
	return servicePlan{Job: p}
}

func (w *world) drawDaemon(t *rapid.T) servicePlan {
	s := servicePlan{Pools: some(t, 0)}
	if len(w.plan.Pools) > 1 {
		s.Pools = append(s.Pools, some(t, 1)...)
	}
	g := ground{launch: task.EC2, pools: s.Pools}
	p := &daemon.Props{
		Task: w.drawTask(t, g, needs{host: true}), Alarms: drawAlarms(t), ForceNewDeployment: seldom(t, "1"),
		Constraints: maybe(t, []service.Constraint{service.MemberOf("attribute:ecs.os-type == linux")}),
	}
	p.RestartOnSecretChange = w.canRestart(p.Task) && chance(t, 1)
	s.Daemon = p
	return s
}

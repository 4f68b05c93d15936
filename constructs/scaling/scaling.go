// Package scaling changes the number of tasks of a service with its load, by the clock, and by what is to be expected.
package scaling

import (
	"cmp"
	"fmt"
	"reflect"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// Policy is how the number of tasks follows the load: a bound below, a bound above, and what is held in between. With
// several targets the service scales out when any of them asks for it, and in when all agree.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
type Policy struct {
	// Min is the least number of tasks. Zero: 2, so that one can fail, or none if ToZero.
	Min int
	// ToZero lets the last task go when there is nothing to do. It takes Backlog or Steps, which alone see work where no task
	// runs. A release of a service without tasks is not tried out: what is wrong with it shows when the first one starts. Not with
	// Min, CPU, Memory, RequestsPerTask, ResponseTime, Predictive or NoScaleIn. Zero: Min tasks stay.
	ToZero bool
	// Max is the greatest number of tasks, more than Min. Required.
	Max int
	// CPU is the average utilization to hold, in percent of the CPU of the tasks, 1-100. Zero: 60 if no other target, no Backlog and no
	// Steps are set, or else none.
	CPU int
	// Memory is the average utilization to hold, in percent of the memory of the tasks, 1-100. It scales in again only
	// if the application gives memory back. Zero: none.
	Memory int
	// HighResolution has CPU and Memory measured every 20 seconds rather than every minute, so that scaling out starts within one and
	// a half minutes rather than six. It costs what detailed monitoring costs. Not with deployment.CodeDeploy. Zero: every minute.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/target-tracking-faster-auto-scaling.html
	HighResolution bool
	// RequestsPerTask is the number of requests a minute to hold for each task, of all its load balancers together.
	// Zero: none.
	RequestsPerTask int
	// ResponseTime is the time to hold below which nine of ten requests are answered, of the slowest of the target groups, in whole
	// milliseconds. It is for tasks that answer faster when there are more of them. Zero: none.
	ResponseTime time.Duration
	// AverageResponse has ResponseTime hold for the average of all requests. Zero: for nine of ten.
	AverageResponse bool
	// Backlog holds the messages of a queue that each task has before it. Zero: none.
	Backlog *Backlog
	// Steps add tasks and take them away by how far a metric of any kind has gone. Zero: none.
	Steps []StepScaling
	// Schedules change the bounds by the clock. Zero: they stay.
	Schedules []Schedule
	// Predictive forecasts the load of the next two days out of that of the last two weeks. Zero: no forecast.
	Predictive *Predictive
	// NoScaleIn only ever adds tasks; a schedule, or someone, takes them away. Zero: tasks go when they are not needed.
	NoScaleIn bool
	// OutCooldown is how long after scaling out the next task may be added, in whole seconds. Zero: 1 minute.
	OutCooldown time.Duration
	// InCooldown is how long after scaling in the next task may be taken away, in whole seconds. Zero: 5 minutes.
	InCooldown time.Duration
}

// What a Policy does unless it is told otherwise.
const (
	DefaultMin         = 2
	DefaultCPU         = 60
	DefaultOutCooldown = time.Minute
	DefaultInCooldown  = 5 * time.Minute
)

func (p Policy) withDefaults() Policy {
	if p.Min == 0 && !p.ToZero {
		p.Min = DefaultMin
	}
	if p.CPU == 0 && p.Memory == 0 && p.RequestsPerTask == 0 && p.ResponseTime == 0 && p.Backlog == nil && len(p.Steps) == 0 {
		p.CPU = DefaultCPU
	}
	p.OutCooldown = cmp.Or(p.OutCooldown, DefaultOutCooldown)
	p.InCooldown = cmp.Or(p.InCooldown, DefaultInCooldown)
	return p
}

// Least returns the least number of tasks but for Schedules, the default filled in.
func (p Policy) Least() int { return p.withDefaults().Min }

// FastMetrics returns the names of the metrics that a service has to publish every 20 seconds.
func (p Policy) FastMetrics() []string {
	var names []string
	d := p.withDefaults()
	if p.HighResolution && d.CPU > 0 {
		names = append(names, "CPUUtilization")
	}
	if p.HighResolution && d.Memory > 0 {
		names = append(names, "MemoryUtilization")
	}
	return names
}

// Props says which service to scale, and how.
type Props struct {
	Policy
	// Keep is a number of tasks that is kept whatever the load, for services that cannot say it themselves. Not with Policy. Zero: Policy
	// decides.
	Keep int
	// Cluster is the name of the cluster.
	Cluster *string
	// Service is the name of the service, as its resource returns it, so that scaling comes after the service.
	Service *string
	// Groups are the target groups of the service: all of them, for where traffic shifts now one and now the other of two gets the
	// requests. Required for RequestsPerTask and ResponseTime.
	Groups []Group
}

// Group is a target group and its load balancer, by the last parts of their ARNs.
type Group struct {
	LoadBalancer *string
	Name         *string
}

// Problems names what is wrong with the policy, and a missing cluster or service.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	if p.Keep == 0 {
		ps = p.Policy.Problems()
	} else if p.Keep < 0 || !reflect.ValueOf(p.Policy).IsZero() {
		ps.Add("Keep", p.Keep, "must be positive, and not be set with a Policy")
	}
	if p.Cluster == nil || *p.Cluster == "" {
		ps.Add("Cluster", nil, "must be set")
	}
	if p.Service == nil || *p.Service == "" {
		ps.Add("Service", nil, "must be set")
	}
	if len(p.Groups) == 0 && len(p.RequestProblems()) > 0 {
		ps.Add("Groups", nil, "must be set for RequestsPerTask and ResponseTime")
	}
	for i, g := range p.Groups {
		if g.LoadBalancer == nil {
			ps.Add(fmt.Sprintf("Groups[%d].LoadBalancer", i), nil, "must be set")
		}
		if g.Name == nil {
			ps.Add(fmt.Sprintf("Groups[%d].Name", i), nil, "must be set")
		}
	}
	return ps
}

// Scaling is the scalable target of a service and the policies on it.
type Scaling struct {
	constructs.Construct
	// Target is the number of tasks as Application Auto Scaling sees it.
	Target awsapplicationautoscaling.CfnScalableTarget

	resourceID string
}

// New makes the scaling of a service, with the children "Target", "CPU", "Memory", "Requests", "ResponseTime", "Backlog", "Wake",
// "WakeAlarm", "Predictive", and for each of the Steps its name with "Out", "OutAlarm", "In" and "InAlarm" behind it. It panics
// with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Scaling {
	check.Must(scope, id, props.Problems())
	p := props.withDefaults()
	if props.Keep > 0 {
		p = Policy{Min: props.Keep, Max: props.Keep}
	}
	s := &Scaling{resourceID: "service/" + *props.Cluster + "/" + *props.Service}
	check.Construct(s, scope, id)
	target := &awsapplicationautoscaling.CfnScalableTargetProps{
		ServiceNamespace:  jsii.String("ecs"),
		ScalableDimension: jsii.String("ecs:service:DesiredCount"),
		ResourceId:        &s.resourceID,
		MinCapacity:       jsii.Number(float64(p.Min)),
		MaxCapacity:       jsii.Number(float64(p.Max)),
	}
	if len(p.Schedules) > 0 {
		target.ScheduledActions = p.scheduledActions()
	}
	s.Target = awsapplicationautoscaling.NewCfnScalableTarget(s, jsii.String("Target"), target)
	s.track("CPU", float64(p.CPU), predefined("ECSServiceAverageCPUUtilization", p.HighResolution), p)
	s.track("Memory", float64(p.Memory), predefined("ECSServiceAverageMemoryUtilization", p.HighResolution), p)
	s.track("Requests", float64(p.RequestsPerTask), requests(props.Groups), p)
	s.track("ResponseTime", p.ResponseTime.Seconds(), responseTime(props.Groups, p.AverageResponse), p)
	if p.Backlog != nil {
		s.track("Backlog", p.Backlog.target(), p.Backlog.metric(props), p)
		if p.ToZero {
			s.wake(props)
		}
	}
	for _, steps := range p.Steps {
		s.step(steps, p, props)
	}
	if p.Predictive != nil {
		s.predict(p)
	}
	return s
}

// ResourceID returns the service's id in Application Auto Scaling, for policies and scheduled actions of your own.
func (s *Scaling) ResourceID() *string { return &s.resourceID }

// Package scaling changes the number of tasks of a service with its load.
package scaling

import (
	"strconv"
	"strings"
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
	// Min is the least number of tasks. Zero: 2, so that one can fail.
	Min int
	// Max is the greatest number of tasks, more than Min. Required.
	Max int
	// CPU is the average utilization to hold, in percent of the CPU of the tasks, 1-100. Zero: 60 if no other target is
	// set, or else none.
	CPU int
	// Memory is the average utilization to hold, in percent of the memory of the tasks, 1-100. It scales in again only
	// if the application gives memory back. Zero: none.
	Memory int
	// RequestsPerTask is the number of requests a minute to hold for each task, of all its load balancers together.
	// Zero: none.
	RequestsPerTask int
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

const page = "https://docs.aws.amazon.com/autoscaling/application/APIReference/" +
	"API_TargetTrackingScalingPolicyConfiguration.html"

// Problems names bounds that contradict each other, percentages out of range and cooldowns that are not whole seconds.
func (p Policy) Problems() check.Problems {
	var ps check.Problems
	if p.Min < 0 {
		ps.Add("Min", p.Min, "must not be negative")
	}
	if least := p.Least(); p.Max <= least {
		ps.Add("Max", p.Max, "must be more than Min (%d), or there is nothing to scale", least)
	}
	ps.Range("CPU", p.CPU, 0, 100).See(page)
	ps.Range("Memory", p.Memory, 0, 100).See(page)
	if p.RequestsPerTask < 0 {
		ps.Add("RequestsPerTask", p.RequestsPerTask, "must not be negative")
	}
	ps.Seconds("OutCooldown", p.OutCooldown, 0, 24*time.Hour).See(page)
	ps.Seconds("InCooldown", p.InCooldown, 0, 24*time.Hour).See(page)
	return ps
}

func (p Policy) withDefaults() Policy {
	if p.Min == 0 {
		p.Min = DefaultMin
	}
	if p.CPU == 0 && p.Memory == 0 && p.RequestsPerTask == 0 {
		p.CPU = DefaultCPU
	}
	if p.OutCooldown == 0 {
		p.OutCooldown = DefaultOutCooldown
	}
	if p.InCooldown == 0 {
		p.InCooldown = DefaultInCooldown
	}
	return p
}

// Least returns the least number of tasks, the default filled in.
func (p Policy) Least() int { return p.withDefaults().Min }

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
	// Groups are the target groups of the service, by the last parts of their ARNs: all of them, for where traffic shifts now
	// one and now the other of two gets the requests. Required for RequestsPerTask.
	Groups []*string
}

// Problems names what is wrong with the policy, and a missing cluster or service.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	if p.Keep == 0 {
		ps = p.Policy.Problems()
	} else if p.Keep < 0 || p.Policy != (Policy{}) {
		ps.Add("Keep", p.Keep, "must be positive, and not be set with a Policy")
	}
	if p.Cluster == nil || *p.Cluster == "" {
		ps.Add("Cluster", nil, "must be set")
	}
	if p.Service == nil || *p.Service == "" {
		ps.Add("Service", nil, "must be set")
	}
	if p.RequestsPerTask > 0 && len(p.Groups) == 0 {
		ps.Add("Groups", nil, "must be set for RequestsPerTask")
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

// New makes the scaling of a service, with the children "Target", "CPU", "Memory" and "Requests". It panics with a *[check.Error]
// if props have problems.
func New(scope constructs.Construct, id string, props Props) *Scaling {
	check.Must(scope, id, props.Problems())
	p := props.withDefaults()
	if props.Keep > 0 {
		p = Policy{Min: props.Keep, Max: props.Keep}
	}
	s := &Scaling{resourceID: "service/" + *props.Cluster + "/" + *props.Service}
	check.Construct(s, scope, id)
	s.Target = awsapplicationautoscaling.NewCfnScalableTarget(s, jsii.String("Target"),
		&awsapplicationautoscaling.CfnScalableTargetProps{
			ServiceNamespace:  jsii.String("ecs"),
			ScalableDimension: jsii.String("ecs:service:DesiredCount"),
			ResourceId:        &s.resourceID,
			MinCapacity:       jsii.Number(float64(p.Min)),
			MaxCapacity:       jsii.Number(float64(p.Max)),
		})
	target := s.Target.Ref()
	s.track("CPU", p.CPU, predefined("ECSServiceAverageCPUUtilization"), p, target)
	s.track("Memory", p.Memory, predefined("ECSServiceAverageMemoryUtilization"), p, target)
	s.track("Requests", p.RequestsPerTask, requests(props.Groups), p, target)
	return s
}

// configuration is what a policy tracks.
type configuration = awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingScalingPolicyConfigurationProperty

func predefined(metric string) configuration {
	return configuration{
		PredefinedMetricSpecification: &awsapplicationautoscaling.CfnScalingPolicy_PredefinedMetricSpecificationProperty{
			PredefinedMetricType: &metric,
		},
	}
}

// requests is the sum of what each target group sends to a task. The predefined metric knows one target group only. FILL
// would take a value that is late for none, and never scale out.
func requests(groups []*string) configuration {
	var queries []*awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty
	var ids []string
	for i, group := range groups {
		id := "r" + strconv.Itoa(i)
		ids = append(ids, id)
		queries = append(queries, &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty{
			Id: &id, ReturnData: jsii.Bool(len(groups) == 1),
			MetricStat: &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricStatProperty{
				Stat: jsii.String("Sum"),
				Metric: &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricProperty{
					Namespace: jsii.String("AWS/ApplicationELB"), MetricName: jsii.String("RequestCountPerTarget"),
					Dimensions: []*awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDimensionProperty{
						{Name: jsii.String("TargetGroup"), Value: group},
					},
				},
			},
		})
	}
	if len(groups) > 1 {
		queries = append(queries, &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty{
			Id: jsii.String("requests"), Expression: jsii.String(strings.Join(ids, "+")), ReturnData: jsii.Bool(true),
		})
	}
	return configuration{
		CustomizedMetricSpecification: &awsapplicationautoscaling.CfnScalingPolicy_CustomizedMetricSpecificationProperty{Metrics: queries},
	}
}

// track holds a metric at a value; nothing if the value is zero.
func (s *Scaling) track(id string, value int, c configuration, p Policy, target *string) {
	if value == 0 {
		return
	}
	c.TargetValue = jsii.Number(float64(value))
	c.ScaleOutCooldown, c.ScaleInCooldown = jsii.Number(p.OutCooldown.Seconds()), jsii.Number(p.InCooldown.Seconds())
	awsapplicationautoscaling.NewCfnScalingPolicy(s, &id, &awsapplicationautoscaling.CfnScalingPolicyProps{
		// The name is unique for one scalable target, so the id will do.
		PolicyName:                               &id,
		PolicyType:                               jsii.String("TargetTrackingScaling"),
		ScalingTargetId:                          target,
		TargetTrackingScalingPolicyConfiguration: &c,
	})
}

// ResourceID returns the service's id in Application Auto Scaling, for policies and scheduled actions of your own.
func (s *Scaling) ResourceID() *string { return &s.resourceID }

// Package alarm watches a service: alarms that tell a deployment that it has gone wrong, within a few minutes.
package alarm

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// Policy says when a service is not well. Each alarm goes off after three bad minutes of the last five, so that a deployment
// that bakes for less is not stopped in time; one that is on already when a deployment starts is not watched by it.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
type Policy struct {
	// ErrorPercent is how many of a hundred requests a task may answer with a status of 500 and above or break off, 1-100.
	// While traffic shifts, the old tasks and the new ones each for themselves. Zero: 5.
	ErrorPercent int
	// MinRequests is how many requests a minute it takes to judge by ErrorPercent and Latency: for a canary, requests that come
	// to it. Zero: 20.
	MinRequests int
	// Latency that all but one of a hundred requests keep below, in whole milliseconds. Zero: 5 s.
	Latency time.Duration
	// CPU is the average utilization that is too much, in percent of the CPU of the tasks, 1-100. Zero: 95, or no alarm for
	// tasks without a bound, which on EC2 use what others leave.
	CPU int
	// Memory is the average utilization that is too much, in percent of the memory of the tasks, 1-100. Zero: 95, or no alarm
	// for tasks that may use more than is set aside for them.
	Memory int
	// Own are the names of alarms of your own that are watched beside these. Not names of alarms that are made of metrics of
	// the service and have no name of their own: the two would wait for each other. Zero: none.
	Own []string
	// OnlyOwn leaves out the alarms made here. Zero: they are made.
	OnlyOwn bool
	// Topic gets a message when one of the alarms made here goes off. A pattern sets the platform's. Zero: nobody is told.
	Topic *Topic
}

// What a Policy watches for unless it is told otherwise.
const (
	DefaultErrorPercent = 5
	DefaultMinRequests  = 20
	DefaultLatency      = 5 * time.Second
	DefaultCPU          = 95
	DefaultMemory       = 95
)

const alarmPage = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"

// Problems names percentages out of range, a latency that is none, and names that no alarm has.
func (p Policy) Problems() check.Problems {
	var ps check.Problems
	d := p.withDefaults()
	ps.Range("ErrorPercent", d.ErrorPercent, 1, 100)
	if d.MinRequests < 0 {
		ps.Add("MinRequests", p.MinRequests, "must not be negative")
	}
	if d.Latency < time.Millisecond || d.Latency%time.Millisecond != 0 {
		ps.Add("Latency", p.Latency, "must be positive, in whole milliseconds")
	}
	ps.Range("CPU", d.CPU, 1, 100)
	ps.Range("Memory", d.Memory, 1, 100)
	for i, name := range p.Own {
		if name == "" || len(name) > 255 {
			ps.Add(fmt.Sprintf("Own[%d]", i), name, "must have 1-255 characters").See(alarmPage)
		}
	}
	if p.Topic != nil {
		ps.In("Topic", p.Topic.Problems())
	}
	if limits := (Policy{Own: p.Own, OnlyOwn: true, Topic: p.Topic}); p.OnlyOwn && fmt.Sprint(p) != fmt.Sprint(limits) {
		ps.Add("OnlyOwn", p.OnlyOwn, "must not be set with fields that are about the alarms that it leaves out")
	}
	return ps
}

func (p Policy) withDefaults() Policy {
	p.ErrorPercent = cmp.Or(p.ErrorPercent, DefaultErrorPercent)
	p.MinRequests = cmp.Or(p.MinRequests, DefaultMinRequests)
	p.Latency = cmp.Or(p.Latency, DefaultLatency)
	p.CPU = cmp.Or(p.CPU, DefaultCPU)
	p.Memory = cmp.Or(p.Memory, DefaultMemory)
	return p
}

// targetKinds are the alarms of a target, and streamKind that of a stream: connections have no status, and how many are
// reset is known of the load balancer as a whole alone.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
var targetKinds = []string{"Errors", "Latency", "Unhealthy"}

const streamKind = "StreamUnhealthy"

// Sources are how many load balancer entries a service has.
type Sources struct {
	Targets int // of Application Load Balancers
	Streams int // of Network Load Balancers
}

// Unbounded says of what the tasks of a service can use more than is set aside for them, so that more than 100 % is no harm.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html
type Unbounded struct {
	CPU    bool
	Memory bool
}

// Names returns the names of all alarms of a service with so many targets and streams, those of your own last. They are known before
// the alarms are made, so that the service can name alarms that are made of its metrics.
func (p Policy) Names(prefix string, sources Sources, unbounded Unbounded) []string {
	var names []string
	for _, kind := range p.kinds(sources, unbounded) {
		names = append(names, prefix+"-"+kind)
	}
	return append(names, p.Own...)
}

// kinds returns what the alarms made here are about.
func (p Policy) kinds(sources Sources, unbounded Unbounded) []string {
	if p.OnlyOwn {
		return nil
	}
	var kinds []string
	for i := range sources.Targets {
		for _, kind := range targetKinds {
			kinds = append(kinds, kind+ordinal(i))
		}
	}
	for i := range sources.Streams {
		kinds = append(kinds, streamKind+ordinal(i))
	}
	if p.watchesCPU(unbounded) {
		kinds = append(kinds, "CPU")
	}
	if p.watchesMemory(unbounded) {
		kinds = append(kinds, "Memory")
	}
	return kinds
}

func (p Policy) watchesCPU(unbounded Unbounded) bool { return p.CPU > 0 || !unbounded.CPU }

func (p Policy) watchesMemory(unbounded Unbounded) bool { return p.Memory > 0 || !unbounded.Memory }

// ordinal tells the second target and those after it from the first.
func ordinal(i int) string {
	if i == 0 {
		return ""
	}
	return strconv.Itoa(i + 1)
}

// Props says which service to watch, and when it is not well.
type Props struct {
	Policy
	// Prefix of the names, which tells the service from every other of its account and region. Required.
	Prefix string
	// Cluster is the name of the cluster. Required.
	Cluster *string
	// Service is the name of the service. Required.
	Service *string
	// Targets are where its requests come from. Zero: it gets none.
	Targets []Target
	// Streams are where its connections come from, by Network Load Balancers. Zero: it gets none.
	Streams []Target
	// Unbounded says of what its tasks can use more than is set aside for them. Zero: of nothing.
	Unbounded Unbounded
	// Grace is how long a new task may fail its health checks. Zero: not at all.
	Grace time.Duration
}

// Target is a load balancer and the one or two target groups that a service has there, by the last parts of their ARNs.
type Target struct {
	LoadBalancer *string
	Groups       []*string

	network bool // a Network Load Balancer
}

// Problems names what is wrong with the policy, and missing names.
func (p Props) Problems() check.Problems {
	ps := p.Policy.Problems()
	if p.Prefix == "" {
		ps.Add("Prefix", nil, "must be set")
	}
	if p.Cluster == nil {
		ps.Add("Cluster", nil, "must be set")
	}
	if p.Service == nil {
		ps.Add("Service", nil, "must be set")
	}
	for i, t := range p.Targets {
		ps.In(fmt.Sprintf("Targets[%d]", i), t.problems())
	}
	for i, t := range p.Streams {
		ps.In(fmt.Sprintf("Streams[%d]", i), t.problems())
	}
	return ps
}

func (t Target) problems() check.Problems {
	var ps check.Problems
	if t.LoadBalancer == nil {
		ps.Add("LoadBalancer", nil, "must be set")
	}
	if len(t.Groups) == 0 || slices.Contains(t.Groups, nil) {
		ps.Add("Groups", nil, "must be set, each of them")
	}
	return ps
}

// Alarms are the alarms of a service.
type Alarms struct {
	constructs.Construct
	// Alarms are L1 constructs of the CDK: for each target "Errors", "Latency" and "Unhealthy", for each
	// stream "StreamUnhealthy", then "CPU" and "Memory", but for what is Unbounded.
	Alarms []awscloudwatch.CfnAlarm

	names []string
}

// New makes the alarms, which go by the names that [Policy.Names] returns. It panics with a *[check.Error] if props have
// problems.
func New(scope constructs.Construct, id string, props Props) *Alarms {
	check.Must(scope, id, props.Problems())
	p := props.withDefaults()
	a := &Alarms{names: props.Names(props.Prefix, Sources{len(props.Targets), len(props.Streams)}, props.Unbounded)}
	check.Construct(a, scope, id)
	if p.OnlyOwn {
		return a
	}
	for i, target := range props.Targets {
		a.add(props, "Errors"+ordinal(i), float64(p.ErrorPercent), badMinutes, target.errors(p.MinRequests),
			fmt.Sprintf("More than %d %% of the requests fail", p.ErrorPercent))
		a.add(props, "Latency"+ordinal(i), p.Latency.Seconds(), badMinutes, target.latency(p.MinRequests),
			fmt.Sprintf("More than one of a hundred requests takes longer than %v", p.Latency))
		a.add(props, "Unhealthy"+ordinal(i), 0, props.unhealthyMinutes(), target.unhealthy(),
			"A task fails the health checks of its load balancer")
	}
	for i, stream := range props.Streams {
		stream.network = true
		a.add(props, streamKind+ordinal(i), 0, props.unhealthyMinutes(), stream.unhealthy(),
			"A task fails the health checks of its load balancer")
	}
	if props.watchesCPU(props.Unbounded) {
		a.add(props, "CPU", float64(p.CPU), badMinutes, props.utilization("CPUUtilization"),
			fmt.Sprintf("The tasks use more than %d %% of their CPU", p.CPU))
	}
	if props.watchesMemory(props.Unbounded) {
		a.add(props, "Memory", float64(p.Memory), badMinutes, props.utilization("MemoryUtilization"),
			fmt.Sprintf("The tasks use more than %d %% of their memory", p.Memory))
	}
	return a
}

// How many minutes have to be bad, and how many more are looked at, for a value that comes late is filled in as a good one.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
const (
	badMinutes  = 3
	lateMinutes = 2
	mostMinutes = 24 * 60 // which CloudWatch looks at
)

// unhealthyMinutes are those in which a task that is still starting may fail its health checks, and then those that are bad.
func (p Props) unhealthyMinutes() int {
	starting := int(math.Ceil(p.Grace.Minutes()))
	return min(max(badMinutes, starting+badMinutes-1), mostMinutes-lateMinutes)
}

// Names returns the names of the alarms, those of your own included.
func (a *Alarms) Names() []string { return a.names }

func (a *Alarms) add(p Props, kind string, threshold float64, bad int, metrics []metric, description string) {
	var actions *[]any
	if p.Topic != nil {
		actions = &[]any{p.Topic.arn}
	}
	a.Alarms = append(a.Alarms, awscloudwatch.NewCfnAlarm(a, &kind, &awscloudwatch.CfnAlarmProps{
		AlarmActions: actions,
		AlarmName:    jsii.String(p.Prefix + "-" + kind), AlarmDescription: &description,
		Metrics: queries(metrics), Threshold: &threshold, ComparisonOperator: jsii.String("GreaterThanThreshold"),
		DatapointsToAlarm: jsii.Number(float64(bad)), EvaluationPeriods: jsii.Number(float64(bad + lateMinutes)),
		TreatMissingData: jsii.String("notBreaching"),
	}))
}

package scaling

import (
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/internal/ask"
)

const fastPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/target-tracking-faster-auto-scaling.html"

// configuration is what a policy tracks.
type configuration = awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingScalingPolicyConfigurationProperty

// predefined is a metric that AWS has a name for, and another name where it is measured every 20 seconds.
func predefined(metric string, fast bool) configuration {
	if fast {
		metric += "HighResolution"
	}
	return configuration{
		PredefinedMetricSpecification: &awsapplicationautoscaling.CfnScalingPolicy_PredefinedMetricSpecificationProperty{
			PredefinedMetricType: &metric,
		},
	}
}

// query is a metric, or an expression of those before it, that a policy tracks. The last of several is what it goes by.
type query struct {
	id         string
	namespace  string
	name       string
	statistic  string
	dimensions []dimension
	expression string
}

type dimension struct {
	name  string
	value *string
}

func customized(queries []query) configuration {
	var rendered []*awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty
	for i, q := range queries {
		r := &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty{
			Id: &q.id, ReturnData: jsii.Bool(i == len(queries)-1),
		}
		if q.expression != "" {
			r.Expression = &q.expression
		} else {
			r.MetricStat = q.stat()
		}
		rendered = append(rendered, r)
	}
	return configuration{
		CustomizedMetricSpecification: &awsapplicationautoscaling.CfnScalingPolicy_CustomizedMetricSpecificationProperty{Metrics: rendered},
	}
}

func (q query) stat() *awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricStatProperty {
	var dimensions []*awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDimensionProperty
	for _, d := range q.dimensions {
		dimensions = append(dimensions, &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDimensionProperty{Name: &d.name, Value: d.value})
	}
	return &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricStatProperty{
		Stat: &q.statistic,
		Metric: &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricProperty{
			Namespace: &q.namespace, MetricName: &q.name, Dimensions: dimensions,
		},
	}
}

// requests is the sum of what each target group sends to a task. The predefined metric knows one target group only. FILL
// would take a value that is late for none, and never scale out.
func requests(groups []Group) configuration {
	var queries []query
	var ids []string
	for i, group := range groups {
		id := "r" + strconv.Itoa(i)
		ids = append(ids, id)
		queries = append(queries, query{
			id: id, namespace: "AWS/ApplicationELB", name: "RequestCountPerTarget", statistic: "Sum",
			dimensions: []dimension{{"TargetGroup", group.Name}},
		})
	}
	if len(groups) > 1 {
		queries = append(queries, query{id: "requests", expression: strings.Join(ids, "+")})
	}
	return customized(queries)
}

// responseTime is that of the slowest target group. A group without requests has no values: the last one that it had stands for one
// that is late, and after some minutes without any it counts as none, so that the others decide, and a service that nobody calls scales in.
func responseTime(groups []Group, average bool) configuration {
	statistic := "p90"
	if average {
		statistic = "Average"
	}
	var queries []query
	var terms []string
	for i, group := range groups {
		id := "t" + strconv.Itoa(i)
		terms = append(terms, lastOr0(id))
		queries = append(queries, query{
			id: id, namespace: "AWS/ApplicationELB", name: "TargetResponseTime", statistic: statistic,
			dimensions: []dimension{{"LoadBalancer", group.LoadBalancer}, {"TargetGroup", group.Name}},
		})
	}
	expression := strings.Join(terms, ",")
	if len(terms) > 1 {
		expression = "MAX([" + expression + "])"
	}
	return customized(append(queries, query{id: "slowest", expression: expression}))
}

// lastOr0 is the last value of a metric in place of one that is missing, or zero where there is no value before it.
func lastOr0(id string) string { return "FILL(FILL(" + id + ",REPEAT),0)" }

// track holds a metric at a value; nothing if the value is zero.
func (s *Scaling) track(id string, value float64, c configuration, p Policy) {
	if value == 0 {
		return
	}
	c.TargetValue = &value
	c.ScaleOutCooldown, c.ScaleInCooldown = jsii.Number(p.OutCooldown.Seconds()), jsii.Number(p.InCooldown.Seconds())
	if p.NoScaleIn {
		c.DisableScaleIn = jsii.Bool(true)
	}
	s.policy(id, "TargetTrackingScaling", awsapplicationautoscaling.CfnScalingPolicyProps{TargetTrackingScalingPolicyConfiguration: &c})
}

// policy makes a policy of a type on the target. Its name is unique for one scalable target, so the id will do.
func (s *Scaling) policy(id, kind string, props awsapplicationautoscaling.CfnScalingPolicyProps) awsapplicationautoscaling.CfnScalingPolicy {
	props.PolicyName, props.PolicyType, props.ScalingTargetId = &id, &kind, ask.Ref(s.Target)
	return awsapplicationautoscaling.NewCfnScalingPolicy(s, &id, &props)
}

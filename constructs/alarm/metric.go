package alarm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"
)

// metric is a metric of CloudWatch by the minute, or an expression of those before it. The last of several is what an
// alarm goes by.
type metric struct {
	id         string
	name       string
	namespace  string
	statistic  string
	dimensions map[string]*string
	expression string
}

func queries(metrics []metric) []*awscloudwatch.CfnAlarm_MetricDataQueryProperty {
	var queries []*awscloudwatch.CfnAlarm_MetricDataQueryProperty
	for i, m := range metrics {
		m.id = cmp.Or(m.id, "m")
		query := &awscloudwatch.CfnAlarm_MetricDataQueryProperty{Id: &m.id, ReturnData: jsii.Bool(i == len(metrics)-1)}
		if m.expression != "" {
			query.Expression = &m.expression
		} else {
			query.MetricStat = &awscloudwatch.CfnAlarm_MetricStatProperty{
				Metric: m.metric(), Period: jsii.Number(60), Stat: &m.statistic,
			}
		}
		queries = append(queries, query)
	}
	return queries
}

func (m metric) metric() *awscloudwatch.CfnAlarm_MetricProperty {
	var dimensions []*awscloudwatch.CfnAlarm_DimensionProperty
	for _, name := range slices.Sorted(maps.Keys(m.dimensions)) {
		dimensions = append(dimensions, &awscloudwatch.CfnAlarm_DimensionProperty{Name: &name, Value: m.dimensions[name]})
	}
	return &awscloudwatch.CfnAlarm_MetricProperty{MetricName: &m.name, Namespace: &m.namespace, Dimensions: dimensions}
}

// of is a metric of the i-th target group.
func (t Target) of(i int, prefix, name, statistic string) metric {
	namespace := "AWS/ApplicationELB"
	if t.network {
		namespace = "AWS/NetworkELB"
	}
	return metric{
		id: fmt.Sprint(prefix, i), name: name, namespace: namespace, statistic: statistic,
		dimensions: map[string]*string{"LoadBalancer": t.LoadBalancer, "TargetGroup": t.Groups[i]},
	}
}

// utilization is one of the service's own metrics.
func (p Props) utilization(name string) []metric {
	return []metric{{
		name: name, namespace: "AWS/ECS", statistic: "Average",
		dimensions: map[string]*string{"ClusterName": p.Cluster, "ServiceName": p.Service},
	}}
}

// errors are the failed requests of a hundred, of the worst group: the few tasks that try out a release must not be lost in
// the requests of all others. A group with too few to judge has none. A connection that a task refuses or breaks off ends in a
// status that the load balancer makes up, so it counts beside those of the tasks.
func (t Target) errors(least int) []metric {
	return t.worst(func(i int) []metric {
		return []metric{
			t.of(i, "e", "HTTPCode_Target_5XX_Count", "Sum"),
			t.of(i, "c", "TargetConnectionErrorCount", "Sum"),
			t.of(i, "r", "RequestCount", "Sum"),
			{id: fmt.Sprint("p", i), expression: fmt.Sprintf("IF(r%d>=%d,100*(FILL(e%d,0)+FILL(c%d,0))/r%d,0)", i, least, i, i, i)},
		}
	})
}

// latency is that of the slower group, of those with enough requests to judge.
func (t Target) latency(least int) []metric {
	return t.worst(func(i int) []metric {
		return []metric{
			t.of(i, "t", "TargetResponseTime", "p99"),
			t.of(i, "r", "RequestCount", "Sum"),
			{id: fmt.Sprint("p", i), expression: fmt.Sprintf("IF(r%d>=%d,t%d,0)", i, least, i)},
		}
	})
}

func (t Target) unhealthy() []metric {
	return t.worst(func(i int) []metric { return []metric{t.of(i, "p", "UnHealthyHostCount", "Maximum")} })
}

// worst is the greatest of the metrics p0 and p1 that come last for each target group, of which now one and now the other
// has requests, and so values.
func (t Target) worst(group func(i int) []metric) []metric {
	var metrics []metric
	var terms []string
	for i := range t.Groups {
		metrics = append(metrics, group(i)...)
		terms = append(terms, fmt.Sprintf("FILL(p%d,0)", i))
	}
	if len(terms) == 1 {
		return metrics
	}
	return append(metrics, metric{id: "worst", expression: "MAX([" + strings.Join(terms, ",") + "])"})
}

package alarm

import (
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
		if m.id == "" {
			m.id = "m"
		}
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

// each returns a metric of each target group, and the ids as terms of an expression: zero where there is no value. Of two
// groups now one and now the other is in use.
func (t Target) each(prefix, name, statistic string) (metrics []metric, terms []string) {
	for i, group := range t.Groups {
		id := fmt.Sprint(prefix, i)
		metrics = append(metrics, metric{
			id: id, name: name, namespace: "AWS/ApplicationELB", statistic: statistic,
			dimensions: map[string]*string{"LoadBalancer": t.LoadBalancer, "TargetGroup": group},
		})
		terms = append(terms, "FILL("+id+",0)")
	}
	return metrics, terms
}

// utilization is one of the service's own metrics.
func (p Props) utilization(name string) []metric {
	return []metric{{
		name: name, namespace: "AWS/ECS", statistic: "Average",
		dimensions: map[string]*string{"ClusterName": p.Cluster, "ServiceName": p.Service},
	}}
}

// errors are the failed requests of a hundred, none where there are too few to judge.
func (t Target) errors(least int) []metric {
	failed, failures := t.each("e", "HTTPCode_Target_5XX_Count", "Sum")
	all, requests := t.each("r", "RequestCount", "Sum")
	sum := strings.Join(requests, "+")
	return append(slices.Concat(failed, all), metric{
		id: "percent", expression: fmt.Sprintf("IF((%s)>=%d,100*(%s)/(%s),0)", sum, least, strings.Join(failures, "+"), sum),
	})
}

func (t Target) latency() []metric {
	metrics, terms := t.each("t", "TargetResponseTime", "p99")
	return append(metrics, metric{id: "slowest", expression: "MAX([" + strings.Join(terms, ",") + "])"})
}

func (t Target) unhealthy() []metric {
	metrics, terms := t.each("u", "UnHealthyHostCount", "Maximum")
	return append(metrics, metric{id: "tasks", expression: strings.Join(terms, "+")})
}

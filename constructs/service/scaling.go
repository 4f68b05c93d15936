package service

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// monitoring has the metrics that the service scales on published as often as that takes.
func (p Props) monitoring(props *awsecs.CfnServiceProps) {
	if p.Scaling == nil {
		return
	}
	if fast := p.Scaling.FastMetrics(); len(fast) > 0 {
		props.Monitoring = &awsecs.CfnService_MonitoringConfigurationProperty{
			MetricConfigurations: []*awsecs.CfnService_MetricConfigurationProperty{
				{MetricNames: jsii.Strings(fast...), ResolutionSeconds: jsii.Number(20)},
			},
		}
	}
}

// scalingProblems names what the policy of scaling does not go with, by its own fields.
func (p Props) scalingProblems() check.Problems {
	var ps check.Problems
	if p.Scaling == nil {
		return ps
	}
	if len(p.Targets) == 0 {
		ps = append(ps, p.Scaling.RequestProblems()...)
	}
	if p.Scaling.HighResolution && !check.IsNil(p.Deploy) && p.Deploy.Settings().CodeDeploy != nil {
		ps.Add("HighResolution", p.Scaling.HighResolution, "must not be set with deployment.CodeDeploy, under which CloudFormation cannot change "+
			"how often the service is measured").See(servicePage)
	}
	if p.Scaling.Backlog != nil && p.Cluster != nil && p.Cluster.NoInsights() {
		ps.Add("Backlog", nil, "must not be set in a cluster with NoInsights, for Container Insights tells the number of tasks").
			See("https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html")
	}
	return ps
}

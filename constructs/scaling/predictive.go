package scaling

import (
	"cmp"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// Predictive forecasts the load on CPU, or else on Memory, out of at least a day of the service's history, to hold the same target
// with tasks that are there before the load is. It only ever adds tasks to what the other targets ask for.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/predictive-auto-scaling.html
type Predictive struct {
	// Act scales by the forecast. Zero: it is only made, to be compared with what then happened.
	Act bool
	// Ahead is how long before the load the tasks are started, whole seconds less than an hour. Zero: 5 minutes.
	Ahead time.Duration
}

const (
	predictivePage = "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredictiveScalingPolicyConfiguration.html"
	defaultAhead   = 5 * time.Minute
)

// Problems names a time that is not less than an hour, for which the forecast is made.
func (p Predictive) Problems() check.Problems {
	var ps check.Problems
	ps.Seconds("Ahead", p.Ahead, 0, time.Hour-time.Second).See(predictivePage)
	return ps
}

// predict makes the policy, which never goes beyond the bounds.
func (s *Scaling) predict(p Policy) {
	metric, target, mode, ahead := "ECSServiceCPUUtilization", p.CPU, "ForecastOnly", p.Predictive.Ahead
	if target == 0 {
		metric, target = "ECSServiceMemoryUtilization", p.Memory
	}
	if p.Predictive.Act {
		mode = "ForecastAndScale"
	}
	ahead = cmp.Or(ahead, defaultAhead)
	s.policy("Predictive", "PredictiveScaling", awsapplicationautoscaling.CfnScalingPolicyProps{
		PredictiveScalingPolicyConfiguration: &awsapplicationautoscaling.CfnScalingPolicy_PredictiveScalingPolicyConfigurationProperty{
			Mode: &mode, SchedulingBufferTime: jsii.Number(ahead.Seconds()), MaxCapacityBreachBehavior: jsii.String("HonorMaxCapacity"),
			MetricSpecifications: []*awsapplicationautoscaling.CfnScalingPolicy_PredictiveScalingMetricSpecificationProperty{{
				TargetValue: jsii.Number(float64(target)),
				PredefinedMetricPairSpecification: &awsapplicationautoscaling.CfnScalingPolicy_PredictiveScalingPredefinedMetricPairProperty{
					PredefinedMetricType: &metric,
				},
			}},
		},
	})
}

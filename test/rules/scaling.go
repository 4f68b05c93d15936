package rules

import (
	"regexp"
	"slices"
	"strings"
)

const scalingPolicy = "AWS::ApplicationAutoScaling::ScalingPolicy"

// firstTask wants a service that may have no tasks to get one when there is work: nothing measures tasks that do not run, and what
// is divided by their number has no value, on which nothing scales.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
func firstTask(m *model) []Finding {
	var found []Finding
	for _, target := range m.byType[scalableTarget] {
		least := target.at("MinCapacity")
		if n, known := least.number(); !known || n != 0 || target.at("ServiceNamespace").text() != "ecs" {
			continue
		}
		policies := m.policiesOf(target)
		wakes := len(policies) == 0 || !target.at("ScheduledActions").absent()
		for _, policy := range policies {
			wakes = wakes || policy.at("TargetTrackingScalingPolicyConfiguration", "PredefinedMetricSpecification").absent() &&
				policy.at("PolicyType").text() != "PredictiveScaling"
			found = append(found, dividesByNone(policy)...)
		}
		if !wakes {
			found = append(found, least.finding(
				"the service may have no tasks, and is scaled by what only tasks that run have, so none would ever start: set 1, or scale by "+
					"the work that waits, such as the messages of a queue",
			))
		}
	}
	return found
}

// policiesOf returns the policies on a scalable target.
func (m *model) policiesOf(target *resource) []*resource {
	return slices.DeleteFunc(slices.Clone(m.byType[scalingPolicy]), func(policy *resource) bool {
		if m.target(policy.at("ScalingTargetId"), scalableTarget) == target {
			return false
		}
		id := policy.at("ResourceId")
		return id.absent() || id.text() != target.at("ResourceId").text()
	})
}

// taskCounts are the metrics that tell the number of tasks, or nothing where there are none.
var taskCounts = []string{"RunningTaskCount", "DesiredTaskCount"}

var divisor = regexp.MustCompile(`/\s*\(*(?:FILL\s*\(\s*)*([a-z][A-Za-z0-9_]*)`)

// dividesByNone names an expression of a policy that divides by the number of tasks without asking whether there are any.
func dividesByNone(policy *resource) []Finding {
	var found []Finding
	counts := map[string]bool{}
	for _, query := range policy.at("TargetTrackingScalingPolicyConfiguration", "CustomizedMetricSpecification", "Metrics").items() {
		id, expression := query.at("Id").text(), query.at("Expression")
		if slices.Contains(taskCounts, query.at("MetricStat", "Metric", "MetricName").text()) {
			counts[id] = true
		}
		if expression.absent() || strings.Contains(expression.text(), "IF") {
			continue
		}
		for _, m := range divisor.FindAllStringSubmatch(expression.text(), -1) {
			if counts[m[1]] {
				found = append(found, expression.finding(
					"the expression divides by the number of tasks, and has no value where there are none, so none would ever start: make a value of its "+
						"own for that with IF, as in IF(FILL(%s,0)<1, ..., ...)", m[1],
				))
				break
			}
		}
	}
	return found
}

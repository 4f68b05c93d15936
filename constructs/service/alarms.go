package service

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
)

// alarmPrefix returns what the names of the service's alarms begin with: its place, and a hash of it where another place
// could be written the same way or where it would be too long.
func (s *Service) alarmPrefix() string {
	place := strings.TrimSuffix(check.Place(s, ""), "/")
	prefix := names.Family(place)
	if prefix == strings.ReplaceAll(place, "/", "-") && !strings.Contains(place, "-") && len(prefix) <= maxAlarmPrefix {
		return prefix
	}
	return names.Key(prefix[:min(len(prefix), maxAlarmPrefix-9)]+"-", place)
}

// maxAlarmPrefix is how much of the 255 characters of an alarm's name is left by the longest of its kinds.
const maxAlarmPrefix = 240

// alarms says what to watch of the service.
func (s *Service) alarms(p Props) alarm.Props {
	props := alarm.Props{
		Policy: p.Alarms, Prefix: s.alarmPrefix(), Cluster: p.Cluster.ClusterName(), Service: s.name(),
		Unbounded: p.unbounded(), Grace: p.HealthCheckGrace,
	}
	for i, target := range s.Targets {
		props.Targets = append(props.Targets, alarm.Target{
			LoadBalancer: p.Targets[i].LoadBalancer.FullName(), Groups: target.FullNames(),
		})
	}
	for i, stream := range s.Streams {
		props.Streams = append(props.Streams, alarm.Target{
			LoadBalancer: p.Streams[i].LoadBalancer.FullName(), Groups: stream.FullNames(),
		})
	}
	return props
}

// groups returns all target groups of the service that count requests.
func (s *Service) groups(p Props) []scaling.Group {
	var groups []scaling.Group
	for i, target := range s.Targets {
		for _, name := range target.FullNames() {
			groups = append(groups, scaling.Group{LoadBalancer: p.Targets[i].LoadBalancer.FullName(), Name: name})
		}
	}
	return groups
}

// alarmNames returns the names of the alarms that end a deployment, which are literals: some alarms are made of the service's
// own metrics, and neither can wait for the other.
func (s *Service) alarmNames(p Props) []string {
	return p.Alarms.Names(s.alarmPrefix(), p.sources(), p.unbounded())
}

func (p Props) sources() alarm.Sources {
	return alarm.Sources{Targets: len(p.Targets), Streams: len(p.Streams)}
}

// watched names the alarms to deployments by ECS.
func (s *Service) watched(p Props, settings deployment.Settings) *awsecs.CfnService_DeploymentAlarmsProperty {
	alarms := s.alarmNames(p)
	return &awsecs.CfnService_DeploymentAlarmsProperty{
		AlarmNames: jsii.Strings(alarms...), Enable: jsii.Bool(len(alarms) > 0), Rollback: jsii.Bool(len(alarms) > 0 && settings.Rollback),
	}
}

// unbounded says of what the tasks can use more than is set aside for them, which on EC2 is the reservation where there is one.
func (p Props) unbounded() alarm.Unbounded {
	if p.Task.LaunchType != task.EC2 {
		return alarm.Unbounded{}
	}
	reserves := func(c task.Container) bool { return c.MemoryReservationMiB > 0 }
	return alarm.Unbounded{
		CPU:    p.Task.CPU == 0,
		Memory: p.Task.MemoryReservationMiB > 0 || slices.ContainsFunc(p.Task.Sidecars, reserves),
	}
}

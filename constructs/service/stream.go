package service

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/task"
)

const streamPage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html"

// streams returns the streams with what their containers and the network mode tell.
func (p Props) streams() []ingress.StreamProps {
	containers, mode := p.Task.Containers(), p.Task.Mode()
	streams := slices.Clone(p.Streams)
	for i := range streams {
		stream := &streams[i]
		stream.Instances = mode == task.Bridge || mode == task.Host
		stream.Shift = p.settings().TwoGroups()
		stream.Protocol = cmp.Or(stream.Protocol, ingress.TCP)
		stream.Container = cmp.Or(stream.Container, task.Main)
		j := slices.IndexFunc(containers, func(c task.Container) bool { return c.Name == stream.Container })
		if j < 0 {
			continue
		}
		switch c := containers[j]; {
		case stream.Port != 0:
		case stream.Protocol == ingress.UDP && len(c.UDPPorts) > 0:
			stream.Port = c.UDPPorts[0]
		case stream.Protocol != ingress.UDP:
			stream.Port = c.Port
		}
		if stream.Group.DeregistrationDelay == 0 {
			stream.Group.DeregistrationDelay = min(stream.Group.Delay(), containers[j].StopTimeout)
		}
	}
	return streams
}

// streamProblems names what is wrong with the streams, and what of them the task does not have.
func (p Props) streamProblems() check.Problems {
	var ps check.Problems
	containers, d := p.Task.Containers(), p.withDefaults()
	for i, stream := range d.Streams {
		path, given := fmt.Sprintf("Streams[%d]", i), p.Streams[i]
		given.Shift = stream.Shift
		ps.In(path, d.streamModeProblems(given))
		ps.In(path, given.Problems())
		if nlb := stream.LoadBalancer; nlb != nil && nlb.Network != nil && p.elsewhere(nlb.Network) {
			ps.Add(path+".LoadBalancer", nil, "must be in the network of the cluster")
		}
		j := slices.IndexFunc(containers, func(c task.Container) bool { return c.Name == stream.Container })
		if j < 0 {
			ps.Add(path+".Container", stream.Container, "must name a container of the task")
			continue
		}
		ps.In(path, streamReachProblems(stream, containers[j]))
	}
	return ps
}

// streamModeProblems names what of a stream the network mode cannot serve.
func (p Props) streamModeProblems(given ingress.StreamProps) check.Problems {
	var ps check.Problems
	udp := given.Protocol == ingress.UDP || given.Protocol == ingress.TCPUDP
	switch mode := p.Task.Mode(); {
	case mode == task.Bridge && udp:
		ps.Add("Protocol", string(given.Protocol), "must be %s or %s in network mode %s, where the ports of a task for TCP and UDP are two: "+
			"%s and %s have them as one", ingress.TCP, ingress.TLS, task.Bridge, task.AWSVPC, task.Host).See(portPage)
	case mode == task.Bridge && given.Group.HealthCheck.Port != 0:
		ps.Add("Group.HealthCheck.Port", given.Group.HealthCheck.Port, "must be 0 in network mode %s, where a task's port is "+
			"another on every instance", task.Bridge).See(portPage)
	case mode == task.AWSVPC && given.Instances:
		ps.Add("Instances", given.Instances, "must be false in network mode %s, where tasks have addresses of their own", task.AWSVPC)
	}
	return ps
}

// streamReachProblems names a port that the container does not have, health checks that nobody answers, and connections
// that would outlive it.
func streamReachProblems(stream ingress.StreamProps, c task.Container) check.Problems {
	var ps check.Problems
	tcp, udp := slices.Contains(c.Ports(), stream.Port), slices.Contains(c.UDPPorts, stream.Port)
	switch {
	case stream.Port == 0 && stream.Protocol == ingress.UDP:
		ps.Add("Port", nil, "must be set, or container %q must have UDPPorts", c.Name)
	case stream.Port == 0:
		ps.Add("Port", nil, "must be set, or container %q must have a Port", c.Name)
	case stream.Protocol == ingress.UDP && !udp:
		ps.Add("Port", stream.Port, "must be one of the UDPPorts of container %q: %v", c.Name, c.UDPPorts)
	case stream.Protocol == ingress.TCPUDP && (!tcp || !udp):
		ps.Add("Port", stream.Port, "must be a port of container %q (%v) and one of its UDPPorts (%v)", c.Name, c.Ports(), c.UDPPorts)
	case stream.Protocol != ingress.UDP && !tcp:
		ps.Add("Port", stream.Port, "must be a port of container %q: %v", c.Name, c.Ports())
	case stream.Protocol == ingress.UDP && !tcp && stream.Group.HealthCheck.Port == 0:
		ps.Add("Group.HealthCheck.Port", nil, "must be set, to a port that listens for TCP, by which AWS checks the health of what is over UDP").
			See(streamPage)
	}
	if delay := stream.Group.Delay(); delay > c.StopTimeout {
		ps.Add("Group.DeregistrationDelay", delay, "must be at most the StopTimeout of container %q (%v), "+
			"or the container is killed with connections to it", c.Name, c.StopTimeout)
	}
	return ps
}

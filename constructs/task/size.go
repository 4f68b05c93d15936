package task

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/task/fargate"
)

// Architecture is the instruction set that the images are built for.
type Architecture string

// The architectures of ECS.
const (
	X86_64 Architecture = "X86_64" //nolint:revive // AWS's own name
	ARM64  Architecture = "ARM64"
)

// OS is the operating system family that the containers need.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
type OS string

// The operating systems of Fargate.
const (
	Linux                 OS = "LINUX"
	WindowsServer2019Core OS = "WINDOWS_SERVER_2019_CORE"
	WindowsServer2019Full OS = "WINDOWS_SERVER_2019_FULL"
	WindowsServer2022Core OS = "WINDOWS_SERVER_2022_CORE"
	WindowsServer2022Full OS = "WINDOWS_SERVER_2022_FULL"
)

var systems = []OS{
	Linux, WindowsServer2019Core, WindowsServer2019Full, WindowsServer2022Core, WindowsServer2022Full,
}

// Windows reports whether the system is one of Windows.
func (o OS) Windows() bool { return strings.HasPrefix(string(o), "WINDOWS") }

const sizePage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/" +
	"fargate-tasks-services.html#fargate-tasks-size"

func (p Props) withDefaults() Props {
	p.Architecture = cmp.Or(p.Architecture, X86_64)
	p.OS = cmp.Or(p.OS, Linux)
	p.LaunchType = cmp.Or(p.LaunchType, Fargate)
	if p.NetworkMode == "" {
		p.NetworkMode = AWSVPC
		if p.LaunchType == EC2 {
			p.NetworkMode = Bridge
		}
	}
	p.Logs = p.Logs.withDefaults()
	return p.withSize()
}

// Mode returns the network mode, the default filled in.
func (p Props) Mode() NetworkMode { return p.withDefaults().NetworkMode }

// What tasks have unless they are told otherwise, where ECS has no list of sizes.
const (
	DefaultCPU                         = 256
	DefaultMemoryMiB                   = 512
	DefaultSidecarMemoryReservationMiB = 64
)

func (p Props) withSize() Props {
	switch p.LaunchType {
	case Fargate:
		if p.CPU == 0 {
			p.CPU = fargate.CPUs(p.OS.Windows())[0]
		}
		if sizes := fargate.MemoryMiB(p.CPU, p.OS.Windows()); p.MemoryMiB == 0 && len(sizes) > 0 {
			p.MemoryMiB = sizes[0]
		}
	case ManagedInstances:
		p.CPU = cmp.Or(p.CPU, DefaultCPU)
		p.MemoryMiB = cmp.Or(p.MemoryMiB, DefaultMemoryMiB)
	case EC2:
		if p.MemoryMiB == 0 && p.MemoryReservationMiB == 0 && p.MemoryLimitMiB == 0 {
			p.MemoryMiB = DefaultMemoryMiB
		}
	}
	return p
}

// reserve sets aside CPU and memory for the containers of a task on EC2, which is placed where they are free.
func (p Props) reserve(containers []Container) {
	rest := p.MemoryMiB
	for i := range containers[1:] {
		sidecar := &containers[i+1]
		if sidecar.reservation() == 0 {
			sidecar.MemoryReservationMiB = DefaultSidecarMemoryReservationMiB
		}
		rest -= sidecar.reservation()
	}
	main := &containers[0]
	if main.CPU == 0 && p.CPU == 0 {
		main.CPU = DefaultCPU
	}
	if main.reservation() == 0 && rest >= leastMemoryMiB {
		main.MemoryReservationMiB = rest
	}
}

// Reservation is what ECS sets aside for a task on its instance.
type Reservation struct {
	CPU       int // in CPU units
	MemoryMiB int
	GPUs      int
}

// Reservation returns what ECS sets aside for the task: its size or, where it has none, the sum of its containers'.
func (p Props) Reservation() Reservation {
	p = p.withDefaults()
	var r Reservation
	for _, c := range p.Containers() {
		r.CPU += c.CPU
		r.MemoryMiB += c.reservation()
		r.GPUs += c.GPUs
	}
	if p.CPU > 0 {
		r.CPU = p.CPU
	}
	if p.MemoryMiB > 0 {
		r.MemoryMiB = p.MemoryMiB
	}
	return r
}

// sizeProblems names a platform or size that the launch type does not offer, and containers that ask for more than the
// task has.
func (p Props) sizeProblems() check.Problems {
	var ps check.Problems
	d := p.withDefaults()
	if d.Architecture != X86_64 && d.Architecture != ARM64 {
		ps.Add("Architecture", string(p.Architecture), "must be %s or %s", X86_64, ARM64)
	} else if d.OS.Windows() && d.Architecture == ARM64 {
		ps.Add("Architecture", string(p.Architecture), "must be %s, the one that Windows containers have", X86_64).See(sizePage)
	}
	if !slices.Contains(systems, d.OS) {
		ps.Add("OS", string(p.OS), "must be one of %v", systems).See(sizePage)
	} else if d.OS != Linux && d.LaunchType != Fargate {
		ps.Add("OS", string(p.OS), "must be %s but on Fargate: no capacity of this library has Windows instances", Linux)
	}
	switch d.LaunchType {
	case Fargate:
		ps = append(ps, d.fargateProblems(p)...)
	case EC2, ManagedInstances:
		if d.CPU != 0 {
			ps.Range("CPU", d.CPU, 128, 196608).See(ec2Page)
		}
		if d.MemoryMiB != 0 && d.MemoryMiB < leastMemoryMiB {
			ps.Add("MemoryMiB", d.MemoryMiB, "must be at least %d", leastMemoryMiB).See(ec2Page)
		}
	default:
		ps.Add("LaunchType", string(p.LaunchType), "must be %s, %s or %s", Fargate, EC2, ManagedInstances)
	}
	if len(ps) == 0 {
		ps = append(ps, d.sumProblems()...)
	}
	return ps
}

// leastMemoryMiB is what Docker takes for a container.
const leastMemoryMiB = 6

const ec2Page = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters_ec2.html#task_size_ec2"

// fargateProblems compares a size that has its defaults with Fargate's list, and names what was given.
func (p Props) fargateProblems(given Props) check.Problems {
	var ps check.Problems
	windows := p.OS.Windows()
	sizes := fargate.MemoryMiB(p.CPU, windows)
	if len(sizes) == 0 {
		ps.Add("CPU", given.CPU, "must be one of %v CPU units", fargate.CPUs(windows)).See(sizePage)
	} else if !slices.Contains(sizes, p.MemoryMiB) {
		ps.Add("MemoryMiB", given.MemoryMiB, "must be one of %v with %d CPU units", sizes, p.CPU).See(sizePage)
	}
	return ps
}

// sumProblems compares what the containers ask for with the size of the task, as far as it has one.
func (p Props) sumProblems() check.Problems {
	var ps check.Problems
	var cpu, limits, reservations, tmpfs int
	for _, c := range p.Containers() {
		cpu += summand(c.CPU)
		limits += summand(c.MemoryMiB)
		reservations += summand(c.reservation())
		for _, size := range c.Tmpfs {
			tmpfs += summand(size)
		}
	}
	if p.CPU > 0 && cpu > p.CPU {
		ps.Add("CPU", p.CPU, "must be at least the sum of the containers' CPU (%d)", cpu)
	}
	if p.MemoryMiB == 0 {
		return ps
	}
	if tmpfs >= p.MemoryMiB {
		ps.Add("MemoryMiB", p.MemoryMiB, "must be more than the sum of the containers' Tmpfs (%d), which is memory too", tmpfs)
	}
	if limits > p.MemoryMiB {
		ps.Add("MemoryMiB", p.MemoryMiB, "must be at least the sum of the containers' MemoryMiB (%d)", limits)
	} else if reservations > p.MemoryMiB {
		ps.Add("MemoryMiB", p.MemoryMiB, "must be at least the sum of the containers' reservations (%d)", reservations)
	}
	return ps
}

// summand is a size as it counts in a sum: what is negative is a problem of its own, and no sum overflows.
func summand(size int) int { return min(max(size, 0), math.MaxInt32) }

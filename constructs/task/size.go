package task

import (
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
	if p.Architecture == "" {
		p.Architecture = X86_64
	}
	if p.OS == "" {
		p.OS = Linux
	}
	if p.CPU == 0 {
		p.CPU = fargate.CPUs(p.OS.Windows())[0]
	}
	if sizes := fargate.MemoryMiB(p.CPU, p.OS.Windows()); p.MemoryMiB == 0 && len(sizes) > 0 {
		p.MemoryMiB = sizes[0]
	}
	p.Logs = p.Logs.withDefaults()
	return p
}

// sizeProblems names a platform or size that Fargate does not offer, and containers that ask for more than the task has.
func (p Props) sizeProblems() check.Problems {
	var ps check.Problems
	d := p.withDefaults()
	windows := d.OS.Windows()
	if d.Architecture != X86_64 && d.Architecture != ARM64 {
		ps.Add("Architecture", string(p.Architecture), "must be %s or %s", X86_64, ARM64)
	} else if windows && d.Architecture == ARM64 {
		ps.Add("Architecture", string(p.Architecture), "must be %s, the one that Windows containers have", X86_64).See(sizePage)
	}
	if !slices.Contains(systems, d.OS) {
		ps.Add("OS", string(p.OS), "must be one of %v", systems).See(sizePage)
	}
	sizes := fargate.MemoryMiB(d.CPU, windows)
	if len(sizes) == 0 {
		ps.Add("CPU", p.CPU, "must be one of %v CPU units", fargate.CPUs(windows)).See(sizePage)
	} else if !slices.Contains(sizes, d.MemoryMiB) {
		ps.Add("MemoryMiB", p.MemoryMiB, "must be one of %v with %d CPU units", sizes, d.CPU).See(sizePage)
	}
	if len(ps) == 0 {
		ps = append(ps, d.sumProblems()...)
	}
	return ps
}

// sumProblems compares what the containers ask for with the size of the task.
func (p Props) sumProblems() check.Problems {
	var ps check.Problems
	var cpu, limits, reservations, tmpfs int
	for _, c := range p.Containers() {
		cpu += c.CPU
		limits += c.MemoryMiB
		reservations += c.reservation()
		for _, size := range c.Tmpfs {
			tmpfs += size
		}
	}
	if tmpfs >= p.MemoryMiB {
		ps.Add("MemoryMiB", p.MemoryMiB, "must be more than the sum of the containers' Tmpfs (%d), which is memory too", tmpfs)
	}
	if cpu > p.CPU {
		ps.Add("CPU", p.CPU, "must be at least the sum of the containers' CPU (%d)", cpu)
	}
	if limits > p.MemoryMiB {
		ps.Add("MemoryMiB", p.MemoryMiB, "must be at least the sum of the containers' MemoryMiB (%d)", limits)
	} else if reservations > p.MemoryMiB {
		ps.Add("MemoryMiB", p.MemoryMiB, "must be at least the sum of the containers' reservations (%d)", reservations)
	}
	return ps
}

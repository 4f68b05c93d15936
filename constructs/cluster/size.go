package cluster

import "github.com/ecskit/ecskit/constructs/cluster/instance"

// Size is what a task can rely on, whichever instance it comes to.
type Size struct {
	// CPU in CPU units, 1024 to a vCPU. Zero: unknown.
	CPU int
	// MemoryMiB is the memory for tasks, of which the kernel takes some more. Zero: unknown.
	MemoryMiB int
	// GPUs of NVIDIA. -1: unknown, and taken for none where AWS's image is chosen.
	GPUs int
	// ARM64 tells ARM from x86-64.
	ARM64 bool
	// MaxInstances is how many there can be. Zero: unknown.
	MaxInstances int
}

// and returns what can be relied on where tasks come to either of two.
func (s Size) and(other Size) Size {
	return Size{
		CPU: least(s.CPU, other.CPU), MemoryMiB: least(s.MemoryMiB, other.MemoryMiB), GPUs: min(s.GPUs, other.GPUs),
		ARM64: s.ARM64, MaxInstances: s.MaxInstances + other.MaxInstances,
	}
}

// least returns the lesser of two numbers, of which zero is unknown.
func least(a, b int) int {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}

// size returns the least of what the instance types offer, those left aside that are not known.
func (p PoolProps) size() Size {
	var s Size
	for i, name := range p.InstanceTypes {
		t := Size{ARM64: instance.IsARM64(name), GPUs: -1}
		if known, ok := instance.Lookup(name); ok {
			t.CPU, t.MemoryMiB, t.GPUs = known.VCPUs*1024, known.MemoryMiB-ReservedMemoryMiB, known.GPUs
		}
		if i == 0 {
			s = t
		} else {
			s = s.and(t)
		}
	}
	s.MaxInstances = p.Max
	return s
}

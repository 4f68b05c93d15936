// Package fargate holds the task sizes that AWS Fargate offers, as plain data: it needs neither the CDK nor node.
//
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
package fargate

import "slices"

// size is one row of the table: the memory sizes that go with one number of CPU units.
type size struct {
	cpu     int   // in CPU units; 1024 are one vCPU
	memory  []int // in MiB, ascending
	windows bool  // whether Windows containers can have it
}

var sizes = []size{
	{256, []int{512, 1024, 2048}, false},
	{512, steps(1024, 4096, 1024), false},
	{1024, steps(2048, 8192, 1024), true},
	{2048, steps(4096, 16384, 1024), true},
	{4096, steps(8192, 30720, 1024), true},
	{8192, steps(16384, 61440, 4096), false},
	{16384, steps(32768, 122880, 8192), false},
	{32768, []int{61440, 122880, 249856}, false},
}

// CPUs returns the numbers of CPU units, ascending, that Fargate offers to Linux or to Windows tasks.
func CPUs(windows bool) []int {
	var cpus []int
	for _, s := range sizes {
		if s.windows || !windows {
			cpus = append(cpus, s.cpu)
		}
	}
	return cpus
}

// MemoryMiB returns the memory sizes in MiB, ascending, that Fargate offers with cpu CPU units; none if it does not
// offer cpu to the operating system.
func MemoryMiB(cpu int, windows bool) []int {
	for _, s := range sizes {
		if s.cpu == cpu && (s.windows || !windows) {
			return slices.Clone(s.memory)
		}
	}
	return nil
}

func steps(from, to, by int) []int {
	var s []int
	for n := from; n <= to; n += by {
		s = append(s, n)
	}
	return s
}

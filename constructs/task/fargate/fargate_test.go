package fargate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/task/fargate"
)

func TestMemoryMiB(t *testing.T) {
	for _, c := range []struct {
		cpu                      int
		windows                  bool
		count, least, then, most int
	}{
		{256, false, 3, 512, 1024, 2048},
		{512, false, 4, 1024, 2048, 4096},
		{1024, false, 7, 2048, 3072, 8192},
		{2048, false, 13, 4096, 5120, 16384},
		{4096, false, 23, 8192, 9216, 30720},
		{8192, false, 12, 16384, 20480, 61440},
		{16384, false, 12, 32768, 40960, 122880},
		{32768, false, 3, 61440, 122880, 249856},
		{1024, true, 7, 2048, 3072, 8192},
		{2048, true, 13, 4096, 5120, 16384},
		{4096, true, 23, 8192, 9216, 30720},
	} {
		sizes := fargate.MemoryMiB(c.cpu, c.windows)
		if len(sizes) != c.count || sizes[0] != c.least || sizes[1] != c.then || sizes[len(sizes)-1] != c.most {
			t.Errorf("%d CPU units, Windows %t: got %v", c.cpu, c.windows, sizes)
		}
	}
	for _, cpu := range []int{-1, 0, 128, 300, 65536} {
		if sizes := fargate.MemoryMiB(cpu, false); sizes != nil {
			t.Errorf("%d CPU units: got %v, want none", cpu, sizes)
		}
	}
	if sizes := fargate.MemoryMiB(256, true); sizes != nil {
		t.Errorf("256 CPU units on Windows: got %v, want none", sizes)
	}
}

func TestMemoryMiBIsTheCallersOwn(t *testing.T) {
	fargate.MemoryMiB(256, false)[0] = 1
	if got := fargate.MemoryMiB(256, false)[0]; got != 512 {
		t.Errorf("a caller changed the table to %d", got)
	}
}

func TestCPUs(t *testing.T) {
	if diff := cmp.Diff([]int{256, 512, 1024, 2048, 4096, 8192, 16384, 32768}, fargate.CPUs(false)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{1024, 2048, 4096}, fargate.CPUs(true)); diff != "" {
		t.Error(diff)
	}
}

package instance_test

import (
	"testing"

	"github.com/ecskit/ecskit/constructs/cluster/instance"
)

func TestLookup(t *testing.T) {
	for name, want := range map[string]instance.Type{
		"m7g.large":        {VCPUs: 2, MemoryMiB: 8192, ARM64: true},
		"t3.micro":         {VCPUs: 2, MemoryMiB: 1024},
		"c7i-flex.8xlarge": {VCPUs: 32, MemoryMiB: 65536},
		"g5.12xlarge":      {VCPUs: 48, MemoryMiB: 196608, GPUs: 4},
		"g5g.xlarge":       {VCPUs: 4, MemoryMiB: 8192, GPUs: 1, ARM64: true},
		"g4ad.xlarge":      {VCPUs: 4, MemoryMiB: 16384},
		"m7i.metal-24xl":   {VCPUs: 96, MemoryMiB: 393216},
		"a1.medium":        {VCPUs: 1, MemoryMiB: 2048, ARM64: true},
	} {
		if got, ok := instance.Lookup(name); !ok || got != want {
			t.Errorf("%s: got %+v (%t), want %+v", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "m7g", "m7g.huge", "mac2.metal", "M7G.large"} {
		if got, ok := instance.Lookup(name); ok {
			t.Errorf("%q: got %+v, want none", name, got)
		}
	}
}

// TestARM64 compares what the names say with what the list says, and asks for types that it does not know.
func TestARM64(t *testing.T) {
	for name, want := range map[string]bool{
		"m7g.large": true, "g5.xlarge": false, "a1.medium": true, "im4gn.large": true, "x2iedn.xlarge": false,
		"m19g.large": true, "c19gd.4xlarge": true, "m19i.large": false, "g19.xlarge": false, "nonsense": false,
	} {
		if got := instance.IsARM64(name); got != want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"m7g.large": true, "c7i-flex.large": true, "m7i.metal-24xl": true, "u7in-16tb.224xlarge": true, "u-6tb1.56xlarge": true, "p6-b200.48xlarge": true,
		"m7g": false, "m7g.": false, "large": false, "M7g.large": false, "m7g large": false, "": false,
	} {
		if got := instance.IsName(name); got != want {
			t.Errorf("%q: got %t", name, got)
		}
	}
}

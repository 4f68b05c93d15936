// Package instance knows the EC2 instance types: their processors, memory and GPUs.
package instance

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Type is what an instance type offers.
type Type struct {
	VCPUs     int
	MemoryMiB int
	GPUs      int // those of NVIDIA, the ones that ECS gives to containers
	ARM64     bool
}

// types.txt is what EC2's DescribeInstanceTypes told in 2026, a family a line: its name and architecture, then for each
// size its name, vCPUs, memory in MiB and, if it has any, NVIDIA GPUs. Left out are those for macOS and those of 32 bits.
//
//go:embed types.txt
var list string

// Lookup returns what an instance type such as m7g.large offers, and whether it is known.
func Lookup(name string) (Type, bool) {
	t, ok := types()[name]
	return t, ok
}

var types = sync.OnceValue(func() map[string]Type {
	types := map[string]Type{}
	for line := range strings.Lines(list) {
		head, sizes, _ := strings.Cut(strings.TrimSpace(line), ": ")
		family, architecture, _ := strings.Cut(head, " ")
		for size := range strings.SplitSeq(sizes, ", ") {
			name, numbers, _ := strings.Cut(size, " ")
			n := ints(numbers)
			t := Type{VCPUs: n[0], MemoryMiB: n[1], ARM64: architecture == "arm64"}
			if len(n) > 2 {
				t.GPUs = n[2]
			}
			types[family+"."+name] = t
		}
	}
	return types
})

func ints(s string) []int {
	var numbers []int
	for field := range strings.FieldsSeq(s) {
		n, err := strconv.Atoi(field)
		if err != nil {
			panic("instance: types.txt: " + err.Error())
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// form captures generation and attributes of a type's family.
var form = regexp.MustCompile(`^([a-z]+)(\d+)([a-z]*)(-[a-z0-9]+)?\.[a-z0-9-]+$`)

// IsName reports whether a name is that of a type, or has the form of one.
func IsName(name string) bool {
	_, known := Lookup(name)
	return known || form.MatchString(name)
}

// IsARM64 reports whether a type runs on ARM: as the list says or, for one that it does not know, as the attributes in
// the name do. https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
func IsARM64(name string) bool {
	if t, ok := Lookup(name); ok {
		return t.ARM64
	}
	m := form.FindStringSubmatch(name)
	return m != nil && strings.Contains(m[3], "g")
}

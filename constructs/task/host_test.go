package task_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/task"
)

func TestLaunchTypes(t *testing.T) {
	sidecar := []task.Container{{Name: "a", Image: "a:1"}}
	for name, tt := range map[string]struct {
		props task.Props
		want  []string
	}{
		"EC2":               {task.Props{LaunchType: task.EC2, Port: 8080}, nil},
		"a low port":        {task.Props{Port: 80, ExtraPorts: []int{443, 8443}}, []string{"Port", "ExtraPorts"}},
		"and a capability":  {task.Props{Port: 80, Allow: task.Allow{Capabilities: true}}, nil},
		"low in a bridge":   {task.Props{LaunchType: task.EC2, Port: 80}, nil},
		"low on a host":     {task.Props{LaunchType: task.EC2, NetworkMode: task.Host, Port: 80}, []string{"Port"}},
		"low on Windows":    {task.Props{OS: task.WindowsServer2022Core, CPU: 1024, Port: 80}, nil},
		"managed instances": {task.Props{LaunchType: task.ManagedInstances, Port: 8080, CPU: 300, MemoryMiB: 700, GPUs: 1}, nil},
		"every field of EC2": {task.Props{
			LaunchType: task.EC2, NetworkMode: task.AWSVPC, CPU: 1000, CPUReservation: 600, MemoryMiB: 900, MemoryReservationMiB: 300,
			MemoryLimitMiB: 600, GPUs: 2, Sidecars: sidecar,
			HostMounts: []task.HostMount{{HostPath: "/", Path: "/host"}, {HostPath: "/var/log", Writable: true}},
		}, nil},
		"no such launch type":    {task.Props{LaunchType: "EXTERNAL"}, []string{"LaunchType"}},
		"Windows on EC2":         {task.Props{LaunchType: task.EC2, OS: task.WindowsServer2022Core}, []string{"OS"}},
		"odd size":               {task.Props{LaunchType: task.EC2, CPU: 64, MemoryMiB: 3}, []string{"CPU", "MemoryMiB"}},
		"reservation above size": {task.Props{LaunchType: task.EC2, CPU: 512, CPUReservation: 600, MemoryMiB: 512, MemoryReservationMiB: 600}, []string{"CPU", "MemoryMiB"}},
		"reservation at limit":   {task.Props{LaunchType: task.EC2, MemoryReservationMiB: 512, MemoryLimitMiB: 512}, []string{"MemoryReservationMiB"}},
		"negative":               {task.Props{LaunchType: task.EC2, CPUReservation: -1, MemoryLimitMiB: -1, MemoryReservationMiB: -1, GPUs: -1}, []string{"GPUs", "CPUReservation", "MemoryLimitMiB", "MemoryReservationMiB"}},
		"GPU on Fargate":         {task.Props{GPUs: 1}, []string{"GPUs"}},
		"files of Fargate":       {task.Props{HostMounts: []task.HostMount{{HostPath: "/var/log"}}}, []string{"HostMounts"}},
		"files of what ECS manages": {
			task.Props{LaunchType: task.ManagedInstances, HostMounts: []task.HostMount{{HostPath: "/var/log"}}}, []string{"HostMounts"},
		},
		"tmpfs on what ECS manages": {
			task.Props{LaunchType: task.ManagedInstances, Tmpfs: map[string]int{"/tmp": 1}}, []string{"Tmpfs"},
		},
		"mounts": {task.Props{LaunchType: task.EC2, HostMounts: []task.HostMount{
			{HostPath: "var"}, {HostPath: "/"}, {HostPath: "/a", Path: "a"}, {HostPath: "/b", Path: "/tmp"}, {HostPath: "/c"}, {HostPath: "/d", Path: "/c"},
		}}, []string{"HostMounts[0].HostPath", "HostMounts[1].Path", "HostMounts[2].Path", "HostMounts[3].Path", "HostMounts[5].Path"}},
		"bridge on Fargate":          {task.Props{NetworkMode: task.Bridge}, []string{"NetworkMode"}},
		"bridge on what ECS manages": {task.Props{LaunchType: task.ManagedInstances, NetworkMode: task.Bridge}, []string{"NetworkMode"}},
		"no such mode":               {task.Props{LaunchType: task.EC2, NetworkMode: "overlay"}, []string{"NetworkMode"}},
		"port without a network":     {task.Props{LaunchType: task.EC2, NetworkMode: task.None, Port: 8080, ExtraPorts: []int{81}}, []string{"Port", "ExtraPorts"}},
		"one port in a bridge": {
			task.Props{LaunchType: task.EC2, Port: 8080, Sidecars: []task.Container{{Name: "a", Image: "a:1", Port: 8080}}}, nil,
		},
		"one port of one host": {
			task.Props{LaunchType: task.EC2, NetworkMode: task.Host, Port: 8080, Sidecars: []task.Container{{Name: "a", Image: "a:1", Port: 8080}}},
			[]string{"Sidecars[0].Port"},
		},
		"a port twice in a bridge": {task.Props{LaunchType: task.EC2, Port: 8080, ExtraPorts: []int{8080}}, []string{"ExtraPorts"}},
	} {
		tt.props.Image = "a:1"
		var fields []string
		for _, p := range tt.props.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(tt.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestReservations is what tasks are placed by, and what their containers have of it.
func TestReservations(t *testing.T) {
	sidecars := []task.Container{{Name: "a"}, {Name: "b", MemoryMiB: 100}, {Name: "c", MemoryReservationMiB: 50, CPU: 32, GPUs: 1}}
	for name, tt := range map[string]struct {
		props      task.Props
		want       task.Reservation
		containers []int // memory reserved, that of a limit left out
	}{
		"nothing said":        {task.Props{}, task.Reservation{CPU: 256, MemoryMiB: 512}, []int{512}},
		"size":                {task.Props{CPU: 1024, MemoryMiB: 900}, task.Reservation{CPU: 1024, MemoryMiB: 900}, []int{900}},
		"size with sidecars":  {task.Props{MemoryMiB: 900, Sidecars: sidecars}, task.Reservation{CPU: 288, MemoryMiB: 900, GPUs: 1}, []int{686, 64, 0, 50}},
		"reservation":         {task.Props{MemoryReservationMiB: 300, CPUReservation: 10, Sidecars: sidecars}, task.Reservation{CPU: 42, MemoryMiB: 514, GPUs: 1}, []int{300, 64, 0, 50}},
		"limit":               {task.Props{MemoryLimitMiB: 300, GPUs: 2}, task.Reservation{CPU: 256, MemoryMiB: 300, GPUs: 2}, []int{0}},
		"reservation, limit":  {task.Props{MemoryReservationMiB: 200, MemoryLimitMiB: 300}, task.Reservation{CPU: 256, MemoryMiB: 200}, []int{200}},
		"size and limit":      {task.Props{MemoryMiB: 400, MemoryLimitMiB: 300}, task.Reservation{CPU: 256, MemoryMiB: 400}, []int{0}},
		"size for one's self": {task.Props{MemoryMiB: 100, Sidecars: sidecars}, task.Reservation{CPU: 288, MemoryMiB: 100, GPUs: 1}, []int{0, 64, 0, 50}},
	} {
		tt.props.LaunchType = task.EC2
		if diff := cmp.Diff(tt.want, tt.props.Reservation()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		var containers []int
		for _, c := range tt.props.Containers() {
			containers = append(containers, c.MemoryReservationMiB)
		}
		if diff := cmp.Diff(tt.containers, containers); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestModes(t *testing.T) {
	for want, props := range map[task.NetworkMode]task.Props{
		task.AWSVPC: {}, task.Bridge: {LaunchType: task.EC2}, task.Host: {LaunchType: task.EC2, NetworkMode: task.Host},
	} {
		if got := props.Mode(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if (task.Props{LaunchType: task.ManagedInstances}).Mode() != task.AWSVPC {
		t.Error("managed instances have awsvpc by default")
	}
}

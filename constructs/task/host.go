package task

import (
	"fmt"
	"path"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// LaunchType is what a task runs on.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/launch_types.html
type LaunchType string

// The launch types of ECS.
const (
	Fargate          LaunchType = "FARGATE"
	EC2              LaunchType = "EC2"
	ManagedInstances LaunchType = "MANAGED_INSTANCES"
)

// NetworkMode is how the containers of a task are connected.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html
type NetworkMode string

// The network modes of ECS. Fargate has AWSVPC alone, managed instances have AWSVPC and Host.
const (
	// AWSVPC gives each task a network interface and security groups of its own, of which an instance holds few. Containers
	// of a task reach each other at localhost.
	AWSVPC NetworkMode = "awsvpc"
	// Bridge gives each container port a port of the instance that is free, so that many tasks share an instance and its
	// security groups. Containers of a task do not reach each other at localhost.
	Bridge NetworkMode = "bridge"
	// Host gives containers the instance's own network and ports, so that an instance holds one task of a kind, and the
	// credentials of the instance's role.
	Host NetworkMode = "host"
	// None gives containers no network.
	None NetworkMode = "none"
)

// HostMount lets a container see a file or directory of the instance that it runs on.
type HostMount struct {
	// HostPath is where it is on the instance, an absolute path. Required.
	HostPath string
	// Path is where the container sees it, an absolute path. Zero: HostPath.
	Path string
	// Writable lets the container change it. Zero: it can read it.
	Writable bool
}

// Problems names paths that are not absolute.
func (m HostMount) Problems() check.Problems {
	var ps check.Problems
	if !path.IsAbs(m.HostPath) || path.Clean(m.HostPath) != m.HostPath {
		ps.Add("HostPath", m.HostPath, "must be an absolute path")
	}
	if m.Path != "" && (!path.IsAbs(m.Path) || path.Clean(m.Path) != m.Path || m.Path == "/") {
		ps.Add("Path", m.Path, "must be an absolute path below the root")
	} else if m.Path == "" && m.HostPath == "/" {
		ps.Add("Path", m.Path, "must be set where HostPath is the root, which the container has one of its own")
	}
	return ps
}

func (m HostMount) path() string {
	if m.Path == "" {
		return m.HostPath
	}
	return m.Path
}

// volume is the name of a mount's volume in the task definition.
func (m HostMount) volume() string { return names.Key("host", m.HostPath) }

func (c Container) mountProblems(p Props) check.Problems {
	var ps check.Problems
	if len(c.HostMounts) > 0 && p.LaunchType != EC2 {
		ps.Add("HostMounts", nil, "must be empty but on EC2, where there is an instance to see").See(volumePage)
		return ps
	}
	taken := map[string]bool{}
	for dir := range c.Tmpfs {
		taken[dir] = true
	}
	for i, m := range c.HostMounts {
		field := fmt.Sprintf("HostMounts[%d]", i)
		ps.In(field, m.Problems())
		if taken[m.path()] {
			ps.Add(field+".Path", m.path(), "must be used once, for a mount or for Tmpfs")
		}
		taken[m.path()] = true
	}
	return ps
}

const volumePage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html"

// volumes renders each path of the instance that a container sees, once.
func (p Props) volumes() any {
	var volumes []*awsecs.CfnTaskDefinition_VolumeProperty
	seen := map[string]bool{}
	for _, c := range p.Containers() {
		for _, m := range c.HostMounts {
			if !seen[m.volume()] {
				volumes = append(volumes, &awsecs.CfnTaskDefinition_VolumeProperty{
					Name: jsii.String(m.volume()),
					Host: &awsecs.CfnTaskDefinition_HostVolumePropertiesProperty{SourcePath: jsii.String(m.HostPath)},
				})
			}
			seen[m.volume()] = true
		}
	}
	return orNil(volumes)
}

func (c Container) mountPoints() any {
	var points []*awsecs.CfnTaskDefinition_MountPointProperty
	for _, m := range c.HostMounts {
		points = append(points, &awsecs.CfnTaskDefinition_MountPointProperty{
			SourceVolume: jsii.String(m.volume()), ContainerPath: jsii.String(m.path()), ReadOnly: jsii.Bool(!m.Writable),
		})
	}
	return orNil(points)
}

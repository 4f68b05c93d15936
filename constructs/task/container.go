package task

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"

	"github.com/ecskit/ecskit/constructs/secret"
)

// Container is a container beside the main one: a proxy, an agent, or a preparation that the main one waits for.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
type Container struct {
	// Name is unique in the task: letters, digits, - and _. Required.
	Name string
	// Image is what docker pull takes: a literal of any registry, or a token. Of a private ECR image the execution role
	// gets the right to pull its repository. Required. A tag that moves, such as latest, is a warning.
	Image string
	// Repository is the ECR repository that Image is pulled from, needed where Image is a token (an image asset, a
	// repository of the app) and so does not tell. Zero: Image tells.
	Repository awsecr.IRepository
	// Port is the port that the container listens on, 1024-65535, or from 1 on with Allow.Capabilities, on Windows and in mode
	// Bridge. Zero: none.
	Port int
	// ExtraPorts are further ports that it listens on. Zero: none.
	ExtraPorts []int
	// UDPPorts are the ports that it listens on for UDP, of the numbers that Port may have. Zero: none.
	UDPPorts []int
	// EntryPoint replaces the image's. Zero: the image's.
	EntryPoint []string
	// Command replaces the image's. Zero: the image's.
	Command []string
	// WorkingDirectory replaces the image's, an absolute path. Zero: the image's.
	WorkingDirectory string
	// User is the user that the container runs as, as user, user:group, uid or uid:gid. Zero: 1000:1000, or on Windows
	// the image's.
	User string
	// Environment are plain variables. A name or a value that looks like a credential is a problem. Zero: none.
	Environment map[string]string
	// Secrets are variables whose values ECS reads when the task starts. Zero: none.
	Secrets secret.Map
	// EnvironmentFiles are objects in S3 with further plain variables, at most ten. Zero: none. See [EnvironmentFile].
	EnvironmentFiles []EnvironmentFile
	// RegistryCredentials are the user name and password of the image's registry, where it is a private one other than
	// ECR: a secret with the JSON keys username and password. Zero: none.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html
	RegistryCredentials *secret.SecretsManager
	// HealthCheck says when the container is healthy. Zero: whenever it runs; ECS ignores the image's own check.
	HealthCheck *HealthCheck
	// DependsOn are the containers that this one waits for, by name. Zero: none.
	DependsOn map[string]Condition
	// Essential ends the task when the container ends. Zero: the task goes on.
	Essential bool
	// Restart restarts the container inside its task when it ends. Zero: it stays ended.
	Restart *Restart
	// StopTimeout is the time from SIGTERM to SIGKILL, 2-120 s, or on EC2 up to a day. Zero: 60 s.
	StopTimeout time.Duration
	// CPU units set aside for the container. Zero: it shares what the others leave.
	CPU int
	// MemoryMiB is the memory at which the container is killed, at least 6. Zero: only the task has a limit.
	MemoryMiB int
	// MemoryReservationMiB is the memory set aside for the container, less than MemoryMiB. Zero: none; on EC2 MemoryMiB, or
	// else 64.
	MemoryReservationMiB int
	// GPUs that the container has to itself, on instances that have them. Zero: none.
	GPUs int
	// HostMounts are what the container sees of its instance's files, on EC2 alone. Zero: nothing.
	HostMounts []HostMount
	// Ulimits of the container. Zero: those of the platform.
	Ulimits []Ulimit
	// Tmpfs are directories in memory that the container's user can write to: path to size in MiB, which counts as memory
	// of the task. What the image has there is hidden. Zero: /tmp of 64 MiB; an empty map: none. Windows and managed
	// instances have none.
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html
	Tmpfs map[string]int
	// Allow relaxes how the container is locked down, field by field. Zero: nothing is.
	Allow Allow
}

// Allow names what a container may do that this library forbids by default: each field is one relaxation.
type Allow struct {
	// WritableRoot lets the container write to its root file system. Zero: read-only, but for Tmpfs.
	WritableRoot bool
	// ImageUser runs the container as the user of its image, which may be root. Zero: as User.
	ImageUser bool
	// Capabilities leaves the container the Linux capabilities that Docker gives. Zero: all are dropped.
	Capabilities bool
	// OwnInit starts the image's program as the first process, which must then reap its children and handle signals.
	// Zero: an init process does.
	OwnInit bool
	// PlainVariables are the names of variables that look like credentials and are none. Zero: none.
	PlainVariables []string
}

// Condition is what a container waits for in another.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
type Condition string

// The conditions of ECS.
const (
	Started   Condition = "START"    // the other has started
	Completed Condition = "COMPLETE" // the other has ended, whatever its exit code
	Succeeded Condition = "SUCCESS"  // the other has ended with exit code 0
	Healthy   Condition = "HEALTHY"  // the other's health check has passed
)

// HealthCheck is a command that ECS runs in the container to see whether it is healthy.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
type HealthCheck struct {
	// Command starts with CMD, for a program with its arguments, or CMD-SHELL, for a line of shell. Required.
	Command []string
	// Interval between two checks, 5-300 s. Zero: 30 s.
	Interval time.Duration
	// Timeout of one check, 2-60 s. Zero: 5 s.
	Timeout time.Duration
	// Retries before the container counts as unhealthy, 1-10. Zero: 3.
	Retries int
	// StartPeriod in which failures do not count, 0-300 s. Zero: none.
	StartPeriod time.Duration
}

// Restart restarts a container that has ended while its task goes on.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-restart-policy.html
type Restart struct {
	// IgnoredExitCodes end the container for good, at most 50. Zero: none does.
	IgnoredExitCodes []int
	// AttemptPeriod is how long the container must have run to be restarted, 60-1800 s. Zero: 300 s.
	AttemptPeriod time.Duration
}

// Ulimit is a limit on a resource of the operating system.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html
type Ulimit struct {
	// Name is AWS's name of the limit, such as nofile. Required.
	Name string
	// Soft is the limit that applies.
	Soft int
	// Hard is how far the container may raise it, at least Soft.
	Hard int
}

// What a container has unless it is told otherwise.
const (
	DefaultUser        = "1000:1000"
	DefaultStopTimeout = 60 * time.Second
	DefaultTmpMiB      = 64
)

// withDefaults fills in what a container of the task has unless it is told otherwise.
func (c Container) withDefaults(p Props) Container {
	c.StopTimeout = cmp.Or(c.StopTimeout, DefaultStopTimeout)
	if p.OS.Windows() {
		return c
	}
	if c.User == "" && !c.Allow.ImageUser {
		c.User = DefaultUser
	}
	if c.Tmpfs == nil && p.LaunchType != ManagedInstances {
		c.Tmpfs = map[string]int{"/tmp": DefaultTmpMiB}
	}
	return c
}

// Ports returns every port that the container listens on for TCP, Port first.
func (c Container) Ports() []int {
	if c.Port == 0 {
		return slices.Clone(c.ExtraPorts)
	}
	return append([]int{c.Port}, c.ExtraPorts...)
}

// reservation is the memory that the task must have for the container to start.
func (c Container) reservation() int {
	if c.MemoryReservationMiB > 0 {
		return c.MemoryReservationMiB
	}
	return c.MemoryMiB
}

func (h HealthCheck) withDefaults() HealthCheck {
	h.Interval = cmp.Or(h.Interval, 30*time.Second)
	h.Timeout = cmp.Or(h.Timeout, 5*time.Second)
	h.Retries = cmp.Or(h.Retries, 3)
	return h
}

func (r Restart) withDefaults() Restart {
	r.AttemptPeriod = cmp.Or(r.AttemptPeriod, 5*time.Minute)
	return r
}

// Package task makes task definitions: containers that run side by side on one host, their size, their logs, and two
// roles that nothing else shares.
package task

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/internal/rights"
	"github.com/ecskit/ecskit/constructs/secret"
)

// Props says what a task is made of. Its fields describe the main container, whose end is the end of the task; Sidecars
// are further containers beside it.
type Props struct {
	// Image is the main container's image, as docker pull takes it. Required. See [Container].
	Image string
	// Repository is the ECR repository of an Image that is a token. Zero: Image tells. See [Container].
	Repository awsecr.IRepository
	// Port is the port that the main container listens on, 1024-65535, or from 1 on with Allow.Capabilities, on Windows and in
	// mode Bridge. Zero: none.
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
	// User is the user that the main container runs as, as user, user:group, uid or uid:gid. Zero: 1000:1000, or on
	// Windows the image's.
	User string
	// Environment are plain variables. A name or a value that looks like a credential is a problem. Zero: none.
	Environment map[string]string
	// Secrets are variables whose values ECS reads when the task starts. Zero: none.
	Secrets secret.Map
	// EnvironmentFiles are objects in S3 with further plain variables, at most ten. Zero: none. See [EnvironmentFile].
	EnvironmentFiles []EnvironmentFile
	// RegistryCredentials are those of the image's registry. Zero: none. See [Container].
	RegistryCredentials *secret.SecretsManager
	// HealthCheck says when the main container is healthy. Zero: whenever it runs; ECS ignores the image's own check.
	HealthCheck *HealthCheck
	// DependsOn are the sidecars that the main container waits for, by name. Zero: none.
	DependsOn map[string]Condition
	// StopTimeout is the time from SIGTERM to SIGKILL for the main container, 2-120 s, or on EC2 up to a day.
	// Zero: 60 s.
	StopTimeout time.Duration
	// Ulimits of the main container. Zero: those of the platform.
	Ulimits []Ulimit
	// Tmpfs are directories in memory that the main container can write to. Zero: /tmp. See [Container].
	Tmpfs map[string]int
	// Allow relaxes how the main container is locked down, field by field. Zero: nothing is.
	Allow Allow

	// CPU is the size of the task in CPU units, 1024 to a vCPU. Zero: 256, or on EC2 no bound: the task can use what others
	// on its instance leave.
	CPU int
	// MemoryMiB is the memory of the task, at which it is killed. On Fargate it is one of the sizes that go with CPU. Zero:
	// the least that does; elsewhere 512, or on EC2 no bound if MemoryReservationMiB or MemoryLimitMiB is set.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
	MemoryMiB int
	// CPUReservation are the CPU units set aside for the main container, by which a task is placed on EC2. Zero: what others
	// leave; on EC2 without CPU, 256.
	CPUReservation int
	// MemoryReservationMiB is the memory set aside for the main container, by which a task is placed on EC2. Zero: none; on
	// EC2 MemoryLimitMiB, or else what the sidecars leave of MemoryMiB.
	MemoryReservationMiB int
	// MemoryLimitMiB is the memory at which the main container is killed. Zero: only the task has a limit.
	MemoryLimitMiB int
	// GPUs that the main container has to itself, on instances that have them. Zero: none.
	GPUs int
	// HostMounts are what the main container sees of its instance's files, on EC2 alone. Zero: nothing.
	HostMounts []HostMount
	// LaunchType is what the task runs on. A service sets it by its Capacity. Zero: Fargate.
	LaunchType LaunchType
	// NetworkMode is how containers are connected. Another one replaces the target groups of a service, which then
	// interrupts it. Zero: Bridge on EC2, AWSVPC elsewhere.
	NetworkMode NetworkMode
	// Architecture of the processor. Zero: X86_64.
	Architecture Architecture
	// OS is the operating system. Zero: Linux.
	OS OS
	// Sidecars are up to nine further containers. Zero: none.
	Sidecars []Container
	// Named is a port that Service Connect finds by its name. A service sets it by its Connect. Zero: none.
	Named *NamedPort
	// Logs says where the containers' output goes. Zero: a log group of the task's own.
	Logs Logs
	// SecretsKey is the customer-managed key of parameters in Secrets that name none. A pattern sets the platform's.
	// Zero: such parameters are under the key that AWS manages.
	SecretsKey awskms.IKey
	// StoreCommands adds outputs with the commands that store the values of parameters in Secrets and of Splunk's token. They
	// are in the stack of SecretsKey, if that is another one, which can so be deployed and followed by the commands before
	// the first task needs the values; otherwise they appear only after the deployment that does. Zero: no outputs.
	StoreCommands bool
}

// NamedPort is a port with a name, which a service of Service Connect has for as long as it is one.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
type NamedPort struct {
	// Container is the name of the container. Required.
	Container string
	// Port of the container. Required.
	Port int
	// Name of the port. Required.
	Name string
	// Protocol that the container speaks: http, http2 or grpc. Zero: none that the proxy knows.
	Protocol string
}

// Main is the name of the container that the fields of [Props] describe.
const Main = "main"

// Task is a task definition with its two roles and its log group.
type Task struct {
	constructs.Construct
	// Definition is the task definition, an L1 construct of the CDK.
	Definition awsecs.CfnTaskDefinition
	// Role is the task role: what the application may do. It starts with no permissions; grant to the task, or to the
	// service that runs it.
	Role awsiam.Role
	// ExecutionRole is what ECS itself may do to start the task: pull its images, read its secrets and files, and write to
	// its log group.
	ExecutionRole awsiam.Role
	// LogGroup is where the output of all containers goes; nil if it goes to Splunk.
	LogGroup awslogs.LogGroup

	reads []secret.Reference
}

var _ awsiam.IGrantable = (*Task)(nil)

// New makes the task definition, with the children "Role", "ExecutionRole", "LogGroup" and "Definition". It panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Task {
	check.Must(scope, id, props.Problems(), props.ProblemsIn(scope))
	p, place := props.withDefaults(), check.Place(scope, id)
	t := &Task{}
	check.Construct(t, scope, id)
	if p.Logs.Splunk == nil {
		t.LogGroup = p.Logs.newGroup(t)
	}
	t.Role = rights.NewRole(t, "Role", tasksPrincipal)
	t.ExecutionRole = rights.NewRole(t, "ExecutionRole", tasksPrincipal)
	t.reads = p.References(t)
	if statements := t.executionRights(p); len(statements) > 0 {
		rights.Allow(t.ExecutionRole, statements...)
	}
	t.Definition = awsecs.NewCfnTaskDefinition(t, jsii.String("Definition"), &awsecs.CfnTaskDefinitionProps{
		// A family that CloudFormation made up would be another one with every revision.
		Family:                  jsii.String(names.Family(place)),
		RequiresCompatibilities: jsii.Strings(string(p.LaunchType)),
		NetworkMode:             jsii.String(string(p.NetworkMode)),
		Cpu:                     quantity(p.CPU),
		Memory:                  quantity(p.MemoryMiB),
		RuntimePlatform:         p.platform(),
		TaskRoleArn:             t.Role.RoleArn(),
		ExecutionRoleArn:        t.ExecutionRole.RoleArn(),
		Volumes:                 p.volumes(),
		ContainerDefinitions:    t.definitions(p),
	})
	t.exclude(p)
	if p.StoreCommands {
		t.printStoreCommands(p, place)
	}
	warnOfMovingTags(t, p.Containers())
	return t
}

// GrantPrincipal returns the task role, so that any grant of the CDK can be given to the task.
func (t *Task) GrantPrincipal() awsiam.IPrincipal { return t.Role.GrantPrincipal() }

// Containers returns the main container and the sidecars, with their defaults filled in.
func (p Props) Containers() []Container {
	p = p.withDefaults()
	containers := []Container{{
		Name: Main, Essential: true,
		Image: p.Image, Repository: p.Repository, Port: p.Port, ExtraPorts: p.ExtraPorts, UDPPorts: p.UDPPorts, EntryPoint: p.EntryPoint,
		Command: p.Command, WorkingDirectory: p.WorkingDirectory, User: p.User, Environment: p.Environment,
		Secrets: p.Secrets, EnvironmentFiles: p.EnvironmentFiles, RegistryCredentials: p.RegistryCredentials,
		HealthCheck: p.HealthCheck, DependsOn: p.DependsOn, StopTimeout: p.StopTimeout, Ulimits: p.Ulimits,
		Tmpfs: p.Tmpfs, Allow: p.Allow, CPU: p.CPUReservation, MemoryMiB: p.MemoryLimitMiB,
		MemoryReservationMiB: p.MemoryReservationMiB, GPUs: p.GPUs, HostMounts: p.HostMounts,
	}}
	containers = append(containers, p.Sidecars...)
	for i := range containers {
		containers[i] = containers[i].withDefaults(p)
	}
	if p.LaunchType == EC2 {
		p.reserve(containers)
	}
	return containers
}

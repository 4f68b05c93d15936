package task

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"
)

// containerPath is the path of the i-th of [Props.Containers] inside the props.
func containerPath(i int) string {
	if i == 0 {
		return ""
	}
	return "Sidecars[" + strconv.Itoa(i-1) + "]"
}

// definitions renders the containers, the main one first.
func (t *Task) definitions(p Props) *[]*awsecs.CfnTaskDefinition_ContainerDefinitionProperty {
	var definitions []*awsecs.CfnTaskDefinition_ContainerDefinitionProperty
	logs := t.logConfiguration(p)
	for _, c := range p.Containers() {
		d := c.definition(p)
		d.LogConfiguration = logs
		d.Secrets = t.secrets(c, p)
		if c.RegistryCredentials != nil {
			d.RepositoryCredentials = &awsecs.CfnTaskDefinition_RepositoryCredentialsProperty{
				CredentialsParameter: jsii.String(c.RegistryCredentials.Reference(t, nil).ValueFrom),
			}
		}
		definitions = append(definitions, d)
	}
	return &definitions
}

func (c Container) definition(p Props) *awsecs.CfnTaskDefinition_ContainerDefinitionProperty {
	d := &awsecs.CfnTaskDefinition_ContainerDefinitionProperty{
		Name:              &c.Name,
		Image:             &c.Image,
		Essential:         &c.Essential,
		Command:           list(c.Command),
		EntryPoint:        list(c.EntryPoint),
		WorkingDirectory:  optional(c.WorkingDirectory),
		User:              optional(c.User),
		Cpu:               number(c.CPU),
		Memory:            number(c.MemoryMiB),
		MemoryReservation: number(c.MemoryReservationMiB),
		StopTimeout:       jsii.Number(c.StopTimeout.Seconds()),
		Environment:       c.variables(),
		EnvironmentFiles:  c.environmentFiles(),
		PortMappings:      c.portMappings(p.NetworkMode, p.Named),
		MountPoints:       c.mountPoints(),
		DependsOn:         c.dependencies(),
		Ulimits:           c.ulimits(),
	}
	if c.HealthCheck != nil {
		d.HealthCheck = c.HealthCheck.withDefaults().definition()
	}
	if c.Restart != nil {
		d.RestartPolicy = c.Restart.withDefaults().definition()
	}
	if c.GPUs > 0 {
		d.ResourceRequirements = []*awsecs.CfnTaskDefinition_ResourceRequirementProperty{
			{Type: jsii.String("GPU"), Value: jsii.String(strconv.Itoa(c.GPUs))},
		}
	}
	if !p.OS.Windows() { // ECS refuses these parameters for Windows containers
		d.Privileged = jsii.Bool(false)
		d.ReadonlyRootFilesystem = jsii.Bool(!c.Allow.WritableRoot)
		d.LinuxParameters = c.linuxParameters()
	}
	return d
}

func (c Container) linuxParameters() *awsecs.CfnTaskDefinition_LinuxParametersProperty {
	l := &awsecs.CfnTaskDefinition_LinuxParametersProperty{InitProcessEnabled: jsii.Bool(!c.Allow.OwnInit)}
	if !c.Allow.Capabilities {
		l.Capabilities = &awsecs.CfnTaskDefinition_KernelCapabilitiesProperty{Drop: jsii.Strings("ALL")}
	}
	var mounts []*awsecs.CfnTaskDefinition_TmpfsProperty
	for _, dir := range slices.Sorted(maps.Keys(c.Tmpfs)) {
		mounts = append(mounts, &awsecs.CfnTaskDefinition_TmpfsProperty{
			ContainerPath: jsii.String(dir), Size: jsii.Number(float64(c.Tmpfs[dir])), MountOptions: c.mountOptions(),
		})
	}
	if mounts != nil {
		l.Tmpfs = mounts
	}
	return l
}

// mountOptions let the user of the container write to a tmpfs, which has the owner and the mode of what it hides unless
// it is told otherwise.
func (c Container) mountOptions() *[]*string {
	uid, gid, _ := strings.Cut(c.User, ":")
	if !isNumber(uid) {
		return jsii.Strings("mode=1777")
	}
	if !isNumber(gid) {
		return jsii.Strings("uid=" + uid)
	}
	return jsii.Strings("uid="+uid, "gid="+gid)
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 32)
	return err == nil
}

func (c Container) variables() any {
	var variables []*awsecs.CfnTaskDefinition_KeyValuePairProperty
	for _, name := range slices.Sorted(maps.Keys(c.Environment)) {
		variables = append(variables, &awsecs.CfnTaskDefinition_KeyValuePairProperty{
			Name: jsii.String(name), Value: jsii.String(c.Environment[name]),
		})
	}
	return orNil(variables)
}

func (c Container) portMappings(mode NetworkMode, named *NamedPort) any {
	var mappings []*awsecs.CfnTaskDefinition_PortMappingProperty
	add := func(port int, protocol string) *awsecs.CfnTaskDefinition_PortMappingProperty {
		mapping := &awsecs.CfnTaskDefinition_PortMappingProperty{
			ContainerPort: jsii.Number(float64(port)), Protocol: &protocol,
		}
		switch mode {
		case Bridge:
			mapping.HostPort = jsii.Number(0) // one that is free
		case Host:
			mapping.HostPort = mapping.ContainerPort
		}
		mappings = append(mappings, mapping)
		return mapping
	}
	for _, port := range c.Ports() {
		mapping := add(port, "tcp")
		if named != nil && named.Container == c.Name && named.Port == port {
			mapping.Name, mapping.AppProtocol = &named.Name, optional(named.Protocol)
		}
	}
	for _, port := range c.UDPPorts {
		add(port, "udp")
	}
	return orNil(mappings)
}

// platform says what Fargate and ECS are to choose. On EC2 the instances are chosen already.
func (p Props) platform() *awsecs.CfnTaskDefinition_RuntimePlatformProperty {
	if p.LaunchType == EC2 {
		return nil
	}
	return &awsecs.CfnTaskDefinition_RuntimePlatformProperty{
		CpuArchitecture:       jsii.String(string(p.Architecture)),
		OperatingSystemFamily: jsii.String(string(p.OS)),
	}
}

func (c Container) dependencies() any {
	var dependencies []*awsecs.CfnTaskDefinition_ContainerDependencyProperty
	for _, name := range slices.Sorted(maps.Keys(c.DependsOn)) {
		dependencies = append(dependencies, &awsecs.CfnTaskDefinition_ContainerDependencyProperty{
			ContainerName: jsii.String(name), Condition: jsii.String(string(c.DependsOn[name])),
		})
	}
	return orNil(dependencies)
}

func (c Container) ulimits() any {
	var limits []*awsecs.CfnTaskDefinition_UlimitProperty
	for _, u := range c.Ulimits {
		limits = append(limits, &awsecs.CfnTaskDefinition_UlimitProperty{
			Name: jsii.String(u.Name), SoftLimit: jsii.Number(float64(u.Soft)), HardLimit: jsii.Number(float64(u.Hard)),
		})
	}
	return orNil(limits)
}

func (h HealthCheck) definition() *awsecs.CfnTaskDefinition_HealthCheckProperty {
	d := &awsecs.CfnTaskDefinition_HealthCheckProperty{
		Command:  list(h.Command),
		Interval: jsii.Number(h.Interval.Seconds()),
		Timeout:  jsii.Number(h.Timeout.Seconds()),
		Retries:  jsii.Number(float64(h.Retries)),
	}
	if h.StartPeriod > 0 {
		d.StartPeriod = jsii.Number(h.StartPeriod.Seconds())
	}
	return d
}

func (r Restart) definition() *awsecs.CfnTaskDefinition_RestartPolicyProperty {
	d := &awsecs.CfnTaskDefinition_RestartPolicyProperty{
		Enabled: jsii.Bool(true), RestartAttemptPeriod: jsii.Number(r.AttemptPeriod.Seconds()),
	}
	if len(r.IgnoredExitCodes) > 0 {
		d.IgnoredExitCodes = r.IgnoredExitCodes
	}
	return d
}

// orNil keeps an empty list out of the template.
func orNil[T any](items []T) any {
	if len(items) == 0 {
		return nil
	}
	return items
}

func list(items []string) *[]*string {
	if len(items) == 0 {
		return nil
	}
	return jsii.Strings(items...)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// quantity renders a size of the task, which has none if it is zero.
func quantity(n int) *string {
	if n == 0 {
		return nil
	}
	return jsii.String(strconv.Itoa(n))
}

func number(n int) *float64 {
	if n == 0 {
		return nil
	}
	return jsii.Number(float64(n))
}

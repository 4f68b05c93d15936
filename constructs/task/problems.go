package task

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ecskit/ecskit/constructs/check"
)

const (
	containerPage  = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"
	dependencyPage = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html"
	healthPage     = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html"
	restartPage    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-restart-policy.html"
	ulimitPage     = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html"
	networkPage    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html"
	gpuPage        = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html"
	managedPage    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-tasks-services.html"
	quotaPage      = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html"
)

// How long a container may take to stop. AWS limits it but on EC2; a day is a limit of ours, for what seems a mistake.
const (
	maxStopTimeout    = 2 * time.Minute
	maxStopTimeoutEC2 = 24 * time.Hour
)

// agentPorts are those of an instance that Docker, the ECS agent and SSH have.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
var agentPorts = []int{22, 2375, 2376, 51678, 51679, 51680}

// maxContainers is a quota that AWS does not raise.
const maxContainers = 10

var (
	containerName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)
	userName      = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9_.-]*(:[a-zA-Z0-9_][a-zA-Z0-9_.-]*)?$`)
	ulimitNames   = []string{
		"core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
		"sigpending", "stack",
	}
)

// Problems names everything that is wrong with the size, the containers, how they depend on one another, and the logs.
func (p Props) Problems() check.Problems {
	ps := p.sizeProblems()
	ps = append(ps, p.networkProblems()...)
	d := p.withDefaults()
	containers := d.Containers()
	for i, c := range containers {
		ps.In(containerPath(i), renamed(i, c.problems(d)))
	}
	if len(containers) > maxContainers {
		ps.Add("Sidecars", len(p.Sidecars), "must be at most %d, a task having at most %d containers", maxContainers-1,
			maxContainers).See(quotaPage)
	}
	ps = append(ps, nameProblems(containers)...)
	ps = append(ps, portProblems(containers, d.NetworkMode)...)
	ps = append(ps, dependencyProblems(containers)...)
	ps.In("Logs", p.Logs.Problems())
	return ps
}

// networkProblems names a mode that the launch type does not have, and ports where there is no network.
func (p Props) networkProblems() check.Problems {
	var ps check.Problems
	d := p.withDefaults()
	if modes := modesOf(d.LaunchType); !slices.Contains(modes, d.NetworkMode) {
		ps.Add("NetworkMode", string(p.NetworkMode), "must be one of %v on %s", modes, d.LaunchType).See(networkPage)
	}
	return ps
}

func modesOf(launch LaunchType) []NetworkMode {
	switch launch {
	case EC2:
		return []NetworkMode{Bridge, AWSVPC, Host, None}
	case ManagedInstances:
		return []NetworkMode{AWSVPC, Host}
	}
	return []NetworkMode{AWSVPC}
}

// renamed moves the problems of the main container to the fields that a task has for what it is the size of itself.
func renamed(i int, ps check.Problems) check.Problems {
	if i > 0 {
		return ps
	}
	for _, p := range ps {
		switch p.Field {
		case "CPU":
			p.Field = "CPUReservation"
		case "MemoryMiB":
			p.Field = "MemoryLimitMiB"
		}
		p.Rule = strings.ReplaceAll(p.Rule, "MemoryMiB", "MemoryLimitMiB")
	}
	return ps
}

// Problems names what is wrong with the container by itself, in a task on Fargate.
func (c Container) Problems() check.Problems {
	p := Props{}.withDefaults()
	return c.withDefaults(p).problems(p)
}

func (c Container) problems(p Props) check.Problems {
	os := p.OS
	ps := imageProblems(c.Image, c.Repository)
	if !containerName.MatchString(c.Name) {
		ps.Add("Name", c.Name, "must be 1-255 letters, digits, hyphens and underscores").See(containerPage)
	}
	for _, port := range c.ExtraPorts {
		ps.Range("ExtraPorts", port, 1, 65535)
	}
	for _, port := range c.UDPPorts {
		ps.Range("UDPPorts", port, 1, 65535)
	}
	if c.Port < 0 || c.Port > 65535 {
		ps.Add("Port", c.Port, "must be 1-65535, or 0 for none")
	}
	ps = append(ps, c.lowPortProblems(p)...)
	if c.WorkingDirectory != "" && !os.Windows() && !path.IsAbs(c.WorkingDirectory) && !check.IsToken(c.WorkingDirectory) {
		ps.Add("WorkingDirectory", c.WorkingDirectory, "must be an absolute path")
	}
	longest := maxStopTimeout
	if p.LaunchType == EC2 {
		longest = maxStopTimeoutEC2
	}
	ps.Seconds("StopTimeout", c.StopTimeout, 2*time.Second, longest).See(containerPage)
	ps = append(ps, c.userProblems(os)...)
	ps = append(ps, c.sizeProblems(p)...)
	ps = append(ps, c.tmpfsProblems(p)...)
	ps = append(ps, c.mountProblems(p)...)
	ps = append(ps, environmentProblems(c.Environment, c.Allow.PlainVariables)...)
	ps = append(ps, c.secretProblems(p)...)
	if os.Windows() && len(c.Ulimits) > 0 {
		ps.Add("Ulimits", nil, "must be empty on Windows, which has none").See(containerPage)
	}
	for i, u := range c.Ulimits {
		ps.In(fmt.Sprintf("Ulimits[%d]", i), u.Problems())
	}
	if c.HealthCheck != nil {
		ps.In("HealthCheck", c.HealthCheck.Problems())
	}
	if c.Restart != nil {
		ps.In("Restart", c.Restart.Problems())
	}
	return ps
}

// lowPortProblems names ports that only a program with a capability can listen on: Docker lifts the limit for a network of
// its own, as in mode bridge.
func (c Container) lowPortProblems(p Props) check.Problems {
	var ps check.Problems
	if c.Allow.Capabilities || p.OS.Windows() || p.LaunchType != Fargate && p.Mode() != Host {
		return ps
	}
	low := func(field string, port int) {
		if port > 0 && port < lowestFreePort {
			ps.Add(field, port, "must be 1024 or more, for without Allow.Capabilities no program can listen on less").See(lowPortPage)
		}
	}
	low("Port", c.Port)
	for _, port := range c.ExtraPorts {
		low("ExtraPorts", port)
	}
	for _, port := range c.UDPPorts {
		low("UDPPorts", port)
	}
	return ps
}

const (
	lowestFreePort = 1024
	lowPortPage    = "https://man7.org/linux/man-pages/man7/capabilities.7.html"
)

func (c Container) userProblems(os OS) check.Problems {
	var ps check.Problems
	user, _, _ := strings.Cut(c.User, ":")
	uid, err := strconv.Atoi(user)
	switch {
	case c.User == "" || check.IsToken(c.User):
	case os.Windows():
		ps.Add("User", c.User, "must be empty on Windows, where ECS takes none").See(containerPage)
	case !userName.MatchString(c.User):
		ps.Add("User", c.User, "must be user, user:group, uid or uid:gid").See(containerPage)
	case c.Allow.ImageUser:
		ps.Add("User", c.User, "must not be set with Allow.ImageUser, which leaves the user to the image")
	case user == "root" || err == nil && uid == 0:
		ps.Add("User", c.User, "must not be root; if the image needs root, leave User empty and set Allow.ImageUser")
	}
	return ps
}

func (c Container) sizeProblems(p Props) check.Problems {
	var ps check.Problems
	if c.GPUs < 0 {
		ps.Add("GPUs", c.GPUs, "must not be negative")
	} else if c.GPUs > 0 && p.LaunchType == Fargate {
		ps.Add("GPUs", c.GPUs, "must be 0 on Fargate, which has none").See(gpuPage)
	}
	if c.CPU < 0 {
		ps.Add("CPU", c.CPU, "must not be negative")
	}
	if c.MemoryMiB < 0 || c.MemoryMiB > 0 && c.MemoryMiB < leastMemoryMiB {
		ps.Add("MemoryMiB", c.MemoryMiB, "must be at least 6, or 0 for no limit but the task's").See(containerPage)
	}
	if r := c.MemoryReservationMiB; r < 0 || r > 0 && r < leastMemoryMiB {
		ps.Add("MemoryReservationMiB", r, "must be at least 6, or 0 for none").See(containerPage)
	} else if r > 0 && c.MemoryMiB > 0 && r >= c.MemoryMiB {
		ps.Add("MemoryReservationMiB", r, "must be less than MemoryMiB (%d)", c.MemoryMiB).See(containerPage)
	}
	return ps
}

func (c Container) tmpfsProblems(p Props) check.Problems {
	var ps check.Problems
	if (p.OS.Windows() || p.LaunchType == ManagedInstances) && len(c.Tmpfs) > 0 {
		ps.Add("Tmpfs", nil, "must be empty on Windows and on managed instances, which have none").See(managedPage)
		return ps
	}
	for _, dir := range slices.Sorted(maps.Keys(c.Tmpfs)) {
		if !path.IsAbs(dir) || path.Clean(dir) != dir || dir == "/" {
			ps.Add("Tmpfs", dir, "must have absolute paths below the root as keys")
		}
		if size := c.Tmpfs[dir]; size < 1 {
			ps.Add("Tmpfs", size, "must give %s a size of at least 1 MiB", dir)
		}
	}
	return ps
}

// Problems names a limit that does not exist, and a soft limit above the hard one.
func (u Ulimit) Problems() check.Problems {
	var ps check.Problems
	if !slices.Contains(ulimitNames, u.Name) {
		ps.Add("Name", u.Name, "must be one of %v", ulimitNames).See(ulimitPage)
	}
	if u.Soft < 0 || u.Hard < u.Soft {
		ps.Add("Soft", u.Soft, "must be at least 0 and at most Hard (%d)", u.Hard)
	}
	if u.Name == "nofile" && u.Hard > 1048576 {
		ps.Add("Hard", u.Hard, "must be at most 1048576 for nofile").See(ulimitPage)
	}
	return ps
}

// Problems names a command of no known form and numbers out of AWS's range.
func (h HealthCheck) Problems() check.Problems {
	var ps check.Problems
	if len(h.Command) < 2 || h.Command[0] != "CMD" && h.Command[0] != "CMD-SHELL" {
		ps.Add("Command", h.Command, "must be CMD and a program, or CMD-SHELL and a line of shell").See(healthPage)
	}
	d := h.withDefaults()
	ps.Seconds("Interval", d.Interval, 5*time.Second, 5*time.Minute).See(healthPage)
	ps.Seconds("Timeout", d.Timeout, 2*time.Second, time.Minute).See(healthPage)
	ps.Seconds("StartPeriod", d.StartPeriod, 0, 5*time.Minute).See(healthPage)
	ps.Range("Retries", d.Retries, 1, 10).See(healthPage)
	return ps
}

// Problems names a period out of AWS's range and too many exit codes.
func (r Restart) Problems() check.Problems {
	var ps check.Problems
	ps.Seconds("AttemptPeriod", r.withDefaults().AttemptPeriod, time.Minute, 30*time.Minute).See(restartPage)
	if len(r.IgnoredExitCodes) > 50 {
		ps.Add("IgnoredExitCodes", len(r.IgnoredExitCodes), "must be at most 50").See(restartPage)
	}
	return ps
}

func nameProblems(containers []Container) check.Problems {
	var ps check.Problems
	seen := map[string]bool{}
	for i, c := range containers {
		if seen[c.Name] {
			ps.Add(containerPath(i)+".Name", c.Name, "must be unique in the task; %q is the main container", Main)
		}
		seen[c.Name] = true
	}
	return ps
}

// portProblems finds two containers on one port, which only in bridge mode have ports of their own, and ports where there
// is no network.
func portProblems(containers []Container, mode NetworkMode) check.Problems {
	var ps check.Problems
	owner, ownerUDP := map[int]string{}, map[int]string{}
	for i, c := range containers {
		if mode == Bridge {
			clear(owner)
			clear(ownerUDP)
		}
		for _, port := range c.UDPPorts {
			field := check.Join(containerPath(i), "UDPPorts")
			if mode == None {
				ps.Add(field, port, "must be empty in network mode %s", None).See(networkPage)
			} else if other, taken := ownerUDP[port]; taken {
				ps.Add(field, port, "must be unique in the task; container %q has it already", other)
			}
			ownerUDP[port] = c.Name
		}
		for j, port := range c.Ports() {
			field := "ExtraPorts"
			if j == 0 && c.Port != 0 {
				field = "Port"
			}
			if mode == Host && slices.Contains(agentPorts, port) {
				ps.Add(check.Join(containerPath(i), field), port, "must be none of %v, which the instance needs itself", agentPorts).See(networkPage)
			}
			if mode == None {
				ps.Add(check.Join(containerPath(i), field), port, "must be 0 in network mode %s", None).See(networkPage)
			} else if other, taken := owner[port]; taken {
				ps.Add(check.Join(containerPath(i), field), port, "must be unique in the task; container %q has it already", other)
			}
			owner[port] = c.Name
		}
	}
	return ps
}

// dependencyProblems finds a container that waits for what is not there, cannot happen, or waits for it.
func dependencyProblems(containers []Container) check.Problems {
	var ps check.Problems
	byName := map[string]Container{}
	for _, c := range containers {
		byName[c.Name] = c
	}
	for i, c := range containers {
		field := check.Join(containerPath(i), "DependsOn")
		for _, name := range slices.Sorted(maps.Keys(c.DependsOn)) {
			other, found := byName[name]
			switch condition := c.DependsOn[name]; {
			case name == c.Name:
				ps.Add(field, name, "must not name the container itself")
			case !found:
				ps.Add(field, name, "must name a container of the task")
			case condition == Healthy && other.HealthCheck == nil:
				ps.Add(field, name, "must name a container with a HealthCheck, or wait for %s", Started).See(dependencyPage)
			case (condition == Completed || condition == Succeeded) && other.Essential:
				ps.Add(field, name, "must name a container that is not essential, for the task ends with %q", name).
					See(dependencyPage)
			case !slices.Contains([]Condition{Started, Completed, Succeeded, Healthy}, condition):
				ps.Add(field, string(condition), "must be one of %s, %s, %s, %s", Started, Completed, Succeeded, Healthy).
					See(dependencyPage)
			}
		}
	}
	if circle := circle(containers, byName); circle != nil {
		ps.Add("", nil, "containers must not wait for each other in a circle: %s", strings.Join(circle, " -> "))
	}
	return ps
}

// circle returns the names of containers that wait for each other, the first one again at the end; nil if none do.
func circle(containers []Container, byName map[string]Container) []string {
	done := map[string]bool{}
	var visit func(name string, trail []string) []string
	visit = func(name string, trail []string) []string {
		if i := slices.Index(trail, name); i >= 0 && len(trail)-i > 1 {
			return append(trail[i:], name)
		}
		if done[name] || slices.Contains(trail, name) {
			return nil
		}
		for _, next := range slices.Sorted(maps.Keys(byName[name].DependsOn)) {
			if found := visit(next, append(slices.Clone(trail), name)); found != nil {
				return found
			}
		}
		done[name] = true
		return nil
	}
	for _, c := range containers {
		if found := visit(c.Name, nil); found != nil {
			return found
		}
	}
	return nil
}

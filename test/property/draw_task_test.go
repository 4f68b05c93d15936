package property

import (
	"fmt"
	"maps"
	"time"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/constructs/task/fargate"
)

// needs is what a service asks of its task.
type needs struct {
	port    bool // for requests
	free    bool // in no network mode that shares the network of the instance, or has none
	noProxy bool // Windows is allowed
	host    bool // an agent of the instance
	brief   bool // no container takes longer to stop than a queue hides messages
}

// release is the tag of the images that a plan deploys. The next release has another one.
const (
	release     = "release-1"
	nextRelease = "release-2"
)

// drawTask draws a task that fits the ground.
func (w *world) drawTask(t *rapid.T, g ground, n needs) task.Props {
	p := task.Props{NetworkMode: drawMode(t, g, n)}
	if g.arm {
		p.Architecture = task.ARM64
	} else {
		p.Architecture = maybe(t, task.X86_64)
	}
	if g.launch == task.Fargate && g.capacity == nil {
		if n.noProxy {
			p.OS = seldom(t, task.WindowsServer2019Core, task.WindowsServer2019Full, task.WindowsServer2022Core, task.WindowsServer2022Full)
		}
		if p.OS == "" && chance(t, 1) {
			p.Architecture = task.ARM64
		}
	}
	c := w.drawContainer(t, g, p, n, 0)
	p.Image, p.Repository, p.Port, p.ExtraPorts, p.UDPPorts = c.Image, c.Repository, c.Port, c.ExtraPorts, c.UDPPorts
	p.EntryPoint, p.Command, p.WorkingDirectory, p.User, p.Environment = c.EntryPoint, c.Command, c.WorkingDirectory, c.User, c.Environment
	p.Secrets, p.EnvironmentFiles, p.RegistryCredentials, p.HealthCheck = c.Secrets, c.EnvironmentFiles, c.RegistryCredentials, c.HealthCheck
	p.StopTimeout, p.Ulimits, p.Tmpfs, p.Allow, p.HostMounts = c.StopTimeout, c.Ulimits, c.Tmpfs, c.Allow, c.HostMounts
	w.drawSidecars(t, g, n, &p)
	drawSize(t, g, &p)
	p.Logs = w.drawLogs(t)
	if chance(t, 3) {
		p.SecretsKey = ownKey{}
	}
	p.StoreCommands = chance(t, 2)
	return p
}

func drawMode(t *rapid.T, g ground, n needs) task.NetworkMode {
	switch {
	case g.launch == task.Fargate, n.free && g.launch == task.ManagedInstances:
		return maybe(t, task.AWSVPC)
	case g.launch == task.ManagedInstances:
		return pick(t, "", task.AWSVPC, task.Host)
	case n.host:
		return pick(t, task.Host, "", task.AWSVPC, task.None)
	case n.free:
		return pick(t, "", task.Bridge, task.AWSVPC)
	case n.port:
		return pick(t, "", task.Bridge, task.AWSVPC, task.Host)
	}
	return pick(t, "", task.Bridge, task.AWSVPC, task.Host, task.None)
}

// drawSidecars draws containers beside the main one, and who waits for whom.
func (w *world) drawSidecars(t *rapid.T, g ground, n needs, p *task.Props) {
	count := pick(t, 0, 0, 1, 2, 3)
	var healthy, ending []string
	for i := range count {
		s := w.drawContainer(t, g, *p, needs{brief: n.brief}, i+1)
		s.Name = fmt.Sprintf("side-%d", i+1)
		s.Essential = chance(t, 2)
		s.CPU = maybe(t, 32, 64)
		if s.MemoryMiB = maybe(t, 64, 128); s.MemoryMiB == 0 || chance(t, 1) {
			s.MemoryReservationMiB = maybe(t, 32, 63)
		}
		s.DependsOn = drawDependencies(t, p.Sidecars, healthy, ending)
		if chance(t, 2) {
			s.Restart = &task.Restart{IgnoredExitCodes: maybe(t, []int{0, 143}), AttemptPeriod: maybe(t, time.Minute, 30*time.Minute)}
		} else if !s.Essential {
			ending = append(ending, s.Name)
		}
		if s.HealthCheck != nil {
			healthy = append(healthy, s.Name)
		}
		p.Sidecars = append(p.Sidecars, s)
	}
	p.DependsOn = drawDependencies(t, p.Sidecars, healthy, ending)
}

func drawDependencies(t *rapid.T, on []task.Container, healthy, ending []string) map[string]task.Condition {
	var all map[string]task.Condition
	add := func(name string, c task.Condition) {
		if all == nil {
			all = map[string]task.Condition{}
		}
		all[name] = c
	}
	for _, c := range on {
		if chance(t, 2) {
			add(c.Name, task.Started)
		}
	}
	for _, name := range healthy {
		if chance(t, 1) {
			add(name, task.Healthy)
		}
	}
	for _, name := range ending {
		if chance(t, 1) {
			add(name, pick(t, task.Succeeded, task.Completed))
		}
	}
	return all
}

// drawSize draws the size of a task whose sidecars are drawn. They reserve no more than 128 MiB and 64 CPU units each.
func drawSize(t *rapid.T, g ground, p *task.Props) {
	switch g.launch {
	case task.Fargate:
		if chance(t, 1) {
			p.CPU = pick(t, fargate.CPUs(p.OS.Windows())...)
			p.MemoryMiB = maybe(t, fargate.MemoryMiB(p.CPU, p.OS.Windows())...)
		}
		p.CPUReservation = seldom(t, 32, 64)
	case task.ManagedInstances:
		p.CPU, p.MemoryMiB = maybe(t, 256, 1024, 2048), maybe(t, 1024, 2048)
	default:
		if p.CPU = maybe(t, 512, 1024); p.CPU == 0 {
			p.CPUReservation = maybe(t, 128, 512)
		} else {
			p.CPUReservation = maybe(t, 128)
		}
		p.MemoryMiB = maybe(t, 768, 1024, 2000)
		if g.gpus {
			p.GPUs = maybe(t, 1)
		}
	}
	if p.MemoryLimitMiB = maybe(t, 100, 128); p.MemoryLimitMiB == 0 || chance(t, 1) {
		p.MemoryReservationMiB = maybe(t, 6, 64)
	}
}

// drawContainer draws what main containers and sidecars have in common: the main one is number 0.
func (w *world) drawContainer(t *rapid.T, g ground, p task.Props, n needs, number int) task.Container {
	windows, ec2 := p.OS.Windows(), g.launch == task.EC2
	c := task.Container{
		EntryPoint: seldom(t, []string{"/bin/app"}), Command: maybe(t, []string{"serve", "--now"}), WorkingDirectory: seldom(t, "/srv"),
		Environment: w.drawEnvironment(t), StopTimeout: maybe(t, 2*time.Second, 45*time.Second, 2*time.Minute), HealthCheck: drawHealthCheck(t),
	}
	c.Allow = task.Allow{WritableRoot: chance(t, 3), Capabilities: chance(t, 3), OwnInit: chance(t, 3)}
	if ec2 {
		if !n.brief && chance(t, 2) {
			c.StopTimeout = pick(t, time.Hour, 24*time.Hour)
		}
		if chance(t, 2) {
			c.HostMounts = some(t, task.HostMount{HostPath: "/var/log"}, task.HostMount{HostPath: "/run/agent", Path: "/run/shared", Writable: true})
		}
	}
	w.drawImage(t, &c, number)
	if !windows {
		if c.Allow.ImageUser = chance(t, 3); !c.Allow.ImageUser {
			c.User = maybe(t, "app:app", "2000")
		}
		if chance(t, 2) {
			c.Ulimits = []task.Ulimit{{Name: "nofile", Soft: 1024, Hard: 1048576}}
		}
		if g.launch != task.ManagedInstances {
			c.Tmpfs = seldom(t, map[string]int{}, map[string]int{"/tmp": 16, "/var/cache": 32})
		}
		if chance(t, 3) {
			c.EnvironmentFiles = []task.EnvironmentFile{{Bucket: ownBucket{}, Key: "app.env"}}
		}
	}
	w.drawPorts(t, &c, p, n, number)
	c.Secrets = w.drawSecrets(t, number)
	return c
}

// drawPorts draws ports that no other container of the task has and, where tasks share the network of an instance, no other service.
func (w *world) drawPorts(t *rapid.T, c *task.Container, p task.Props, n needs, number int) {
	if p.NetworkMode == task.None {
		return
	}
	shift := 10 * number
	if p.NetworkMode == task.Host {
		shift += 100 * len(w.plan.Services)
	}
	if n.port || chance(t, 1) {
		c.Port = shift + pick(t, 8080, 3000, 50060)
		if low := c.Allow.Capabilities || p.OS.Windows(); low && number == 0 && p.NetworkMode != task.Host && chance(t, 1) {
			c.Port = 80
		}
	}
	for _, port := range some(t, 9100, 9101) {
		if chance(t, 1) {
			c.ExtraPorts = append(c.ExtraPorts, port+shift)
		}
	}
	if !p.OS.Windows() && chance(t, 2) {
		c.UDPPorts = []int{5353 + shift}
		if chance(t, 1) && c.Port != 0 {
			c.UDPPorts = append(c.UDPPorts, c.Port)
		}
	}
}

func drawHealthCheck(t *rapid.T) *task.HealthCheck {
	if !chance(t, 1) {
		return nil
	}
	return &task.HealthCheck{
		Command:  pick(t, []string{"CMD-SHELL", "curl -f localhost"}, []string{"CMD", "/app", "health"}),
		Interval: maybe(t, 5*time.Second, 5*time.Minute), Timeout: maybe(t, 2*time.Second, time.Minute), Retries: maybe(t, 1, 10),
		StartPeriod: maybe(t, time.Second, 5*time.Minute),
	}
}

func (w *world) drawEnvironment(t *rapid.T) map[string]string {
	all := map[string]string{}
	maps.Copy(all, maybe(t, map[string]string{"LANG": "C.UTF-8", "B": ""}))
	maps.Copy(all, seldom(t, map[string]string{"MAX_TOKENS": "4096", "TOKEN_URL": "https://login.example.com/token"}))
	if len(all) == 0 {
		return nil
	}
	return all
}

// drawImage draws an image that the network reaches.
func (w *world) drawImage(t *rapid.T, c *task.Container, number int) {
	name := fmt.Sprintf("shop/service-%d-%d:%s", len(w.plan.Services), number, release)
	ecr := account + ".dkr.ecr." + region + ".amazonaws.com/"
	kind := pick(t, "ecr", "any", "repository", "registry")
	switch {
	case kind == "repository":
		c.Image, c.Repository = release, ownRepository{}
	case kind == "registry" && (!w.closed() || len(w.endpoints().Registries) > 0):
		c.Image = "registry.example.com/" + name
		if w.reaches("secretsmanager") && chance(t, 1) {
			c.RegistryCredentials = w.drawCredentials(t)
		}
	case kind == "any" && !w.closed():
		c.Image = name
	default:
		c.Image = ecr + name
	}
}

package property

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
)

var parameterSpoilers = []spoiler[secret.ParameterStore]{
	beside("Name", "ARN", func(t *rapid.T, p *secret.ParameterStore) {
		p.Name = wrong(t, "", "/", "//a", "a/b", "/a//b", "/a b", "/aws/a", "ssmx", "/a:1", "arn:aws:ssm:us-east-1:123456789012:parameter/a", strings.Repeat("/a", 16))
	}),
	beside("ARN", "Name", func(t *rapid.T, p *secret.ParameterStore) {
		p.Name, p.ARN = "", wrong(t, "a", "arn:", "arn:aws:ssm", secretARN, "arn:aws:ssm:us-east-1:1:parameter/a", "arn:aws:ssm:us-east-1:123456789012:parameter//a",
			"arn:aws:ssm:us-east-1:123456789012:parameter/a:1")
	}),
	beside("ARN", "Name", func(_ *rapid.T, p *secret.ParameterStore) {
		p.ARN = "arn:aws:ssm:us-east-1:123456789012:parameter/a"
	}),
	beside("Region", "Key NoKey KeyOfOtherAccount ARN", func(t *rapid.T, p *secret.ParameterStore) {
		p.NoKey, p.Region = true, wrong(t, "x", "us-east", "US-EAST-1", "us east 1", "us-east-1 ")
	}),
	beside("Key", "Region NoKey KeyOfOtherAccount", func(_ *rapid.T, p *secret.ParameterStore) { p.Region = "eu-west-1" }),
	beside("KeyOfOtherAccount", "Key", func(_ *rapid.T, p *secret.ParameterStore) { p.KeyOfOtherAccount = true }),
}

var secretSpoilers = []spoiler[secret.SecretsManager]{
	beside("ARN", "Name JSONKey Stage VersionID", func(t *rapid.T, s *secret.SecretsManager) {
		s.Name, s.ARN = "", wrong(t, "", "a", "arn:", "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db", secretARN+":a::",
			"arn:aws:ssm:us-east-1:123456789012:parameter/a", "arn:aws:secretsmanager:us-east-1:1:secret:a-AbCdEf")
	}),
	beside("Name", "ARN", func(_ *rapid.T, s *secret.SecretsManager) { s.Name = "shop/db" }),
	beside("Name", "ARN JSONKey Stage VersionID", func(t *rapid.T, s *secret.SecretsManager) {
		s.ARN, s.JSONKey, s.Name = "", "", "a"+badWord(t)
	}),
	beside("KeyOfOtherAccount", "Key", func(_ *rapid.T, s *secret.SecretsManager) { s.KeyOfOtherAccount = true }),
}

// partSpoilers are about parts of a secret.
var partSpoilers = []spoiler[secret.SecretsManager]{
	beside("ARN", "Name JSONKey Stage VersionID", func(_ *rapid.T, s *secret.SecretsManager) {
		s.ARN, s.Name, s.JSONKey = "", "shop/db", "password"
	}),
	one("JSONKey", func(t *rapid.T, s *secret.SecretsManager) { s.JSONKey = wrong(t, ":", "a:", "a:b") }),
	beside("Stage", "VersionID", func(t *rapid.T, s *secret.SecretsManager) {
		s.Stage = wrong(t, " ", "a:b", "a b", strings.Repeat("a", 257))
	}),
	beside("VersionID", "Stage", func(t *rapid.T, s *secret.SecretsManager) {
		s.VersionID = wrong(t, "1", strings.Repeat("a", 65), strings.Repeat("_", 40))
	}),
	beside("VersionID", "Stage", func(_ *rapid.T, s *secret.SecretsManager) {
		s.Stage, s.VersionID = "AWSCURRENT", "01234567-0123-0123-0123-0123456789ab"
	}),
}

var healthSpoilers = []spoiler[task.HealthCheck]{
	one("Command", func(t *rapid.T, h *task.HealthCheck) {
		h.Command = wrong(t, nil, []string{}, []string{"CMD"}, []string{"true", "a"}, []string{"cmd", "true"}, []string{"", ""})
	}),
	one("Interval", func(t *rapid.T, h *task.HealthCheck) { h.Interval = notSeconds(t, 5*time.Second, 5*time.Minute) }),
	one("Timeout", func(t *rapid.T, h *task.HealthCheck) { h.Timeout = notSeconds(t, 2*time.Second, time.Minute) }),
	one("Retries", func(t *rapid.T, h *task.HealthCheck) { h.Retries = outside(t, 1, 10) }),
	one("StartPeriod", func(t *rapid.T, h *task.HealthCheck) { h.StartPeriod = notSeconds(t, 0, 5*time.Minute) }),
}

var ulimitSpoilers = []spoiler[task.Ulimit]{
	beside("Name", "Hard", func(t *rapid.T, u *task.Ulimit) { u.Name = unknown[string](t) }),
	beside("Soft", "Hard", func(t *rapid.T, u *task.Ulimit) { u.Soft = wrong(t, -1, u.Hard+1, -1<<63, 1<<62) }),
	beside("Hard", "Name", func(t *rapid.T, u *task.Ulimit) { u.Hard = 1048576 + rapid.IntRange(1, 1<<40).Draw(t, "more") }),
}

var containerSpoilers = concat(
	[]spoiler[task.Container]{
		one("Image", func(t *rapid.T, c *task.Container) {
			c.Image = wrong(t, "", " ", "a b", "https://a/b", "A/b", "a:b:c", "a@b", "a/", "/a", "a:", "a\n", "é", "a@sha256:12")
		}),
		beside("Repository", "Image", func(t *rapid.T, c *task.Container) {
			c.Image = wrong(t, aToken()+"/a:1", aToken(), "1.dkr.ecr.us-east-1.amazonaws.com/a:1", "123456789012.dkr.ecr.us-east-1.example.com/a")
		}),
		beside("Port", "Allow UDPPorts ExtraPorts", func(t *rapid.T, c *task.Container) { c.Port = outside(t, 1024, 65535) }),
		beside("ExtraPorts", "Allow Port", func(t *rapid.T, c *task.Container) { c.ExtraPorts = []int{7001, outside(t, 1024, 65535)} }),
		beside("ExtraPorts", "Allow Port", func(_ *rapid.T, c *task.Container) { c.ExtraPorts = []int{7002, 7002} }),
		beside("ExtraPorts", "Allow Port", func(_ *rapid.T, c *task.Container) { c.ExtraPorts = []int{0} }),
		beside("UDPPorts", "Allow Port", func(t *rapid.T, c *task.Container) { c.UDPPorts = []int{outside(t, 1024, 65535)} }),
		beside("UDPPorts", "Allow Port", func(_ *rapid.T, c *task.Container) { c.UDPPorts = []int{7003, 7003} }),
		one("WorkingDirectory", func(t *rapid.T, c *task.Container) { c.WorkingDirectory = wrong(t, "a", ".", "../a", " /a") }),
		beside("User", "Allow", func(t *rapid.T, c *task.Container) {
			c.User = wrong(t, "root", "0", "0:0", "root:app", "00", ":", "a:", ":a", "a b", "-a", "a:b:c", "é")
		}),
		beside("User", "Allow", func(_ *rapid.T, c *task.Container) { c.User, c.Allow.ImageUser = "app", true }),
		beside("Environment", "Allow Secrets", func(t *rapid.T, c *task.Container) {
			c.Environment = map[string]string{wrong(t, "", "A B", "A=B", "A\x00"): "x"}
		}),
		beside("Environment", "Allow Secrets", func(t *rapid.T, c *task.Container) {
			c.Environment = map[string]string{wrong(t, "PASSWORD", "API_KEY", "dbPassword", "GITHUB_TOKEN", "A_SECRET"): "xyzzy"}
		}),
		beside("Environment", "Allow Secrets", func(t *rapid.T, c *task.Container) {
			c.Environment = map[string]string{"A": wrong(t, "AKIA0123456789ABCDEF", "postgres://a:b@c/d", "-----BEGIN PRIVATE KEY-----", "Basic YWJjZGVmZ2g=")}
		}),
		beside("Secrets", "Environment", func(t *rapid.T, c *task.Container) {
			c.Secrets = secret.Map{wrong(t, "", "A B", "A=B"): secret.ParameterStore{Name: "/a"}}
		}),
		beside("Secrets", "Environment", func(_ *rapid.T, c *task.Container) {
			c.Environment, c.Secrets = map[string]string{"A": "1"}, secret.Map{"A": secret.ParameterStore{Name: "/a"}}
		}),
		beside("Secrets[A]", "Secrets Environment", func(t *rapid.T, c *task.Container) {
			c.Secrets = secret.Map{"A": wrong[secret.Source](t, nil, (*secret.ParameterStore)(nil), (*secret.SecretsManager)(nil), (*secret.Generated)(nil), &secret.Generated{})}
		}),
		one("EnvironmentFiles", func(t *rapid.T, c *task.Container) {
			for range rapid.IntRange(11, 20).Draw(t, "files") {
				c.EnvironmentFiles = append(c.EnvironmentFiles, task.EnvironmentFile{Bucket: theScene.bucket, Key: "a.env"})
			}
		}),
		beside("EnvironmentFiles[0].Bucket", "EnvironmentFiles", func(_ *rapid.T, c *task.Container) {
			c.EnvironmentFiles = []task.EnvironmentFile{{Key: "a.env"}}
		}),
		beside("EnvironmentFiles[0].Key", "EnvironmentFiles", func(t *rapid.T, c *task.Container) {
			c.EnvironmentFiles = []task.EnvironmentFile{{Bucket: theScene.bucket, Key: wrong(t, "", "a", "/a.env", "a.env ", ".ENV")}}
		}),
		beside("RegistryCredentials", "Image Repository", func(t *rapid.T, c *task.Container) {
			c.RegistryCredentials = wrong(t, &secret.SecretsManager{ARN: secretARN, JSONKey: "a"}, &secret.SecretsManager{Name: "a", Stage: "b"},
				&secret.SecretsManager{ARN: secretARN, VersionID: "::"})
		}),
		beside("RegistryCredentials", "Image Repository", func(_ *rapid.T, c *task.Container) {
			c.Image, c.RegistryCredentials = "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1", &secret.SecretsManager{ARN: secretARN}
		}),
		one("StopTimeout", func(t *rapid.T, c *task.Container) { c.StopTimeout = notSeconds(t, 2*time.Second, 2*time.Minute) }),
		one("GPUs", func(t *rapid.T, c *task.Container) { c.GPUs = wrong(t, -1, 1, 8, -1<<63, 1<<62) }),
		beside("HostMounts", "", func(_ *rapid.T, c *task.Container) { c.HostMounts = []task.HostMount{{HostPath: "/proc"}} }),
		one("Tmpfs", func(t *rapid.T, c *task.Container) {
			c.Tmpfs = map[string]int{wrong(t, "", "/", "tmp", "/tmp/", "/a/../b", "."): 1}
		}),
		one("Tmpfs", func(t *rapid.T, c *task.Container) { c.Tmpfs = map[string]int{"/tmp": wrong(t, 0, -1, -1<<62)} }),
	},
	held("RegistryCredentials", "Image Repository", func() secret.SecretsManager { return secret.SecretsManager{ARN: secretARN} },
		func(c *task.Container, s secret.SecretsManager) { c.RegistryCredentials = &s }, secretSpoilers),
	held("Secrets[TOKEN]", "Secrets Environment", func() secret.SecretsManager { return secret.SecretsManager{ARN: secretARN} },
		func(c *task.Container, s secret.SecretsManager) { c.Secrets = secret.Map{"TOKEN": s} }, concat(secretSpoilers, partSpoilers)),
	held("Secrets[DB]", "Secrets Environment", func() secret.ParameterStore { return secret.ParameterStore{Name: "/shop/db"} },
		func(c *task.Container, s secret.ParameterStore) { c.Secrets = secret.Map{"DB": &s} }, parameterSpoilers),
	held("HealthCheck", "", func() task.HealthCheck { return task.HealthCheck{Command: []string{"CMD", "true"}} },
		func(c *task.Container, h task.HealthCheck) { c.HealthCheck = &h }, healthSpoilers),
	held("Ulimits[1]", "Ulimits", func() task.Ulimit { return task.Ulimit{Name: "nofile", Soft: 1, Hard: 2} },
		func(c *task.Container, u task.Ulimit) { c.Ulimits = []task.Ulimit{{Name: "core"}, u} }, ulimitSpoilers),
)

// sidecarSpoilers are about what the main container has other names for, or has not.
var sidecarSpoilers = concat(containerSpoilers, []spoiler[task.Container]{
	one("Name", func(t *rapid.T, c *task.Container) {
		c.Name = wrong(t, "", "a b", "a.b", "é", "a/b", strings.Repeat("a", 256), task.Main, aToken())
	}),
	beside("CPU", "", func(t *rapid.T, c *task.Container) { c.CPU = wrong(t, -1, -1<<63) }),
	beside("MemoryMiB", "MemoryReservationMiB", func(t *rapid.T, c *task.Container) { c.MemoryMiB = wrong(t, -1, 1, 5, -1<<63) }),
	beside("MemoryReservationMiB", "MemoryMiB", func(t *rapid.T, c *task.Container) { c.MemoryReservationMiB = wrong(t, -1, 1, 5, -1<<63) }),
	beside("MemoryReservationMiB", "MemoryMiB", func(t *rapid.T, c *task.Container) { c.MemoryMiB, c.MemoryReservationMiB = 64, wrong(t, 64, 65, 100) }),
	beside("Restart.AttemptPeriod", "Restart", func(t *rapid.T, c *task.Container) {
		c.Restart = &task.Restart{AttemptPeriod: notSeconds(t, time.Minute, 30*time.Minute)}
	}),
	beside("Restart.IgnoredExitCodes", "Restart", func(t *rapid.T, c *task.Container) {
		c.Restart = &task.Restart{IgnoredExitCodes: make([]int, rapid.IntRange(51, 99).Draw(t, "codes"))}
	}),
	one("DependsOn", func(t *rapid.T, c *task.Container) {
		c.DependsOn = map[string]task.Condition{wrong(t, "", "nobody", "é"): task.Started}
	}),
	one("DependsOn", func(t *rapid.T, c *task.Container) {
		c.DependsOn = map[string]task.Condition{"proxy": unknown[task.Condition](t)}
	}),
})

// mainContainer is where the fields of a task are, for what is said of containers.
func mainSpoilers() []spoiler[task.Props] {
	var moved []spoiler[task.Props]
	for _, s := range containerSpoilers {
		moved = append(moved, spoiler[task.Props]{wrong: s.wrong, with: s.with, spoil: func(t *rapid.T, p *task.Props) {
			c := task.Container{
				Image: p.Image, Repository: p.Repository, Port: p.Port, ExtraPorts: p.ExtraPorts, UDPPorts: p.UDPPorts, WorkingDirectory: p.WorkingDirectory,
				User: p.User, Environment: p.Environment, Secrets: p.Secrets, EnvironmentFiles: p.EnvironmentFiles, RegistryCredentials: p.RegistryCredentials,
				HealthCheck: p.HealthCheck, StopTimeout: p.StopTimeout, Ulimits: p.Ulimits, Tmpfs: p.Tmpfs, Allow: p.Allow, GPUs: p.GPUs, HostMounts: p.HostMounts,
			}
			s.spoil(t, &c)
			p.Image, p.Repository, p.Port, p.ExtraPorts, p.UDPPorts, p.WorkingDirectory = c.Image, c.Repository, c.Port, c.ExtraPorts, c.UDPPorts, c.WorkingDirectory
			p.User, p.Environment, p.Secrets, p.EnvironmentFiles, p.RegistryCredentials = c.User, c.Environment, c.Secrets, c.EnvironmentFiles, c.RegistryCredentials
			p.HealthCheck, p.StopTimeout, p.Ulimits, p.Tmpfs, p.Allow, p.GPUs, p.HostMounts = c.HealthCheck, c.StopTimeout, c.Ulimits, c.Tmpfs, c.Allow, c.GPUs, c.HostMounts
		}})
	}
	return moved
}

var splunkSpoilers = []spoiler[task.Splunk]{
	one("URL", func(t *rapid.T, s *task.Splunk) {
		s.URL = wrong(t, "", "splunk.example.com", "http://splunk.example.com", "https://", "https://a/b", "https://a?b", "https://a b")
	}),
	one("Token", func(t *rapid.T, s *task.Splunk) {
		s.Token = wrong[secret.Source](t, nil, (*secret.SecretsManager)(nil))
	}),
	one("Token.Name", func(_ *rapid.T, s *task.Splunk) { s.Token = secret.ParameterStore{} }),
}

var logsSpoilers = concat([]spoiler[task.Logs]{
	beside("RetentionDays", "Splunk", func(t *rapid.T, l *task.Logs) { l.RetentionDays = wrong(t, -1, 2, 89, 91, 100000, -1<<63) }),
	beside("BufferMiB", "Blocking", func(t *rapid.T, l *task.Logs) { l.BufferMiB = wrong(t, -1, -1<<63) }),
	beside("BufferMiB", "Blocking", func(_ *rapid.T, l *task.Logs) { l.Blocking, l.BufferMiB = true, 1 }),
	beside("DatetimeFormat", "MultilinePattern Splunk", func(_ *rapid.T, l *task.Logs) { l.MultilinePattern, l.DatetimeFormat = "^a", "%Y" }),
	beside("Splunk", "RetentionDays DatetimeFormat MultilinePattern", func(_ *rapid.T, l *task.Logs) {
		l.DeleteWithStack, l.Splunk = true, &task.Splunk{URL: "https://a.b", Token: secret.ParameterStore{Name: "/a"}}
	}),
}, held("Splunk", "RetentionDays DatetimeFormat MultilinePattern", func() task.Splunk { return task.Splunk{URL: "https://a.b", Token: secret.ParameterStore{Name: "/a"}} },
	func(l *task.Logs, s task.Splunk) { l.Splunk = &s }, splunkSpoilers))

// taskSpoilers are for a task like that of containers(), on Fargate.
var taskSpoilers = concat(
	mainSpoilers(),
	at("Sidecars[1]", func(p *task.Props) *task.Container { return &p.Sidecars[1] }, sidecarSpoilers),
	at("Sidecars[0]", func(p *task.Props) *task.Container { return &p.Sidecars[0] }, but(sidecarSpoilers, "Name", "DependsOn")),
	at("Logs", func(p *task.Props) *task.Logs { return &p.Logs }, logsSpoilers),
	[]spoiler[task.Props]{
		beside("Architecture", "OS CPU MemoryMiB", func(t *rapid.T, p *task.Props) { p.Architecture = unknown[task.Architecture](t) }),
		beside("OS", "Architecture CPU MemoryMiB", func(t *rapid.T, p *task.Props) { p.OS = unknown[task.OS](t) }),
		beside("CPU", "MemoryMiB OS", func(t *rapid.T, p *task.Props) {
			p.CPU, p.MemoryMiB = outside(t, 256, 16384), 0
		}),
		beside("CPU", "MemoryMiB OS", func(t *rapid.T, p *task.Props) { p.CPU = wrong(t, 300, 1000, 1025, 3072) }),
		beside("MemoryMiB", "CPU OS", func(t *rapid.T, p *task.Props) { p.MemoryMiB = outside(t, 2048, 8192) }),
		beside("NetworkMode", "LaunchType Port ExtraPorts UDPPorts Sidecars", func(t *rapid.T, p *task.Props) {
			p.NetworkMode = wrong(t, task.Bridge, task.Host, unknown[task.NetworkMode](t))
		}),
		one("DependsOn", func(t *rapid.T, p *task.Props) {
			p.DependsOn = map[string]task.Condition{wrong(t, "", "x", task.Main): task.Started}
		}),
		beside("DependsOn", "Sidecars", func(_ *rapid.T, p *task.Props) { p.DependsOn = map[string]task.Condition{"agent": task.Healthy} }),
		beside("CPUReservation", "", func(t *rapid.T, p *task.Props) { p.CPUReservation = wrong(t, -1, -1<<63) }),
		beside("MemoryLimitMiB", "MemoryReservationMiB MemoryMiB CPU OS", func(t *rapid.T, p *task.Props) { p.MemoryLimitMiB = wrong(t, -1, 1, 5) }),
		beside("MemoryReservationMiB", "MemoryLimitMiB MemoryMiB CPU OS", func(t *rapid.T, p *task.Props) { p.MemoryReservationMiB = wrong(t, -1, 1, 5) }),
		beside("MemoryMiB", "MemoryLimitMiB CPU OS Sidecars Architecture NetworkMode", func(_ *rapid.T, p *task.Props) { p.MemoryLimitMiB = 4096 }),
		beside("CPU", "CPUReservation MemoryMiB OS Sidecars Architecture NetworkMode", func(_ *rapid.T, p *task.Props) { p.CPUReservation = 2048 }),
		beside("Sidecars[1].Name", "Sidecars", func(_ *rapid.T, p *task.Props) { p.Sidecars[1].Name = p.Sidecars[0].Name }),
		beside("Sidecars[0].Port", "Sidecars Port ExtraPorts", func(_ *rapid.T, p *task.Props) { p.Sidecars[0].Port = p.Port }),
		beside("Sidecars", "Sidecars", func(_ *rapid.T, p *task.Props) {
			for i := range 8 {
				p.Sidecars = append(p.Sidecars, task.Container{Name: "more" + string(rune('a'+i)), Image: "a:1"})
			}
		}),
	},
)

func concat[S ~[]E, E any](parts ...S) S {
	var all S
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

package task_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
)

// healthy is a task without problems that uses every kind of field.
func healthy() task.Props {
	return task.Props{
		Image:            "public.ecr.aws/nginx/nginx-unprivileged:1.29",
		Port:             8080,
		ExtraPorts:       []int{9090},
		WorkingDirectory: "/srv",
		User:             "app:app",
		Environment:      map[string]string{"STAGE": "test"},
		HealthCheck:      &task.HealthCheck{Command: []string{"CMD", "true"}},
		DependsOn:        map[string]task.Condition{"setup": task.Succeeded, "agent": task.Healthy},
		StopTimeout:      90 * time.Second,
		Ulimits:          []task.Ulimit{{Name: "nofile", Soft: 1024, Hard: 65536}},
		Tmpfs:            map[string]int{"/var/cache": 16},
		CPU:              512,
		MemoryMiB:        2048,
		Sidecars: []task.Container{
			{Name: "setup", Image: "busybox:1.36"},
			{
				Name: "agent", Image: "agent:1", CPU: 64, MemoryMiB: 256, MemoryReservationMiB: 128,
				HealthCheck: &task.HealthCheck{Command: []string{"CMD-SHELL", "true"}},
				Restart:     &task.Restart{IgnoredExitCodes: []int{0}, AttemptPeriod: time.Minute},
			},
		},
		Logs: task.Logs{RetentionDays: 30, BufferMiB: 5, MultilinePattern: "^x"},
	}
}

func TestHealthyTaskHasNoProblems(t *testing.T) {
	for name, p := range map[string]task.Props{
		"every field": healthy(),
		"image alone": {Image: "a:1"},
		"windows": {
			Image: "mcr.microsoft.com/windows/servercore/iis:1", OS: task.WindowsServer2022Core, CPU: 1024, MemoryMiB: 2048,
		},
		"arm": {Image: "a:1", Architecture: task.ARM64, CPU: 32768, MemoryMiB: 249856},
	} {
		if ps := p.Problems(); len(ps) > 0 {
			t.Errorf("%s: %v", name, ps)
		}
	}
}

func TestProblems(t *testing.T) {
	token := "${Token[TOKEN.7]}"
	for name, c := range map[string]struct {
		change func(*task.Props)
		want   []string // fields
	}{
		"no image":              {func(p *task.Props) { p.Image = "" }, []string{"Image"}},
		"white space in image":  {func(p *task.Props) { p.Image = "a b" }, []string{"Image"}},
		"protocol in image":     {func(p *task.Props) { p.Image = "https://a/b" }, []string{"Image"}},
		"image is a token":      {func(p *task.Props) { p.Image = token }, []string{"Repository"}},
		"tag is a token":        {func(p *task.Props) { p.Image = "public.ecr.aws/a/b:" + token }, nil},
		"port":                  {func(p *task.Props) { p.Port = 70000 }, []string{"Port"}},
		"negative port":         {func(p *task.Props) { p.Port = -1 }, []string{"Port"}},
		"extra port":            {func(p *task.Props) { p.ExtraPorts = []int{0} }, []string{"ExtraPorts"}},
		"UDP beside TCP":        {func(p *task.Props) { p.UDPPorts = []int{8080} }, nil},
		"UDP port":              {func(p *task.Props) { p.UDPPorts = []int{70000} }, []string{"UDPPorts"}},
		"low UDP port":          {func(p *task.Props) { p.UDPPorts = []int{53} }, []string{"UDPPorts"}},
		"same UDP port twice":   {func(p *task.Props) { p.UDPPorts, p.Sidecars[1].UDPPorts = []int{5000}, []int{5000} }, []string{"Sidecars[1].UDPPorts"}},
		"same port twice":       {func(p *task.Props) { p.ExtraPorts = []int{8080} }, []string{"ExtraPorts"}},
		"sidecar on main port":  {func(p *task.Props) { p.Sidecars[1].Port = 9090 }, []string{"Sidecars[1].Port"}},
		"relative directory":    {func(p *task.Props) { p.WorkingDirectory = "srv" }, []string{"WorkingDirectory"}},
		"root":                  {func(p *task.Props) { p.User = "0:0" }, []string{"User"}},
		"root by name":          {func(p *task.Props) { p.User = "root" }, []string{"User"}},
		"user of a wrong form":  {func(p *task.Props) { p.User = "a:b:c" }, []string{"User"}},
		"user and image's user": {func(p *task.Props) { p.Allow.ImageUser = true }, []string{"User"}},
		"stop timeout":          {func(p *task.Props) { p.StopTimeout = 121 * time.Second }, []string{"StopTimeout"}},
		"half a second":         {func(p *task.Props) { p.StopTimeout = 2500 * time.Millisecond }, []string{"StopTimeout"}},
		"CPU":                   {func(p *task.Props) { p.CPU = 300 }, []string{"CPU"}},
		"memory for CPU":        {func(p *task.Props) { p.MemoryMiB = 8192 }, []string{"MemoryMiB"}},
		"architecture":          {func(p *task.Props) { p.Architecture = "MIPS" }, []string{"Architecture"}},
		"system":                {func(p *task.Props) { p.OS = "PLAN9" }, []string{"OS"}},
		"container memory":      {func(p *task.Props) { p.Sidecars[1].MemoryMiB = 4096 }, []string{"MemoryMiB"}},
		"container reservation": {func(p *task.Props) { p.Sidecars[0].MemoryReservationMiB = 4096 }, []string{"MemoryMiB"}},
		"CPU without end":       {func(p *task.Props) { p.CPUReservation, p.Sidecars[0].CPU = math.MaxInt, math.MaxInt }, []string{"CPU"}},
		"negative CPUs":         {func(p *task.Props) { p.CPUReservation, p.Sidecars[0].CPU = math.MinInt, -1 }, []string{"CPUReservation", "Sidecars[0].CPU"}},
		"part of credentials": {func(p *task.Props) {
			p.RegistryCredentials = &secret.SecretsManager{Name: "registry", JSONKey: "a"}
		}, []string{"RegistryCredentials"}},
		"container CPU":     {func(p *task.Props) { p.Sidecars[0].CPU = 1024 }, []string{"CPU"}},
		"negative CPU":      {func(p *task.Props) { p.Sidecars[0].CPU = -1 }, []string{"Sidecars[0].CPU"}},
		"too little memory": {func(p *task.Props) { p.Sidecars[0].MemoryMiB = 5 }, []string{"Sidecars[0].MemoryMiB"}},
		"reserved above limit": {
			func(p *task.Props) { p.Sidecars[1].MemoryReservationMiB = 256 }, []string{"Sidecars[1].MemoryReservationMiB"},
		},
		"negative reservation": {
			func(p *task.Props) { p.Sidecars[1].MemoryReservationMiB = -1 }, []string{"Sidecars[1].MemoryReservationMiB"},
		},
		"two names alike":    {func(p *task.Props) { p.Sidecars[0].Name = "agent" }, []string{"Sidecars[1].Name", "DependsOn"}},
		"sidecar named main": {func(p *task.Props) { p.Sidecars = append(p.Sidecars, task.Container{Name: task.Main, Image: "a:1"}) }, []string{"Sidecars[2].Name"}},
		"name of a wrong form": {
			func(p *task.Props) { p.Sidecars[0].Name = "set up" }, []string{"Sidecars[0].Name", "DependsOn"},
		},
		"eleven containers": {func(p *task.Props) {
			for _, name := range strings.Split("abcdefgh", "") {
				p.Sidecars = append(p.Sidecars, task.Container{Name: name, Image: "a:1"})
			}
		}, []string{"Sidecars"}},
		"waits for nobody": {
			func(p *task.Props) { p.DependsOn = map[string]task.Condition{"db": task.Started} }, []string{"DependsOn"},
		},
		"waits for itself": {
			func(p *task.Props) { p.DependsOn = map[string]task.Condition{"main": task.Started} }, []string{"DependsOn"},
		},
		"waits for no health check": {
			func(p *task.Props) { p.DependsOn = map[string]task.Condition{"setup": task.Healthy} }, []string{"DependsOn"},
		},
		"waits for the end of an essential one": {func(p *task.Props) {
			p.Sidecars[0].Essential = true
		}, []string{"DependsOn"}},
		"unknown condition": {
			func(p *task.Props) { p.DependsOn = map[string]task.Condition{"setup": "DONE"} }, []string{"DependsOn"},
		},
		"waits in a circle": {func(p *task.Props) {
			p.Sidecars[1].DependsOn = map[string]task.Condition{"setup": task.Started}
			p.Sidecars[0].DependsOn = map[string]task.Condition{"main": task.Started}
		}, []string{""}},
		"variable name":    {func(p *task.Props) { p.Environment = map[string]string{"A=B": ""} }, []string{"Environment"}},
		"tmpfs path":       {func(p *task.Props) { p.Tmpfs = map[string]int{"tmp": 1} }, []string{"Tmpfs"}},
		"tmpfs root":       {func(p *task.Props) { p.Tmpfs = map[string]int{"/": 1} }, []string{"Tmpfs"}},
		"tmpfs size":       {func(p *task.Props) { p.Tmpfs = map[string]int{"/tmp": 0} }, []string{"Tmpfs"}},
		"ulimit name":      {func(p *task.Props) { p.Ulimits[0].Name = "files" }, []string{"Ulimits[0].Name"}},
		"ulimit order":     {func(p *task.Props) { p.Ulimits[0].Soft = 100000 }, []string{"Ulimits[0].Soft"}},
		"ulimit above all": {func(p *task.Props) { p.Ulimits[0].Hard = 1048577 }, []string{"Ulimits[0].Hard"}},
		"health check": {func(p *task.Props) {
			p.HealthCheck = &task.HealthCheck{
				Command: []string{"curl"}, Interval: time.Second, Timeout: time.Hour, Retries: 11, StartPeriod: time.Hour,
			}
		}, []string{
			"HealthCheck.Command", "HealthCheck.Interval", "HealthCheck.Timeout", "HealthCheck.StartPeriod", "HealthCheck.Retries",
		}},
		"restart": {func(p *task.Props) {
			p.Sidecars[1].Restart = &task.Restart{AttemptPeriod: time.Second, IgnoredExitCodes: make([]int, 51)}
		}, []string{"Sidecars[1].Restart.AttemptPeriod", "Sidecars[1].Restart.IgnoredExitCodes"}},
		"health check at its limits": {func(p *task.Props) {
			p.HealthCheck = &task.HealthCheck{
				Command:  []string{"CMD", "true"},
				Interval: 5 * time.Minute, Timeout: time.Minute, Retries: 10, StartPeriod: 5 * time.Minute,
			}
		}, nil},
		"health check beyond them": {func(p *task.Props) {
			p.HealthCheck = &task.HealthCheck{
				Command:  []string{"CMD", "true"},
				Interval: 301 * time.Second, Timeout: 61 * time.Second, StartPeriod: 301 * time.Second,
			}
		}, []string{"HealthCheck.Interval", "HealthCheck.Timeout", "HealthCheck.StartPeriod"}},
		"tmpfs above the task": {func(p *task.Props) { p.Tmpfs = map[string]int{"/tmp": 2000} }, []string{"MemoryMiB"}},
		"root in many digits":  {func(p *task.Props) { p.User = "000:1" }, []string{"User"}},
		"windows with a user and limits": {func(p *task.Props) {
			*p = task.Props{Image: "a:1", OS: task.WindowsServer2022Core, User: "a", Ulimits: []task.Ulimit{{Name: "nofile"}}}
		}, []string{"Ulimits", "User"}},
		"windows path": {func(p *task.Props) {
			*p = task.Props{Image: "a:1", OS: task.WindowsServer2022Core, WorkingDirectory: `C:\app`}
		}, nil},
		"retention":       {func(p *task.Props) { p.Logs.RetentionDays = 31 }, []string{"Logs.RetentionDays"}},
		"negative buffer": {func(p *task.Props) { p.Logs.BufferMiB = -1 }, []string{"Logs.BufferMiB"}},
		"blocking buffer": {func(p *task.Props) { p.Logs.Blocking = true }, []string{"Logs.BufferMiB"}},
		"two patterns":    {func(p *task.Props) { p.Logs.DatetimeFormat = "%Y" }, []string{"Logs.DatetimeFormat"}},
		"windows on arm": {func(p *task.Props) {
			*p = task.Props{Image: "a:1", OS: task.WindowsServer2022Core, Architecture: task.ARM64}
		}, []string{"Architecture"}},
		"windows with tmpfs": {func(p *task.Props) {
			*p = task.Props{Image: "a:1", OS: task.WindowsServer2022Core, Tmpfs: map[string]int{"/tmp": 1}}
		}, []string{"Tmpfs"}},
	} {
		p := healthy()
		c.change(&p)
		var fields []string
		for _, problem := range p.Problems() {
			fields = append(fields, problem.Field)
		}
		slices.Sort(fields)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: fields of the problems (-want +got):\n%s\n%v", name, diff, p.Problems())
		}
	}
}

func TestCircleIsNamed(t *testing.T) {
	p := task.Props{Image: "a:1", DependsOn: map[string]task.Condition{"b": task.Started}, Sidecars: []task.Container{
		{Name: "b", Image: "a:1", DependsOn: map[string]task.Condition{"c": task.Started}},
		{Name: "c", Image: "a:1", DependsOn: map[string]task.Condition{"b": task.Started}},
	}}
	ps := p.Problems()
	if len(ps) != 1 || !strings.Contains(ps[0].Rule, "b -> c -> b") {
		t.Errorf("got %v, want the circle b -> c -> b", ps)
	}
}

func TestCredentialsAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, value string
		refused     bool
	}{
		{"DB_PASSWORD", "x", true},
		{"password", "x", true},
		{"API_KEY", "x", true},
		{"APIKEY", "x", true},
		{"AWS_SECRET_ACCESS_KEY", "x", true},
		{"AWS_ACCESS_KEY_ID", "x", true},
		{"GITHUB_TOKEN", "x", true},
		{"TLS_PRIVATE_KEY", "x", true},
		{"DATABASE_URL", "postgres://app:hunter2@db/app", true},
		{"NOTE", "AKIAIOSFODNN7EXAMPLE", true},
		{"PEM", "-----BEGIN RSA PRIVATE KEY-----\nx", true},
		{"HOOK", "ghp_0123456789abcdefghijABCDEFGHIJ012345", true},
		{"SECRET_KEY", "x", true},
		{"SECRET_KEY_BASE", "x", true},
		{"RAILS_MASTER_KEY", "x", true},
		{"SESSION_KEY", "x", true},
		{"GITHUB_PAT", "x", true},
		{"DB_PASSWORD1", "x", true},
		{"ENCRYPTION_KEY_BASE64", "eA==", true},
		{"DB_PASSWORD", "/secret+with/slashes==", true},
		{"DSN", "app:hunter2@tcp(db:3306)/app", true},
		{"AUTH", "Basic YXBwOmh1bnRlcjI=", true},
		{"X", "{{resolve:secretsmanager:shop:SecretString:password}}", true},
		{"X", "{{resolve:ssm-secure:/shop/db:1}}", true},
		{"X", "{{resolve:ssm:/shop/host}}", false},
		{"DB_PASSWORD_FILE", "/run/secrets/db", false},
		{"DB_PASSWORD", "/run/secrets/db", false},
		{"PRIMARY_KEY", "id", false},
		{"DATABASE_URL", "postgres://app@db/app", false},
		{"TOKEN_URL", "https://id.example.com/token", false},
		{"DB_PASSWORD_PARAMETER", "/shop/db-password", false},
		{"SECRET_NAME", "shop/db", false},
		{"KEY_ID", "1", false},
		{"MONKEY", "x", false},
		{"COMPASS", "x", false},
		{"PASSPHRASE", "x", true},
		{"DB_PWD", "x", true},
		{"DB_PASS", "x", true},
		{"DBPASSWORD", "x", true},
		{"dbPassword", "x", true},
		{"authToken", "x", true},
		{"JDBC_URL", "jdbc:postgresql://db/app?user=a&password=b", true},
		{"MAX_TOKENS", "4096", false},
		{"OPENAI_MAX_OUTPUT_TOKENS", "4096", false},
		{"CORS_ALLOW_CREDENTIALS", "true", false},
		{"GOOGLE_APPLICATION_CREDENTIALS", "/var/gcp.json", false},
		{"MYSQL_ALLOW_EMPTY_PASSWORD", "no", false},
		{"PROXY_PASS", "http://localhost:8080", false},
		{"PWD", "/srv", false},
		{"DB_SECRET", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf", false},
		{"DB_PASSWORD", "4096", true},
		{"CONNECTION", "Server=db;User=app;Password=x;", true},
		{"DSN", "host=db user=app password=x", true},
		{"STRIPE", "sk_live_4eC39", true},
		{"JWT_KEY", "x", true},
		{"SLACK", "https://hooks.slack.com/services/T0/B0/x", true},
		{"PASSWORDLESS", "true", false},
	} {
		p := task.Props{Image: "a:1", Environment: map[string]string{c.name: c.value}}
		if got := len(p.Problems()) > 0; got != c.refused {
			t.Errorf("%s=%s: refused is %t, want %t", c.name, c.value, got, c.refused)
		}
		p.Allow.PlainVariables = []string{c.name}
		if ps := p.Problems(); len(ps) > 0 {
			t.Errorf("%s is allowed, but: %v", c.name, ps)
		}
	}
}

func TestEveryProblemAtOnce(t *testing.T) {
	p := task.Props{Port: 70000, CPU: 1, Sidecars: []task.Container{{Name: "a b"}}, Logs: task.Logs{RetentionDays: 2}}
	if ps := p.Problems(); len(ps) != 6 {
		t.Errorf("got %d problems, want 6 (Image, Port, CPU, Sidecars[0].Image, Sidecars[0].Name, Logs.RetentionDays): %v",
			len(ps), ps)
	}
}

func TestImages(t *testing.T) {
	const token = "${Token[TOKEN.7]}"
	for image, want := range map[string]string{ // to the field of the problem
		"nginx:1.29":                           "",
		"registry.example.com:5000/a/b__c:1.0": "",
		"public.ecr.aws/a/b@sha256:" + strings.Repeat("0", 64):    "",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:1":      "",
		"123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/a":     "",
		"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1":    "",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:" + token: "",
		"docker.io/library/" + token:                              "",
		"localhost/a:1":                                           "",
		"a@sha512:" + strings.Repeat("0", 128):                    "",
		"123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/a:1":    "",
		"MyOrg/app:1":         "Image",
		"my_host.corp:5000/x": "",
		"registry:5000/x":     "",
		"[::1]:5000/x":        "",
		"Nginx:1":             "Image",
		"nginx:":              "Image",
		"nginx@sha256:12":     "Image",
		token:                 "Repository",
		token + ".dkr.ecr.eu-west-1.amazonaws.com/a:1":                 "Repository",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/" + token + ":1": "Repository",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com:443/a:1":         "Repository",
	} {
		ps := task.Props{Image: image}.Problems()
		if want == "" && len(ps) > 0 || want != "" && (len(ps) != 1 || ps[0].Field != want) {
			t.Errorf("%s: got %v, want a problem of %q", image, ps, want)
		}
	}
}

// Package cases has the apps that are compared with the goldens in test/testdata: the examples, and cases of what no example uses.
// All that it holds is part of one of them: a field that is set here counts as shown.
package cases

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

// CertificateARN is that of a certificate in the region of the stacks.
const CertificateARN = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"

// Cases are apps that use what the examples do not, each in one stack with a golden of its own.
var Cases = map[string]Build{
	"Internal":   inStack("Internal", internal),
	"Relaxed":    inStack("Relaxed", relaxed),
	"Containers": inStack("Containers", containers),
	"Targets":    inStack("Targets", targets),
	"Worker":     inStack("Worker", singleton),
	"Windows":    inStack("Windows", windows),
	"OwnVPC":     ownVPC,

	"Modes":       inStack("Modes", modes),
	"Development": inStack("Development", development),
	"Graphics":    inStack("Graphics", graphics),
	"Sources":     inStack("Sources", sources),
	"Shifting":    inStack("Shifting", shifting),

	"Scheduled":    inStack("Scheduled", Scheduled),
	"Imported":     inStack("Imported", imported),
	"Notified":     inStack("Notified", Notified),
	"CodeDeployed": inStack("CodeDeployed", CodeDeployed),
	"Migrations":   inStack("Migrations", Migrations),
	"Discoverable": inStack("Discoverable", Discoverable),
	"NoNAT":        inStack("NoNAT", noNAT),
	"OwnEndpoints": inStack("OwnEndpoints", ownEndpoints),
	"Routes":       inStack("Routes", routes),
	"Domains":      inStack("Domains", domains),
	"Guarded":      inStack("Guarded", guarded),
	"Guest":        guest,
	"Members":      inStack("Members", members),
	"Scaled":       inStack("Scaled", scaled),
	"Streams":      inStack("Streams", streams),
	"APIs":         inStack("APIs", apis),
	"Workers":      workers,
	"Operated":     inStack("Operated", operated),
	"Released":     inStack("Released", released),
	"Attended":     inStack("Attended", attended),
	"Drawn":        inStack("Drawn", drawn),
}

// internal is a platform of three zones with a load balancer for the inside alone.
func internal(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{
		Network:  network.Props{Zones: 3, NATGateways: 1, CIDR: "172.16.0.0/18"},
		NoPublic: true, Internal: true,
		InternalDomain: &ingress.Domain{Name: "internal.example.com", CertificateARN: CertificateARN},
		IdleTimeout:    2 * time.Minute,
	})
	web.New(stack, "Api", web.Props{
		Platform: p, Internal: true,
		Task:     task.Props{Image: "api:1", Port: 8080, Architecture: task.ARM64},
		Route:    ingress.Route{Host: "api.internal.example.com", AltHosts: []string{"v1.internal.example.com"}},
		Capacity: cluster.Fargate{},
		Deploy:   deployment.Rolling{MinHealthyPercent: 50, MaxPercent: 150, NoRollback: true},
		Count:    3,
	})
}

// relaxed sets every field that makes something less strict.
func relaxed(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{
		Network: network.Props{NoFlowLogs: true}, NoInsights: true, PlainHTTP: true, Internal: true,
		AllowFrom: []string{"192.0.2.0/24", "198.51.100.0/24"}, NoDeletionProtection: true, NoAccessLogs: true,
	})
	web.New(stack, "Web", web.Props{
		Platform: p,
		Task: task.Props{
			Image: "web:1", Port: 80, Environment: map[string]string{"CSRF_TOKEN": "X-Csrf-Token"},
			Allow: task.Allow{
				WritableRoot: true, ImageUser: true, Capabilities: true, OwnInit: true, PlainVariables: []string{"CSRF_TOKEN"},
			},
			Tmpfs: map[string]int{},
			Logs:  task.Logs{DeleteWithStack: true, RetentionDays: 1},
		},
		Deploy:   deployment.Rolling{NoCircuitBreaker: true},
		Capacity: cluster.Spot{OnlySpot: true},
		Count:    1,
	})
}

// containers sets every field of a task: private images, sidecars in an order, limits, and audit logs under a key.
func containers(stack awscdk.Stack) {
	p := platform.New(stack, "Platform", platform.Props{Network: Existing(stack), PlainHTTP: true})
	repository := awsecr.NewRepository(stack, jsii.String("Repository"), nil)
	web.New(stack, "Web", web.Props{
		Platform: p,
		Task: task.Props{
			Image: *repository.RepositoryUriForTag(jsii.String("1")), Repository: repository,
			Port: 8080, ExtraPorts: []int{9090},
			EntryPoint: []string{"/bin/app"}, Command: []string{"serve"}, WorkingDirectory: "/srv", User: "app:app",
			Environment: map[string]string{"B": "2", "A": "1", "LANG": "C.UTF-8"},
			HealthCheck: &task.HealthCheck{Command: []string{"CMD-SHELL", "curl -f localhost:8080"}, StartPeriod: 30 * time.Second},
			DependsOn:   map[string]task.Condition{"migrate": task.Succeeded, "agent": task.Healthy},
			StopTimeout: 2 * time.Minute,
			Ulimits:     []task.Ulimit{{Name: "nofile", Soft: 65536, Hard: 65536}},
			Tmpfs:       map[string]int{"/tmp": 16, "/var/cache": 32},
			CPU:         1024, MemoryMiB: 4096,
			Sidecars: []task.Container{
				{
					Name:    "migrate",
					Image:   "210987654321.dkr.ecr.eu-west-1.amazonaws.com/tools/migrate@sha256:" + Digest,
					Command: []string{"up"},
				},
				{
					Name: "agent", Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/agent:7",
					CPU: 128, MemoryMiB: 512, MemoryReservationMiB: 256, Port: 8125,
					HealthCheck: &task.HealthCheck{
						Command: []string{"CMD", "/agent", "health"}, Interval: 10 * time.Second, Timeout: 2 * time.Second, Retries: 5,
					},
					Restart: &task.Restart{IgnoredExitCodes: []int{0, 143}, AttemptPeriod: time.Minute},
				},
			},
			Logs: task.Logs{
				RetentionDays: 365, Blocking: true, MultilinePattern: "^[0-9]",
				Key: awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)}),
			},
		},
		HealthCheckGrace: 3 * time.Minute,
	})
}

// Digest is what an image is pinned to, after sha256.
const Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// targets is a service with four target groups on two load balancers: HTTP twice, gRPC, and an admin port.
func targets(stack awscdk.Stack) {
	domain := &ingress.Domain{Name: "example.com", CertificateARN: CertificateARN}
	p := platform.New(stack, "Platform", platform.Props{
		Network: Existing(stack), Domain: domain, Internal: true, InternalDomain: domain,
	})
	web.New(stack, "Web", web.Props{
		Platform: p,
		Task: task.Props{Image: "web:1", Port: 8080, ExtraPorts: []int{50051, 8081}, Sidecars: []task.Container{
			{Name: "admin", Image: "admin:1", Port: 9000},
		}},
		Route: ingress.Route{
			Host: "example.com", Path: "/api/*", Methods: []string{"GET", "POST"}, Headers: map[string]string{"X-Version": "2"},
		},
		TargetGroup: ingress.TargetGroup{
			HealthCheck: ingress.HealthCheck{
				Path: "/health", Codes: "200", Port: 8081, Interval: 10 * time.Second, Timeout: 3 * time.Second, Healthy: 3, Unhealthy: 5,
			},
			DeregistrationDelay: 45 * time.Second, SlowStart: 30 * time.Second, Stickiness: time.Hour,
		},
		MoreTargets: []ingress.TargetProps{
			{
				LoadBalancer: p.Public, Port: 50051, Route: ingress.Route{Host: "grpc.example.com"},
				Group: ingress.TargetGroup{Protocol: ingress.GRPC},
			},
			{LoadBalancer: p.Internal, Container: "admin", Route: ingress.Route{Path: "/admin/*", Priority: 10}},
			{LoadBalancer: p.Public, Route: ingress.Route{Host: "www.example.com"}}, // on the port of the first
		},
		Scaling: &scaling.Policy{Min: 1, Max: 4, Memory: 70, OutCooldown: 30 * time.Second, InCooldown: 10 * time.Minute},
	})
}

// singleton is a service that no load balancer reaches and that never runs twice.
func singleton(stack awscdk.Stack) {
	n := network.New(stack, "Network", Existing(stack))
	service.New(stack, "Worker", service.Props{
		Cluster:   cluster.New(stack, "Cluster", cluster.Props{Network: n}),
		Task:      task.Props{Image: "worker:1", Logs: task.Logs{DatetimeFormat: "%Y-%m-%d", BufferMiB: 4}},
		Singleton: true, ForceNewDeployment: "2",
	})
}

func windows(stack awscdk.Stack) {
	n := network.New(stack, "Network", Existing(stack))
	service.New(stack, "Service", service.Props{
		Cluster: cluster.New(stack, "Cluster", cluster.Props{Network: n}),
		Task:    task.Props{Image: "mcr.microsoft.com/windows/servercore/iis:ltsc2022", OS: task.WindowsServer2022Core},
	})
}

// ownVPC uses a network that exists, in a stack that knows its account and region.
func ownVPC(app awscdk.App) {
	stack := awscdk.NewStack(app, jsii.String("OwnVPC"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("eu-central-1"),
	}})
	p := platform.New(stack, "Platform", platform.Props{
		Network: Existing(stack), PlainHTTP: true, Internal: true,
	})
	web.New(stack, "Web", web.Props{Platform: p, Internal: true, Task: task.Props{Image: "web:1", Port: 8080}})
}

// Existing is a network that is there already, as the construct VPC of a scope: for a stack that is about such a one, and for those that
// are about none. The names of its zones are in no template.
func Existing(scope constructs.Construct) network.Props {
	return network.Props{VPC: awsec2.Vpc_FromVpcAttributes(scope, jsii.String("VPC"), &awsec2.VpcAttributes{
		VpcId:             jsii.String("vpc-0123456789abcdef0"),
		VpcCidrBlock:      jsii.String("10.8.0.0/16"),
		AvailabilityZones: jsii.Strings("eu-central-1a", "eu-central-1b"),
		PublicSubnetIds:   jsii.Strings("subnet-0000000000000000a", "subnet-0000000000000000b"),
		PrivateSubnetIds:  jsii.Strings("subnet-0000000000000001a", "subnet-0000000000000001b"),

		PublicSubnetRouteTableIds:  jsii.Strings("rtb-0000000000000000a", "rtb-0000000000000000b"),
		PrivateSubnetRouteTableIds: jsii.Strings("rtb-0000000000000001a", "rtb-0000000000000001b"),
	})}
}

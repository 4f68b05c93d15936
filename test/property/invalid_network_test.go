package property

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/network"
)

var notRanges = []string{"", "x", "10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "::/64", "10.0.0.0/-1", "10.0.0.0/8 ", "300.0.0.0/8"}

var endpointSpoilers = []spoiler[network.Endpoints]{
	beside("More[1]", "More ParameterStore OnlyGateways", func(t *rapid.T, e *network.Endpoints) {
		e.ParameterStore = true
		e.More = []string{"xray", wrong(t, "", "s3", "dynamodb", "com.amazonaws.us-east-1.sqs", "SQS", "a b", "a..b", "ssm", "logs", "xray")}
	}),
	beside("AllowFrom", "OnlyGateways", func(t *rapid.T, e *network.Endpoints) {
		e.AllowFrom = []string{"10.0.0.0/16", wrong(t, append(notRanges, "0.0.0.0/0", "8.0.0.0/7")...)}
	}),
	beside("Registries[0]", "Registries", func(t *rapid.T, e *network.Endpoints) {
		e.Registries = []string{wrong(t, "", "https://a.b", "A.b", "a.b/c", "a b", "a..b", "a:b")}
	}),
}

var networkSpoilers = concat([]spoiler[network.Props]{
	one("CIDR", func(t *rapid.T, p *network.Props) {
		p.CIDR = wrong(t, append(notRanges[1:], "10.0.0.0/15", "10.0.0.0/21", "0.0.0.0/0", aToken())...)
	}),
	beside("Zones", "NATGateways", func(t *rapid.T, p *network.Props) { p.Zones = outside(t, 2, 3) }),
}, at("Endpoints", func(p *network.Props) *network.Endpoints {
	if p.Endpoints == nil {
		p.Endpoints = &network.Endpoints{}
	}
	return p.Endpoints
}, endpointSpoilers))

// openSpoilers are for a network with NAT gateways, closedSpoilers for one without.
var (
	openSpoilers = concat(but(networkSpoilers, "Endpoints.Registries"), []spoiler[network.Props]{
		beside("NATGateways", "Zones", func(t *rapid.T, p *network.Props) { p.NATGateways = outside(t, 1, 2) }),
		beside("Endpoints.Registries", "Endpoints", func(_ *rapid.T, p *network.Props) { p.Endpoints = &network.Endpoints{Registries: []string{"a.b"}} }),
		beside("Endpoints.Existing", "Endpoints", func(_ *rapid.T, p *network.Props) { p.Endpoints = &network.Endpoints{Existing: true} }),
		{
			[]string{"Endpoints.ParameterStore", "Endpoints.SecretsManager", "Endpoints.Exec", "Endpoints.Instances", "Endpoints.More", "Endpoints.AllowFrom"},
			[]string{"Endpoints"}, func(_ *rapid.T, p *network.Props) {
				p.Endpoints = &network.Endpoints{
					OnlyGateways: true, ParameterStore: true, SecretsManager: true, Exec: true, Instances: true, More: []string{"xray"},
					AllowFrom: []string{"10.0.0.0/16"},
				}
			},
		},
	})
	closedSpoilers = concat(networkSpoilers, []spoiler[network.Props]{
		beside("NATGateways", "Zones", func(t *rapid.T, p *network.Props) {
			p.NATGateways = rapid.Int().Filter(func(n int) bool { return n != 0 }).Draw(t, "n")
		}),
		beside("Endpoints.OnlyGateways", "Endpoints", func(_ *rapid.T, p *network.Props) { p.Endpoints = &network.Endpoints{OnlyGateways: true} }),
		beside("Endpoints.Existing", "Endpoints", func(_ *rapid.T, p *network.Props) { p.Endpoints = &network.Endpoints{Existing: true} }),
	})
	ownSpoilers = []spoiler[network.Props]{
		beside("VPC", "CIDR Zones NATGateways", func(t *rapid.T, p *network.Props) {
			switch wrong(t, 0, 1, 2, 3) {
			case 0:
				p.CIDR = "10.0.0.0/16"
			case 1:
				p.Zones = wrong(t, 2, -1, 99)
			case 2:
				p.NATGateways = wrong(t, 1, -1)
			case 3:
				p.NoFlowLogs = true
			}
		}),
	}
)

var poolSpoilers = concat([]spoiler[cluster.PoolProps]{
	beside("Cluster", "SessionManager", func(t *rapid.T, p *cluster.PoolProps) {
		p.Cluster = wrong(t, nil, &cluster.Cluster{}, theScene.imported)
	}),
	beside("InstanceTypes", "AMI OS", func(t *rapid.T, p *cluster.PoolProps) { p.InstanceTypes = wrong(t, nil, []string{}) }),
	beside("InstanceTypes[0]", "InstanceTypes AMI OS", func(t *rapid.T, p *cluster.PoolProps) {
		p.InstanceTypes = []string{wrong(t, "", "m7g", "M7G.large", "m7g.large ", "m7g.", ".large", aToken())}
	}),
	beside("InstanceTypes[1]", "InstanceTypes AMI OS", func(t *rapid.T, p *cluster.PoolProps) {
		p.InstanceTypes = []string{"m7i.large", wrong(t, "", "m7i.large", "m7g.large", "g5.xlarge", "x", aToken())}
	}),
	beside("Min", "Max", func(t *rapid.T, p *cluster.PoolProps) { p.Min = wrong(t, -1, -1<<63) }),
	beside("Max", "Min", func(t *rapid.T, p *cluster.PoolProps) { p.Max = below(t, 1) }),
	beside("Max", "Min", func(t *rapid.T, p *cluster.PoolProps) { p.Min, p.Max = 3, wrong(t, 1, 2) }),
	one("OS", func(t *rapid.T, p *cluster.PoolProps) { p.OS = unknown[cluster.OS](t) }),
	one("AMI", func(t *rapid.T, p *cluster.PoolProps) {
		p.AMI = wrong(t, "ami-", "ami-xyz", "ami-123", "image", "/", "/a//b", "/a b")
	}),
	beside("AMI", "InstanceTypes OS", func(_ *rapid.T, p *cluster.PoolProps) { p.InstanceTypes = []string{"g5g.xlarge"} }),
	one("DiskGiB", func(t *rapid.T, p *cluster.PoolProps) { p.DiskGiB = outside(t, 30, 16384) }),
	one("TargetPercent", func(t *rapid.T, p *cluster.PoolProps) { p.TargetPercent = outside(t, 1, 100) }),
	one("Warmup", func(t *rapid.T, p *cluster.PoolProps) { p.Warmup = notSeconds(t, time.Second, 10000*time.Second) }),
}, held("Spot", "", func() cluster.SpotMix { return cluster.SpotMix{} }, func(p *cluster.PoolProps, s cluster.SpotMix) { p.Spot = &s }, []spoiler[cluster.SpotMix]{
	one("OnDemandBase", func(t *rapid.T, s *cluster.SpotMix) { s.OnDemandBase = wrong(t, -1, -1<<63) }),
	one("OnDemandPercent", func(t *rapid.T, s *cluster.SpotMix) { s.OnDemandPercent = outside(t, 1, 100) }),
	one("Allocation", func(t *rapid.T, s *cluster.SpotMix) { s.Allocation = unknown[cluster.Allocation](t) }),
}))

var rangeSpoilers = []spoiler[cluster.Range]{
	beside("Min", "Max", func(t *rapid.T, r *cluster.Range) { r.Min = wrong(t, -1, -1<<63) }),
	beside("Max", "Min", func(t *rapid.T, r *cluster.Range) { r.Max = wrong(t, -1, -1<<63) }),
	beside("Max", "Min", func(t *rapid.T, r *cluster.Range) { r.Min, r.Max = 10, wrong(t, 1, 9) }),
}

var managedSpoilers = concat(
	at("VCPUs", func(p *cluster.ManagedInstancesProps) *cluster.Range { return &p.VCPUs }, rangeSpoilers),
	at("MemoryMiB", func(p *cluster.ManagedInstancesProps) *cluster.Range { return &p.MemoryMiB }, rangeSpoilers),
	[]spoiler[cluster.ManagedInstancesProps]{
		one("Cluster", func(t *rapid.T, p *cluster.ManagedInstancesProps) {
			p.Cluster = wrong(t, nil, &cluster.Cluster{}, theScene.imported)
		}),
		beside("InstanceTypes", "ARM64 GPUs VCPUs MemoryMiB", func(t *rapid.T, p *cluster.ManagedInstancesProps) {
			for i := range rapid.IntRange(401, 420).Draw(t, "types") {
				p.InstanceTypes = append(p.InstanceTypes, "m7i."+strings.Repeat("x", i)+"large")
			}
		}),
		beside("InstanceTypes[1]", "InstanceTypes ARM64 GPUs VCPUs MemoryMiB", func(t *rapid.T, p *cluster.ManagedInstancesProps) {
			p.InstanceTypes = []string{"m7i.*", wrong(t, "", "M7i.large", "m7i.*", "m7i large", "é", "m7g.large")}
		}),
		beside("InstanceTypes[0]", "InstanceTypes ARM64 GPUs VCPUs MemoryMiB", func(_ *rapid.T, p *cluster.ManagedInstancesProps) {
			p.InstanceTypes, p.GPUs = []string{"m7i.large"}, 1
		}),
		beside("InstanceTypes[0]", "InstanceTypes ARM64 GPUs VCPUs MemoryMiB", func(_ *rapid.T, p *cluster.ManagedInstancesProps) {
			p.InstanceTypes, p.VCPUs = []string{"m7i.large"}, cluster.Range{Min: 4}
		}),
		beside("GPUs", "InstanceTypes", func(t *rapid.T, p *cluster.ManagedInstancesProps) { p.GPUs = wrong(t, -1, -1<<63) }),
		one("DiskGiB", func(t *rapid.T, p *cluster.ManagedInstancesProps) { p.DiskGiB = outside(t, 30, 16384) }),
		one("IdleAfter", func(t *rapid.T, p *cluster.ManagedInstancesProps) { p.IdleAfter = notSeconds(t, 0, time.Hour) }),
	},
)

var noNetwork = func(t *rapid.T) *network.Network { return wrong(t, nil, &network.Network{}) }

var clusterSpoilers = []spoiler[cluster.Props]{
	one("Network", func(t *rapid.T, p *cluster.Props) { p.Network = noNetwork(t) }),
}

var importedClusterSpoilers = []spoiler[cluster.Attributes]{
	one("Network", func(t *rapid.T, a *cluster.Attributes) { a.Network = noNetwork(t) }),
	one("Name", func(t *rapid.T, a *cluster.Attributes) {
		a.Name = wrong(t, "", "a b", "arn:aws:ecs:us-east-1:123456789012:cluster/a", strings.Repeat("a", 256), "é")
	}),
}

package cluster_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
)

// fakeCluster stands for a construct where it only has to be there.
type fakeCluster struct{ awsecs.Cluster }

func fields(ps check.Problems) []string {
	var fields []string
	for _, p := range ps {
		fields = append(fields, p.Field)
	}
	return fields
}

func TestPoolProblems(t *testing.T) {
	c := &cluster.Cluster{Cluster: fakeCluster{}}
	arm := []string{"m7g.large"}
	for name, tt := range map[string]struct {
		props cluster.PoolProps
		want  []string
	}{
		"least": {cluster.PoolProps{Cluster: c, InstanceTypes: arm, Max: 1}, nil},
		"every field": {cluster.PoolProps{
			Cluster: c, InstanceTypes: []string{"m7g.large", "r7g.large"}, Min: 2, Max: 2, OS: cluster.Bottlerocket,
			AMI: "ami-0123456789abcdef0", DiskGiB: 100, TargetPercent: 80, Warmup: time.Minute, NoRefresh: true,
			Spot:                &cluster.SpotMix{OnDemandBase: 1, OnDemandPercent: 20, Allocation: cluster.CapacityOptimized},
			NoScaleInProtection: true, InstanceMetadata: true, SessionManager: true,
		}, nil},
		"image by parameter": {cluster.PoolProps{Cluster: c, InstanceTypes: arm, Max: 1, AMI: "/images/ecs"}, nil},
		"GPUs of tomorrow":   {cluster.PoolProps{Cluster: c, InstanceTypes: []string{"g99.xlarge", "g5.xlarge"}, Max: 1}, nil},
		"type of tomorrow":   {cluster.PoolProps{Cluster: c, InstanceTypes: []string{"m19g.large"}, Max: 1}, nil},
		"zero":               {cluster.PoolProps{}, []string{"Cluster", "InstanceTypes", "Max"}},
		"cluster of nobody":  {cluster.PoolProps{Cluster: &cluster.Cluster{}, InstanceTypes: arm, Max: 1}, []string{"Cluster"}},
		"Min above Max":      {cluster.PoolProps{Cluster: c, InstanceTypes: arm, Min: 3, Max: 2}, []string{"Max"}},
		"negative":           {cluster.PoolProps{Cluster: c, InstanceTypes: arm, Min: -1, Max: 2}, []string{"Min"}},
		"no type": {
			cluster.PoolProps{Cluster: c, InstanceTypes: []string{"large", "${Token[TOKEN.1]}"}, Max: 1},
			[]string{"InstanceTypes[0]", "InstanceTypes[1]"},
		},
		"type twice": {
			cluster.PoolProps{Cluster: c, InstanceTypes: []string{"m7g.large", "m7g.large"}, Max: 1}, []string{"InstanceTypes[1]"},
		},
		"architectures": {
			cluster.PoolProps{Cluster: c, InstanceTypes: []string{"m7g.large", "m7i.large"}, Max: 1}, []string{"InstanceTypes[1]"},
		},
		"some with GPUs": {
			cluster.PoolProps{Cluster: c, InstanceTypes: []string{"g5.xlarge", "m7i.large"}, Max: 1}, []string{"InstanceTypes[1]"},
		},
		"forty-one types": {cluster.PoolProps{Cluster: c, InstanceTypes: make([]string, 41), Max: 1}, append([]string{"InstanceTypes"}, indices(41)...)},
		"no such system":  {cluster.PoolProps{Cluster: c, InstanceTypes: arm, Max: 1, OS: "Arch"}, []string{"OS"}},
		"no image":        {cluster.PoolProps{Cluster: c, InstanceTypes: arm, Max: 1, AMI: "latest"}, []string{"AMI"}},
		"no image for it": {cluster.PoolProps{Cluster: c, InstanceTypes: []string{"g5g.xlarge"}, Max: 1}, []string{"AMI"}},
		"own image for it": {
			cluster.PoolProps{Cluster: c, InstanceTypes: []string{"g5g.xlarge"}, Max: 1, AMI: "ami-01234567"}, nil,
		},
		"out of range": {
			cluster.PoolProps{Cluster: c, InstanceTypes: arm, Max: 1, DiskGiB: 8, TargetPercent: 101, Warmup: time.Millisecond},
			[]string{"DiskGiB", "TargetPercent", "Warmup"},
		},
		"Spot": {
			cluster.PoolProps{Cluster: c, InstanceTypes: arm, Max: 1, Spot: &cluster.SpotMix{OnDemandBase: -1, OnDemandPercent: 101, Allocation: "best"}},
			[]string{"Spot.OnDemandBase", "Spot.OnDemandPercent", "Spot.Allocation"},
		},
	} {
		if diff := cmp.Diff(tt.want, fields(tt.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func indices(n int) []string {
	var fields []string
	for i := range n {
		fields = append(fields, "InstanceTypes["+strconv.Itoa(i)+"]")
	}
	return fields
}

func TestImages(t *testing.T) {
	for want, props := range map[string]cluster.PoolProps{
		"/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id":       {InstanceTypes: []string{"m7i.large"}},
		"/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id": {InstanceTypes: []string{"m7g.large"}},
		"/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id":   {InstanceTypes: []string{"g5.xlarge"}},
		"/aws/service/bottlerocket/aws-ecs-2/x86_64/latest/image_id":                  {InstanceTypes: []string{"m7i.large"}, OS: cluster.Bottlerocket},
		"/aws/service/bottlerocket/aws-ecs-2/arm64/latest/image_id":                   {InstanceTypes: []string{"m7g.large"}, OS: cluster.Bottlerocket},
		"/aws/service/bottlerocket/aws-ecs-2-nvidia/x86_64/latest/image_id":           {InstanceTypes: []string{"g5.xlarge"}, OS: cluster.Bottlerocket},
	} {
		if got := cluster.Recommended(props); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for name, tt := range map[string]struct {
		types []string
		want  cluster.Size
	}{
		"one":         {[]string{"m7g.large"}, cluster.Size{CPU: 2048, MemoryMiB: 7936, ARM64: true, MaxInstances: 5}},
		"the least":   {[]string{"m7i.xlarge", "c7i.xlarge", "r7i.large"}, cluster.Size{CPU: 2048, MemoryMiB: 7936, MaxInstances: 5}},
		"GPUs":        {[]string{"g5.12xlarge", "g5.xlarge"}, cluster.Size{CPU: 4096, MemoryMiB: 16128, GPUs: 1, MaxInstances: 5}},
		"unknown":     {[]string{"m19g.large"}, cluster.Size{ARM64: true, GPUs: -1, MaxInstances: 5}},
		"one unknown": {[]string{"m19i.large", "m7i.large"}, cluster.Size{CPU: 2048, MemoryMiB: 7936, GPUs: -1, MaxInstances: 5}},
	} {
		if diff := cmp.Diff(tt.want, cluster.SizeOf(cluster.PoolProps{InstanceTypes: tt.types, Max: 5})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestMix(t *testing.T) {
	c, other := &cluster.Cluster{}, &cluster.Cluster{}
	a := cluster.FakePool(c, "a", cluster.PoolProps{InstanceTypes: []string{"m7i.xlarge"}, Max: 2})
	b := cluster.FakePool(c, "b", cluster.PoolProps{InstanceTypes: []string{"m7i.large"}, Max: 5, Spot: &cluster.SpotMix{}})
	arm := cluster.FakePool(c, "arm", cluster.PoolProps{InstanceTypes: []string{"m7g.large"}, Max: 5})
	foreign := cluster.FakePool(other, "foreign", cluster.PoolProps{InstanceTypes: []string{"m7i.large"}, Max: 5})

	mix := cluster.Mix{{Pool: a, Base: 2, OnlyBase: true}, {Pool: b}}
	want := []cluster.Share{{Provider: "a", Base: 2}, {Provider: "b", Weight: 1}}
	if diff := cmp.Diff(want, mix.Strategy()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(cluster.Size{CPU: 2048, MemoryMiB: 7936, MaxInstances: 7}, mix.Size()); diff != "" {
		t.Error(diff)
	}
	if !mix.Spot() || mix.Cluster() != c || len(mix.Pools()) != 2 || mix.LaunchType() != cluster.OnEC2 {
		t.Error("a mix has what its pools have")
	}
	if got := cluster.Expression(mix.Pools()...); got != "attribute:ecskit.pool in [a, b]" {
		t.Errorf("got the expression %s", got)
	}
	many := make(cluster.Mix, 21)
	for i := range many {
		many[i].Pool = cluster.FakePool(c, strconv.Itoa(i), cluster.PoolProps{})
	}
	for name, tt := range map[string]struct {
		mix  cluster.Mix
		want []string
	}{
		"right":            {mix, nil},
		"empty":            {cluster.Mix{}, []string{""}},
		"too many":         {many, []string{""}},
		"no pool":          {cluster.Mix{{}, {Pool: &cluster.Pool{}}}, []string{"[0].Pool", "[1].Pool"}},
		"twice":            {cluster.Mix{{Pool: a}, {Pool: a}}, []string{"[1].Pool"}},
		"another cluster":  {cluster.Mix{{Pool: a}, {Pool: foreign}}, []string{"[1].Pool"}},
		"architectures":    {cluster.Mix{{Pool: a}, {Pool: arm}}, nil}, // a service says whether they are its task's
		"two bases":        {cluster.Mix{{Pool: a, Base: 1}, {Pool: b, Base: 1}}, []string{"[1].Base"}},
		"nothing but base": {cluster.Mix{{Pool: a, Base: 1, OnlyBase: true}}, []string{""}},
		"out of range":     {cluster.Mix{{Pool: a, Base: -1, Weight: 1001}}, []string{"[0].Base", "[0].Weight"}},
		"base without any": {cluster.Mix{{Pool: a, OnlyBase: true, Weight: 1}, {Pool: b}}, []string{"[0].Weight", "[0].Base"}},
	} {
		if diff := cmp.Diff(tt.want, fields(tt.mix.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestManagedInstancesProblems(t *testing.T) {
	c := &cluster.Cluster{Cluster: fakeCluster{}}
	for name, tt := range map[string]struct {
		props cluster.ManagedInstancesProps
		want  []string
	}{
		"least": {cluster.ManagedInstancesProps{Cluster: c}, nil},
		"every field": {cluster.ManagedInstancesProps{
			Cluster: c, VCPUs: cluster.Range{Min: 2, Max: 8}, MemoryMiB: cluster.Range{Min: 4096}, ARM64: true, GPUs: 1,
			InstanceTypes: []string{"g5g.xlarge", "g5g.*"}, DiskGiB: 100, Spot: true, IdleAfter: time.Minute,
		}, nil},
		"zero":         {cluster.ManagedInstancesProps{}, []string{"Cluster"}},
		"empty ranges": {cluster.ManagedInstancesProps{Cluster: c, VCPUs: cluster.Range{Min: 2, Max: 1}, MemoryMiB: cluster.Range{Min: -1}}, []string{"VCPUs.Max", "MemoryMiB.Min"}},
		"types": {
			cluster.ManagedInstancesProps{Cluster: c, InstanceTypes: []string{"M7G", "m7g.*", "m7g.*"}},
			[]string{"InstanceTypes[0]", "InstanceTypes[2]"},
		},
		"excluded types": {cluster.ManagedInstancesProps{
			Cluster: c, InstanceTypes: []string{"m7g.large", "m7i.large", "g5.4xlarge", "g5.xlarge", "g99.large"},
			GPUs: 1, VCPUs: cluster.Range{Max: 8}, MemoryMiB: cluster.Range{Min: 32768},
		}, []string{"InstanceTypes[0]", "InstanceTypes[1]", "InstanceTypes[2]", "InstanceTypes[3]"}},
		"out of range": {
			cluster.ManagedInstancesProps{Cluster: c, GPUs: -1, DiskGiB: 8, IdleAfter: 2 * time.Hour}, []string{"GPUs", "DiskGiB", "IdleAfter"},
		},
	} {
		if diff := cmp.Diff(tt.want, fields(tt.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestPoolsThatNobodyMade(t *testing.T) {
	for name, c := range map[string]cluster.Capacity{
		"pool": &cluster.Pool{}, "no pool": (*cluster.Pool)(nil),
		"managed instances": &cluster.ManagedInstances{}, "no managed instances": (*cluster.ManagedInstances)(nil),
	} {
		if len(c.Problems()) != 1 {
			t.Errorf("%s: got %v, want one problem", name, c.Problems())
		}
	}
}

func TestLabel(t *testing.T) {
	long := cluster.Label("", "Shop/"+strings.Repeat("a", 200))
	if len(long) > 128 || long == cluster.Label("", "Shop/"+strings.Repeat("a", 201)) {
		t.Errorf("got %s", long)
	}
	if got := cluster.Label("pool-", "Shop/Pool"); got != "pool-Shop-Pool" {
		t.Errorf("got %s", got)
	}
}

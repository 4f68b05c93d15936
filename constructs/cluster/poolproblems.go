package cluster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster/instance"
)

const (
	typesPage   = "https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html"
	volumePage  = "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html"
	scalingPage = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedScaling.html"
	mixedPage   = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplate.html"
)

// maxTypes is how many overrides a group's launch template can have.
const maxTypes = 40

var (
	amiID        = regexp.MustCompile(`^ami-[0-9a-f]{8}([0-9a-f]{9})?$`)
	amiParameter = regexp.MustCompile(`^/[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$`)
)

// Problems names a missing cluster, instance types that do not go together, bounds that contradict each other, numbers out
// of AWS's range, and a network in which instances do not reach ECS.
func (p PoolProps) Problems() check.Problems {
	var ps check.Problems
	if p.Cluster == nil || check.IsNil(p.Cluster.Cluster) {
		ps.Add("Cluster", nil, "must be set, to one that cluster.New made")
	}
	ps = append(ps, typeProblems(p.InstanceTypes)...)
	if p.Min < 0 {
		ps.Add("Min", p.Min, "must not be negative")
	}
	if p.Max < max(1, p.Min) {
		ps.Add("Max", p.Max, "must be at least 1 and at least Min (%d)", p.Min)
	}
	ps = append(ps, p.imageProblems()...)
	d := p.withDefaults()
	ps.Range("DiskGiB", d.DiskGiB, 30, 16384).See(volumePage)
	ps.Range("TargetPercent", d.TargetPercent, 1, 100).See(scalingPage)
	ps.Seconds("Warmup", d.Warmup, time.Second, 10000*time.Second).See(scalingPage)
	if p.Spot != nil {
		ps.In("Spot", p.Spot.Problems())
	}
	return append(ps, p.reachProblems()...)
}

// reachProblems names what the instances call and nothing in a network without NAT gateways reaches.
func (p PoolProps) reachProblems() check.Problems {
	ps := instanceProblems(p.Cluster)
	if p.SessionManager && p.Cluster != nil && p.Cluster.Network != nil {
		ps.In("SessionManager", p.Cluster.Network.ReachProblems("", "ssm", "ssmmessages"))
	}
	return ps
}

// instanceProblems names a cluster in whose network instances could not join it.
func instanceProblems(c *Cluster) check.Problems {
	var ps check.Problems
	if c != nil && c.Network != nil {
		ps.In("Cluster", c.Network.InstanceProblems())
	}
	return ps
}

func typeProblems(types []string) check.Problems {
	var ps check.Problems
	if len(types) == 0 || len(types) > maxTypes {
		ps.Add("InstanceTypes", len(types), "must be 1-%d", maxTypes).See(mixedPage)
	}
	for i, name := range types {
		field := fmt.Sprintf("InstanceTypes[%d]", i)
		switch {
		case check.IsToken(name):
			ps.Add(field, nil, "must not be a token: what tasks fit is decided before deployment")
		case !instance.IsName(name):
			ps.Add(field, name, "must be an instance type such as m7g.large").See(typesPage)
		case slices.Contains(types[:i], name):
			ps.Add(field, name, "must be in the list once")
		case instance.IsName(types[0]) && instance.IsARM64(name) != instance.IsARM64(types[0]):
			ps.Add(field, name, "must be of the same architecture as %s, for both run one image", types[0]).See(typesPage)
		case differ(name, types[0]):
			ps.Add(field, name, "must have GPUs if %s has, and none if it has none, for both run one image", types[0])
		}
	}
	return ps
}

// differ reports whether one of two types is known to have GPUs and the other to have none.
func differ(a, b string) bool {
	t, known := instance.Lookup(a)
	u, known2 := instance.Lookup(b)
	return known && known2 && (t.GPUs > 0) != (u.GPUs > 0)
}

func (p PoolProps) imageProblems() check.Problems {
	var ps check.Problems
	d := p.withDefaults()
	if d.OS != AL2023 && d.OS != Bottlerocket {
		ps.Add("OS", string(p.OS), "must be %s or %s", AL2023, Bottlerocket)
	}
	if p.AMI != "" && !check.IsToken(p.AMI) && !amiID.MatchString(p.AMI) && !amiParameter.MatchString(p.AMI) {
		ps.Add("AMI", p.AMI, "must be ami- and 8 or 17 hexadecimal digits, or the path of a parameter, which starts with a slash")
	}
	if size := p.size(); p.AMI == "" && d.OS == AL2023 && size.GPUs > 0 && size.ARM64 {
		ps.Add("AMI", p.AMI, "must be set for ARM instances with GPUs, or OS must be %s: AWS has no AL2023 image for them", Bottlerocket).
			See(imagePage)
	}
	return ps
}

// Problems names a pool that was not made by [NewPool].
func (pool *Pool) Problems() check.Problems {
	var ps check.Problems
	if pool == nil || pool.name == nil {
		ps.Add("", nil, "must be set, to one that cluster.NewPool made")
	}
	return ps
}

// warnOfTypes advises several types for Spot, where one alone is often sold out, and to look again at types that are not
// known here.
func warnOfTypes(pool *Pool, p PoolProps) {
	if p.Spot != nil && len(p.InstanceTypes) == 1 {
		awscdk.Annotations_Of(pool).AddWarningV2(jsii.String("@ecskit/cluster:oneSpotType"), jsii.String(fmt.Sprintf(
			"%s is the only instance type, and when AWS has no spare capacity of it the pool cannot grow: "+
				"name several types of like size", p.InstanceTypes[0])))
	}
	unknown := slices.DeleteFunc(slices.Clone(p.InstanceTypes), func(name string) bool {
		_, known := instance.Lookup(name)
		return known
	})
	if len(unknown) > 0 {
		awscdk.Annotations_Of(pool).AddWarningV2(jsii.String("@ecskit/cluster:unknownInstanceType"), jsii.String(
			strings.Join(unknown, ", ")+" is not known here, so nothing checks that tasks fit: see that it is no misspelling"))
	}
}

package cluster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster/instance"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// ManagedInstancesProps says what EC2 instances ECS is to choose, start, patch and end. With Cluster alone it chooses from
// general-purpose instances on demand.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ManagedInstances.html
type ManagedInstancesProps struct {
	// Cluster is the one whose services can run on them, in the same stack. Required.
	Cluster *Cluster
	// VCPUs is the range of virtual processors of an instance. Zero: ECS chooses what is cheapest for the tasks.
	VCPUs Range
	// MemoryMiB is the range of memory of an instance. Zero: ECS chooses, like VCPUs.
	MemoryMiB Range
	// InstanceTypes are the only ones to choose from, such as m7g.large or m7g.*, at most 400. Zero: all.
	InstanceTypes []string
	// ARM64 chooses instances with Graviton processors, for tasks of that architecture. Zero: x86-64, of Intel or AMD.
	ARM64 bool
	// GPUs is the least number of NVIDIA GPUs of an instance. Zero: ECS does not look for any, and tasks get none.
	GPUs int
	// DiskGiB is the size of the volume for images and what containers write, 30-16384. Zero: 80.
	DiskGiB int
	// Spot buys spare capacity, which is taken back at two minutes' notice. Zero: on demand.
	Spot bool
	// IdleAfter is how long an instance with little to do is kept, 1-3600 s. Zero: as long as ECS sees fit.
	IdleAfter time.Duration
}

// Range is a least and a greatest number.
type Range struct {
	// Min is the least. Zero: no bound below.
	Min int
	// Max is the greatest, at least Min. Zero: no bound above.
	Max int
}

// DefaultManagedDiskGiB is the size of the volume of a managed instance unless the user says otherwise.
const DefaultManagedDiskGiB = 80

const managedPage = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_InstanceLaunchTemplate.html"

// ManagedInstances are EC2 instances that ECS manages. They are a [Capacity].
type ManagedInstances struct {
	constructs.Construct
	// Provider is the capacity provider, an L1 construct of the CDK.
	Provider awsecs.CfnCapacityProvider
	// SecurityGroup is the group of the instances, and so of tasks in network mode host. They may connect to anywhere.
	SecurityGroup awsec2.SecurityGroup
	// InstanceRole is the role of the instances, with what AWS's policy for them says.
	InstanceRole awsiam.Role
	// InfrastructureRole is the role by which ECS manages them, with what AWS's policy for that says.
	InfrastructureRole awsiam.Role

	cluster *Cluster
	name    *string
	spot    bool
	size    Size
}

var _ awsec2.IConnectable = (*ManagedInstances)(nil)

// Problems names a missing cluster, ranges that are empty, numbers out of AWS's range, and a network in which instances do
// not reach ECS.
func (p ManagedInstancesProps) Problems() check.Problems {
	var ps check.Problems
	if p.Cluster == nil || check.IsNil(p.Cluster.Cluster) {
		ps.Add("Cluster", nil, "must be set, to one that cluster.New made")
	}
	ps.In("VCPUs", p.VCPUs.Problems())
	ps.In("MemoryMiB", p.MemoryMiB.Problems())
	if len(p.InstanceTypes) > 400 {
		ps.Add("InstanceTypes", len(p.InstanceTypes), "must be at most 400").See(managedPage)
	}
	for i, name := range p.InstanceTypes {
		if field := fmt.Sprintf("InstanceTypes[%d]", i); !typePattern(name) {
			ps.Add(field, name, "must be an instance type such as m7g.large, or a pattern such as m7g.*").See(managedPage)
		} else if slices.Contains(p.InstanceTypes[:i], name) {
			ps.Add(field, name, "must be in the list once")
		} else if why := p.excludes(name); why != "" {
			ps.Add(field, name, "must not be in the list, for %s excludes it", why)
		}
	}
	if p.GPUs < 0 {
		ps.Add("GPUs", p.GPUs, "must not be negative")
	}
	ps.Range("DiskGiB", p.withDefaults().DiskGiB, 30, 16384).See(managedPage)
	ps.Seconds("IdleAfter", p.IdleAfter, 0, time.Hour).See(managedPage)
	return append(ps, instanceProblems(p.Cluster)...)
}

// excludes returns the field that leaves out an instance type that is known; empty if none does.
func (p ManagedInstancesProps) excludes(name string) string {
	t, known := instance.Lookup(name)
	switch {
	case !known:
	case t.ARM64 != p.ARM64:
		return "ARM64"
	case t.GPUs < p.GPUs:
		return "GPUs"
	case !p.VCPUs.holds(t.VCPUs):
		return "VCPUs"
	case !p.MemoryMiB.holds(t.MemoryMiB):
		return "MemoryMiB"
	}
	return ""
}

func (r Range) holds(n int) bool { return n >= r.Min && (r.Max == 0 || n <= r.Max) }

// typePattern reports whether s has the characters of an instance type, or of a pattern of such.
func typePattern(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-.*") == ""
}

// Problems names a range without a number in it.
func (r Range) Problems() check.Problems {
	var ps check.Problems
	if r.Min < 0 {
		ps.Add("Min", r.Min, "must not be negative")
	}
	if r.Max < 0 || r.Max > 0 && r.Max < r.Min {
		ps.Add("Max", r.Max, "must be at least Min (%d), or 0 for no bound", r.Min)
	}
	return ps
}

func (p ManagedInstancesProps) withDefaults() ManagedInstancesProps {
	p.DiskGiB = cmp.Or(p.DiskGiB, DefaultManagedDiskGiB)
	return p
}

// NewManagedInstances makes the capacity provider, with the children "SecurityGroup", "InstanceRole", "Profile",
// "InfrastructureRole" and "Provider". It panics with a *[check.Error] if props have problems.
func NewManagedInstances(scope constructs.Construct, id string, props ManagedInstancesProps) *ManagedInstances {
	check.Must(scope, id, props.Problems(), clusterProblems(scope, props.Cluster))
	p, place := props.withDefaults(), check.Place(scope, id)
	m := &ManagedInstances{cluster: p.Cluster, spot: p.Spot, size: Size{
		CPU: p.VCPUs.Max * 1024, MemoryMiB: p.MemoryMiB.Max, GPUs: p.GPUs, ARM64: p.ARM64,
	}}
	check.Construct(m, scope, id)
	m.SecurityGroup = awsec2.NewSecurityGroup(m, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
		Vpc:              p.Cluster.Network.VPC,
		Description:      jsii.String(names.Description("Managed instances of", place)),
		AllowAllOutbound: jsii.Bool(true),
	})
	m.InstanceRole = rights.NewUnconditionalRole(m, "InstanceRole", "ec2.amazonaws.com",
		"AmazonECSInstanceRolePolicyForManagedInstances")
	m.InfrastructureRole = rights.NewUnconditionalRole(m, "InfrastructureRole", "ecs.amazonaws.com",
		"AmazonECSInfrastructureRolePolicyForManagedInstances")
	// AWS's policy lets ECS pass roles on that are called ecsInstanceRole, which only one in an account can be.
	rights.Allow(m.InfrastructureRole, rights.Statement{
		Actions: []string{"iam:PassRole"}, Resources: []*string{m.InstanceRole.RoleArn()},
		Conditions: map[string]any{"StringLike": map[string]any{"iam:PassedToService": "ec2.amazonaws.com*"}},
	})
	m.Provider = m.newProvider(p)
	crossstack.Share(m.SecurityGroup, m.Provider)
	m.name = m.Provider.Ref()
	return m
}

func (m *ManagedInstances) newProvider(p ManagedInstancesProps) awsecs.CfnCapacityProvider {
	profile := awsiam.NewCfnInstanceProfile(m, jsii.String("Profile"), &awsiam.CfnInstanceProfileProps{
		Roles: &[]any{m.InstanceRole.RoleName()},
	})
	template := &awsecs.CfnCapacityProvider_InstanceLaunchTemplateProperty{
		Ec2InstanceProfileArn: profile.AttrArn(),
		NetworkConfiguration: &awsecs.CfnCapacityProvider_ManagedInstancesNetworkConfigurationProperty{
			Subnets:        &p.Cluster.Network.TaskSubnetIDs,
			SecurityGroups: &[]*string{m.SecurityGroup.SecurityGroupId()},
		},
		StorageConfiguration: &awsecs.CfnCapacityProvider_ManagedInstancesStorageConfigurationProperty{
			StorageSizeGiB: jsii.Number(float64(p.DiskGiB)),
		},
		CapacityOptionType: jsii.String("ON_DEMAND"),
	}
	if p.Spot {
		template.CapacityOptionType = jsii.String("SPOT")
	}
	if p.chooses() {
		template.InstanceRequirements = p.requirements()
	}
	provider := &awsecs.CfnCapacityProvider_ManagedInstancesProviderProperty{
		InfrastructureRoleArn:  m.InfrastructureRole.RoleArn(),
		InstanceLaunchTemplate: template,
		PropagateTags:          jsii.String("CAPACITY_PROVIDER"),
	}
	if p.IdleAfter > 0 {
		provider.InfrastructureOptimization = &awsecs.CfnCapacityProvider_InfrastructureOptimizationProperty{
			ScaleInAfter: jsii.Number(p.IdleAfter.Seconds()),
		}
	}
	made := awsecs.NewCfnCapacityProvider(m, jsii.String("Provider"), &awsecs.CfnCapacityProviderProps{
		// It is of one cluster by its name, and not in the list of the cluster's association.
		Name: providerName(m), ClusterName: p.Cluster.name, ManagedInstancesProvider: provider,
	})
	made.Node().AddDependency(m.InstanceRole, m.InfrastructureRole)
	return made
}

// chooses reports whether anything narrows down what ECS chooses from.
func (p ManagedInstancesProps) chooses() bool {
	return p.VCPUs != Range{} || p.MemoryMiB != Range{} || len(p.InstanceTypes) > 0 || p.ARM64 || p.GPUs > 0
}

func (p ManagedInstancesProps) requirements() *awsecs.CfnCapacityProvider_InstanceRequirementsRequestProperty {
	r := &awsecs.CfnCapacityProvider_InstanceRequirementsRequestProperty{
		VCpuCount: &awsecs.CfnCapacityProvider_VCpuCountRangeRequestProperty{
			Min: jsii.Number(float64(p.VCPUs.Min)), Max: bound(p.VCPUs.Max),
		},
		MemoryMiB: &awsecs.CfnCapacityProvider_MemoryMiBRequestProperty{
			Min: jsii.Number(float64(p.MemoryMiB.Min)), Max: bound(p.MemoryMiB.Max),
		},
		CpuManufacturers: jsii.Strings("intel", "amd"),
	}
	if p.ARM64 {
		r.CpuManufacturers = jsii.Strings("amazon-web-services")
	}
	if len(p.InstanceTypes) > 0 {
		r.AllowedInstanceTypes = jsii.Strings(p.InstanceTypes...)
	}
	if p.GPUs > 0 {
		r.AcceleratorCount = &awsecs.CfnCapacityProvider_AcceleratorCountRequestProperty{Min: jsii.Number(float64(p.GPUs))}
		r.AcceleratorManufacturers, r.AcceleratorTypes = jsii.Strings("nvidia"), jsii.Strings("gpu")
	}
	return r
}

func bound(n int) *float64 {
	if n == 0 {
		return nil
	}
	return jsii.Number(float64(n))
}

// Strategy gives every task to the managed instances.
func (m *ManagedInstances) Strategy() []Share { return []Share{{Provider: *m.name, Weight: 1}} }

// Spot reports whether spare capacity is bought.
func (m *ManagedInstances) Spot() bool { return m.spot }

// LaunchType returns MANAGED_INSTANCES.
func (*ManagedInstances) LaunchType() string { return OnManagedInstances }

// Cluster returns the cluster that the capacity belongs to.
func (m *ManagedInstances) Cluster() *Cluster { return m.cluster }

// Size returns the architecture, the GPUs and the bounds; within these ECS chooses instances after the tasks.
func (m *ManagedInstances) Size() Size { return m.size }

// SecurityGroups returns the group of the instances.
func (m *ManagedInstances) SecurityGroups() []awsec2.ISecurityGroup {
	return []awsec2.ISecurityGroup{m.SecurityGroup}
}

// Pools returns none.
func (*ManagedInstances) Pools() []*Pool { return nil }

func (*ManagedInstances) capacity() {}

// Problems names a capacity that was not made by [NewManagedInstances].
func (m *ManagedInstances) Problems() check.Problems {
	var ps check.Problems
	if m == nil || m.name == nil {
		ps.Add("", nil, "must be set, to one that cluster.NewManagedInstances made")
	}
	return ps
}

// Connections returns who may connect to the instances and to whom they may, for rules of your own.
func (m *ManagedInstances) Connections() awsec2.Connections { return m.SecurityGroup.Connections() }

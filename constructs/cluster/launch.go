package cluster

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// OS is the operating system of a pool's instances.
type OS string

// The operating systems of pools, in the variants that AWS builds for ECS.
const (
	// AL2023 is Amazon Linux 2023. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html
	AL2023 OS = "AL2023"
	// Bottlerocket is made for nothing but containers and has neither shell nor package manager.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-bottlerocket.html
	Bottlerocket OS = "Bottlerocket"
)

const imagePage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html"

// ReservedMemoryMiB is the memory of each instance that no task gets, so that the system and the agents on it always have
// some. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
const ReservedMemoryMiB = 256

// attributeName is the attribute by which a pool's instances are told from others.
const attributeName = "ecskit.pool"

// Expression returns the condition of a placement constraint that holds on the instances of the pools.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
func Expression(pools ...*Pool) string {
	var values []string
	for _, pool := range pools {
		values = append(values, pool.attribute)
	}
	return "attribute:" + attributeName + " in [" + strings.Join(values, ", ") + "]"
}

// imageID returns the image of the instances. A parameter is read again by every deployment of the stack.
func (pool *Pool) imageID(p PoolProps) *string {
	path := p.AMI
	if path == "" {
		path = p.recommended()
	}
	if !strings.HasPrefix(path, "/") {
		return &path
	}
	// A deployment keeps the value of a parameter that the stack has already, so another path has another parameter.
	return awscdk.NewCfnParameter(pool, jsii.String(names.Key("Image", path)), &awscdk.CfnParameterProps{
		Type: jsii.String("AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"), Default: &path,
	}).ValueAsString()
}

// recommended returns the parameter in which AWS keeps the newest image for the instances.
func (p PoolProps) recommended() string {
	size := p.size()
	if p.OS == Bottlerocket {
		variant, architecture := "aws-ecs-2", "x86_64"
		if size.GPUs > 0 {
			variant += "-nvidia"
		}
		if size.ARM64 {
			architecture = "arm64"
		}
		return "/aws/service/bottlerocket/" + variant + "/" + architecture + "/latest/image_id"
	}
	variant := ""
	if size.GPUs > 0 {
		variant = "gpu/"
	} else if size.ARM64 {
		variant = "arm64/"
	}
	return "/aws/service/ecs/optimized-ami/amazon-linux-2023/" + variant + "recommended/image_id"
}

func (pool *Pool) newLaunchTemplate(p PoolProps) awsec2.CfnLaunchTemplate {
	profile := awsiam.NewCfnInstanceProfile(pool, jsii.String("Profile"), &awsiam.CfnInstanceProfileProps{
		Roles: &[]any{pool.Role.RoleName()},
	})
	return awsec2.NewCfnLaunchTemplate(pool, jsii.String("LaunchTemplate"), &awsec2.CfnLaunchTemplateProps{
		LaunchTemplateData: &awsec2.CfnLaunchTemplate_LaunchTemplateDataProperty{
			ImageId:             pool.imageID(p),
			InstanceType:        jsii.String(p.InstanceTypes[0]),
			IamInstanceProfile:  &awsec2.CfnLaunchTemplate_IamInstanceProfileProperty{Arn: profile.AttrArn()},
			SecurityGroupIds:    &[]*string{pool.SecurityGroup.SecurityGroupId()},
			MetadataOptions:     p.metadataOptions(),
			BlockDeviceMappings: p.disks(),
			UserData:            awscdk.Fn_Base64(jsii.String(pool.userData(p))),
		},
	})
}

// metadataOptions demand session tokens, which get one hop far: to the instance, and not into the network of a container.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
func (p PoolProps) metadataOptions() *awsec2.CfnLaunchTemplate_MetadataOptionsProperty {
	hops := 1.0
	if p.InstanceMetadata {
		hops = 2
	}
	return &awsec2.CfnLaunchTemplate_MetadataOptionsProperty{
		HttpEndpoint: jsii.String("enabled"), HttpTokens: jsii.String("required"), HttpPutResponseHopLimit: &hops,
	}
}

// disks are the volume that containers are on and, with Bottlerocket, that of the system.
func (p PoolProps) disks() []*awsec2.CfnLaunchTemplate_BlockDeviceMappingProperty {
	disk := func(device string, gib int) *awsec2.CfnLaunchTemplate_BlockDeviceMappingProperty {
		return &awsec2.CfnLaunchTemplate_BlockDeviceMappingProperty{
			DeviceName: &device,
			Ebs: &awsec2.CfnLaunchTemplate_EbsProperty{
				VolumeType: jsii.String("gp3"), VolumeSize: jsii.Number(float64(gib)),
				Encrypted: jsii.Bool(true), DeleteOnTermination: jsii.Bool(true),
			},
		}
	}
	if p.OS == Bottlerocket {
		return []*awsec2.CfnLaunchTemplate_BlockDeviceMappingProperty{disk("/dev/xvda", bottlerocketSystemGiB), disk("/dev/xvdb", p.DiskGiB)}
	}
	return []*awsec2.CfnLaunchTemplate_BlockDeviceMappingProperty{disk("/dev/xvda", p.DiskGiB)}
}

// bottlerocketSystemGiB is more than what the image has on the volume of the system, which nothing is written to.
const bottlerocketSystemGiB = 8

// userData tells the agent its cluster and what to keep from tasks.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
// https://bottlerocket.dev/en/os/1.20.x/api/settings/ecs/
func (pool *Pool) userData(p PoolProps) string {
	if p.OS == Bottlerocket {
		return fmt.Sprintf("[settings.ecs]\ncluster = %q\nawsvpc-block-imds = %t\nreserved-memory = %d\n"+
			"logging-drivers = [\"json-file\", \"awslogs\", \"splunk\", \"none\"]\n\n"+
			"[settings.ecs.instance-attributes]\n%q = %q\n",
			*p.Cluster.name, !p.InstanceMetadata, ReservedMemoryMiB, attributeName, pool.attribute)
	}
	settings := fmt.Sprintf("ECS_CLUSTER=%s\nECS_AWSVPC_BLOCK_IMDS=%t\nECS_RESERVED_MEMORY=%d\nECS_INSTANCE_ATTRIBUTES={%q:%q}\n",
		*p.Cluster.name, !p.InstanceMetadata, ReservedMemoryMiB, attributeName, pool.attribute)
	settings += `ECS_AVAILABLE_LOGGING_DRIVERS=["json-file","awslogs","splunk","none"]` + "\n"
	if pool.size.GPUs > 0 {
		settings += "ECS_ENABLE_GPU_SUPPORT=true\n"
	}
	return "#!/bin/bash\ncat >> /etc/ecs/ecs.config <<'EOF'\n" + settings + "EOF\n"
}

func newInstanceRole(pool constructs.Construct, p PoolProps) awsiam.Role {
	var policies []string
	if p.SessionManager {
		policies = append(policies, "AmazonSSMManagedInstanceCore")
	}
	role := rights.NewUnconditionalRole(pool, "Role", "ec2.amazonaws.com", policies...)
	rights.Allow(role, agentRights(p.Cluster.Cluster.ClusterArn())...)
	return role
}

// agentRights is what the ECS agent does for itself. Images are pulled and logs are written with the execution roles.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
func agentRights(clusterARN *string) []rights.Statement {
	return []rights.Statement{{
		Actions: []string{
			"ecs:DeregisterContainerInstance", "ecs:RegisterContainerInstance", "ecs:SubmitAttachmentStateChanges",
			"ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange",
		},
		Resources: []*string{clusterARN},
	}, {
		Actions:    []string{"ecs:Poll", "ecs:StartTelemetrySession"},
		Resources:  *jsii.Strings("*"),
		Conditions: map[string]any{"ArnEquals": map[string]any{"ecs:cluster": clusterARN}},
	}, { // this action knows no resources
		Actions: []string{"ecs:DiscoverPollEndpoint"}, Resources: *jsii.Strings("*"),
	}}
}

// providerName returns a name where CloudFormation would make one out of the stack's that ECS refuses; nil elsewhere. A
// name of ours would keep CloudFormation from ever replacing the provider.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html
func providerName(provider constructs.Construct) *string {
	stack := strings.ToLower(*check.Stack(provider).StackName())
	for _, reserved := range []string{"aws", "ecs", "fargate"} {
		if strings.HasPrefix(stack, reserved) {
			return jsii.String(label("pool-", check.Place(provider, "Provider")))
		}
	}
	return nil
}

// label returns a name after a place, of at most 128 characters, which is what attributes of instances have.
func label(prefix, place string) string {
	name := prefix + names.Family(place)
	if len(name) > 128 {
		return names.Key(name[:119]+"-", place)
	}
	return name
}

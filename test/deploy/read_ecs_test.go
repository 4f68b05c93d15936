package deploy

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
)

var ecsKinds = map[string]kind{
	"AWS::ECS::Cluster":                             {read: readCluster, names: map[string]string{"ClusterSettings": "Settings"}},
	"AWS::ECS::ClusterCapacityProviderAssociations": {read: readCluster, names: map[string]string{"Cluster": "ClusterName"}},
	"AWS::ECS::CapacityProvider":                    {read: readCapacityProvider},
	"AWS::ECS::TaskDefinition":                      {read: readTaskDefinition},
	"AWS::ECS::Service": {read: readService, names: map[string]string{
		"Cluster": "ClusterArn", "PlacementStrategies": "PlacementStrategy",
	}},
	"AWS::ApplicationAutoScaling::ScalableTarget": {read: readScalableTarget},
	"AWS::ApplicationAutoScaling::ScalingPolicy":  {read: readScalingPolicy},
	"AWS::ServiceDiscovery::PrivateDnsNamespace":  {read: readNamespace},
	"AWS::ServiceDiscovery::Service":              {read: readDiscovered},
	"AWS::CodeDeploy::Application":                {read: readApplication},
	"AWS::CodeDeploy::DeploymentConfig":           {read: readDeploymentConfig},
	"AWS::CodeDeploy::DeploymentGroup":            {read: readDeploymentGroup},
}

func readCluster(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ecs.DescribeClusters(ctx, &ecs.DescribeClustersInput{
		Clusters: []string{r.id}, Include: []ecstypes.ClusterField{ecstypes.ClusterFieldSettings, ecstypes.ClusterFieldConfigurations, ecstypes.ClusterFieldTags},
	})
	if err != nil || len(out.Clusters) == 0 || aws.ToString(out.Clusters[0].Status) == "INACTIVE" {
		return nil, err
	}
	return tree(out.Clusters[0]), nil
}

func readCapacityProvider(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ecs.DescribeCapacityProviders(ctx, &ecs.DescribeCapacityProvidersInput{CapacityProviders: []string{r.id}})
	if err != nil || len(out.CapacityProviders) == 0 || out.CapacityProviders[0].Status == ecstypes.CapacityProviderStatusInactive {
		return nil, err
	}
	return tree(out.CapacityProviders[0]), nil
}

func readTaskDefinition(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ecs.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{
		TaskDefinition: &r.id, Include: []ecstypes.TaskDefinitionField{ecstypes.TaskDefinitionFieldTags},
	})
	if err != nil {
		if strings.Contains(err.Error(), "Unable to describe task definition") { // ClientException, whatever it was
			return nil, nil
		}
		return nil, err
	}
	if out.TaskDefinition.Status != ecstypes.TaskDefinitionStatusActive {
		return nil, nil
	}
	return with(out.TaskDefinition, object{"Tags": out.Tags}), nil
}

func readService(ctx context.Context, c *account, r resource) (any, error) {
	name := strings.Split(r.id, "/")
	out, err := c.ecs.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster: &name[1], Services: []string{r.id}, Include: []ecstypes.ServiceField{ecstypes.ServiceFieldTags},
	})
	if err != nil || len(out.Services) == 0 || aws.ToString(out.Services[0].Status) == "INACTIVE" {
		return nil, err
	}
	service, more := out.Services[0], object{}
	if len(service.Deployments) > 0 { // the newest first
		more["ServiceConnectConfiguration"] = service.Deployments[0].ServiceConnectConfiguration
	}
	return with(service, more), nil
}

func readScalableTarget(ctx context.Context, c *account, r resource) (any, error) {
	id := strings.Split(r.id, "|")
	out, err := c.scaling.DescribeScalableTargets(ctx, &applicationautoscaling.DescribeScalableTargetsInput{
		ServiceNamespace: scalingtypes.ServiceNamespace(id[2]), ResourceIds: id[:1], ScalableDimension: scalingtypes.ScalableDimension(id[1]),
	})
	if err != nil || len(out.ScalableTargets) == 0 {
		return nil, err
	}
	actions, err := c.scaling.DescribeScheduledActions(ctx, &applicationautoscaling.DescribeScheduledActionsInput{
		ServiceNamespace: scalingtypes.ServiceNamespace(id[2]), ResourceId: &id[0],
	})
	if err != nil {
		return nil, err
	}
	return with(out.ScalableTargets[0], object{"ScheduledActions": actions.ScheduledActions}), nil
}

func readScalingPolicy(ctx context.Context, c *account, r resource) (any, error) {
	id := strings.Split(r.text("ScalingTargetId"), "|")
	out, err := c.scaling.DescribeScalingPolicies(ctx, &applicationautoscaling.DescribeScalingPoliciesInput{
		ServiceNamespace: scalingtypes.ServiceNamespace(id[2]), ResourceId: &id[0], PolicyNames: []string{r.text("PolicyName")},
	})
	if err != nil {
		return nil, err
	}
	for _, p := range out.ScalingPolicies {
		if aws.ToString(p.PolicyARN) == r.id {
			target := aws.ToString(p.ResourceId) + "|" + string(p.ScalableDimension) + "|" + string(p.ServiceNamespace)
			return with(p, object{"ScalingTargetId": target}), nil
		}
	}
	return nil, nil
}

func readNamespace(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.discovery.GetNamespace(ctx, &servicediscovery.GetNamespaceInput{Id: &r.id})
	if err != nil {
		return nil, err
	}
	return tree(out.Namespace), nil
}

func readDiscovered(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.discovery.GetService(ctx, &servicediscovery.GetServiceInput{Id: &r.id})
	if err != nil {
		return nil, err
	}
	return tree(out.Service), nil
}

func readApplication(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.codedeploy.GetApplication(ctx, &codedeploy.GetApplicationInput{ApplicationName: &r.id})
	if err != nil {
		return nil, err
	}
	return tree(out.Application), nil
}

func readDeploymentConfig(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.codedeploy.GetDeploymentConfig(ctx, &codedeploy.GetDeploymentConfigInput{DeploymentConfigName: &r.id})
	if err != nil {
		return nil, err
	}
	return tree(out.DeploymentConfigInfo), nil
}

func readDeploymentGroup(ctx context.Context, c *account, r resource) (any, error) {
	application := r.text("ApplicationName")
	out, err := c.codedeploy.GetDeploymentGroup(ctx, &codedeploy.GetDeploymentGroupInput{
		ApplicationName: &application, DeploymentGroupName: &r.id,
	})
	if err != nil {
		return nil, err
	}
	return tree(out.DeploymentGroupInfo), nil
}

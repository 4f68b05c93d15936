package deploy

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

var doorKinds = map[string]kind{
	"AWS::ElasticLoadBalancingV2::LoadBalancer": {read: readLoadBalancer},
	"AWS::ElasticLoadBalancingV2::TargetGroup":  {read: readTargetGroup},
	"AWS::ElasticLoadBalancingV2::Listener":     {read: readListener},
	"AWS::ElasticLoadBalancingV2::ListenerRule": {read: readListenerRule},
	"AWS::ApiGatewayV2::Api":                    {read: readAPI},
	"AWS::ApiGatewayV2::Integration":            {read: readIntegration},
	"AWS::ApiGatewayV2::Route":                  {read: readAPIRoute},
	"AWS::ApiGatewayV2::Stage":                  {read: readStage},
	"AWS::ApiGatewayV2::VpcLink":                {read: readVPCLink},
}

func readLoadBalancer(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.elb.DescribeLoadBalancers(ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{r.id}})
	if err != nil || len(out.LoadBalancers) == 0 {
		return nil, err
	}
	attributes, err := c.elb.DescribeLoadBalancerAttributes(ctx, &elasticloadbalancingv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &r.id})
	if err != nil {
		return nil, err
	}
	var subnets []string
	for _, zone := range out.LoadBalancers[0].AvailabilityZones {
		subnets = append(subnets, *zone.SubnetId)
	}
	return with(out.LoadBalancers[0], object{"LoadBalancerAttributes": attributes.Attributes, "Subnets": subnets}), nil
}

func readTargetGroup(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.elb.DescribeTargetGroups(ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{TargetGroupArns: []string{r.id}})
	if err != nil || len(out.TargetGroups) == 0 {
		return nil, err
	}
	attributes, err := c.elb.DescribeTargetGroupAttributes(ctx, &elasticloadbalancingv2.DescribeTargetGroupAttributesInput{TargetGroupArn: &r.id})
	if err != nil {
		return nil, err
	}
	return with(out.TargetGroups[0], object{"TargetGroupAttributes": attributes.Attributes}), nil
}

func readListener(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.elb.DescribeListeners(ctx, &elasticloadbalancingv2.DescribeListenersInput{ListenerArns: []string{r.id}})
	if err != nil {
		return nil, err
	}
	return first(out.Listeners), nil
}

func readListenerRule(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.elb.DescribeRules(ctx, &elasticloadbalancingv2.DescribeRulesInput{RuleArns: []string{r.id}})
	if err != nil || len(out.Rules) == 0 {
		return nil, err
	}
	listener := strings.Replace(r.id[:strings.LastIndex(r.id, "/")], ":listener-rule/", ":listener/", 1)
	return with(out.Rules[0], object{"ListenerArn": listener}), nil
}

func readAPI(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.api.GetApi(ctx, &apigatewayv2.GetApiInput{ApiId: &r.id})
	return tree(out), err
}

func readIntegration(ctx context.Context, c *account, r resource) (any, error) {
	api := r.text("ApiId")
	out, err := c.api.GetIntegration(ctx, &apigatewayv2.GetIntegrationInput{ApiId: &api, IntegrationId: &r.id})
	return with(out, object{"ApiId": api}), err
}

func readAPIRoute(ctx context.Context, c *account, r resource) (any, error) {
	api := r.text("ApiId")
	out, err := c.api.GetRoute(ctx, &apigatewayv2.GetRouteInput{ApiId: &api, RouteId: &r.id})
	return with(out, object{"ApiId": api}), err
}

func readStage(ctx context.Context, c *account, r resource) (any, error) {
	api := r.text("ApiId")
	out, err := c.api.GetStage(ctx, &apigatewayv2.GetStageInput{ApiId: &api, StageName: &r.id})
	return with(out, object{"ApiId": api}), err
}

func readVPCLink(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.api.GetVpcLink(ctx, &apigatewayv2.GetVpcLinkInput{VpcLinkId: &r.id})
	return tree(out), err
}

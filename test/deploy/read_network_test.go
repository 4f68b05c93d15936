package deploy

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var networkKinds = map[string]kind{
	"AWS::EC2::VPC":                         {read: readVPC},
	"AWS::EC2::Subnet":                      {read: readSubnet},
	"AWS::EC2::RouteTable":                  {read: readRouteTable},
	"AWS::EC2::Route":                       {read: readRoute},
	"AWS::EC2::SubnetRouteTableAssociation": {read: readAssociation},
	"AWS::EC2::InternetGateway":             {read: readInternetGateway},
	"AWS::EC2::VPCGatewayAttachment":        {read: readAttachment},
	"AWS::EC2::EIP":                         {read: readAddress},
	"AWS::EC2::NatGateway":                  {read: readNATGateway},
	"AWS::EC2::FlowLog":                     {read: readFlowLog},
	"AWS::EC2::SecurityGroup":               {read: readSecurityGroup, names: map[string]string{"GroupDescription": "Description"}},
	"AWS::EC2::SecurityGroupIngress":        {read: readGroupRule(false)},
	"AWS::EC2::SecurityGroupEgress":         {read: readGroupRule(true)},
	"AWS::EC2::LaunchTemplate":              {read: readLaunchTemplate},
	"AWS::AutoScaling::AutoScalingGroup":    {read: readInstanceGroup},
}

func readVPC(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ec2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{r.id}})
	if err != nil || len(out.Vpcs) == 0 {
		return nil, err
	}
	names, err := c.ec2.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: &r.id, Attribute: types.VpcAttributeNameEnableDnsHostnames})
	if err != nil {
		return nil, err
	}
	resolves, err := c.ec2.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: &r.id, Attribute: types.VpcAttributeNameEnableDnsSupport})
	if err != nil {
		return nil, err
	}
	groups, err := c.ec2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: []types.Filter{
		{Name: aws.String("vpc-id"), Values: []string{r.id}}, {Name: aws.String("group-name"), Values: []string{"default"}},
	}})
	if err != nil {
		return nil, err
	}
	more := object{"EnableDnsHostnames": names.EnableDnsHostnames.Value, "EnableDnsSupport": resolves.EnableDnsSupport.Value}
	if len(groups.SecurityGroups) > 0 {
		more["DefaultSecurityGroup"] = groups.SecurityGroups[0].GroupId
	}
	return with(out.Vpcs[0], more), nil
}

func readSubnet(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ec2.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{SubnetIds: []string{r.id}})
	if err != nil {
		return nil, err
	}
	return first(out.Subnets), nil
}

func (a *account) routeTable(ctx context.Context, id string) (*types.RouteTable, error) {
	out, err := a.ec2.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{id}})
	if err != nil || len(out.RouteTables) == 0 {
		return nil, err
	}
	return &out.RouteTables[0], nil
}

func readRouteTable(ctx context.Context, c *account, r resource) (any, error) {
	table, err := c.routeTable(ctx, r.id)
	return tree(table), err
}

func readRoute(ctx context.Context, c *account, r resource) (any, error) {
	table, err := c.routeTable(ctx, r.text("RouteTableId"))
	if err != nil || table == nil {
		return nil, err
	}
	var routes []any
	for _, route := range table.Routes {
		routes = append(routes, with(route, object{"RouteTableId": table.RouteTableId}))
	}
	return routes, nil
}

func readAssociation(ctx context.Context, c *account, r resource) (any, error) {
	table, err := c.routeTable(ctx, r.text("RouteTableId"))
	if err != nil || table == nil {
		return nil, err
	}
	return each(table.Associations), nil
}

func readInternetGateway(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ec2.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{InternetGatewayIds: []string{r.id}})
	if err != nil {
		return nil, err
	}
	return first(out.InternetGateways), nil
}

func readAttachment(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ec2.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{
		InternetGatewayIds: []string{r.text("InternetGatewayId")},
	})
	if err != nil || len(out.InternetGateways) == 0 {
		return nil, err
	}
	var attachments []any
	for _, attachment := range out.InternetGateways[0].Attachments {
		attachments = append(attachments, with(attachment, object{"InternetGatewayId": r.text("InternetGatewayId")}))
	}
	return attachments, nil
}

func readAddress(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ec2.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{PublicIps: []string{r.id}})
	if err != nil {
		return nil, err
	}
	return first(out.Addresses), nil
}

func readNATGateway(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ec2.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{r.id}})
	if err != nil || len(out.NatGateways) == 0 {
		return nil, err
	}
	gateway := out.NatGateways[0]
	if gateway.State == types.NatGatewayStateDeleted || gateway.State == types.NatGatewayStateDeleting {
		return nil, nil
	}
	more := object{}
	if len(gateway.NatGatewayAddresses) > 0 {
		more["AllocationId"] = gateway.NatGatewayAddresses[0].AllocationId
	}
	return with(gateway, more), nil
}

func readFlowLog(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ec2.DescribeFlowLogs(ctx, &ec2.DescribeFlowLogsInput{FlowLogIds: []string{r.id}})
	if err != nil || len(out.FlowLogs) == 0 {
		return nil, err
	}
	what, _, _ := strings.Cut(aws.ToString(out.FlowLogs[0].ResourceId), "-") // of "vpc-0123"
	return with(out.FlowLogs[0], object{"ResourceType": strings.ToUpper(what)}), nil
}

// groupRules returns the rules of a security group, in or out, under the names of the properties of a template.
func (a *account) groupRules(ctx context.Context, group string, out bool) ([]any, error) {
	rules, err := a.ec2.DescribeSecurityGroupRules(ctx, &ec2.DescribeSecurityGroupRulesInput{Filters: []types.Filter{
		{Name: aws.String("group-id"), Values: []string{group}},
	}})
	if err != nil {
		return nil, err
	}
	other := "SourceSecurityGroupId"
	if out {
		other = "DestinationSecurityGroupId"
	}
	found := []any{}
	for _, rule := range rules.SecurityGroupRules {
		if aws.ToBool(rule.IsEgress) != out {
			continue
		}
		more := object{"CidrIp": rule.CidrIpv4}
		if rule.ReferencedGroupInfo != nil {
			more[other] = rule.ReferencedGroupInfo.GroupId
		}
		found = append(found, with(rule, more))
	}
	return found, nil
}

func readSecurityGroup(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ec2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{r.id}})
	if err != nil || len(out.SecurityGroups) == 0 {
		return nil, err
	}
	in, err := c.groupRules(ctx, r.id, false)
	if err != nil {
		return nil, err
	}
	rules, err := c.groupRules(ctx, r.id, true)
	if err != nil {
		return nil, err
	}
	return with(out.SecurityGroups[0], object{"SecurityGroupIngress": in, "SecurityGroupEgress": rules}), nil
}

func readGroupRule(out bool) func(context.Context, *account, resource) (any, error) {
	return func(ctx context.Context, c *account, r resource) (any, error) {
		rules, err := c.groupRules(ctx, r.text("GroupId"), out)
		if err != nil || len(rules) == 0 {
			return nil, err
		}
		return rules, nil
	}
}

func readLaunchTemplate(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ec2.DescribeLaunchTemplateVersions(ctx, &ec2.DescribeLaunchTemplateVersionsInput{
		LaunchTemplateId: &r.id, Versions: []string{"$Latest"},
	})
	if err != nil || len(out.LaunchTemplateVersions) == 0 {
		return nil, err
	}
	return with(out.LaunchTemplateVersions[0], object{"LatestVersionNumber": out.LaunchTemplateVersions[0].VersionNumber}), nil
}

func readInstanceGroup(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.groups.DescribeAutoScalingGroups(ctx, &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{r.id}})
	if err != nil || len(out.AutoScalingGroups) == 0 {
		return nil, err
	}
	subnets := strings.Split(aws.ToString(out.AutoScalingGroups[0].VPCZoneIdentifier), ",")
	return with(out.AutoScalingGroups[0], object{"VPCZoneIdentifier": subnets}), nil
}

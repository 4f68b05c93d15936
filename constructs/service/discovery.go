package service

import (
	"cmp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/internal/ask"
	"github.com/ecskit/ecskit/constructs/internal/rights"
	"github.com/ecskit/ecskit/constructs/task"
)

const (
	cloudMapPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html"
	connectPage  = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html"
)

// registries renders an empty list rather than none: without the property, ECS keeps the last registry.
func (s *Service) registries(p Props) []*awsecs.CfnService_ServiceRegistryProperty {
	registries := []*awsecs.CfnService_ServiceRegistryProperty{}
	if p.CloudMap == nil {
		return registries
	}
	ports := p.Task.Mode() != task.AWSVPC
	s.Registry = discovery.NewRegistry(s, "Registry", discovery.RegistryProps{CloudMap: *p.CloudMap, Ports: ports})
	registry := &awsecs.CfnService_ServiceRegistryProperty{RegistryArn: s.Registry.Service.AttrArn()}
	if ports {
		registry.ContainerName = &p.CloudMap.Container
		registry.ContainerPort = jsii.Number(float64(p.CloudMap.Port))
	}
	return append(registries, registry)
}

// connected renders Service Connect, and that there is none, for without the property ECS keeps the last one.
func (s *Service) connected(p Props) *awsecs.CfnService_ServiceConnectConfigurationProperty {
	c := p.Connect
	if c == nil {
		return &awsecs.CfnService_ServiceConnectConfigurationProperty{Enabled: jsii.Bool(false)}
	}
	configuration := &awsecs.CfnService_ServiceConnectConfigurationProperty{Enabled: jsii.Bool(true), Namespace: c.Namespace.ARN()}
	if s.Task.LogGroup != nil {
		configuration.LogConfiguration = &awsecs.CfnService_LogConfigurationProperty{
			LogDriver: jsii.String("awslogs"),
			Options: map[string]*string{
				"awslogs-group": ask.Once(s.Task.LogGroup, "name", s.Task.LogGroup.LogGroupName), "awslogs-region": jsii.String(check.EnvOf(s).Region),
				"awslogs-stream-prefix": jsii.String("service-connect"),
			},
		}
		if !c.NoAccessLogs {
			configuration.AccessLogConfiguration = &awsecs.CfnService_ServiceConnectAccessLogConfigurationProperty{
				Format: jsii.String("JSON"), IncludeQueryParameters: jsii.String("DISABLED"),
			}
		}
	}
	if c.Name != "" {
		configuration.Services = []*awsecs.CfnService_ServiceConnectServiceProperty{s.endpoint(*c)}
	}
	return configuration
}

// endpoint is what others find the service by.
func (s *Service) endpoint(c discovery.Connect) *awsecs.CfnService_ServiceConnectServiceProperty {
	endpoint := &awsecs.CfnService_ServiceConnectServiceProperty{
		PortName: &c.Name, DiscoveryName: jsii.String(c.DiscoveryName()),
		ClientAliases: []*awsecs.CfnService_ServiceConnectClientAliasProperty{
			{DnsName: &c.Name, Port: jsii.Number(float64(c.CallPort))},
		},
	}
	timeout := &awsecs.CfnService_TimeoutConfigurationProperty{}
	if c.RequestTimeout > 0 || c.NoRequestTimeout {
		timeout.PerRequestTimeoutSeconds = jsii.Number(c.RequestTimeout.Seconds())
		endpoint.Timeout = timeout
	}
	if c.IdleTimeout > 0 {
		timeout.IdleTimeoutSeconds = jsii.Number(c.IdleTimeout.Seconds())
		endpoint.Timeout = timeout
	}
	if c.TLS != nil {
		endpoint.Tls = &awsecs.CfnService_ServiceConnectTlsConfigurationProperty{
			IssuerCertificateAuthority: &awsecs.CfnService_ServiceConnectTlsCertificateAuthorityProperty{
				AwsPcaAuthorityArn: &c.TLS.AuthorityARN,
			},
			RoleArn: s.certifier.RoleArn(),
		}
		if c.TLS.KeyARN != "" {
			endpoint.Tls.(*awsecs.CfnService_ServiceConnectTlsConfigurationProperty).KmsKey = &c.TLS.KeyARN
		}
	}
	return endpoint
}

// newCertifier makes the role by which ECS gets certificates for the proxies; none without TLS.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
func (s *Service) newCertifier(p Props) awsiam.Role {
	if p.Connect == nil || p.Connect.TLS == nil {
		return nil
	}
	role := rights.NewUnconditionalRole(s, "ConnectRole", ecsPrincipal,
		"service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity")
	if key := p.Connect.TLS.KeyARN; key != "" {
		rights.Allow(role, rights.Statement{
			Actions: []string{"kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"}, Resources: []*string{&key},
		})
	}
	return role
}

// discoverable fills in what the containers tell of the names that lead to them.
func (p Props) discoverable() Props {
	port := func(container string) int {
		for _, c := range p.Task.Containers() {
			if c.Name == container {
				return c.Port
			}
		}
		return 0
	}
	if p.CloudMap != nil {
		c := *p.CloudMap
		c.Container = cmp.Or(c.Container, task.Main)
		if c.Port == 0 {
			c.Port = port(c.Container)
		}
		p.CloudMap = &c
	}
	if p.Connect != nil && p.Connect.Name != "" {
		c := *p.Connect
		c.Container = cmp.Or(c.Container, task.Main)
		if c.Port == 0 {
			c.Port = port(c.Container)
		}
		c.CallPort = cmp.Or(c.CallPort, c.Port)
		p.Connect = &c
		p.Task.Named = &task.NamedPort{Container: c.Container, Port: c.Port, Name: c.Name}
		if protocol := c.Speaks(); protocol != discovery.TCP {
			p.Task.Named.Protocol = string(protocol)
		}
	}
	return p
}

// discoveryProblems expects props with their defaults filled in, and names names that cannot lead to the tasks.
func (p Props) discoveryProblems() check.Problems {
	var ps check.Problems
	mode := p.Task.Mode()
	if c := p.CloudMap; c != nil {
		ps.In("CloudMap", c.Problems())
		ps.In("CloudMap", p.containerProblems(c.Container, c.Port))
		if mode == task.None {
			ps.Add("CloudMap", nil, "must not be set in network mode none, in which nobody reaches a task").See(cloudMapPage)
		}
		if p.settings().TwoGroups() {
			ps.Add("CloudMap", nil, "must not be set where deployments shift requests, for the name leads to old and new tasks alike: use Connect, "+
				"or deployment.Rolling").See(cloudMapPage)
		}
		if n := c.Namespace; len(n.Problems()) == 0 && p.elsewhere(n.Network) {
			ps.Add("CloudMap.Namespace", nil, "must be in the network of the cluster")
		}
	}
	c := p.Connect
	if c == nil {
		return ps
	}
	ps.In("Connect", c.Problems())
	if c.Name != "" {
		ps.In("Connect", p.containerProblems(c.Container, c.Port))
	}
	if mode == task.Host || mode == task.None {
		ps.Add("Connect", nil, "must not be set in network mode %s, which has no room for the proxy: use awsvpc, bridge, or CloudMap", mode).See(connectPage)
	}
	if p.Task.OS.Windows() {
		ps.Add("Connect", nil, "must not be set with Windows, for which there is no proxy: use CloudMap").See(connectPage)
	}
	if p.settings().CodeDeploy != nil {
		ps.Add("Connect", nil, "must not be set where CodeDeploy deploys, which moves requests of load balancers alone: use deployment.BlueGreen").
			See(codeDeployPage)
	}
	return ps
}

// containerProblems names a container that is none, and a port that it does not have.
func (p Props) containerProblems(name string, port int) check.Problems {
	var ps check.Problems
	containers := p.Task.Containers()
	i := slices.IndexFunc(containers, func(c task.Container) bool { return c.Name == name })
	switch {
	case i < 0:
		ps.Add("Container", name, "must name a container of the task")
	case port == 0:
		ps.Add("Port", nil, "must be set, or container %q must have a Port", name)
	case !slices.Contains(containers[i].Ports(), port):
		ps.Add("Port", port, "must be a port of container %q: %v", name, containers[i].Ports())
	}
	return ps
}

// namespaces names namespaces that a service in scope cannot refer to, and names in them that another service has.
func (p Props) namespaces(scope constructs.Construct, place string) check.Problems {
	var ps check.Problems
	if c := p.CloudMap; c != nil && len(c.Namespace.Problems()) == 0 {
		ps.In("CloudMap.Namespace", check.Refer(scope, c.Namespace))
		ps.In("CloudMap", c.Namespace.Taken(c.Name, place))
	}
	if c := p.Connect; c != nil && len(c.Namespace.Problems()) == 0 {
		ps.In("Connect.Namespace", check.Refer(scope, c.Namespace))
		if c.Name != "" {
			ps.In("Connect", c.Namespace.Taken(c.DiscoveryName(), place))
		}
	}
	return ps
}

// take notes the names that the service has now.
func (p Props) take(place string) {
	if p.CloudMap != nil {
		p.CloudMap.Namespace.Take(p.CloudMap.Name, place)
	}
	if p.Connect != nil && p.Connect.Name != "" {
		p.Connect.Namespace.Take(p.Connect.DiscoveryName(), place)
	}
}

package rules_test

// Paths that many changes around discovery have in common.
const (
	registryAt = "service-discovery Service Properties.ServiceRegistries[0]"
	connectAt  = "service-discovery Service Properties.ServiceConnectConfiguration"
)

// registered gives the tasks a name in DNS.
var registered = []edit{
	{"Service.Properties.ServiceRegistries", `[{"RegistryArn": {"Fn::GetAtt": ["Names", "Arn"]}}]`},
	{"Names", `{"Type": "AWS::ServiceDiscovery::Service", "Properties": {"Name": "api", "DnsConfig": {"NamespaceId": {"Ref": "Size"},
		"DnsRecords": [{"Type": "A", "TTL": 10}]}}}`},
}

// withPorts is registered with ports.
var withPorts = and(registered, edit{"Names.Properties.DnsConfig.DnsRecords[0].Type", `"SRV"`},
	edit{"Service.Properties.ServiceRegistries[0].ContainerName", `"app"`}, edit{"Service.Properties.ServiceRegistries[0].ContainerPort", "8080"})

// connected puts the service into Service Connect.
var connected = []edit{
	{"Service.Properties.ServiceConnectConfiguration", `{"Enabled": true, "Namespace": "shop", "Services": [{"PortName": "api",
		"ClientAliases": [{"Port": 80}]}]}`},
	{app + ".PortMappings[0].Name", `"api"`},
}

// bridged is the service in network mode bridge, with targets that go with it.
var bridged = and(onEC2, edit{"Targets.Properties.TargetType", `"instance"`}, edit{app + ".PortMappings[0].HostPort", "0"})

var discoveryBreakages = []change{
	{
		"service-discovery", "addresses in bridge",
		and(bridged, registered...),
		[]string{"service-discovery Names Properties.DnsConfig.DnsRecords[0].Type"}, "set SRV, or use awsvpc",
	},
	{
		"service-discovery", "ports of nothing",
		and(withPorts, edit{"Service.Properties.ServiceRegistries[0].ContainerName", ""}, edit{"Service.Properties.ServiceRegistries[0].ContainerPort", ""}),
		[]string{registryAt}, "set ContainerName and ContainerPort",
	},
	{
		"service-discovery", "port of the instance in bridge",
		and(bridged, and(withPorts, edit{"Service.Properties.ServiceRegistries[0]", `{"RegistryArn": {"Fn::GetAtt": "Names.Arn"}, "Port": 80}`})...),
		[]string{registryAt}, "nothing tells which",
	},
	{
		"service-discovery", "two ports",
		and(withPorts, edit{"Service.Properties.ServiceRegistries[0].Port", "8080"}),
		[]string{registryAt + ".Port"}, "not both",
	},
	{
		"service-discovery", "port that the container does not have",
		and(withPorts, edit{"Service.Properties.ServiceRegistries[0].ContainerPort", "80"}),
		[]string{registryAt + ".ContainerPort"}, "container app has no port 80",
	},
	{
		"service-discovery", "container that is none",
		and(withPorts, edit{"Service.Properties.ServiceRegistries[0].ContainerName", `"web"`}),
		[]string{registryAt + ".ContainerName"}, "no container of the name web",
	},
	{
		"service-discovery", "port without a name",
		and(connected, edit{app + ".PortMappings[0].Name", ""}),
		[]string{connectAt + ".Services[0].PortName"}, "has the name api",
	},
	{
		"service-discovery", "no port for callers",
		and(connected, edit{"Service.Properties.ServiceConnectConfiguration.Services[0].ClientAliases[0].Port", ""}),
		[]string{connectAt + ".Services[0].ClientAliases[0]"}, "callers need a port",
	},
	{
		"service-discovery", "proxy in host",
		and(bridged, and(connected, edit{"Task.Properties.NetworkMode", `"host"`}, edit{app + ".PortMappings[0].HostPort", ""})...),
		[]string{connectAt}, "network mode host",
	},
}

var discoveryNearMisses = []change{
	{rule: "service-discovery", name: "addresses", edits: registered},
	{rule: "service-discovery", name: "addresses and ports", edits: withPorts},
	{rule: "service-discovery", name: "ports in bridge", edits: and(bridged, withPorts...)},
	{rule: "service-discovery", name: "port of the task", edits: and(withPorts, edit{"Service.Properties.ServiceRegistries[0]",
		`{"RegistryArn": {"Fn::GetAtt": "Names.Arn"}, "Port": 8080}`})},
	{rule: "service-discovery", name: "records of a parameter", edits: and(bridged, and(registered, edit{"Names.Properties.DnsConfig.DnsRecords[0].Type", parameter})...)},
	{rule: "service-discovery", name: "registry of a parameter", edits: and(registered, edit{"Service.Properties.ServiceRegistries[0].RegistryArn", parameter}, edit{"Names", ""})},
	{rule: "service-discovery", name: "no registry any more", edits: []edit{{"Service.Properties.ServiceRegistries", `[]`}}},
	{rule: "service-discovery", name: "Service Connect", edits: connected},
	{rule: "service-discovery", name: "Service Connect for a client", edits: []edit{{"Service.Properties.ServiceConnectConfiguration", `{"Enabled": true, "Namespace": "shop"}`}}},
	{rule: "service-discovery", name: "Service Connect that is off", edits: []edit{{"Service.Properties.ServiceConnectConfiguration",
		`{"Enabled": false, "Services": [{"PortName": "none"}]}`}}},
	{rule: "service-discovery", name: "name of a parameter", edits: and(connected, edit{app + ".PortMappings[0].Name", parameter})},
}

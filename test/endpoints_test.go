package test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/test/internal/cases"
	"github.com/ecskit/ecskit/test/replacement"
	"github.com/ecskit/ecskit/test/snapshot"
)

// endpointsOf returns the services in the names of a template's VPC endpoints, those of gateways in brackets.
func endpointsOf(template map[string]any) []string {
	var services []string
	for _, endpoint := range resourcesOf(template, "AWS::EC2::VPCEndpoint") {
		_, service, _ := strings.Cut(value(template, endpoint["ServiceName"]), "${AWS::Region}.")
		if endpoint["VpcEndpointType"] == "Gateway" {
			service = "(" + service + ")"
		}
		services = append(services, service)
	}
	return sorted(services)
}

func TestEndpoints(t *testing.T) {
	for name, c := range map[string]struct {
		props network.Props
		want  []string
		nat   int
	}{
		"zero":   {network.Props{}, nil, 2},
		"no NAT": {network.Props{NoNAT: true}, []string{"(s3)", "ecr.api", "ecr.dkr", "logs"}, 0},
		"both":   {network.Props{NATGateways: 1, Endpoints: &network.Endpoints{}}, []string{"(s3)", "ecr.api", "ecr.dkr", "logs"}, 1},
		"gateways": {
			network.Props{Endpoints: &network.Endpoints{OnlyGateways: true, DynamoDB: true}}, []string{"(dynamodb)", "(s3)"}, 2,
		},
		"everything": {
			network.Props{NoNAT: true, Zones: 3, Endpoints: &network.Endpoints{
				ParameterStore: true, SecretsManager: true, Exec: true, Instances: true, DynamoDB: true, More: []string{"xray", "monitoring"},
			}},
			[]string{
				"(dynamodb)", "(s3)", "ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "kms", "logs", "monitoring", "secretsmanager",
				"ssm", "ssmmessages", "xray",
			}, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var n *network.Network
			template := synthStack(t, func(stack awscdk.Stack) { n = network.New(stack, "Network", c.props) })
			if diff := cmp.Diff(c.want, endpointsOf(template)); diff != "" {
				t.Error(diff)
			}
			if got := len(resourcesOf(template, "AWS::EC2::NatGateway")); got != c.nat {
				t.Errorf("got %d NAT gateways, want %d", got, c.nat)
			}
			var made []string
			for _, service := range slices.Sorted(maps.Keys(n.GatewayEndpoints)) {
				made = append(made, "("+service+")")
			}
			made = append(made, slices.Sorted(maps.Keys(n.InterfaceEndpoints))...)
			if diff := cmp.Diff(c.want, made); diff != "" {
				t.Errorf("the fields do not hold what was made: %s", diff)
			}
			if n.Closed() != c.props.NoNAT || (n.EndpointSecurityGroup != nil) != (len(n.InterfaceEndpoints) > 0) {
				t.Error("the network says wrong things of itself")
			}
		})
	}
}

// TestWithoutNATLater takes away the NAT gateways of a network in use: what tasks and data are in stays as it is.
func TestWithoutNATLater(t *testing.T) {
	build := func(props network.Props) map[string]any {
		return synthStack(t, func(stack awscdk.Stack) { network.New(stack, "Network", props) })
	}
	before, after := build(network.Props{}), build(network.Props{NoNAT: true})
	if replaced := replacement.Replaced(before, after); len(replaced) > 0 {
		t.Errorf("%v would be replaced", replaced)
	}
	gone := map[string]int{}
	for id := range before["Resources"].(map[string]any) {
		if _, kept := after["Resources"].(map[string]any)[id]; !kept {
			gone[resource(before, id)["Type"].(string)]++
		}
	}
	if diff := cmp.Diff(map[string]int{"AWS::EC2::NatGateway": 2, "AWS::EC2::EIP": 2, "AWS::EC2::Route": 2}, gone); diff != "" {
		t.Error(diff)
	}
}

// TestWayOut makes a service and finds that it waits for everything by which its subnets reach AWS.
func TestWayOut(t *testing.T) {
	template := synthStack(t, func(stack awscdk.Stack) {
		n := network.New(stack, "Network", network.Props{NoNAT: true})
		service.New(stack, "Worker", service.Props{
			Cluster: cluster.New(stack, "Cluster", cluster.Props{Network: n}), Task: task.Props{Image: cases.PrivateImage},
		})
	})
	var waitsFor []any
	found := 0
	for id := range template["Resources"].(map[string]any) {
		if r := resource(template, id); r["Type"] == "AWS::ECS::Service" {
			waitsFor = r["DependsOn"].([]any)
		}
	}
	for id := range template["Resources"].(map[string]any) {
		switch kind := resource(template, id)["Type"]; {
		case kind == "AWS::EC2::VPCEndpoint", kind == "AWS::EC2::SubnetRouteTableAssociation" && strings.Contains(id, "Private"):
			if found++; !slices.Contains(waitsFor, any(id)) {
				t.Errorf("the service does not wait for %s", id)
			}
		}
	}
	if found != 6 {
		t.Errorf("got %d endpoints and routes, want 6", found)
	}
}

// TestClosedNetwork makes what needs more than the network reaches.
func TestClosedNetwork(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Stack"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("123456789012"), Region: jsii.String("us-east-1"),
	}})
	least := network.New(stack, "Least", network.Props{NoNAT: true})
	c := cluster.New(stack, "Cluster", cluster.Props{Network: least})
	err := refused(t, func() {
		cluster.NewPool(stack, "Pool", cluster.PoolProps{Cluster: c, InstanceTypes: []string{"m7i.large"}, Max: 1, SessionManager: true})
	})
	if diff := cmp.Diff([]string{"Cluster", "SessionManager", "SessionManager"}, problemFields(err)); diff != "" {
		t.Error(diff)
	}
	err = refused(t, func() { cluster.NewManagedInstances(stack, "Managed", cluster.ManagedInstancesProps{Cluster: c}) })
	if diff := cmp.Diff([]string{"Cluster"}, problemFields(err)); diff != "" {
		t.Error(diff)
	}
	text := `Stack/Managed: invalid props
  Cluster: must have a network that reaches ecs-agent, ecs-telemetry, ecs: this one has no NAT gateways and no VPC endpoint for ` +
		`that, which Instances in its Endpoints makes (https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html)`
	if diff := cmp.Diff(text, err.Error()); diff != "" {
		t.Error(diff)
	}
	props := task.Props{
		Image: "web:1", Secrets: secret.Map{
			"A": secret.ParameterStore{Name: "/a"}, "B": secret.ParameterStore{Name: "/b", Region: "eu-north-1", NoKey: true},
			"C": secret.ParameterStore{},
		},
		Sidecars: []task.Container{
			{Name: "agent", Image: cases.PrivateImage, Secrets: secret.Map{"D": secret.SecretsManager{Name: "d"}}},
			{Name: "proxy", Image: "quay.io/proxy:1", RegistryCredentials: &secret.SecretsManager{Name: "quay"}},
		},
		Logs: task.Logs{Splunk: &task.Splunk{URL: "https://splunk:8088", Token: secret.ParameterStore{Name: "/splunk"}}},
	}
	want := []string{
		"Image", "Secrets[A]", "Secrets[B]", "Secrets[B]", "Sidecars[0].Secrets[D]", "Sidecars[1].Image", "Sidecars[1].RegistryCredentials",
		"Logs.Splunk.Token",
	}
	if diff := cmp.Diff(want, fieldsOf(props.ReachProblems(least))); diff != "" {
		t.Error(diff)
	}
	more := network.New(stack, "More", network.Props{NoNAT: true, Endpoints: &network.Endpoints{
		ParameterStore: true, SecretsManager: true, Registries: []string{"quay.io"},
	}})
	if diff := cmp.Diff([]string{"Image", "Secrets[B]"}, fieldsOf(props.ReachProblems(more))); diff != "" {
		t.Error(diff)
	}
	if ps := props.ReachProblems(network.New(stack, "Open", network.Props{})); len(ps) > 0 {
		t.Errorf("with NAT gateways: %v", ps)
	}
}

func fieldsOf(ps check.Problems) []string { return problemFields(&check.Error{Problems: ps}) }

// TestOwnVPC brings VPCs with and without what tasks and endpoints need.
func TestOwnVPC(t *testing.T) {
	app := snapshot.NewApp(t)
	stack := awscdk.NewStack(app, jsii.String("Stack"), nil)
	isolated := cases.IsolatedVPC(stack)
	attributes := awsec2.VpcAttributes{
		VpcId: jsii.String("vpc-1"), VpcCidrBlock: jsii.String("10.0.0.0/16"), AvailabilityZones: jsii.Strings("us-east-1a", "us-east-1b"),
		PrivateSubnetIds: jsii.Strings("subnet-a", "subnet-b"),
	}
	untold := awsec2.Vpc_FromVpcAttributes(stack, jsii.String("Untold"), &attributes)
	attributes.PrivateSubnetRouteTableIds = jsii.Strings("rtb-a", "rtb-b")
	attributes.IsolatedSubnetIds = jsii.Strings("subnet-c", "subnet-d")
	private := awsec2.Vpc_FromVpcAttributes(stack, jsii.String("Private"), &attributes)

	for name, c := range map[string]struct {
		props   network.Props
		want    []string
		subnets []string // of tasks, where there is no problem
		made    int      // endpoints
	}{
		"as it is":        {network.Props{VPC: untold}, nil, []string{"subnet-a", "subnet-b"}, 0},
		"endpoints":       {network.Props{VPC: private, Endpoints: &network.Endpoints{}}, nil, []string{"subnet-a", "subnet-b"}, 4},
		"private subnets": {network.Props{VPC: private, NoNAT: true}, nil, []string{"subnet-a", "subnet-b"}, 4},
		"isolated subnets": {
			network.Props{VPC: isolated, NoNAT: true}, nil, []string{"subnet-0000000000000001a", "subnet-0000000000000001b"}, 4,
		},
		"existing endpoints": {
			network.Props{VPC: untold, NoNAT: true, Endpoints: &network.Endpoints{Existing: true, Instances: true}}, nil,
			[]string{"subnet-a", "subnet-b"}, 0,
		},
		"no way out":          {network.Props{VPC: isolated}, []string{"VPC"}, nil, 0},
		"no route tables":     {network.Props{VPC: untold, NoNAT: true}, []string{"VPC"}, nil, 0},
		"none for S3":         {network.Props{VPC: untold, Endpoints: &network.Endpoints{OnlyGateways: true}}, []string{"VPC"}, nil, 0},
		"existing, and NAT":   {network.Props{VPC: private, Endpoints: &network.Endpoints{Existing: true}}, []string{"Endpoints.Existing"}, nil, 0},
		"nothing said":        {network.Props{VPC: bareVPC(awscdk.NewStack(app, jsii.String("Bare"), nil)), NoNAT: true}, []string{"VPC", "VPC"}, nil, 0},
		"fields of a new one": {network.Props{VPC: private, NATGateways: 1, NoNAT: true}, []string{"VPC"}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, fieldsOf(c.props.Problems())); diff != "" || c.want != nil {
				t.Log(c.props.Problems())
				if diff != "" {
					t.Error(diff)
				}
				return
			}
			id := strings.ReplaceAll(name, " ", "")
			n := network.New(stack, id, c.props)
			var subnets []string
			for _, subnet := range n.TaskSubnetIDs {
				subnets = append(subnets, *subnet)
			}
			if diff := cmp.Diff(c.subnets, subnets); diff != "" {
				t.Error(diff)
			}
			if got := len(n.GatewayEndpoints) + len(n.InterfaceEndpoints); got != c.made {
				t.Errorf("got %d endpoints, want %d", got, c.made)
			}
			if ps := n.InstanceProblems(); len(ps) > 0 != (c.props.NoNAT && c.made > 0) {
				t.Errorf("of instances: %v", ps)
			}
		})
	}
}

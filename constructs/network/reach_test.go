package network_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/network"
)

// remedies returns of each problem the part of its text that says what to do, and of one about a region the word alone.
func remedies(ps check.Problems) []string {
	var found []string
	for _, p := range ps {
		_, after, _ := strings.Cut(p.Rule, "endpoint for that, which ")
		remedy, _, ok := strings.Cut(after, " ")
		if !ok && strings.Contains(p.Rule, "in the region of the network") {
			remedy = "region"
		}
		_, after, _ = strings.Cut(p.Rule, "reaches ")
		missing, _, _ := strings.Cut(after, ":")
		found = append(found, strings.TrimSpace(remedy+" "+missing))
	}
	return found
}

func TestReachProblems(t *testing.T) {
	everything := network.Endpoints{
		ParameterStore: true, SecretsManager: true, Exec: true, Instances: true, DynamoDB: true, More: []string{"sqs"},
	}
	all := []string{"s3", "dynamodb", "logs", "ecr.api", "ecr.dkr", "ssm", "secretsmanager", "ssmmessages", "kms", "ecs", "ecs-agent",
		"ecs-telemetry", "sqs"}
	for name, c := range map[string]struct {
		network  *network.Network
		region   string
		services []string
		want     []string
	}{
		"NAT gateways":    {&network.Network{}, "eu-north-1", append(all, "anything"), nil},
		"every field":     {network.Closed(everything, "eu-west-1"), "eu-west-1", all, nil},
		"the least":       {network.Closed(network.Endpoints{}, "eu-west-1"), "", []string{"ecr.api", "ecr.dkr", "logs", "s3"}, nil},
		"none in want":    {network.Closed(network.Endpoints{}, "eu-west-1"), "", nil, nil},
		"one":             {network.Closed(network.Endpoints{}, "eu-west-1"), "", []string{"ssm"}, []string{"ParameterStore ssm"}},
		"some of a field": {network.Closed(network.Endpoints{More: []string{"ecs"}}, ""), "", []string{"ecs-agent", "ecs"}, []string{"Instances ecs-agent"}},
		"several": {
			network.Closed(network.Endpoints{Exec: true}, "eu-west-1"), "",
			[]string{"ssm", "ssmmessages", "dynamodb", "sqs", "xray"},
			[]string{"ParameterStore ssm", "DynamoDB dynamodb", "More sqs, xray"},
		},
		"another region":   {network.Closed(everything, "eu-west-1"), "eu-north-1", []string{"ssm"}, []string{"region"}},
		"unknown region":   {network.Closed(everything, "${Token[AWS.Region.4]}"), "eu-north-1", []string{"ssm"}, nil},
		"region of tokens": {network.Closed(everything, "eu-west-1"), "${Token[AWS.Region.4]}", []string{"ssm"}, nil},
	} {
		if diff := cmp.Diff(c.want, remedies(c.network.ReachProblems(c.region, c.services...))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestInstanceProblems(t *testing.T) {
	for want, n := range map[string]*network.Network{
		"Instances ecs-agent, ecs-telemetry, ecs": network.Closed(network.Endpoints{Exec: true}, "eu-west-1"),
		"": network.Closed(network.Endpoints{Instances: true}, "eu-west-1"),
	} {
		if got := strings.Join(remedies(n.InstanceProblems()), "; "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPullProblems(t *testing.T) {
	const account = "123456789012.dkr.ecr."
	closed := network.Closed(network.Endpoints{Registries: []string{"registry.example.com:5000"}}, "eu-west-1")
	for image, want := range map[string]string{
		account + "eu-west-1.amazonaws.com/shop/api:1":                   "",
		"123456789012.dkr-ecr.eu-west-1.on.aws/api:1":                    "",
		account + "eu-north-1.amazonaws.com/api:1":                       "in the region of the network (eu-west-1)",
		account + "${Token[AWS.Region.4]}.amazonaws.com/api":             "",
		"${Token[Image.1]}":                                              "",
		"${Token[Host.1]}/api:1":                                         "",
		"api:1":                                                          "reaches docker.io:",
		"library/api:${Token[Tag.1]}":                                    "reaches docker.io:",
		"public.ecr.aws/nginx/nginx:1":                                   "reaches public.ecr.aws:",
		"localhost/api":                                                  "reaches localhost:",
		"registry.example.com:5000/api:1":                                "",
		"registry.example.com/api:1":                                     "reaches registry.example.com:",
		"ghcr.io/" + account + "eu-west-1.amazonaws.com/shop/api:${X}@y": "reaches ghcr.io:",
	} {
		ps := closed.PullProblems(image)
		if want == "" && len(ps) > 0 || want != "" && (len(ps) != 1 || !strings.Contains(ps[0].String(), want)) {
			t.Errorf("%s: got %v, want %q", image, ps, want)
		}
		if ps := (&network.Network{}).PullProblems(image); len(ps) > 0 {
			t.Errorf("%s: got %v where there are NAT gateways", image, ps)
		}
	}
}

func TestClosed(t *testing.T) {
	if (&network.Network{}).Closed() || !network.Closed(network.Endpoints{}, "").Closed() {
		t.Error("a network is closed without NAT gateways, and only then")
	}
}

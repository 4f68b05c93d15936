package network

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ecskit/ecskit/constructs/check"
)

const pullPage = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html"

// reach is what the private subnets reach where they have no NAT gateways.
type reach struct {
	services   []string // that have endpoints, by the names of these
	registries []string // that images can be pulled from, beside ECR
	region     string   // that all of this is in
}

// ecrHost matches the host of a private ECR registry and captures its region.
var ecrHost = regexp.MustCompile(`^[^.]+\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.`)

// Closed reports whether nothing in the private subnets reaches the internet.
func (n *Network) Closed() bool { return n.only != nil }

// ReachProblems names services of AWS in a region, empty for the network's, that nothing in the private subnets can call. A
// service is named as its endpoint is, by what follows the region: such as ssm or ecs-agent. There is no problem where there
// are NAT gateways.
func (n *Network) ReachProblems(region string, services ...string) check.Problems {
	var ps check.Problems
	if !n.Closed() {
		return ps
	}
	if differ(region, n.only.region) {
		ps.Add("", region, "must be in the region of the network (%s), which has no NAT gateways, for VPC endpoints lead to no other one",
			n.only.region).See(endpointsPage)
	}
	for len(services) > 0 {
		field := fieldOf(services[0])
		i := slices.IndexFunc(services, func(s string) bool { return fieldOf(s) != field })
		if i < 0 {
			i = len(services)
		}
		missing := slices.DeleteFunc(slices.Clone(services[:i]), func(s string) bool { return slices.Contains(n.only.services, s) })
		if services = services[i:]; len(missing) > 0 {
			ps.Add("", nil, "must have a network that reaches %s: this one has no NAT gateways and no VPC endpoint for that, which %s "+
				"in its Endpoints makes", strings.Join(missing, ", "), field).See(endpointsPage)
		}
	}
	return ps
}

// fieldOf returns the field of Endpoints that makes the endpoint of a service.
func fieldOf(service string) string {
	for _, f := range (Endpoints{}).features() {
		if f.field != "" && slices.Contains(f.services, service) {
			return f.field
		}
	}
	if service == "dynamodb" {
		return "DynamoDB"
	}
	return "More"
}

// InstanceProblems names what the agents on EC2 instances call and nothing in the private subnets can.
func (n *Network) InstanceProblems() check.Problems {
	return n.ReachProblems("", "ecs-agent", "ecs-telemetry", "ecs")
}

// PullProblems names an image that cannot be pulled from the private subnets. Without NAT gateways that is any but those of
// private repositories of ECR in the network's region. A repository that ECR fills from another registry, as a pull-through
// cache, has to have the image already: for its first pull ECR wants a way to the internet.
func (n *Network) PullProblems(image string) check.Problems {
	var ps check.Problems
	host := hostOf(image)
	if !n.Closed() || check.IsToken(host) || slices.Contains(n.only.registries, host) {
		return ps
	}
	if m := ecrHost.FindStringSubmatch(host); m == nil {
		ps.Add("", image, "must be in a private repository of ECR, for the network has no NAT gateways and nothing in it reaches %s: copy "+
			"it there, or if it is reached in another way name the host in Registries of the network's Endpoints", host).See(pullPage)
	} else if differ(m[1], n.only.region) {
		ps.Add("", image, "must be in the region of the network (%s), which has no NAT gateways, for VPC endpoints lead to no other one: "+
			"replicate the repository", n.only.region).See(pullPage)
	}
	return ps
}

// hostOf returns the registry of an image, which is Docker Hub if the image does not tell.
func hostOf(image string) string {
	host, _, found := strings.Cut(image, "/")
	if check.IsToken(host) || found && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return host
	}
	return "docker.io"
}

// differ reports whether two regions are known not to be the same; an empty one is any.
func differ(a, b string) bool {
	return a != b && a != "" && b != "" && !check.IsToken(a) && !check.IsToken(b)
}

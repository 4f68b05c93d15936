package task

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
)

// ReachProblems names what ECS cannot reach from a network without NAT gateways when it starts the task: the registries of
// images, and the services that keep its secrets. Whether Splunk is reached is not known.
func (p Props) ReachProblems(n *network.Network) check.Problems {
	var ps check.Problems
	if !n.Closed() {
		return ps
	}
	reached := func(field string, source secret.Source) {
		if !check.IsNil(source) && len(source.Problems()) == 0 {
			r := source.Reference(n, p.SecretsKey)
			ps.In(field, n.ReachProblems(r.Region, string(r.Service)))
		}
	}
	for i, c := range p.Containers() {
		path := containerPath(i)
		if c.Image != "" {
			ps.In(check.Join(path, "Image"), n.PullProblems(c.Image))
		}
		for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
			reached(check.Join(path, fmt.Sprintf("Secrets[%s]", name)), c.Secrets[name])
		}
		if c.RegistryCredentials != nil {
			reached(check.Join(path, "RegistryCredentials"), *c.RegistryCredentials)
		}
	}
	if s := p.Logs.Splunk; s != nil {
		reached("Logs.Splunk.Token", s.Token)
	}
	return ps
}

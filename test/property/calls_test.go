package property

import (
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/test/rules"
)

// reachable finds that in an app of one stack exactly those services reach each other that are let in.
func reachable(rt *rapid.T, p appPlan, templates []rules.Template) {
	if p.OwnStacks {
		return
	}
	want := map[string]bool{}
	calls := p.Calls
	for to, s := range p.Services {
		for _, from := range s.AllowFrom {
			calls = append(calls, call{from, to})
		}
	}
	for _, c := range calls {
		for _, from := range p.doors(c.From) {
			for _, to := range p.doors(c.To) {
				want[from+" to "+to] = true
			}
		}
	}
	resources := templates[0].Body["Resources"].(map[string]any)
	door := func(reference any) string {
		attribute, _ := reference.(map[string]any)["Fn::GetAtt"].([]any)
		if attribute == nil {
			return ""
		}
		metadata := resources[attribute[0].(string)].(map[string]any)["Metadata"].(map[string]any)
		path := strings.TrimSuffix(strings.TrimPrefix(metadata["aws:cdk:path"].(string), "Shared/"), "/SecurityGroup/Resource")
		if strings.HasPrefix(path, "S") && strings.HasSuffix(path, "/Service") || strings.HasPrefix(path, "Pool") {
			return path
		}
		return ""
	}
	got := map[string]bool{}
	for _, r := range resources {
		r := r.(map[string]any)
		if r["Type"] != "AWS::EC2::SecurityGroupIngress" {
			continue
		}
		properties := r["Properties"].(map[string]any)
		if source := properties["SourceSecurityGroupId"]; source != nil {
			if from, to := door(source), door(properties["GroupId"]); from != "" && to != "" {
				got[from+" to "+to] = true
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		rt.Errorf("who reaches whom: %s", diff)
	}
}

// doors are the paths of what has the security groups that the tasks of a service are in: none where these are not its own.
func (p appPlan) doors(n int) []string {
	s := p.Services[n]
	var pools []int
	switch c := s.capacity().(type) {
	case onPool:
		pools = []int{c.Pool}
	case onPools:
		for _, share := range c.Shares {
			pools = append(pools, share.Pool)
		}
	}
	ec2 := pools != nil || s.Daemon != nil
	if mode := s.task().NetworkMode; mode == task.AWSVPC || mode == "" && !ec2 {
		return []string{fmt.Sprintf("S%d/Service", n)}
	}
	var doors []string
	for _, n := range append(pools, s.Pools...) {
		doors = append(doors, fmt.Sprintf("Pool%d", n))
	}
	return doors
}

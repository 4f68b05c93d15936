package secret_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

// parameters are what Parameter Store has, by their names.
type parameters struct {
	now    map[string]map[string]any
	before map[string]string // the values that must stay
	after  []string          // the names that there must be when the request is done
	later  bool              // that tags are listed: the first who asks after a parameter was made gets none

	untold map[string]bool // whose tags nobody has asked for yet
}

func (p *parameters) Call(name string, input map[string]any, _ time.Time) (map[string]any, error) {
	id, _ := input["Name"].(string)
	switch name {
	case "PutParameter":
		if p.now[id] != nil {
			return nil, functiontest.Refuse("ParameterAlreadyExists")
		}
		p.now[id] = input
		p.untold[id] = p.later
	case "DeleteParameter":
		if p.now[id] == nil {
			return nil, functiontest.Refuse(p.Missing(name))
		}
		delete(p.now, id)
	case "ListTagsForResource":
		id, _ = input["ResourceId"].(string)
		found := p.now[id]
		if found == nil {
			return nil, functiontest.Refuse(p.Missing(name))
		}
		if p.untold[id] {
			delete(p.untold, id)
			return map[string]any{"TagList": []any{}}, nil
		}
		return map[string]any{"TagList": found["Tags"]}, nil
	}
	return map[string]any{}, nil
}

func (*parameters) Missing(name string) string {
	return map[string]string{
		"PutParameter": "InvalidKeyId", "DeleteParameter": "ParameterNotFound", "ListTagsForResource": "InvalidResourceId",
	}[name]
}

func (p *parameters) Made() []string {
	return slices.Sorted(maps.Values(p.values()))
}

func (p *parameters) Secrets() []string { return p.Made() }

func (p *parameters) values() map[string]string {
	values := map[string]string{}
	for name, input := range p.now {
		values[name] = fmt.Sprint(input["Value"])
	}
	return values
}

func (p *parameters) Wrong(done bool, _ time.Time) string {
	values := p.values()
	for name, value := range p.before {
		if values[name] != value {
			return "the value of " + name + " is lost"
		}
	}
	if names := slices.Sorted(maps.Keys(values)); done && !slices.Equal(names, p.after) {
		return fmt.Sprintf("there are %v, want %v", names, p.after)
	}
	return ""
}

// TestGeneratedWithFaults meets every fault at every call of what CloudFormation may ask for.
func TestGeneratedWithFaults(t *testing.T) {
	t.Parallel()
	// there returns a world in which some parameters are, which must keep their values.
	there := func(after []string, made ...map[string]any) func() functiontest.World {
		return func() functiontest.World {
			p := &parameters{now: map[string]map[string]any{}, before: map[string]string{}, after: after, untold: map[string]bool{}}
			for i, wanted := range made {
				name, value := fmt.Sprint(wanted["Name"]), fmt.Sprintf("value-%d", i)
				p.before[name] = value
				p.now[name] = map[string]any{"Name": name, "Value": value, "Tags": []any{
					map[string]any{"Key": "ecskit:generated-by", "Value": wanted["Owner"]}, map[string]any{"Key": "ecskit:key", "Value": wanted["KeyId"]},
				}}
			}
			return p
		}
	}
	gone := func(after []string, made ...map[string]any) func() functiontest.World {
		return func() functiontest.World {
			p := there(after, made...)().(*parameters)
			p.before = nil
			return p
		}
	}
	slow := func() functiontest.World {
		p := there([]string{"/a"})().(*parameters)
		p.later = true
		return p
	}
	create := func(properties map[string]any) functiontest.Event {
		return functiontest.Event{Kind: "Create", Properties: properties}
	}
	update := func(from, to map[string]any) functiontest.Event {
		return functiontest.Event{Kind: "Update", PhysicalID: fmt.Sprint(from["Name"]), Properties: to, OldProperties: from}
	}
	remove := func(properties map[string]any) functiontest.Event {
		return functiontest.Event{Kind: "Delete", PhysicalID: fmt.Sprint(properties["Name"]), Properties: properties}
	}
	a, b := wanted("/a"), wanted("/b")
	mine := wanted("/a", "DeleteWithResource", "true")
	scenarios := []functiontest.Scenario{
		{Name: "create", World: there([]string{"/a"}), Event: create(a)},
		{Name: "create what goes", World: there([]string{"/a"}), Event: create(mine)},
		{Name: "create what has no tags at once", World: slow, Event: create(a)},
		{Name: "create again", World: there([]string{"/a"}, a), Event: create(a)},
		{Name: "create what is somebody's", World: there(nil, wanted("/a", "Owner", "Another")), Event: create(mine), Fails: true},
		{Name: "create under another key", World: there(nil, wanted("/a", "KeyId", "other")), Event: create(mine), Fails: true},
		{Name: "update", World: there([]string{"/a"}, a), Event: update(a, wanted("/a", "Length", "99"))},
		{Name: "another key", World: there([]string{"/a"}, a), Event: update(a, wanted("/a", "KeyId", "other")), Fails: true},
		{Name: "another name", World: there([]string{"/a", "/b"}, a), Event: update(a, b)},
		{Name: "the name of another", World: there(nil, a, wanted("/b", "Owner", "Another")), Event: update(a, b), Fails: true},
		{Name: "back to the name", World: there([]string{"/a", "/b"}, a, b), Event: update(b, a)},
		{Name: "keep", World: there([]string{"/a"}, a), Event: remove(a)},
		{Name: "delete", World: gone(nil, a), Event: remove(mine)},
		{Name: "delete what is gone", World: gone(nil), Event: remove(mine)},
		{Name: "delete what is somebody's", World: there([]string{"/a"}, wanted("/a", "Owner", "Another")), Event: remove(mine)},
	}
	for i := range scenarios {
		scenarios[i].Limit, scenarios[i].Within = 2*time.Minute, 5*time.Minute
	}
	functiontest.Faults(t, "function/generate.js", scenarios)
}

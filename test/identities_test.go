package test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ecskit/ecskit/test/internal/proof"
	"github.com/ecskit/ecskit/test/replacement"
)

// The identities of the last release: on a line each, a golden, a logical id in it, its type, and a digest of every
// property whose change replaces the resource. With -update what is new is added and nothing else is touched. A release
// removes both files; -update then writes the identities anew.
const (
	releasedIdentities = "identities/released.txt"
	changedIdentities  = "identities/changed.json"
)

// identity is what CloudFormation knows a resource by.
type identity struct {
	kind       string
	properties map[string]string // digests by name
}

// changedIdentity is a change that somebody stands up for: at deployment the resource is deleted, or made anew.
type changedIdentity struct {
	Golden    string
	LogicalID string // empty: the golden is gone, or has another name
	Property  string // empty: the logical id is gone, or has another type
	Reason    string
}

func (c changedIdentity) key() string {
	return strings.Join([]string{c.Golden, c.LogicalID, c.Property}, " ")
}

// TestIdentities finds every golden with the logical ids of the last release, and with the same values of the properties
// that CloudFormation cannot change in place, but for the changes that are listed with a reason.
func TestIdentities(t *testing.T) {
	released, current := readIdentities(t), goldenIdentities(t)
	listed := map[string]bool{}
	for _, c := range readChanges(t) {
		if c.Reason == "" {
			t.Errorf("%s: %s has no reason", changedIdentities, c.key())
		}
		listed[c.key()] = true
	}
	for _, change := range identityChanges(released, current) {
		if !listed[change.key()] {
			t.Errorf("%s: changing this deletes or replaces a resource in somebody's production; if it has to be, say why in %s",
				change.key(), changedIdentities)
		}
		delete(listed, change.key())
	}
	for _, key := range slices.Sorted(maps.Keys(listed)) {
		t.Errorf("%s: %s is listed and has not changed", changedIdentities, key)
	}
	added := 0
	for name, identities := range current {
		for id := range identities {
			if _, known := released[name][id]; !known {
				added++
			}
		}
	}
	if update := flag.Lookup("update"); update.Value.String() == "true" {
		writeIdentities(t, released, current)
	} else if added > 0 {
		t.Errorf("%d resources are not in %s: run go test ./test -run 'TestIdentities' -update", added, releasedIdentities)
	}
	proof.State(t, "PROOF.md", fmt.Sprintf("%d goldens, %d resources", len(current), count(current)))
}

// TestIdentityChanges finds what is to be found.
func TestIdentityChanges(t *testing.T) {
	released := map[string]map[string]identity{
		"Gone": {"A": {"T", nil}},
		"Kept": {
			"Lost": {"T", nil}, "Turned": {"T", nil}, "Same": {"T", map[string]string{"P": "1"}},
			"Changed": {"T", map[string]string{"P": "1", "Q": "1", "R": "1"}}, "Gained": {"T", nil},
		},
	}
	current := map[string]map[string]identity{
		"New": {"A": {"T", nil}},
		"Kept": {
			"Turned": {"U", nil}, "Same": {"T", map[string]string{"P": "1"}}, "More": {"T", nil},
			"Changed": {"T", map[string]string{"P": "2", "R": "1"}}, "Gained": {"T", map[string]string{"P": "1"}},
		},
	}
	var got []string
	for _, change := range identityChanges(released, current) {
		got = append(got, change.key())
	}
	want := []string{"Gone  ", "Kept Changed P", "Kept Changed Q", "Kept Gained P", "Kept Lost ", "Kept Turned "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// identityChanges returns what the current goldens lack or have otherwise, in order.
func identityChanges(released, current map[string]map[string]identity) []changedIdentity {
	var changes []changedIdentity
	for _, golden := range slices.Sorted(maps.Keys(released)) {
		now, kept := current[golden]
		if !kept {
			changes = append(changes, changedIdentity{Golden: golden})
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(released[golden])) {
			a, b := released[golden][id], now[id]
			if a.kind != b.kind {
				changes = append(changes, changedIdentity{Golden: golden, LogicalID: id})
				continue
			}
			names := maps.Clone(a.properties)
			if names == nil {
				names = map[string]string{}
			}
			maps.Copy(names, b.properties)
			for _, name := range slices.Sorted(maps.Keys(names)) {
				if a.properties[name] != b.properties[name] {
					changes = append(changes, changedIdentity{Golden: golden, LogicalID: id, Property: name})
				}
			}
		}
	}
	return changes
}

// goldenIdentities reads the identities of all goldens.
func goldenIdentities(t *testing.T) map[string]map[string]identity {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no goldens (%v)", err)
	}
	all := map[string]map[string]identity{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var template struct {
			Resources map[string]struct {
				Type       string
				Properties map[string]any
			}
		}
		if err := json.Unmarshal(content, &template); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		identities := map[string]identity{}
		for id, resource := range template.Resources {
			if !replacement.Known(resource.Type) && !strings.HasPrefix(resource.Type, "Custom::") {
				t.Errorf("%s: the table of package replacement lacks %s; its command generate writes it", path, resource.Type)
			}
			properties := map[string]string{}
			for _, name := range fixedProperties(resource.Type) {
				if v, set := resource.Properties[name]; set {
					properties[name] = digestOf(v)
				}
			}
			identities[id] = identity{resource.Type, properties}
		}
		all[strings.TrimSuffix(filepath.Base(path), ".json")] = identities
	}
	return all
}

// fixedProperties returns the properties whose change replaces a resource. Every release is another task definition: of
// those, only the family is to stay.
func fixedProperties(resourceType string) []string {
	if resourceType == "AWS::ECS::TaskDefinition" {
		return []string{"Family"}
	}
	return replacement.Properties(resourceType)
}

func digestOf(v any) string {
	text, _ := json.Marshal(v) // sorts keys
	hash := fnv.New32a()
	hash.Write(text)
	return fmt.Sprintf("%08x", hash.Sum32())
}

func readIdentities(t *testing.T) map[string]map[string]identity {
	t.Helper()
	content, err := os.ReadFile(releasedIdentities)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]identity{}
	for line := range strings.Lines(string(content)) {
		words := strings.Fields(line)
		if len(words) < 3 {
			t.Fatalf("%s: %q is no golden, logical id and type", releasedIdentities, line)
		}
		properties := map[string]string{}
		for _, word := range words[3:] {
			name, digest, _ := strings.Cut(word, "=")
			properties[name] = digest
		}
		if all[words[0]] == nil {
			all[words[0]] = map[string]identity{}
		}
		all[words[0]][words[1]] = identity{words[2], properties}
	}
	return all
}

func readChanges(t *testing.T) []changedIdentity {
	t.Helper()
	content, err := os.ReadFile(changedIdentities)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	var changes []changedIdentity
	if err := json.Unmarshal(content, &changes); err != nil {
		t.Fatalf("%s: %v", changedIdentities, err)
	}
	return changes
}

// writeIdentities adds what is new to the released identities.
func writeIdentities(t *testing.T, released, current map[string]map[string]identity) {
	t.Helper()
	var lines []string
	add := func(golden, id string, i identity) {
		words := []string{golden, id, i.kind}
		for _, name := range slices.Sorted(maps.Keys(i.properties)) {
			words = append(words, name+"="+i.properties[name])
		}
		lines = append(lines, strings.Join(words, " ")+"\n")
	}
	for golden, identities := range released {
		for id, i := range identities {
			add(golden, id, i)
		}
	}
	for golden, identities := range current {
		for id, i := range identities {
			if _, known := released[golden][id]; !known {
				add(golden, id, i)
			}
		}
	}
	slices.Sort(lines)
	if err := os.WriteFile(releasedIdentities, []byte(strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
}

func count(goldens map[string]map[string]identity) int {
	n := 0
	for _, identities := range goldens {
		n += len(identities)
	}
	return n
}

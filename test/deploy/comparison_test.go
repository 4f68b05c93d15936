package deploy

import (
	"strings"
	"testing"
)

// TestCompare makes sure that the comparison sees what is wrong, without anything deployed.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name, want, got string
		differ, absent  string // paths
	}{
		{"equal", `{"Port":80,"Names":["a","b"]}`, `{"port":"80","NAMES":["b","a"],"More":1}`, "", ""},
		{"another number", `{"Port":80}`, `{"Port":81}`, ".Port", ""},
		{"not there", `{"Port":80}`, `{"Other":80}`, "", ".Port"},
		{"nothing asked for", `{"Secure":false,"Rules":[]}`, `{}`, "", ""},
		{"nothing where something was asked for", `{"Secure":true}`, `{"Secure":false}`, "", ".Secure"},
		{"more than was asked for", `{"Rules":[{"P":1}]}`, `{"Rules":[{"P":1},{"P":2}]}`, ".Rules", ""},
		{"nothing was asked for, and something is there", `{"Rules":[]}`, `{"Rules":[{"P":2}]}`, ".Rules", ""},
		{"any order", `{"Rules":[{"P":1,"Q":1},{"P":1}]}`, `{"Rules":[{"P":1},{"P":1,"Q":1}]}`, "", ""},
		{"another one of several", `{"Rules":[{"P":1},{"P":2}]}`, `{"Rules":[{"P":1},{"P":3}]}`, ".Rules.P", ""},
		{"keys with values", `{"Tags":[{"Key":"a","Value":"1"}]}`, `{"Tags":[{"Key":"b","Value":"2"},{"Key":"a","Value":"1"}]}`, "", ""},
		{"another value of a key", `{"Tags":[{"Key":"a","Value":"1"}]}`, `{"Tags":[{"Key":"a","Value":"2"}]}`, ".Tags.a", ""},
		{"keys in a map", `{"Tags":[{"Key":"a","Value":"1"}]}`, `{"Tags":{"a":"2"}}`, ".Tags.a", ""},
		{"a document in a string", `{"Policy":{"Action":"a:b"}}`, `{"Policy":"{\"Action\":[\"a:b\"]}"}`, "", ""},
		{"another document in a string", `{"Policy":{"Action":"a:b"}}`, `{"Policy":"{\"Action\":\"a:*\"}"}`, ".Policy.Action", ""},
		{"by name", `{"Cluster":"main"}`, `{"Cluster":"arn:aws:ecs:x:1:cluster/main"}`, "", ""},
		{"by another name", `{"Cluster":"main"}`, `{"Cluster":"arn:aws:ecs:x:1:cluster/domain"}`, ".Cluster", ""},
		{"by family", `{"T":"api"}`, `{"T":"arn:aws:ecs:x:1:task-definition/api:7"}`, "", ""},
		{"another revision", `{"T":"arn:aws:ecs:x:1:task-definition/api:8"}`, `{"T":"arn:aws:ecs:x:1:task-definition/api:7"}`, ".T", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var found comparison
			found.compare("", parsed(c.want), parsed(c.got))
			var differ []string
			for _, line := range found.differ {
				path, _, _ := strings.Cut(line, ":")
				differ = append(differ, path)
			}
			if strings.Join(differ, " ") != c.differ || strings.Join(found.absent, " ") != c.absent {
				t.Errorf("differ %q, absent %q; want %q and %q", differ, found.absent, c.differ, c.absent)
			}
		})
	}
}

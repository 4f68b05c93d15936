package snapshot

import (
	"os"
	"path/filepath"
	"testing"
)

// topic is a subject with one resource, and the name of a topic in it.
func topic(name string) subject {
	template := map[string]any{"Resources": map[string]any{
		"Topic": map[string]any{
			"Type":       "AWS::SNS::Topic",
			"Properties": map[string]any{"TopicName": name},
		},
	}}
	return subject{path: "Shop", whole: template, template: template}
}

func matchGolden(t *testing.T, s subject) *recorder {
	t.Helper()
	return record(t, func(t testing.TB) { goldenOf("Shop").match(t, s) })
}

const ordersGolden = `{
  "Resources": {
    "Topic": {
      "Properties": {
        "TopicName": "<orders> & more"
      },
      "Type": "AWS::SNS::Topic"
    }
  }
}
`

func TestMissingGoldenIsWritten(t *testing.T) {
	inModule(t)
	r := matchGolden(t, topic("<orders> & more"))
	r.wantSuccess(t)
	file := filepath.Join("testdata", "Shop.json")
	if got := readFile(t, file); got != ordersGolden {
		t.Errorf("got:\n%s\nwant:\n%s", got, ordersGolden)
	}
	if len(r.logs) != 1 || r.logs[0] != "wrote "+file {
		t.Errorf("got logs %q", r.logs)
	}
	matchGolden(t, topic("<orders> & more")).wantSuccess(t)
}

func TestMissingGoldenFailsOnBuildServer(t *testing.T) {
	for _, ci := range []string{"true", "1", "yes"} {
		t.Run(ci, func(t *testing.T) {
			inModule(t)
			t.Setenv("CI", ci)
			matchGolden(t, topic("orders")).wantFailure(t, "Shop.json is missing", acceptance(t))
			if _, err := os.Stat("testdata"); err == nil {
				t.Error("testdata was written")
			}
		})
	}
}

func TestMissingGoldenOutsideOfBuildServer(t *testing.T) {
	for _, ci := range []string{"0", "false", "False"} {
		t.Run(ci, func(t *testing.T) {
			inModule(t)
			t.Setenv("CI", ci)
			matchGolden(t, topic("orders")).wantSuccess(t)
		})
	}
}

func TestUpdateWritesOnBuildServer(t *testing.T) {
	inModule(t)
	t.Setenv("CI", "true")
	setUpdate(t, true)
	matchGolden(t, topic("<orders> & more")).wantSuccess(t)
	if got := readFile(t, filepath.Join("testdata", "Shop.json")); got != ordersGolden {
		t.Errorf("got:\n%s", got)
	}
}

func TestDifferenceFailsUntilUpdated(t *testing.T) {
	inModule(t)
	file := filepath.Join("testdata", "Shop.json")
	writeFile(t, file, ordersGolden)

	matchGolden(t, topic("returns")).wantFailure(t,
		"Shop differs from "+file+":\n\n  ~ Topic (AWS::SNS::Topic)\n",
		`      Properties.TopicName: "<orders> & more" → "returns"`,
		"to accept: go test . -run '^TestDifferenceFailsUntilUpdated$' -update",
	)
	if got := readFile(t, file); got != ordersGolden {
		t.Errorf("the golden was changed without -update:\n%s", got)
	}

	setUpdate(t, true)
	matchGolden(t, topic("returns")).wantSuccess(t)
	if got := readTopicName(t, file); got != "returns" {
		t.Errorf("got %q after -update", got)
	}
}

func readTopicName(t *testing.T, file string) string {
	t.Helper()
	template, err := readTemplate(file)
	if err != nil {
		t.Fatal(err)
	}
	return resources(template)["Topic"]["Properties"].(map[string]any)["TopicName"].(string)
}

func TestUpdateRepairsGolden(t *testing.T) {
	inModule(t)
	file := filepath.Join("testdata", "Shop.json")
	writeFile(t, file, "<<<<<<< HEAD\n")
	matchGolden(t, topic("orders")).wantFailure(t, file, "invalid character", acceptance(t))
	setUpdate(t, true)
	matchGolden(t, topic("orders")).wantSuccess(t)
	if got := readTopicName(t, file); got != "orders" {
		t.Errorf("got %q", got)
	}
}

func TestUpdateLeavesEqualGoldenAlone(t *testing.T) {
	inModule(t)
	writeFile(t, filepath.Join("testdata", "Shop.json"), ordersGolden)
	setUpdate(t, true)
	if r := matchGolden(t, topic("<orders> & more")); len(r.logs) > 0 {
		t.Errorf("got logs %q", r.logs)
	}
}

func TestTwoTemplatesCannotShareGolden(t *testing.T) {
	inModule(t)
	setUpdate(t, true)
	matchGolden(t, topic("orders")).wantSuccess(t)
	matchGolden(t, topic("orders")).wantSuccess(t)
	matchGolden(t, topic("returns")).wantFailure(t, `"orders" → "returns"`, "in "+t.Name(), "MatchAs")
	if got := readTopicName(t, filepath.Join("testdata", "Shop.json")); got != "orders" {
		t.Errorf("the golden was overwritten with %q", got)
	}
}

func TestGoldenOf(t *testing.T) {
	tests := map[string]string{
		"Shop":         "Shop.json",
		"Prod/Shop":    "Prod-Shop.json",
		"a b: <c>/../": "a-b-c-..-.json",
		"v1.2_x-y":     "v1.2_x-y.json",
	}
	for name, want := range tests {
		if got := goldenOf(name).file; got != filepath.Join("testdata", want) {
			t.Errorf("got %s for %q, want %s", got, name, want)
		}
	}
}

package property

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/test/rules"
	"github.com/ecskit/ecskit/test/snapshot"
)

func TestApps(t *testing.T) {
	apps := rapid.Custom(drawApp)
	rapid.Check(t, func(rt *rapid.T) {
		plan := apps.Draw(rt, "app")
		app := snapshot.NewApp(t)
		for _, p := range plan.build(app, release) {
			rt.Error(p)
		}
		app.Synth(nil)
		templates, err := rules.Assembly(*app.Outdir())
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range rules.Check(templates...) {
			rt.Error(f)
		}
	})
}

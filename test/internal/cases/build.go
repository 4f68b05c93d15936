package cases

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/examples/fleet"
	"github.com/ecskit/ecskit/examples/hello"
	"github.com/ecskit/ecskit/examples/jobs"
	"github.com/ecskit/ecskit/examples/mesh"
	"github.com/ecskit/ecskit/examples/release"
	"github.com/ecskit/ecskit/examples/secrets"
	"github.com/ecskit/ecskit/examples/storefront"
)

// Build makes what an app contains.
type Build func(app awscdk.App)

// Examples are the packages in examples, with the ids that the example program gives them.
var Examples = map[string]Build{
	"fleet":      example("Fleet", fleet.New),
	"hello":      example("Hello", hello.New),
	"jobs":       example("Jobs", jobs.New),
	"mesh":       example("Mesh", mesh.New),
	"release":    example("Release", release.New),
	"secrets":    example("Secrets", secrets.New),
	"storefront": example("Storefront", storefront.New),
}

// EveryExample makes every example in one app.
func EveryExample(app awscdk.App) { all(app, Examples) }

// EveryCase makes every case in one app.
func EveryCase(app awscdk.App) { all(app, Cases) }

// Everything makes every example and every case in one app.
func Everything(app awscdk.App) {
	EveryExample(app)
	EveryCase(app)
}

func all(app awscdk.App, builds map[string]Build) {
	for _, build := range builds {
		build(app)
	}
}

func example(id string, build func(app awscdk.App, id string)) Build {
	return func(app awscdk.App) { build(app, id) }
}

// inStack builds into one stack.
func inStack(id string, build func(stack awscdk.Stack)) Build {
	return func(app awscdk.App) { build(awscdk.NewStack(app, jsii.String(id), nil)) }
}

// Command examples synthesizes every example into one cloud assembly.
//
// The CDK CLI runs it (see cdk.json). Run by itself, with go run ./examples from the root of the repository, it writes
// the same templates, to cdk.out unless CDK_OUTDIR says otherwise.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/examples/fleet"
	"github.com/ecskit/ecskit/examples/hello"
	"github.com/ecskit/ecskit/examples/jobs"
	"github.com/ecskit/ecskit/examples/mesh"
	"github.com/ecskit/ecskit/examples/release"
	"github.com/ecskit/ecskit/examples/secrets"
	"github.com/ecskit/ecskit/examples/storefront"
)

func main() {
	status := run()
	jsii.Close()
	os.Exit(status)
}

// run returns the exit status: 1 with the problems on standard error if an example has invalid props.
func run() (status int) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case *check.Error:
			fmt.Fprintln(os.Stderr, cause)
			status = 1
		default:
			panic(cause)
		}
	}()
	props, err := appProps("cdk.json")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	app := awscdk.NewApp(props)
	fleet.New(app, "Fleet")
	hello.New(app, "Hello")
	jobs.New(app, "Jobs")
	mesh.New(app, "Mesh")
	release.New(app, "Release")
	secrets.New(app, "Secrets")
	storefront.New(app, "Storefront")
	app.Synth(nil)
	return 0
}

// appProps does what the CLI does before it runs an app: it reads the feature flags and asks for the paths of the
// constructs in the templates. What the CLI itself passes goes before.
func appProps(file string) (*awscdk.AppProps, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	config := struct{ Context map[string]any }{Context: map[string]any{}}
	if err := json.Unmarshal(data, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	config.Context["aws:cdk:enable-path-metadata"] = true
	config.Context["aws:cdk:enable-asset-metadata"] = true
	props := &awscdk.AppProps{Context: &config.Context}
	if os.Getenv("CDK_OUTDIR") == "" {
		props.Outdir = jsii.String("cdk.out")
	}
	return props, nil
}

// Command ecskit synthesizes the benchmark's app, with as many services as its argument says.
package main

import (
	"log"
	"os"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/test/bench/services"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	services.New(app, n)
	app.Synth(nil)
}

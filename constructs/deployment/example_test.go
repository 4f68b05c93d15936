package deployment_test

import (
	"fmt"
	"time"

	"github.com/ecskit/ecskit/constructs/deployment"
)

// With a maximum of 150 %, a service of four tasks never runs more than six.
func ExampleRolling() {
	settings := deployment.Rolling{MaxPercent: 150}.Settings()
	fmt.Printf("%s, %d-%d %%, rollback: %t", settings.Strategy, settings.MinHealthyPercent, settings.MaxPercent, settings.Rollback)
	// Output: ROLLING, 100-150 %, rollback: true
}

// One request in twenty comes to the new tasks for half an hour, then all; the old tasks stay for ten minutes more.
func ExampleCanary() {
	policy := deployment.Canary{Percent: 5, CanaryBake: 30 * time.Minute}
	fmt.Println(policy.Settings().Shift.Percent, policy.Settings().Shift.StepBake, policy.Settings().Shift.Bake)
	// Output: 5 30m0s 10m0s
}

// A tenth of the requests comes to the new tasks for five minutes, then all. A deployment takes at least as long as that and the
// ten minutes for which the old tasks stay, and CloudFormation waits for it.
func ExampleCodeDeploy() {
	policy := deployment.CodeDeploy{Canary: &deployment.Step{Percent: 10, Interval: 5 * time.Minute}}
	fmt.Println(policy.Duration(), policy.Problems())
	// Output: 15m0s []
}

// A migration may take half an hour before the release is given up.
func ExampleTask() {
	migrate := deployment.Task{Command: []string{"/app", "migrate"}, Timeout: 30 * time.Minute}
	fmt.Println(migrate.Wait(), migrate.Problems())
	// Output: 30m0s []
}

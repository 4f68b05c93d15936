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

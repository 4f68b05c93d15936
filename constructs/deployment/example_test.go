package deployment_test

import (
	"fmt"

	"github.com/ecskit/ecskit/constructs/deployment"
)

// With a maximum of 150 %, a service of four tasks never runs more than six.
func ExampleRolling() {
	policy := deployment.Rolling{MaxPercent: 150}
	fmt.Printf("%+v", policy.Settings())
	// Output: {Strategy:ROLLING MinHealthyPercent:100 MaxPercent:150 CircuitBreaker:true Rollback:true}
}

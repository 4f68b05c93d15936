package scaling_test

import (
	"fmt"

	"github.com/ecskit/ecskit/constructs/scaling"
)

// Between 2 and 20 tasks, as many as hold the CPU at 60 % and the memory at 75 %.
func ExamplePolicy() {
	policy := scaling.Policy{Min: 2, Max: 20, CPU: 60, Memory: 75}
	fmt.Println(policy.Problems())

	policy.Max = 2
	fmt.Println(policy.Problems())
	// Output:
	// []
	// [Max: must be more than Min (2), or there is nothing to scale; got 2]
}

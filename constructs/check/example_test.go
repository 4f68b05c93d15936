package check_test

import (
	"fmt"

	"github.com/ecskit/ecskit/constructs/check"
)

// A props type says what is wrong with its values, and a constructor refuses them all at once.
func ExampleMust() {
	defer func() { fmt.Println(recover()) }()

	var problems check.Problems
	problems.Add("Task.Port", 70000, "must be 1-65535, or 0 for none")
	problems.Add("Scaling.Max", 1, "must be at least Min (%d)", 2)

	check.Must(nil, "Api", problems)
	// Output:
	// Api: invalid props
	//   scope: must not be nil: pass the stack or the construct that the new one belongs to
	//   Task.Port: must be 1-65535, or 0 for none; got 70000
	//   Scaling.Max: must be at least Min (2); got 1
}

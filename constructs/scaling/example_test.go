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

// At least ten tasks on working days in Rome, in summer and in winter, and none at night. A stream that falls behind adds tasks too.
func ExampleSchedule() {
	policy := scaling.Policy{
		Min: 1, Max: 20, CPU: 60,
		Schedules: []scaling.Schedule{
			{Name: "Morning", When: "cron(30 7 ? * MON-FRI *)", TimeZone: "Europe/Rome", Min: 10},
			{Name: "Night", When: "cron(0 22 * * ? *)", TimeZone: "Europe/Rome", Off: true},
		},
		Steps: []scaling.StepScaling{{
			Name:   "Behind",
			Metric: scaling.Metric{Namespace: "AWS/Kinesis", Name: "GetRecords.IteratorAgeMilliseconds", Statistic: "Maximum", Dimensions: map[string]string{"StreamName": "clicks"}},
			Steps:  []scaling.Step{scaling.Between(60_000, 300_000, 1), scaling.From(300_000, 5)},
		}},
	}
	fmt.Println(policy.Problems())

	policy.Schedules[0].TimeZone, policy.Steps[0].Steps[1].Lower = "Rome", 200_000
	for _, p := range policy.Problems() {
		fmt.Println(p.Field)
	}
	// Output:
	// []
	// Steps[0].Steps[1].Lower
	// Schedules[0].TimeZone
}

// Package logs holds what CloudWatch Logs accepts as a retention.
package logs

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"

	"github.com/ecskit/ecskit/constructs/check"
)

// DefaultRetentionDays is how long log events are kept unless the user says otherwise.
const DefaultRetentionDays = 90

const page = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"

var retentions = map[int]awslogs.RetentionDays{
	0:    awslogs.RetentionDays_THREE_MONTHS,
	1:    awslogs.RetentionDays_ONE_DAY,
	3:    awslogs.RetentionDays_THREE_DAYS,
	5:    awslogs.RetentionDays_FIVE_DAYS,
	7:    awslogs.RetentionDays_ONE_WEEK,
	14:   awslogs.RetentionDays_TWO_WEEKS,
	30:   awslogs.RetentionDays_ONE_MONTH,
	60:   awslogs.RetentionDays_TWO_MONTHS,
	90:   awslogs.RetentionDays_THREE_MONTHS,
	120:  awslogs.RetentionDays_FOUR_MONTHS,
	150:  awslogs.RetentionDays_FIVE_MONTHS,
	180:  awslogs.RetentionDays_SIX_MONTHS,
	365:  awslogs.RetentionDays_ONE_YEAR,
	400:  awslogs.RetentionDays_THIRTEEN_MONTHS,
	545:  awslogs.RetentionDays_EIGHTEEN_MONTHS,
	731:  awslogs.RetentionDays_TWO_YEARS,
	1096: awslogs.RetentionDays_THREE_YEARS,
	1827: awslogs.RetentionDays_FIVE_YEARS,
	2192: awslogs.RetentionDays_SIX_YEARS,
	2557: awslogs.RetentionDays_SEVEN_YEARS,
	2922: awslogs.RetentionDays_EIGHT_YEARS,
	3288: awslogs.RetentionDays_NINE_YEARS,
	3653: awslogs.RetentionDays_TEN_YEARS,
}

// Retention returns the CDK's name for a number of days that Problems has let pass. Zero: DefaultRetentionDays.
func Retention(days int) awslogs.RetentionDays { return retentions[days] }

// Problems names a number of days that CloudWatch Logs does not offer.
func Problems(field string, days int) check.Problems {
	var ps check.Problems
	if _, ok := retentions[days]; !ok {
		offered := slices.Sorted(maps.Keys(retentions))[1:]
		ps.Add(field, days, "must be a number of days that CloudWatch Logs offers (%v), or 0 for %d", offered,
			DefaultRetentionDays).See(page)
	}
	return ps
}

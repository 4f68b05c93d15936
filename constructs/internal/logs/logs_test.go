package logs_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"

	"github.com/ecskit/ecskit/constructs/internal/logs"
)

func TestRetention(t *testing.T) {
	for days, want := range map[int]awslogs.RetentionDays{
		0:    awslogs.RetentionDays_THREE_MONTHS,
		1:    awslogs.RetentionDays_ONE_DAY,
		30:   awslogs.RetentionDays_ONE_MONTH,
		180:  awslogs.RetentionDays_SIX_MONTHS,
		365:  awslogs.RetentionDays_ONE_YEAR,
		3653: awslogs.RetentionDays_TEN_YEARS,
	} {
		if got := logs.Retention(days); got != want {
			t.Errorf("%d days: got %s, want %s", days, got, want)
		}
		if ps := logs.Problems("Days", days); len(ps) > 0 {
			t.Errorf("%d days: %v", days, ps)
		}
	}
	for _, days := range []int{-1, 2, 31, 3654} {
		if ps := logs.Problems("Days", days); len(ps) != 1 || ps[0].Field != "Days" {
			t.Errorf("%d days: got %v, want one problem of Days", days, ps)
		}
	}
}

package queue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/queue"
)

func TestProblems(t *testing.T) {
	for name, c := range map[string]struct {
		props queue.Props
		want  []string
	}{
		"zero": {queue.Props{}, nil},
		"most": {queue.Props{
			FIFO: true, ContentDeduplication: true, VisibilityTimeout: 12 * time.Hour, MaxReceives: 1000, Retention: 14 * 24 * time.Hour, MaxAge: 14 * 24 * time.Hour,
		}, nil},
		"hidden for ever": {queue.Props{VisibilityTimeout: 30 * 24 * time.Hour}, []string{"VisibilityTimeout"}},
		"least":           {queue.Props{VisibilityTimeout: time.Second, MaxReceives: 1, Retention: time.Minute, MaxAge: time.Second}, nil},
		"too much": {queue.Props{
			ContentDeduplication: true, VisibilityTimeout: 12*time.Hour + time.Second, MaxReceives: 1001, Retention: 14*24*time.Hour + time.Second, MaxAge: 15 * 24 * time.Hour,
		}, []string{"ContentDeduplication", "VisibilityTimeout", "MaxReceives", "Retention", "MaxAge"}},
		"parts of seconds": {
			queue.Props{VisibilityTimeout: time.Millisecond, Retention: time.Minute + time.Millisecond, MaxAge: -time.Second},
			[]string{"VisibilityTimeout", "Retention", "MaxAge"},
		},
		"hidden until it is gone": {queue.Props{VisibilityTimeout: time.Hour, Retention: time.Hour}, []string{"Retention"}},
		"age of no alarm":         {queue.Props{NoAlarms: true, MaxAge: time.Hour}, []string{"NoAlarms"}},
		"no topic":                {queue.Props{Topics: []queue.Subscription{{FilterBody: true}}}, []string{"Topics[0].Topic", "Topics[0].FilterBody"}},
	} {
		var fields []string
		for _, p := range c.props.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

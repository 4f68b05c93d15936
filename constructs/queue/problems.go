package queue

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ecskit/ecskit/constructs/check"
)

const (
	attributePage = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
	fifoPage      = "https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html"
	filterPage    = "https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html"
	maxFilterKeys = 5
)

// Problems names times and numbers that SQS does not have, and topics that cannot be subscribed to.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	d := p.withDefaults()
	if p.ContentDeduplication && !p.FIFO {
		ps.Add("ContentDeduplication", p.ContentDeduplication, "must not be set without FIFO").See(attributePage)
	}
	ps.Seconds("VisibilityTimeout", d.VisibilityTimeout, time.Second, longestVisibility).See(attributePage)
	ps.Range("MaxReceives", d.MaxReceives, 1, 1000).See(attributePage)
	ps.Seconds("Retention", d.Retention, time.Minute, longestRetention).See(attributePage)
	if d.Retention >= time.Minute && d.VisibilityTimeout <= longestVisibility && d.VisibilityTimeout >= d.Retention {
		ps.Add("Retention", d.Retention, "must be more than VisibilityTimeout (%v), or messages are deleted while they are hidden", d.VisibilityTimeout)
	}
	ps.Seconds("MaxAge", d.MaxAge, time.Second, longestRetention)
	if p.NoAlarms && (p.MaxAge != 0 || !check.IsNil(p.AlarmTopic)) {
		ps.Add("NoAlarms", p.NoAlarms, "must not be set with MaxAge or AlarmTopic, which are about the alarms that it leaves out")
	}
	for i, s := range p.Topics {
		path := fmt.Sprintf("Topics[%d]", i)
		ps.In(path, s.Problems())
		if check.IsNil(s.Topic) {
			continue
		}
		if fifo := s.Topic.Fifo(); p.FIFO && (fifo == nil || !*fifo) {
			ps.Add(path+".Topic", nil, "must be a FIFO topic, for a FIFO queue takes messages of no other one").See(fifoPage)
		}
		if slices.ContainsFunc(p.Topics[:i], func(other Subscription) bool { return other.Topic == s.Topic }) {
			ps.Add(path+".Topic", nil, "must be another than those before, for a queue can be subscribed to a topic once: join the filters")
		}
	}
	return ps
}

// Problems names a missing topic and a filter that SNS refuses.
func (s Subscription) Problems() check.Problems {
	var ps check.Problems
	if check.IsNil(s.Topic) {
		ps.Add("Topic", nil, "must be set")
	}
	if s.Filter != nil && (len(s.Filter) == 0 || len(s.Filter) > maxFilterKeys) {
		ps.Add("Filter", len(s.Filter), "must have 1-%d attributes, or be nil for all messages", maxFilterKeys).See(filterPage)
	}
	for _, key := range slices.Sorted(maps.Keys(s.Filter)) {
		text, err := json.Marshal(s.Filter[key])
		if err != nil || len(text) < 3 || text[0] != '[' && (text[0] != '{' || !s.FilterBody) {
			ps.Add("Filter["+key+"]", nil, "must be a list of values or conditions, or with FilterBody an object of such").See(filterPage)
		}
	}
	if s.FilterBody && s.Filter == nil {
		ps.Add("FilterBody", s.FilterBody, "must not be set without Filter")
	}
	return ps
}

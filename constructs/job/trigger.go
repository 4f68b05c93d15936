package job

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/rights"
	"github.com/ecskit/ecskit/constructs/internal/schedule"
)

// Schedule is when a job is started, by EventBridge Scheduler.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
type Schedule struct {
	// When is cron(minutes hours day-of-month month day-of-week year), rate(value unit) or, for once, at(yyyy-mm-ddThh:mm:ss).
	// Required.
	When string
	// TimeZone that cron and at are in, such as Europe/Zurich, summer time included. Zero: UTC.
	TimeZone string
	// Window is how much later the job may start, in whole minutes, up to 24 h, to spread load. Zero: at the minute.
	Window time.Duration
	// Input is what the job is started with, beside the field time, when it was to be started. Zero: time alone.
	Input map[string]any
	// Off keeps the schedule from starting the job. Zero: it starts it.
	Off bool
}

// Event is something that happens, by which EventBridge starts a job with the event as its input.
type Event struct {
	// Pattern that events match, such as {"source": ["aws.s3"], "detail-type": ["Object Created"]}. Required.
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
	Pattern map[string]any
	// Bus is the name or the ARN of the event bus. Zero: the account's default bus.
	Bus string
}

const schedulePage = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html"

// Problems names a time that AWS does not take, an unknown time zone, and a window out of range.
func (s Schedule) Problems() check.Problems {
	ps := schedule.Problems("When", s.When)
	if s.TimeZone != "" {
		ps = append(ps, schedule.ZoneProblems("TimeZone", s.TimeZone)...)
		if len(ps) == 0 && !schedule.HasZone(s.When) {
			ps.Add("TimeZone", s.TimeZone, "must not be set with rate(...), which is the same in each")
		}
	}
	if s.Window < 0 || s.Window > 24*time.Hour || s.Window%time.Minute != 0 {
		ps.Add("Window", s.Window, "must be at most 24 h, in whole minutes").See(schedulePage)
	}
	if _, err := json.Marshal(s.Input); err != nil {
		ps.Add("Input", nil, "must be what JSON can hold: %v", err)
	}
	return ps
}

// Problems names a missing pattern.
func (e Event) Problems() check.Problems {
	var ps check.Problems
	if len(e.Pattern) == 0 {
		ps.Add("Pattern", nil, "must be set, or every event would start the job")
	}
	return ps
}

// How often, and for how long, a start is tried again: one that comes much later is worse than none.
const (
	startAttempts = 3
	startAge      = time.Hour
)

// start makes the schedule and the rules, and the queue for starts that were not possible.
func (j *Job) start(p Props) {
	j.DeadLetters = awssqs.NewCfnQueue(j, jsii.String("DeadLetters"), &awssqs.CfnQueueProps{
		SqsManagedSseEnabled: jsii.Bool(true), MessageRetentionPeriod: jsii.Number((14 * 24 * time.Hour).Seconds()),
	})
	run := rights.Statement{Actions: []string{"states:StartExecution"}, Resources: []*string{j.Machine.Ref()}}
	if p.Schedule != nil {
		j.ScheduleRole = rights.NewRole(j, "ScheduleRole", "scheduler.amazonaws.com")
		policy := rights.Allow(j.ScheduleRole, run, rights.Statement{
			Actions: []string{"sqs:SendMessage"}, Resources: []*string{j.DeadLetters.AttrArn()},
		})
		j.Schedule = j.newSchedule(*p.Schedule)
		j.Schedule.Node().AddDependency(policy)
	}
	if len(p.Events) > 0 {
		j.EventRole = rights.NewRole(j, "EventRole", "events.amazonaws.com")
		policy := rights.Allow(j.EventRole, run)
		for i, e := range p.Events {
			rule := j.newRule(i, e)
			rule.Node().AddDependency(policy)
			j.Rules = append(j.Rules, rule)
		}
	}
	awssqs.NewCfnQueuePolicy(j, jsii.String("DeadLettersPolicy"), &awssqs.CfnQueuePolicyProps{
		Queues: &[]*string{j.DeadLetters.Ref()}, PolicyDocument: j.deadLetterPolicy(),
	})
}

func (j *Job) newSchedule(s Schedule) awsscheduler.CfnSchedule {
	window, state := &awsscheduler.CfnSchedule_FlexibleTimeWindowProperty{Mode: jsii.String("OFF")}, "ENABLED"
	if s.Window > 0 {
		window = &awsscheduler.CfnSchedule_FlexibleTimeWindowProperty{
			Mode: jsii.String("FLEXIBLE"), MaximumWindowInMinutes: jsii.Number(s.Window.Minutes()),
		}
	}
	if s.Off {
		state = "DISABLED"
	}
	props := &awsscheduler.CfnScheduleProps{
		ScheduleExpression: &s.When, FlexibleTimeWindow: window, State: &state,
		Target: &awsscheduler.CfnSchedule_TargetProperty{
			Arn: j.Machine.Ref(), RoleArn: j.ScheduleRole.RoleArn(),
			Input:            jsii.String(s.input()),
			DeadLetterConfig: &awsscheduler.CfnSchedule_DeadLetterConfigProperty{Arn: j.DeadLetters.AttrArn()},
			RetryPolicy: &awsscheduler.CfnSchedule_RetryPolicyProperty{
				MaximumRetryAttempts: jsii.Number(startAttempts), MaximumEventAgeInSeconds: jsii.Number(startAge.Seconds()),
			},
		},
	}
	if schedule.HasZone(s.When) {
		zone := s.TimeZone
		zone = cmp.Or(zone, "UTC")
		props.ScheduleExpressionTimezone = &zone
	}
	return awsscheduler.NewCfnSchedule(j, jsii.String("Schedule"), props)
}

// input is what the schedule starts the job with, in JSON.
func (s Schedule) input() string {
	input := map[string]any{"time": "<aws.scheduler.scheduled-time>"}
	maps.Copy(input, s.Input)
	text := &strings.Builder{}
	encoder := json.NewEncoder(text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(input); err != nil {
		panic(err) // Problems has tried it
	}
	return strings.TrimSpace(text.String())
}

func (j *Job) newRule(i int, e Event) awsevents.CfnRule {
	id := "Event"
	if i > 0 {
		id += strconv.Itoa(i + 1)
	}
	props := &awsevents.CfnRuleProps{
		EventPattern: e.Pattern,
		Targets: []*awsevents.CfnRule_TargetProperty{{
			Id: jsii.String("Job"), Arn: j.Machine.Ref(), RoleArn: j.EventRole.RoleArn(),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: j.DeadLetters.AttrArn()},
			RetryPolicy: &awsevents.CfnRule_RetryPolicyProperty{
				MaximumRetryAttempts: jsii.Number(startAttempts), MaximumEventAgeInSeconds: jsii.Number(startAge.Seconds()),
			},
		}},
	}
	if e.Bus != "" {
		props.EventBusName = &e.Bus
	}
	return awsevents.NewCfnRule(j, &id, props)
}

// deadLetterPolicy lets the job's own rules write to the queue, which they do without a role, and nobody without TLS.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
func (j *Job) deadLetterPolicy() map[string]any {
	queue := j.DeadLetters.AttrArn()
	statements := []map[string]any{{
		"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": queue,
		"Condition": map[string]any{"Bool": map[string]string{"aws:SecureTransport": "false"}},
	}}
	var rules []*string
	for _, rule := range j.Rules {
		rules = append(rules, rule.AttrArn())
	}
	if rules != nil {
		statements = append(statements, map[string]any{
			"Effect": "Allow", "Principal": map[string]string{"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": queue,
			"Condition": map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": rules}},
		})
	}
	return map[string]any{"Version": "2012-10-17", "Statement": statements}
}

func eventProblems(events []Event) check.Problems {
	var ps check.Problems
	for i, e := range events {
		ps.In(fmt.Sprintf("Events[%d]", i), e.Problems())
	}
	return ps
}

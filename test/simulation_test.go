package test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/worker"
)

// series are the values of a metric, one a minute; NaN where there is none. One value stands for a number as well.
type series []float64

// expression evaluates the part of the metric math of CloudWatch that the library writes: numbers, metrics, + - * /, comparisons, IF and
// FILL. What is divided by zero, and what any operand has no value for, has no value.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
type expression struct {
	tokens  []string
	metrics map[string]series
	length  int
}

var mathTokens = regexp.MustCompile(`\s*([A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?|<=|>=|==|!=|[-+*/<>(),])`)

func evaluate(text string, metrics map[string]series, length int) (s series, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			s, err = nil, fmt.Errorf("%s: %v", text, cause)
		}
	}()
	e := &expression{metrics: metrics, length: length}
	for rest := text; strings.TrimSpace(rest) != ""; {
		m := mathTokens.FindStringSubmatchIndex(rest)
		if m == nil || m[0] != 0 {
			panic("no token at " + rest)
		}
		e.tokens, rest = append(e.tokens, rest[m[2]:m[3]]), rest[m[1]:]
	}
	s = e.comparison()
	if len(e.tokens) > 0 {
		panic("more at " + e.tokens[0])
	}
	return s, nil
}

func (e *expression) next() string {
	if len(e.tokens) == 0 {
		panic("ends too early")
	}
	token := e.tokens[0]
	e.tokens = e.tokens[1:]
	return token
}

func (e *expression) expect(want string) {
	if got := e.next(); got != want {
		panic(got + " in place of " + want)
	}
}

func (e *expression) binary(operators map[string]func(a, b float64) float64, operand func() series) series {
	left := operand()
	for len(e.tokens) > 0 && operators[e.tokens[0]] != nil {
		operator := operators[e.next()]
		right := operand()
		result := make(series, e.length)
		for i := range result {
			result[i] = operator(left[i], right[i])
			if math.IsInf(result[i], 0) || math.IsNaN(left[i]) || math.IsNaN(right[i]) {
				result[i] = math.NaN()
			}
		}
		left = result
	}
	return left
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func (e *expression) comparison() series {
	return e.binary(map[string]func(a, b float64) float64{
		"<": func(a, b float64) float64 { return truth(a < b) }, "<=": func(a, b float64) float64 { return truth(a <= b) },
		">": func(a, b float64) float64 { return truth(a > b) }, ">=": func(a, b float64) float64 { return truth(a >= b) },
		"==": func(a, b float64) float64 { return truth(a == b) }, "!=": func(a, b float64) float64 { return truth(a != b) },
	}, e.sum)
}

func (e *expression) sum() series {
	return e.binary(map[string]func(a, b float64) float64{
		"+": func(a, b float64) float64 { return a + b }, "-": func(a, b float64) float64 { return a - b },
	}, e.product)
}

func (e *expression) product() series {
	return e.binary(map[string]func(a, b float64) float64{
		"*": func(a, b float64) float64 { return a * b }, "/": func(a, b float64) float64 { return a / b },
	}, e.value)
}

func (e *expression) value() series {
	token := e.next()
	if n, err := strconv.ParseFloat(token, 64); err == nil {
		return slices.Repeat(series{n}, e.length)
	}
	switch token {
	case "(":
		s := e.comparison()
		e.expect(")")
		return s
	case "IF":
		return e.condition()
	case "FILL":
		return e.fill()
	}
	s, known := e.metrics[token]
	if !known {
		panic("no metric " + token)
	}
	return s
}

// condition has a value where the condition and the branch that it takes have one: whoever relies on less would rely on what no page says.
func (e *expression) condition() series {
	e.expect("(")
	is := e.comparison()
	e.expect(",")
	yes := e.comparison()
	e.expect(",")
	no := e.comparison()
	e.expect(")")
	result := make(series, e.length)
	for i := range result {
		switch {
		case math.IsNaN(is[i]) || math.IsNaN(yes[i]) || math.IsNaN(no[i]):
			result[i] = math.NaN()
		case is[i] != 0:
			result[i] = yes[i]
		default:
			result[i] = no[i]
		}
	}
	return result
}

func (e *expression) fill() series {
	e.expect("(")
	s := slices.Clone(e.comparison())
	e.expect(",")
	repeat := len(e.tokens) > 0 && e.tokens[0] == "REPEAT"
	filler := slices.Repeat(series{math.NaN()}, e.length)
	if repeat {
		e.next()
	} else {
		filler = e.comparison()
	}
	e.expect(")")
	for i := range s {
		if math.IsNaN(s[i]) && repeat && i > 0 {
			s[i] = s[i-1]
		} else if math.IsNaN(s[i]) {
			s[i] = filler[i]
		}
	}
	return s
}

func TestExpressions(t *testing.T) {
	none := math.NaN()
	metrics := map[string]series{"a": {1, none, 3, 0}, "none": {none, none, none, none}}
	for text, want := range map[string]series{
		"1+2*3-4/2": {5, 5, 5, 5}, "(1+2)*3": {9, 9, 9, 9}, "a+1": {2, none, 4, 1}, "6/a": {6, none, 2, none}, "a>=1": {1, none, 1, 0},
		"FILL(a,0)": {1, 0, 3, 0}, "FILL(a,REPEAT)": {1, 1, 3, 0}, "FILL(none,REPEAT)": {none, none, none, none}, "FILL(FILL(none,REPEAT),0)": {0, 0, 0, 0},
		"IF(a<1,7,a)": {1, none, 3, 7}, "IF(a<1,7,6/a)": {6, none, 2, none}, "IF(FILL(a,0)==0, 5, 6)": {6, 5, 6, 5},
	} {
		got, err := evaluate(text, metrics, 4)
		if err != nil || !cmp.Equal(want, got, cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })) {
			t.Errorf("%s: got %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1+", "b", "IF(1,2)", "FILL(a)", "1 2", "a ? 1", "(1"} {
		if got, err := evaluate(text, metrics, 4); err == nil {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// policySet is what a template says of the scaling of its one service: a policy that tracks a target by metrics, and one that an
// alarm invokes.
type policySet struct {
	least, most   int
	target        float64
	out, in       int // cooldowns, in minutes
	queries       []any
	wake          []any // the alarm's
	threshold     float64
	wakeCooldown  int
	wakeMagnitude int
}

func scalingOf(t *testing.T, template map[string]any) policySet {
	t.Helper()
	var s policySet
	for _, target := range resourcesOf(template, "AWS::ApplicationAutoScaling::ScalableTarget") {
		s.least, s.most = int(target["MinCapacity"].(float64)), int(target["MaxCapacity"].(float64))
	}
	for path, policy := range resourcesOf(template, "AWS::ApplicationAutoScaling::ScalingPolicy") {
		if tracking, ok := policy["TargetTrackingScalingPolicyConfiguration"].(map[string]any); ok {
			s.target = tracking["TargetValue"].(float64)
			s.out, s.in = int(tracking["ScaleOutCooldown"].(float64)/60), int(tracking["ScaleInCooldown"].(float64)/60)
			s.queries = tracking["CustomizedMetricSpecification"].(map[string]any)["Metrics"].([]any)
			continue
		}
		steps := policy["StepScalingPolicyConfiguration"].(map[string]any)
		adjustment := steps["StepAdjustments"].([]any)[0].(map[string]any)
		s.wakeCooldown, s.wakeMagnitude = int(steps["Cooldown"].(float64)/60), int(adjustment["ScalingAdjustment"].(float64))
		for _, alarm := range resourcesOf(template, "AWS::CloudWatch::Alarm") {
			if actions, _ := alarm["AlarmActions"].([]any); len(actions) == 1 && "${"+path+"}" == value(template, actions[0]) {
				s.wake, s.threshold = alarm["Metrics"].([]any), alarm["Threshold"].(float64)
			}
		}
	}
	return s
}

// measure evaluates queries over the last minutes of the metrics, which go by their names, and returns the values of the last one.
func measure(t *testing.T, queries []any, published map[string]series, minutes int) series {
	t.Helper()
	metrics := map[string]series{}
	var result series
	for _, q := range queries {
		query := q.(map[string]any)
		id := query["Id"].(string)
		if text, found := query["Expression"].(string); found {
			s, err := evaluate(text, metrics, minutes)
			if err != nil {
				t.Fatal(err)
			}
			metrics[id] = s
		} else {
			name := query["MetricStat"].(map[string]any)["Metric"].(map[string]any)["MetricName"].(string)
			all, known := published[name]
			if !known {
				t.Fatalf("nobody publishes %s", name)
			}
			window := slices.Repeat(series{math.NaN()}, max(minutes-len(all), 0))
			metrics[id] = append(window, all[max(len(all)-minutes, 0):]...)
		}
		result = metrics[id]
	}
	return result
}

// world is a queue and the tasks that work on it, each for a minute on one message.
type world struct {
	arrivals func(minute int) int
	// silent says in which minutes the number of tasks is not published; nil: whenever there are none.
	silent func(minute, tasks int) bool
	late   int // minutes by which the number of tasks is behind
}

// happened is what came of it, minute by minute.
type happened struct {
	counts []int // of tasks that should be
	oldest []int // minutes that the oldest message has waited
}

// run simulates Application Auto Scaling as its pages tell: it scales out when the metric was above the target for three minutes, by as
// much as it was above, and in when it was below nine tenths of it for a quarter of an hour, rounding up; from zero tasks by one;
// and without a value not at all. A task works a minute after it was ordered.
// https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
func (w world) run(t *testing.T, s policySet, minutes int) happened {
	t.Helper()
	published := map[string]series{}
	publish := func(name string, v float64) { published[name] = append(published[name], v) }
	var h happened
	var messages []int // by the minute that they came
	tasks, desired := 0, 0
	lastOut, lastIn, lastWake := -1000, -1000, -1000
	for minute := range minutes {
		messages = append(messages, slices.Repeat([]int{minute}, w.arrivals(minute))...)
		working := min(len(messages), tasks)
		publish("ApproximateNumberOfMessagesVisible", float64(len(messages)-working))
		publish("ApproximateNumberOfMessagesNotVisible", float64(working))
		publish("DesiredTaskCount", w.counted(minute, append(h.counts, desired)))
		messages = messages[working:]
		tasks = desired

		recent, before := measure(t, s.queries, published, 20), desired
		last := recent[len(recent)-1]
		switch {
		case all(recent[len(recent)-3:], func(v float64) bool { return v > s.target }) && minute-lastOut >= s.out:
			desired, lastOut = max(int(math.Ceil(float64(desired)*last/s.target)), 1), minute
		case all(recent[len(recent)-15:], func(v float64) bool { return v < s.target*0.9 }) && minute-lastIn >= s.in:
			desired, lastIn = int(math.Ceil(float64(desired)*last/s.target)), minute
		}
		if s.wake != nil {
			woken := measure(t, s.wake, published, 3)
			if woken[len(woken)-1] > s.threshold && minute-lastWake >= s.wakeCooldown {
				desired, lastWake = max(desired, before+s.wakeMagnitude), minute
			}
		}
		desired = min(max(desired, s.least), s.most)
		h.counts = append(h.counts, desired)
		h.oldest = append(h.oldest, 0)
		if len(messages) > 0 {
			h.oldest[minute] = minute - messages[0]
		}
	}
	return h
}

// counted is the number of tasks that Container Insights publishes in a minute, of those that there should have been until then.
func (w world) counted(minute int, counts []int) float64 {
	known := counts[max(len(counts)-1-w.late, 0)]
	if w.silent == nil && known == 0 || w.silent != nil && w.silent(minute, known) {
		return math.NaN()
	}
	return float64(known)
}

func all(values series, holds func(float64) bool) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return math.IsNaN(v) || !holds(v) })
}

// once is a burst of messages in the eleventh minute.
func once(messages int) func(int) int {
	return func(minute int) int {
		if minute == 10 {
			return messages
		}
		return 0
	}
}

// simulated is the scaling of a worker that has a minute for a message and ten until it has to be done: ten messages a task.
func simulated(t *testing.T) policySet {
	t.Helper()
	return scalingOf(t, synthStack(t, func(stack awscdk.Stack) {
		worker.New(stack, "Worker", worker.Props{
			Platform: newPlatform(stack, platform.Props{NoPublic: true}),
			Task:     task.Props{Image: "a:1"}, MessageTime: time.Minute, Latency: 10 * time.Minute, Max: 20,
		})
	}))
}

func TestWorkerScales(t *testing.T) {
	s := simulated(t)
	if s.least != 0 || s.most != 20 || s.target != 10 || s.wake == nil {
		t.Fatalf("got %+v", s)
	}
	always := func(int, int) bool { return false }
	for name, w := range map[string]world{
		"zero tasks that nobody counts":  {},
		"zero tasks that are counted":    {silent: always},
		"a count that is late":           {late: 2},
		"a count that has gaps":          {silent: func(minute, tasks int) bool { return tasks == 0 || minute%3 == 0 }},
		"a count that is late with gaps": {late: 2, silent: func(minute, _ int) bool { return minute%4 == 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			w.arrivals = func(int) int { return 0 }
			if h := w.run(t, s, 60); slices.Max(h.counts) != 0 {
				t.Errorf("idle: tasks start: %v", h.counts)
			}

			w.arrivals = once(1)
			h := w.run(t, s, 60)
			if h.counts[9] != 0 || h.counts[10] != 1 || slices.Max(h.counts) > 1 || slices.Max(h.oldest) > 2 || h.counts[59] != 0 {
				t.Errorf("one message: want one task at once, that goes when it is done: %v, %v", h.counts, h.oldest)
			}

			w.arrivals = once(120)
			h = w.run(t, s, 120)
			if most := slices.Max(h.counts); most < 10 || most > 20 || slices.Max(h.oldest) > 20 || h.counts[119] != 0 {
				t.Errorf("burst: want a task for each ten messages, and none when they are done: %v, %v", h.counts, h.oldest)
			}

			w.arrivals = func(int) int { return 4 }
			h = w.run(t, s, 480)
			if late := h.counts[30:]; slices.Max(h.oldest[30:]) > 10 || slices.Min(late) < 1 || slices.Max(late) == 20 {
				t.Errorf("steady: want messages done within ten minutes, by some tasks at any time, and not by all: %v, %v", late, h.oldest[30:])
			}

			w.arrivals = func(int) int { return 1000 }
			if h := w.run(t, s, 60); h.counts[59] != 20 {
				t.Errorf("flood: want as many tasks as may be: %v", h.counts)
			}
		})
	}
}

// TestScalingThatNeverWakes puts the expressions that come to mind first in place of the one that the library writes, and finds each
// wrong where it is.
func TestScalingThatNeverWakes(t *testing.T) {
	for name, c := range map[string]struct {
		backlog string
		wrong   func(counts []int) bool
	}{
		"divided by no tasks": {"(visible+received)/tasks", func(counts []int) bool { return slices.Max(counts) == 0 }},
		"divided by a filled number": {"(visible+received)/FILL(tasks,0)", func(counts []int) bool {
			return slices.Max(counts) == 0
		}},
		"guarded too late": {"IF(count<1,11,(visible+received)/count)", func(counts []int) bool { return slices.Max(counts) == 0 }},
		"one task made up": {"(visible+received)/IF(count<1,1,count)", func(counts []int) bool { return slices.Max(counts) == 0 }},
		"woken for nothing": {"IF(count<1,11,(visible+received)/IF(count<1,1,count))", func(counts []int) bool {
			return counts[9] > 0
		}},
	} {
		s := simulated(t)
		s.wake = nil // target tracking has to do it alone
		last := s.queries[len(s.queries)-1].(map[string]any)
		right := world{arrivals: once(1)}.run(t, s, 60).counts
		if right[9] != 0 || slices.Max(right) != 1 || right[59] != 0 {
			t.Errorf("the library's own: %v", right)
		}
		last["Expression"] = c.backlog
		if counts := (world{arrivals: once(1)}).run(t, s, 60).counts; !c.wrong(counts) {
			t.Errorf("%s: the simulation finds nothing wrong: %v", name, counts)
		}
	}
}

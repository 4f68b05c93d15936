package task

import (
	"cmp"
	"fmt"
	"maps"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/ask"
	"github.com/ecskit/ecskit/constructs/internal/logs"
)

// Logs says where the output of the containers goes: a log group in CloudWatch Logs that is the task's own.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
type Logs struct {
	// RetentionDays is how long events are kept, one of the numbers CloudWatch Logs offers. Zero: 90.
	RetentionDays int
	// Blocking makes a container wait when CloudWatch Logs does not take its output, so that no line is lost: for audit
	// logs. Zero: the container goes on, and lines beyond BufferMiB are lost.
	Blocking bool
	// BufferMiB is what is kept back while CloudWatch Logs does not take it, at least 1. Not with Blocking. Zero: 25.
	BufferMiB int
	// MultilinePattern is the regular expression of a line that starts an event. Zero: every line is an event.
	MultilinePattern string
	// DatetimeFormat is the strftime format of the time that starts an event. Not with MultilinePattern.
	DatetimeFormat string
	// Key encrypts the log group; its policy is made to let CloudWatch Logs use it, unless the key is imported.
	// Zero: a key that CloudWatch Logs owns.
	Key awskms.IKey
	// DeleteWithStack deletes the log group when the stack is deleted. Zero: it stays.
	DeleteWithStack bool
	// Splunk receives the output instead of a log group, so that of the other fields Blocking and BufferMiB alone go with
	// it. Zero: a log group does.
	Splunk *Splunk
}

// DefaultBufferMiB is how much output is kept back while CloudWatch Logs does not take it.
const DefaultBufferMiB = 25

const logPage = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html"

func (l Logs) withDefaults() Logs {
	l.BufferMiB = cmp.Or(l.BufferMiB, DefaultBufferMiB)
	return l
}

// Problems names a retention that is not offered and settings that exclude each other.
func (l Logs) Problems() check.Problems {
	ps := logs.Problems("RetentionDays", l.RetentionDays)
	if l.BufferMiB < 0 {
		ps.Add("BufferMiB", l.BufferMiB, "must be at least 1, or 0 for %d", DefaultBufferMiB)
	}
	if l.Blocking && l.BufferMiB != 0 {
		ps.Add("BufferMiB", l.BufferMiB, "must not be set with Blocking, which keeps nothing back").See(logPage)
	}
	if l.Splunk != nil {
		rest := l
		rest.Splunk, rest.Blocking, rest.BufferMiB = nil, false, 0
		if rest != (Logs{}) {
			ps.Add("Splunk", nil, "must not be set with fields that are about a log group")
		}
		ps.In("Splunk", l.Splunk.Problems())
	}
	if l.MultilinePattern != "" && l.DatetimeFormat != "" {
		ps.Add("DatetimeFormat", l.DatetimeFormat, "must not be set with MultilinePattern").See(logPage)
	}
	return ps
}

func (l Logs) newGroup(scope constructs.Construct) awslogs.LogGroup {
	removal := awscdk.RemovalPolicy_RETAIN
	if l.DeleteWithStack {
		removal = awscdk.RemovalPolicy_DESTROY
	}
	props := &awslogs.LogGroupProps{Retention: logs.Retention(l.RetentionDays), RemovalPolicy: removal}
	if !check.IsNil(l.Key) {
		props.EncryptionKey = l.Key
		l.Key.AddToResourcePolicy(useByLogs(check.EnvOf(scope)), jsii.Bool(true))
	}
	return awslogs.NewLogGroup(scope, jsii.String("LogGroup"), props)
}

// useByLogs lets CloudWatch Logs use a key for the log groups of the stack's account and region. It does not name the
// group: a key in another stack would then depend on the group that depends on it.
func useByLogs(env check.Env) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{
			awsiam.NewServicePrincipal(jsii.String("logs."+env.Region+".amazonaws.com"), nil),
		},
		Actions:   jsii.Strings("kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
		Resources: jsii.Strings("*"),
		Conditions: &map[string]any{"ArnLike": map[string]any{
			"kms:EncryptionContext:aws:logs:arn": fmt.Sprintf("arn:%s:logs:%s:%s:log-group:*", env.Partition, env.Region, env.Account),
		}},
	})
}

// logConfiguration says where the output of the containers goes.
func (t *Task) logConfiguration(p Props) *awsecs.CfnTaskDefinition_LogConfigurationProperty {
	options := map[string]*string{"mode": jsii.String("blocking")}
	if !p.Logs.Blocking {
		options["mode"] = jsii.String("non-blocking")
		options["max-buffer-size"] = jsii.String(strconv.Itoa(p.Logs.BufferMiB) + "m")
	}
	if splunk := p.Logs.Splunk; splunk != nil {
		maps.Copy(options, splunk.options())
		return &awsecs.CfnTaskDefinition_LogConfigurationProperty{
			LogDriver: jsii.String("splunk"), Options: options,
			SecretOptions: []*awsecs.CfnTaskDefinition_SecretProperty{t.secret("splunk-token", splunk.Token, p)},
		}
	}
	maps.Copy(options, p.Logs.options(ask.Once(t.LogGroup, "name", t.LogGroup.LogGroupName), check.EnvOf(t).Region))
	return &awsecs.CfnTaskDefinition_LogConfigurationProperty{LogDriver: jsii.String("awslogs"), Options: options}
}

func (l Logs) options(group *string, region string) map[string]*string {
	options := map[string]*string{
		"awslogs-group":         group,
		"awslogs-region":        &region,
		"awslogs-stream-prefix": jsii.String("ecs"),
	}
	if l.MultilinePattern != "" {
		options["awslogs-multiline-pattern"] = &l.MultilinePattern
	}
	if l.DatetimeFormat != "" {
		options["awslogs-datetime-format"] = &l.DatetimeFormat
	}
	return options
}

// Package queue makes SQS queues whose messages are not lost and not read by others: encrypted, over TLS alone, with a dead-letter
// queue, alarms, and topics that fan into them.
package queue

import (
	"cmp"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// Props says what queue to make.
type Props struct {
	// FIFO keeps the order of the messages of a group, and each of them once. It cannot be changed: another queue would be made. Zero:
	// a standard queue, which may deliver a message twice.
	FIFO bool
	// ContentDeduplication takes messages of one content within five minutes for the same one. With FIFO alone. Zero: senders tell.
	ContentDeduplication bool
	// Key encrypts the messages, and makes sure by its policy who reads them: senders need kms:GenerateDataKey and kms:Decrypt. Topics are
	// admitted to it here, unless it was imported: then its policy has to admit sns.amazonaws.com. Zero: a key of SQS's own.
	Key awskms.IKey
	// VisibilityTimeout is how long a message that was received stays hidden from others, whole seconds up to 12 h: more than the longest
	// time that it takes to work on it. Zero: 5 minutes.
	VisibilityTimeout time.Duration
	// MaxReceives is how many times a message is received before it goes to the dead-letter queue, 1-1000. Zero: 5.
	MaxReceives int
	// Retention is how long a message is kept, 1 minute to 14 days. In the dead-letter queue it is 14 days from when it was sent. Zero:
	// 4 days.
	Retention time.Duration
	// Topics are SNS topics whose messages come to the queue. Their order is part of their identity: add new ones at the end. Zero:
	// senders have the right to send.
	Topics []Subscription
	// MaxAge is how old the oldest message may become before the alarm on it goes off, in whole seconds. Zero: 1 hour.
	MaxAge time.Duration
	// NoAlarms leaves out the alarms on old messages and on the dead-letter queue. Not with MaxAge or AlarmTopic. Zero: they are made.
	NoAlarms bool
	// AlarmTopic is told when an alarm goes off, and when it is over. Zero: nobody is.
	AlarmTopic awssns.ITopic
}

// What a queue has unless it is told otherwise.
const (
	DefaultVisibilityTimeout = 5 * time.Minute
	DefaultMaxReceives       = 5
	DefaultRetention         = 4 * 24 * time.Hour
	DefaultMaxAge            = time.Hour
)

const (
	longestVisibility = 12 * time.Hour
	longestRetention  = 14 * 24 * time.Hour
	longestWait       = 20 * time.Second
)

// Queue is an SQS queue with its dead-letter queue.
type Queue struct {
	constructs.Construct
	// Queue is the queue itself, an L2 construct of the CDK: grant senders by its GrantSendMessages.
	Queue awssqs.Queue
	// DeadLetters is where messages go that were received too often.
	DeadLetters awssqs.Queue
}

// New makes the queue, with the children "DeadLetters", "Queue", "Topic" and "Topic2" and so on, "OldMessages" and "DeadMessages". It
// panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Queue {
	check.Must(scope, id, props.Problems())
	p := props.withDefaults()
	q := &Queue{}
	check.Construct(q, scope, id)
	q.DeadLetters = awssqs.NewQueue(q, jsii.String("DeadLetters"), p.queue(awssqs.QueueProps{RetentionPeriod: duration(longestRetention)}))
	q.Queue = awssqs.NewQueue(q, jsii.String("Queue"), p.queue(awssqs.QueueProps{
		RetentionPeriod: duration(p.Retention), VisibilityTimeout: duration(p.VisibilityTimeout),
		DeadLetterQueue: &awssqs.DeadLetterQueue{Queue: q.DeadLetters, MaxReceiveCount: jsii.Number(float64(p.MaxReceives))},
	}))
	crossstack.Share(q.Queue, q.DeadLetters)
	if !check.IsNil(p.Key) {
		crossstack.ShareGiven(p.Key)
	}
	q.subscribe(p)
	if !p.NoAlarms {
		q.watch(p)
	}
	return q
}

// URL returns what senders and receivers know the queue by.
func (q *Queue) URL() *string { return q.Queue.QueueUrl() }

// queue completes the props of either queue. Those who receive wait for messages rather than ask again and again.
func (p Props) queue(props awssqs.QueueProps) *awssqs.QueueProps {
	props.EnforceSSL, props.ReceiveMessageWaitTime = jsii.Bool(true), duration(longestWait)
	props.Encryption, props.RemovalPolicy = awssqs.QueueEncryption_SQS_MANAGED, awscdk.RemovalPolicy_DESTROY
	if !check.IsNil(p.Key) {
		props.Encryption, props.EncryptionMasterKey = awssqs.QueueEncryption_KMS, p.Key
	}
	if p.FIFO {
		props.Fifo = jsii.Bool(true)
	}
	if p.ContentDeduplication {
		props.ContentBasedDeduplication = jsii.Bool(true)
	}
	return &props
}

func duration(d time.Duration) awscdk.Duration {
	return awscdk.Duration_Seconds(jsii.Number(d.Seconds()))
}

func (p Props) withDefaults() Props {
	p.VisibilityTimeout = cmp.Or(p.VisibilityTimeout, DefaultVisibilityTimeout)
	p.MaxReceives = cmp.Or(p.MaxReceives, DefaultMaxReceives)
	p.Retention = cmp.Or(p.Retention, DefaultRetention)
	p.MaxAge = cmp.Or(p.MaxAge, DefaultMaxAge)
	return p
}

// Consume lets a role receive messages of a queue, hide them for longer and delete them, and decrypt them if they are under a key of a
// user's. It makes a policy below the role, "Queue", so that what waits for the role waits for it: once for a role.
func Consume(role awsiam.Role, q awssqs.IQueue) {
	statements := []rights.Statement{{
		Actions:   []string{"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
		Resources: []*string{q.QueueArn()},
	}}
	if key := q.EncryptionMasterKey(); !check.IsNil(key) {
		crossstack.ShareGiven(key)
		statements = append(statements, rights.Statement{Actions: []string{"kms:Decrypt"}, Resources: []*string{key.KeyArn()}})
	}
	crossstack.ShareGiven(q)
	rights.AllowFrom(role, "Queue", []*string{role.RoleName()}, statements...)
}

package rules

import (
	"slices"
	"strings"
)

// Types of resources around queues that only these rules look at.
const (
	sqsQueue        = "AWS::SQS::Queue"
	queuePolicy     = "AWS::SQS::QueuePolicy"
	snsTopic        = "AWS::SNS::Topic"
	snsSubscription = "AWS::SNS::Subscription"
)

// Defaults of Amazon SQS, in seconds.
const (
	defaultVisibility = 30
	defaultRetention  = 4 * 24 * 60 * 60
)

const (
	topicService  = "sns.amazonaws.com"
	sendAction    = "sqs:SendMessage"
	receiveAction = "sqs:ReceiveMessage"
)

// queueSubscription wants a queue to take what the topics that it is subscribed to send: what it refuses, Amazon SNS drops without a
// word.
// See https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
func queueSubscription(m *model) []Finding {
	var found []Finding
	for _, subscription := range m.byType[snsSubscription] {
		endpoint, arn := subscription.at("Endpoint"), subscription.at("TopicArn")
		queue := m.target(endpoint, sqsQueue)
		if subscription.at("Protocol").text() != "sqs" || queue == nil {
			continue
		}
		if !m.takesFrom(queue, arn) {
			found = append(found, endpoint.finding(
				"no %s of %s lets the topic send to it, so its messages are dropped: allow %s to %s, with the topic as aws:SourceArn",
				queuePolicy, queue, sendAction, topicService,
			))
		}
		topic := m.target(arn, snsTopic)
		if fifo := queue.at("FifoQueue"); isTrue(fifo) && topic != nil && topic.at("FifoTopic").absent() {
			found = append(found, arn.finding(
				"%s is a FIFO queue, which takes no messages of a topic that is not: set FifoTopic of %s", queue, topic,
			))
		}
		found = append(found, m.encryptedFor(queue, subscription)...)
	}
	return found
}

func isTrue(n *node) bool { return strings.EqualFold(n.text(), "true") }

// takesFrom reports whether a policy of a queue lets a topic send to it, or could.
func (m *model) takesFrom(queue *resource, topic *node) bool {
	for _, policy := range m.byType[queuePolicy] {
		if !slices.ContainsFunc(policy.at("Queues").texts(), func(url string) bool {
			return !m.known(url) || m.find(policy.stack, sqsQueue, url) == queue
		}) {
			continue
		}
		for _, s := range policy.at("PolicyDocument", "Statement").items() {
			if s.at("Effect").text() != "Deny" && admitsTopics(s) && m.fromTopic(s.at("Condition"), topic) &&
				slices.ContainsFunc(s.at("Action").texts(), func(a string) bool { return !m.known(a) || includes(a, sendAction) }) {
				return true
			}
		}
	}
	return false
}

// admitsTopics reports whether the principals of a statement are everyone, or Amazon SNS among others, or not known.
func admitsTopics(s *node) bool {
	principal := s.at("Principal")
	object, isObject := principal.value.(map[string]any)
	if _, _, dynamic := intrinsic(principal.value); !isObject || dynamic {
		return true
	}
	_, everyone := object["AWS"].(string)
	return everyone && principal.at("AWS").text() == "*" || slices.ContainsFunc(principal.at("Service").items(), func(service *node) bool {
		return service.text() == topicService || !service.known()
	})
}

// fromTopic reports whether the aws:SourceArn of a condition can be the topic.
func (m *model) fromTopic(condition, topic *node) bool {
	operators, _ := condition.value.(map[string]any)
	for operator := range operators {
		keys, _ := condition.at(operator).value.(map[string]any)
		for key := range keys {
			if !strings.EqualFold(key, "aws:SourceArn") {
				continue
			}
			return slices.ContainsFunc(condition.at(operator, key).items(), func(arn *node) bool {
				return !arn.known() || !topic.known() || strings.Contains(arn.text(), "*") || m.mayEqual(arn.text(), topic.text())
			})
		}
	}
	return true
}

// encryptedFor wants the key of a queue to be one that Amazon SNS can use.
// See https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
func (m *model) encryptedFor(queue, subscription *resource) []Finding {
	id := queue.at("KmsMasterKeyId")
	if id.text() == "alias/aws/sqs" {
		return []Finding{id.finding(
			"the queue is encrypted under the key that AWS manages, which nobody can let %s use, so the messages of %s are dropped: take a key of "+
				"your own, or set SqsManagedSseEnabled", topicService, subscription,
		)}
	}
	if alias := m.target(id, kmsAlias); alias != nil {
		id = alias.at("TargetKeyId")
	}
	key := m.target(id, kmsKey)
	if key == nil || slices.ContainsFunc(key.at("KeyPolicy", "Statement").items(), func(s *node) bool {
		return s.at("Effect").text() != "Deny" && admitsTopics(s)
	}) {
		return nil
	}
	return []Finding{id.finding(
		"the policy of %s does not admit %s, so the messages of %s are dropped: allow it kms:Decrypt and kms:GenerateDataKey", key, topicService, subscription,
	)}
}

// visibilityTimeout wants a message to stay hidden for as long as a task that received it may take to stop: else another task receives
// it while the first is still finishing it.
// See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
func visibilityTimeout(m *model) []Finding {
	var found []Finding
	for _, task := range m.byType[taskDefinition] {
		owner := m.target(task.at("TaskRoleArn"), role)
		if owner == nil {
			continue
		}
		stop := longestStop(task)
		allowed, _ := m.statements(owner)
		for _, s := range allowed {
			if !slices.ContainsFunc(s.actions, func(a string) bool { return includes(a, receiveAction) }) {
				continue
			}
			for _, arn := range s.resources {
				queue := m.find(s.resource.stack, sqsQueue, arn)
				if queue == nil {
					continue
				}
				timeout := queue.at("VisibilityTimeout")
				if seconds, known := numberOr(timeout, defaultVisibility); known && seconds < stop {
					found = append(found, timeout.finding(
						"a message is hidden for %d s, while a task of %s may work on it for %d s after it was asked to stop, so another one "+
							"receives it too: hide it for longer than the slowest message takes, and for %d s at least", seconds, task, stop, stop,
					))
				}
			}
		}
	}
	return found
}

// longestStop is the longest time, in seconds, that the containers of a task have from SIGTERM to SIGKILL, as far as it is known.
func longestStop(task *resource) int {
	longest := 0
	for _, container := range task.at("ContainerDefinitions").items() {
		if seconds, known := numberOr(container.at("StopTimeout"), defaultStopTimeout); known {
			longest = max(longest, seconds)
		}
	}
	return longest
}

func numberOr(n *node, without int) (int, bool) {
	if n.absent() {
		return without, true
	}
	return n.number()
}

// deadLetterQueue wants messages that nobody could work on to get where they are looked for, and to be there when someone looks.
// See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
func deadLetterQueue(m *model) []Finding {
	var found []Finding
	for _, queue := range m.byType[sqsQueue] {
		arn := queue.at("RedrivePolicy", "deadLetterTargetArn")
		dead := m.target(arn, sqsQueue)
		if dead == nil {
			continue
		}
		fifo := isTrue(queue.at("FifoQueue"))
		if dead == queue || queue.at("FifoQueue").known() && dead.at("FifoQueue").known() && isTrue(dead.at("FifoQueue")) != fifo {
			found = append(found, arn.finding("%s cannot be the dead-letter queue of this one: it has to be another queue, of the same type", dead))
			continue
		}
		retention := dead.at("MessageRetentionPeriod")
		kept, known := numberOr(retention, defaultRetention)
		before, beforeKnown := numberOr(queue.at("MessageRetentionPeriod"), defaultRetention)
		// Of a message in a FIFO queue the time starts anew when it is moved.
		if known && beforeKnown && !fifo && kept < before {
			found = append(found, retention.finding(
				"messages are kept for %d s from when they were sent to %s, which keeps them for %d s: those that are moved late are gone at once; "+
					"keep them for longer here", kept, queue, before,
			))
		}
	}
	return found
}

package property

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
)

// drawSecrets draws values from all kinds of sources that the network reaches.
func (w *world) drawSecrets(t *rapid.T, container int) secret.Map {
	count := pick(t, 0, 0, 1, 2)
	if count == 0 {
		return nil
	}
	m := secret.Map{}
	for i := range count {
		if s := w.drawSource(t, fmt.Sprintf("%d/%d/%d", len(w.plan.Services), container, i)); s != nil {
			m[fmt.Sprintf("SECRET_%d", i)] = s
		}
	}
	return m
}

// drawSource draws where a value comes from, by a name that no other has; nil if the network reaches none.
func (w *world) drawSource(t *rapid.T, name string) secret.Source {
	if w.reaches("ssm") && (!w.reaches("secretsmanager") || chance(t, 1)) {
		return w.drawParameter(t, name)
	}
	if !w.reaches("secretsmanager") {
		return nil
	}
	if chance(t, 2) {
		return generated{Props: secret.GenerateProps{
			Name: "made/" + name, SecretsManager: true, DeleteWithStack: chance(t, 1), Key: w.maybeKey(t),
		}}
	}
	s := w.drawSecret(t, name)
	if chance(t, 2) {
		return secretUnderKey{s}
	}
	return s
}

func (w *world) drawParameter(t *rapid.T, name string) secret.Source {
	switch pick(t, "name", "name", "arn", "key", "generated", "far") {
	case "arn":
		return secret.ParameterStore{ARN: "arn:aws:ssm:" + region + ":" + account + ":parameter/shop/" + name, NoKey: !w.plan.Known || chance(t, 1)}
	case "key":
		return underKey{secret.ParameterStore{Name: "/shop/" + name}}
	case "generated":
		p := secret.GenerateProps{
			Name: "/made/" + name, Length: maybe(t, 16, 1024), Characters: seldom(t, "0123456789abcdef"), DeleteWithStack: chance(t, 1), Key: w.maybeKey(t),
		}
		return generated{Props: p}
	case "far":
		if !w.closed() {
			return secret.ParameterStore{Name: "/shop/" + name, Region: "eu-west-1", NoKey: true}
		}
	}
	return secret.ParameterStore{Name: pick(t, "/shop/"+name, "/shop/shared"), NoKey: chance(t, 2)}
}

// drawSecret draws a secret. One that is exclusive is this task's alone.
func (w *world) drawSecret(t *rapid.T, name string) secret.SecretsManager {
	if chance(t, 2) {
		return secret.SecretsManager{Name: "shop/" + name, Exclusive: chance(t, 2)}
	}
	s := secret.SecretsManager{ARN: "arn:aws:secretsmanager:" + region + ":" + account + ":secret:shop/shared-AbCdEf", JSONKey: maybe(t, "password")}
	if chance(t, 2) {
		s.ARN, s.Exclusive = "arn:aws:secretsmanager:"+region+":"+account+":secret:shop/"+name+"-AbCdEf", true
	}
	if chance(t, 2) {
		s.Stage = "AWSPREVIOUS"
	} else if chance(t, 2) {
		s.VersionID = "12345678-90ab-cdef-1234-567890abcdef"
	}
	return s
}

// drawCredentials draws those of a registry, which are a whole secret.
func (w *world) drawCredentials(t *rapid.T) *secret.SecretsManager {
	s := pick(t, secret.SecretsManager{Name: "registry"}, secret.SecretsManager{
		ARN: "arn:aws:secretsmanager:" + region + ":" + account + ":secret:registry-AbCdEf",
	})
	return &s
}

// drawLogs draws where output goes.
func (w *world) drawLogs(t *rapid.T) task.Logs {
	if chance(t, 3) {
		if token := w.drawSource(t, fmt.Sprintf("%d/splunk", len(w.plan.Services))); token != nil {
			return task.Logs{Blocking: chance(t, 1), Splunk: &task.Splunk{
				URL: "https://splunk.example.com:8088", Token: token, Index: maybe(t, "main"), Source: maybe(t, "shop"), SourceType: maybe(t, "log"),
			}}
		}
	}
	l := task.Logs{RetentionDays: maybe(t, 1, 365, 3653), Blocking: chance(t, 2), DeleteWithStack: chance(t, 2), Key: w.maybeKey(t)}
	if !l.Blocking {
		l.BufferMiB = maybe(t, 1, 64)
	}
	if l.MultilinePattern = seldom(t, "^[0-9]"); l.MultilinePattern == "" {
		l.DatetimeFormat = seldom(t, "%Y-%m-%d")
	}
	return l
}

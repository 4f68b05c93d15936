package property

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/queue"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
)

// filler puts what stand-ins stand for into the props of one service. What it is given stays as it is.
type filler struct {
	*site
	stack awscdk.Stack
	id    string
	made  int
}

// thing returns what was made by a name, or makes it.
func thing[T any](s *site, name string, create func(id *string) T) T {
	if known, ok := s.things[name]; ok {
		return known.(T)
	}
	made := create(&name)
	s.things[name] = made
	return made
}

func (f *filler) key(k awskms.IKey) awskms.IKey {
	if k == nil {
		return nil
	}
	return thing(f.site, "Key", func(id *string) awskms.IKey {
		return awskms.NewKey(f.shared, id, &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
	})
}

func (f *filler) function() awslambda.IFunction {
	return thing(f.site, "Function", func(id *string) awslambda.IFunction {
		return awslambda.NewFunction(f.shared, id, &awslambda.FunctionProps{
			Runtime: awslambda.Runtime_NODEJS_22_X(), Handler: jsii.String("index.handler"), Code: awslambda.Code_FromInline(jsii.String("exports.handler = () => {}")),
		})
	})
}

func (f *filler) topic(t awssns.ITopic) awssns.ITopic {
	own, ok := t.(ownTopic)
	if !ok {
		return nil
	}
	name := fmt.Sprintf("Topic%d", own.Number)
	if own.FIFO {
		name += "InOrder"
	}
	return thing(f.site, name, func(id *string) awssns.ITopic {
		return awssns.NewTopic(f.shared, id, &awssns.TopicProps{Fifo: jsii.Bool(own.FIFO)})
	})
}

func (f *filler) queue(q awssqs.IQueue) awssqs.IQueue {
	own, ok := q.(ownQueue)
	if !ok {
		return nil
	}
	props := &awssqs.QueueProps{VisibilityTimeout: awscdk.Duration_Hours(jsii.Number(12))}
	if own.FIFO {
		props.Fifo = jsii.Bool(true)
	}
	return awssqs.NewQueue(f.stack, jsii.String(f.id+"Queue"), props)
}

func (f *filler) queueProps(q queue.Props) queue.Props {
	q.Key, q.AlarmTopic, q.Topics = f.key(q.Key), f.topic(q.AlarmTopic), slices.Clone(q.Topics)
	for i := range q.Topics {
		q.Topics[i].Topic = f.topic(q.Topics[i].Topic)
	}
	return q
}

func (f *filler) capacity(c cluster.Capacity) cluster.Capacity {
	switch c := c.(type) {
	case onPool:
		return f.pools[c.Pool]
	case onManaged:
		return f.managed[c.Managed]
	case onPools:
		var mix cluster.Mix
		for _, s := range c.Shares {
			s.Share.Pool = f.pools[s.Pool]
			mix = append(mix, s.Share)
		}
		return mix
	}
	return c
}

func (f *filler) deploy(p deployment.Policy) deployment.Policy {
	switch p := p.(type) {
	case deployment.BlueGreen:
		p.Hooks = f.hooks(p.Hooks)
		return p
	case deployment.Canary:
		p.Hooks = f.hooks(p.Hooks)
		return p
	case deployment.Linear:
		p.Hooks = f.hooks(p.Hooks)
		return p
	case deployment.CodeDeploy:
		p.Hooks = maps.Clone(p.Hooks)
		for event := range p.Hooks {
			p.Hooks[event] = f.function()
		}
		return p
	}
	return p
}

func (f *filler) hooks(hooks []deployment.Hook) []deployment.Hook {
	hooks = slices.Clone(hooks)
	for i := range hooks {
		hooks[i].Function = f.function()
	}
	return hooks
}

func (f *filler) task(p task.Props) task.Props {
	main := task.Container{Image: p.Image, Repository: p.Repository, Secrets: p.Secrets, EnvironmentFiles: p.EnvironmentFiles}
	main = f.container(main)
	p.Image, p.Repository, p.Secrets, p.EnvironmentFiles = main.Image, main.Repository, main.Secrets, main.EnvironmentFiles
	p.Sidecars = slices.Clone(p.Sidecars)
	for i := range p.Sidecars {
		p.Sidecars[i] = f.container(p.Sidecars[i])
	}
	p.SecretsKey, p.Logs.Key = f.key(p.SecretsKey), f.key(p.Logs.Key)
	if p.Logs.Splunk != nil {
		splunk := *p.Logs.Splunk
		splunk.Token = f.source(splunk.Token)
		p.Logs.Splunk = &splunk
	}
	return p
}

func (f *filler) container(c task.Container) task.Container {
	if c.Repository != nil {
		repository := thing(f.site, "Repository", func(id *string) awsecr.Repository { return awsecr.NewRepository(f.shared, id, nil) })
		c.Image, c.Repository = *repository.RepositoryUriForTag(&f.release), repository
	}
	c.Image = strings.Replace(c.Image, release, f.release, 1)
	c.EnvironmentFiles = slices.Clone(c.EnvironmentFiles)
	for i := range c.EnvironmentFiles {
		c.EnvironmentFiles[i].Bucket = thing(f.site, "Bucket", func(id *string) awss3.IBucket { return awss3.NewBucket(f.shared, id, nil) })
	}
	c.Secrets = maps.Clone(c.Secrets)
	for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
		c.Secrets[name] = f.source(c.Secrets[name])
	}
	return c
}

func (f *filler) source(s secret.Source) secret.Source {
	switch s := s.(type) {
	case underKey:
		s.Key = f.key(ownKey{})
		return s.ParameterStore
	case secretUnderKey:
		s.Key = f.key(ownKey{})
		return s.SecretsManager
	case generated:
		f.made++
		p := s.Props
		p.Key = f.key(p.Key)
		return secret.Generate(f.stack, fmt.Sprintf("%sMade%d", f.id, f.made), p)
	}
	return s
}

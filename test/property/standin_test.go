package property

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/secret"
)

// What stands in a plan for what does not exist yet. Each embeds what makes it fit into the props, and no more.
type (
	// onPool is the pool with this number.
	onPool struct {
		cluster.Fargate
		Pool int
	}
	// onPools is a mix of pools.
	onPools struct {
		cluster.Fargate
		Shares []poolShare
	}
	// onManaged is the managed instances with this number.
	onManaged struct {
		cluster.Fargate
		Managed int
	}
	// poolShare is a cluster.PoolShare of the pool with this number.
	poolShare struct {
		Pool  int
		Share cluster.PoolShare
	}

	// ownKey is a key of the app, ownFunction a function, ownBucket a bucket and ownRepository a repository for images.
	ownKey        struct{ awskms.IKey }
	ownFunction   struct{ awslambda.IFunction }
	ownBucket     struct{ awss3.IBucket }
	ownRepository struct{ awsecr.IRepository }

	// ownTopic is a topic of the app with this number, and ownQueue a queue.
	ownTopic struct {
		awssns.ITopic
		Number int
		FIFO   bool
	}
	ownQueue struct {
		awssqs.IQueue
		FIFO bool
	}

	// underKey is a parameter, secretUnderKey a secret, encrypted under the key of the app.
	underKey       struct{ secret.ParameterStore }
	secretUnderKey struct{ secret.SecretsManager }
	// generated is a value that is made up in the app.
	generated struct {
		secret.ParameterStore
		Props secret.GenerateProps
	}
)

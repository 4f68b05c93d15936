// Package fleet is a cluster of EC2 instances, some on demand and most spare capacity, that four services share: packed by
// memory, behind one load balancer, each with rights of its own. A daemon ships the logs of the instances.
package fleet

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
)

const image = "public.ecr.aws/nginx/nginx-unprivileged:1.29"

// New adds two stacks: the platform with its pools, and the services. Before you deploy it, put a domain of yours and the
// ARN of its certificate in place of these.
func New(app awscdk.App, id string) {
	shared := stack(app, id+"Platform")
	p := platform.New(shared, "Platform", platform.Props{
		Domain: &ingress.Domain{
			Name:           "fleet.example.com",
			CertificateARN: "arn:aws:acm:us-east-1:444455556666:certificate/12345678-90ab-cdef-1234-567890abcdef",
		},
	})
	onDemand := cluster.NewPool(shared, "OnDemand", cluster.PoolProps{
		Cluster: p.Cluster, InstanceTypes: []string{"m7g.large"}, Min: 2, Max: 6,
	})
	spot := cluster.NewPool(shared, "Spot", cluster.PoolProps{
		Cluster: p.Cluster, InstanceTypes: []string{"m7g.large", "m6g.large", "r7g.large", "r6g.large"}, Max: 20,
		Spot: &cluster.SpotMix{},
	})

	services := stack(app, id)
	// Two tasks on demand, and of the further ones three in four on Spot.
	mix := cluster.Mix{{Pool: onDemand, Base: 2, Weight: 1}, {Pool: spot, Weight: 3}}
	add := func(name string, props web.Props) *web.Web {
		props.Platform, props.Capacity = p, mix
		props.Task.Image, props.Task.Port, props.Task.Architecture = image, 8080, task.ARM64
		return web.New(services, name, props)
	}

	// Whatever no other service receives. It needs no rights.
	add("Pages", web.Props{Task: task.Props{MemoryReservationMiB: 128, MemoryLimitMiB: 512}})

	orders := add("Orders", web.Props{
		Task:    task.Props{MemoryReservationMiB: 256, MemoryLimitMiB: 768},
		Route:   ingress.Route{Path: "/orders/*"},
		Scaling: &scaling.Policy{Min: 2, Max: 12, CPU: 60},
	})
	table := awsdynamodb.NewTable(services, jsii.String("Table"), &awsdynamodb.TableProps{
		PartitionKey: &awsdynamodb.Attribute{Name: jsii.String("order"), Type: awsdynamodb.AttributeType_STRING},
		BillingMode:  awsdynamodb.BillingMode_PAY_PER_REQUEST,
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(true),
		},
	})
	table.GrantReadWriteData(orders)

	documents := add("Documents", web.Props{
		Task:  task.Props{MemoryReservationMiB: 512, MemoryLimitMiB: 1024},
		Route: ingress.Route{Path: "/documents/*"},
	})
	bucket := awss3.NewBucket(services, jsii.String("Bucket"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(), EnforceSSL: jsii.Bool(true), Versioned: jsii.Bool(true),
	})
	bucket.GrantRead(documents, nil)

	intake := add("Intake", web.Props{
		Task:  task.Props{MemoryReservationMiB: 128, MemoryLimitMiB: 256},
		Route: ingress.Route{Path: "/intake", Methods: []string{"POST"}},
	})
	dead := awssqs.NewQueue(services, jsii.String("DeadLetters"), &awssqs.QueueProps{
		EnforceSSL: jsii.Bool(true), RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)),
	})
	queue := awssqs.NewQueue(services, jsii.String("Queue"), &awssqs.QueueProps{
		EnforceSSL: jsii.Bool(true), DeadLetterQueue: &awssqs.DeadLetterQueue{Queue: dead, MaxReceiveCount: jsii.Number(5)},
	})
	queue.GrantSendMessages(intake)

	shipLogs(services, p)
}

// shipLogs runs a Fluent Bit on every instance, which sends what the ECS agent logs there to a log group.
func shipLogs(stack awscdk.Stack, p *platform.Platform) {
	group := awslogs.NewLogGroup(stack, jsii.String("InstanceLogs"), &awslogs.LogGroupProps{
		Retention: awslogs.RetentionDays_ONE_MONTH, RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
	})
	shipper := daemon.New(stack, "LogShipper", daemon.Props{
		Platform: p,
		Task: task.Props{
			Image:      "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.0",
			EntryPoint: []string{"/bin/sh", "-c"},
			Command: []string{
				"exec /fluent-bit/bin/fluent-bit -i tail -p path=/var/log/ecs/*.log -p tag=ecs.* -o cloudwatch_logs -m '*'" +
					" -p log_group_name=" + *group.LogGroupName() + " -p log_stream_prefix=$HOSTNAME- -p region=" + *stack.Region(),
			},
			HostMounts:           []task.HostMount{{HostPath: "/var/log/ecs"}},
			CPUReservation:       64,
			MemoryReservationMiB: 64,
			MemoryLimitMiB:       128,
			Allow:                task.Allow{ImageUser: true}, // only root can read these logs
		},
	})
	group.Grant(shipper, jsii.String("logs:CreateLogStream"), jsii.String("logs:PutLogEvents"))
}

func stack(app awscdk.App, id string) awscdk.Stack { return awscdk.NewStack(app, &id, nil) }

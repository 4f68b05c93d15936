// Command ecspatterns is what a team writes today for what the benchmark's services are: the CDK's own pattern, and
// constructs of the second level around it. It has no canaries and no Service Connect, its services are in DNS, and each has
// a load balancer of its own, for the pattern cannot share one. Its argument says how many services.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecspatterns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsservicediscovery"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/jsii-runtime-go"
)

const perStack = 8

const certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/11112222-3333-4444-5555-666677778888"

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	addServices(app, n)
	app.Synth(nil)
}

// addServices adds a stack for what services share, and stacks with n of them in all; with 0, one stack with nothing in it.
func addServices(app awscdk.App, n int) {
	if n == 0 {
		stack(app, "Empty")
		return
	}
	shared := newPlatform(stack(app, "Platform"))
	for first := 0; first < n; first += perStack {
		s := stack(app, fmt.Sprintf("Services%d", first/perStack))
		for i := first; i < min(first+perStack, n); i++ {
			shared.add(s, i)
		}
	}
}

type platform struct {
	cluster awsecs.Cluster
	key     awskms.Key
}

func newPlatform(s awscdk.Stack) platform {
	vpc := awsec2.NewVpc(s, jsii.String("VPC"), &awsec2.VpcProps{MaxAzs: jsii.Number(2)})
	vpc.AddFlowLog(jsii.String("FlowLog"), nil)
	return platform{
		cluster: awsecs.NewCluster(s, jsii.String("Cluster"), &awsecs.ClusterProps{
			Vpc: vpc, ContainerInsightsV2: awsecs.ContainerInsights_ENHANCED,
			DefaultCloudMapNamespace: &awsecs.CloudMapNamespaceOptions{
				Name: jsii.String("shop.internal"), Type: awsservicediscovery.NamespaceType_DNS_PRIVATE,
			},
		}),
		key: awskms.NewKey(s, jsii.String("SecretsKey"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)}),
	}
}

func (p platform) add(s awscdk.Stack, i int) {
	name, id := fmt.Sprintf("api%d", i), fmt.Sprintf("Api%d", i)
	images := awsecr.Repository_FromRepositoryName(s, jsii.String(id+"Images"), jsii.String("shop/"+name))
	web := awsecspatterns.NewApplicationLoadBalancedFargateService(s, &id, &awsecspatterns.ApplicationLoadBalancedFargateServiceProps{
		Cluster: p.cluster, Cpu: jsii.Number(512), MemoryLimitMiB: jsii.Number(1024), DesiredCount: jsii.Number(2),
		MinHealthyPercent: jsii.Number(100), MaxHealthyPercent: jsii.Number(200), HealthCheckGracePeriod: awscdk.Duration_Minutes(jsii.Number(1)),
		Protocol:        awselasticloadbalancingv2.ApplicationProtocol_HTTPS,
		Certificate:     awscertificatemanager.Certificate_FromCertificateArn(s, jsii.String(id+"Certificate"), jsii.String(certificate)),
		RedirectHTTP:    jsii.Bool(true),
		CircuitBreaker:  &awsecs.DeploymentCircuitBreaker{Enable: jsii.Bool(true), Rollback: jsii.Bool(true)},
		CloudMapOptions: &awsecs.CloudMapOptions{Name: &name},
		TaskImageOptions: &awsecspatterns.ApplicationLoadBalancedTaskImageOptions{
			Image: awsecs.ContainerImage_FromEcrRepository(images, jsii.String("42")), ContainerPort: jsii.Number(8080),
			Environment: &map[string]*string{"LOG_LEVEL": jsii.String("info")},
			Secrets:     p.secrets(s, id, name),
			LogDriver: awsecs.LogDriver_AwsLogs(&awsecs.AwsLogDriverProps{
				StreamPrefix: jsii.String("ecs"), LogRetention: awslogs.RetentionDays_THREE_MONTHS,
			}),
		},
	})
	web.TargetGroup().ConfigureHealthCheck(&awselasticloadbalancingv2.HealthCheck{
		Path: jsii.String("/"), Interval: awscdk.Duration_Seconds(jsii.Number(15)),
	})
	web.TargetGroup().SetAttribute(jsii.String("deregistration_delay.timeout_seconds"), jsii.String("30"))

	scaling := web.Service().AutoScaleTaskCount(&awsapplicationautoscaling.EnableScalingProps{
		MinCapacity: jsii.Number(2), MaxCapacity: jsii.Number(20),
	})
	scaling.ScaleOnCpuUtilization(jsii.String("CPU"), &awsecs.CpuUtilizationScalingProps{TargetUtilizationPercent: jsii.Number(60)})
	scaling.ScaleOnRequestCount(jsii.String("Requests"), &awsecs.RequestCountScalingProps{
		RequestsPerTarget: jsii.Number(500), TargetGroup: web.TargetGroup(),
	})
	addAlarms(web, id)
}

func (p platform) secrets(s awscdk.Stack, id, name string) *map[string]awsecs.Secret {
	parameter := awsssm.StringParameter_FromSecureStringParameterAttributes(s, jsii.String(id+"Password"),
		&awsssm.SecureStringParameterAttributes{
			ParameterName: jsii.String("/shop/" + name + "/db-password"), EncryptionKey: p.key,
		})
	token := awssecretsmanager.Secret_FromSecretNameV2(s, jsii.String(id+"Token"), jsii.String("shop/"+name+"/token"))
	return &map[string]awsecs.Secret{
		"API_TOKEN":   awsecs.Secret_FromSecretsManager(token, nil),
		"DB_PASSWORD": awsecs.Secret_FromSsmParameter(parameter),
	}
}

func addAlarms(web awsecspatterns.ApplicationLoadBalancedFargateService, id string) {
	byMinute := &awscloudwatch.MetricOptions{Period: awscdk.Duration_Minutes(jsii.Number(1))}
	metrics := web.TargetGroup().Metrics()
	errors := awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: jsii.String("IF(r>=20,100*(FILL(e,0)+FILL(c,0))/r,0)"), Period: byMinute.Period,
		UsingMetrics: &map[string]awscloudwatch.IMetric{
			"e": metrics.HttpCodeTarget(awselasticloadbalancingv2.HttpCodeTarget_TARGET_5XX_COUNT, byMinute),
			"c": metrics.TargetConnectionErrorCount(byMinute),
			"r": metrics.RequestCount(byMinute),
		},
	})
	var names []*string
	for _, a := range []struct {
		kind      string
		metric    awscloudwatch.IMetric
		threshold float64
	}{
		{"Errors", errors, 5},
		{"Latency", metrics.TargetResponseTime(&awscloudwatch.MetricOptions{Period: byMinute.Period, Statistic: jsii.String("p99")}), 5},
		{"Unhealthy", metrics.UnhealthyHostCount(&awscloudwatch.MetricOptions{Period: byMinute.Period, Statistic: jsii.String("Maximum")}), 0},
		{"CPU", web.Service().MetricCpuUtilization(byMinute), 95},
		{"Memory", web.Service().MetricMemoryUtilization(byMinute), 95},
	} {
		name := id + "-" + a.kind
		names = append(names, &name)
		awscloudwatch.NewAlarm(web, &a.kind, &awscloudwatch.AlarmProps{
			AlarmName: &name, Metric: a.metric, Threshold: &a.threshold,
			ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_THRESHOLD,
			DatapointsToAlarm:  jsii.Number(3), EvaluationPeriods: jsii.Number(5),
			TreatMissingData: awscloudwatch.TreatMissingData_NOT_BREACHING,
		})
	}
	web.Service().EnableDeploymentAlarms(&names, &awsecs.DeploymentAlarmOptions{Behavior: awsecs.AlarmBehavior_ROLLBACK_ON_ALARM})
}

func stack(app awscdk.App, id string) awscdk.Stack {
	return awscdk.NewStack(app, &id, &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("123456789012"), Region: jsii.String("eu-west-1")},
	})
}

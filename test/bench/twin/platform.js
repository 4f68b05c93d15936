'use strict';

const { Aws, Duration, ReferenceStrength, RemovalPolicy, Stack } = require('aws-cdk-lib');
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');
const elb = require('aws-cdk-lib/aws-elasticloadbalancingv2');
const iam = require('aws-cdk-lib/aws-iam');
const kms = require('aws-cdk-lib/aws-kms');
const logs = require('aws-cdk-lib/aws-logs');
const s3 = require('aws-cdk-lib/aws-s3');
const servicediscovery = require('aws-cdk-lib/aws-servicediscovery');
const { Construct } = require('constructs');

// What the services share: network, cluster, key, namespace and load balancer.
class Platform extends Construct {
  constructor(scope, id, { certificateArn, namespace }) {
    super(scope, id);
    const network = new Network(this, 'Network');
    this.vpc = network.vpc;
    this.cluster = newCluster(new Construct(this, 'Cluster'), this.vpc);
    this.key = newKey(new Construct(this, 'SecretsKey'));
    this.namespace = share(new servicediscovery.CfnPrivateDnsNamespace(new Construct(this, 'Namespace'), 'Namespace', {
      name: namespace,
      vpc: this.vpc.vpcId,
    }));
    Object.assign(this, newEntrance(new Construct(this, 'Public'), this.vpc, certificateArn));
  }
}

class Network extends Construct {
  constructor(scope, id) {
    super(scope, id);
    this.vpc = share(new ec2.Vpc(this, 'VPC', {
      ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'),
      availabilityZones: Stack.of(this).availabilityZones.slice(0, 2),
      reservedAzs: 1,
      natGateways: 2,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: [
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 19 },
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 22, mapPublicIpOnLaunch: false },
        { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 22 },
      ],
    }));
    this.vpc.privateSubnets.forEach(share);

    const group = new logs.LogGroup(this, 'FlowLogGroup', {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = new iam.Role(this, 'FlowLogRole', { assumedBy: ownPrincipal(this, 'vpc-flow-logs.amazonaws.com') });
    const policy = allow(role, [{
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      Resource: [group.logGroupArn],
    }]);
    new ec2.CfnFlowLog(this, 'FlowLog', {
      resourceType: 'VPC',
      resourceId: this.vpc.vpcId,
      trafficType: 'REJECT',
      logDestinationType: 'cloud-watch-logs',
      logGroupName: group.logGroupName,
      deliverLogsPermissionArn: role.roleArn,
    }).node.addDependency(policy);
  }
}

function newCluster(scope, vpc) {
  const cluster = share(new ecs.Cluster(scope, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENHANCED }));
  new ecs.CfnClusterCapacityProviderAssociations(cluster, 'Cluster', {
    cluster: cluster.clusterName,
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [],
  });
  return cluster;
}

function newKey(scope) {
  const { account, region } = Stack.of(scope);
  const principals = [new iam.ArnPrincipal(`arn:${Aws.PARTITION}:iam::${account}:root`)];
  return share(new kms.Key(scope, 'Key', {
    alias: 'alias/Platform/Platform/SecretsKey',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    policy: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          principals,
          resources: ['*'],
          actions: [
            'kms:CancelKeyDeletion', 'kms:CreateAlias', 'kms:DeleteAlias', 'kms:Describe*', 'kms:DisableKey',
            'kms:DisableKeyRotation', 'kms:EnableKey', 'kms:EnableKeyRotation', 'kms:Get*', 'kms:List*', 'kms:PutKeyPolicy',
            'kms:RotateKeyOnDemand', 'kms:ScheduleKeyDeletion', 'kms:TagResource', 'kms:UntagResource', 'kms:UpdateAlias',
            'kms:UpdateKeyDescription',
          ],
        }),
        new iam.PolicyStatement({
          principals,
          resources: ['*'],
          actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
          conditions: {
            StringEquals: {
              'kms:ViaService': [`ssm.${region}.${Aws.URL_SUFFIX}`, `secretsmanager.${region}.${Aws.URL_SUFFIX}`],
            },
          },
        }),
      ],
    }),
  }));
}

function newEntrance(scope, vpc, certificateArn) {
  const securityGroup = share(new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Load balancer Platform/Platform/Public',
    allowAllOutbound: false,
  }));
  const loadBalancer = share(new elb.ApplicationLoadBalancer(scope, 'LoadBalancer', {
    vpc,
    vpcSubnets: { subnets: vpc.publicSubnets },
    internetFacing: true,
    securityGroup,
    deletionProtection: true,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: elb.DesyncMitigationMode.DEFENSIVE,
    idleTimeout: Duration.seconds(60),
  }));
  const bucket = new s3.Bucket(scope, 'AccessLogs', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [{ expiration: Duration.days(90) }],
  });
  bucket.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects(`AWSLogs/${Stack.of(scope).account}/*`)],
  }));
  loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
  loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
  loadBalancer.node.addDependency(bucket.policy);

  for (const port of [80, 443]) {
    securityGroup.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(port), 'Listener');
  }
  loadBalancer.addListener('HTTP', {
    port: 80,
    protocol: elb.ApplicationProtocol.HTTP,
    open: false,
    defaultAction: elb.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
  });
  const listener = share(loadBalancer.addListener('HTTPS', {
    port: 443,
    protocol: elb.ApplicationProtocol.HTTPS,
    open: false,
    certificates: [elb.ListenerCertificate.fromArn(certificateArn)],
    sslPolicy: elb.SslPolicy.TLS13_12_PQ,
    defaultAction: elb.ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not found' }),
  }));
  return { loadBalancer, listener, securityGroup };
}

// Other stacks read outputs, rather than import exports.
function share(thing) {
  thing.applyCrossStackReferenceStrength(ReferenceStrength.WEAK);
  return thing;
}

// A service of AWS that takes on a role for the stack's own account only.
function ownPrincipal(scope, service) {
  return new iam.ServicePrincipal(service, {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}

// The CDK's own iam.Policy would merge and sort the statements.
function allow(role, statements) {
  return new iam.CfnPolicy(role, 'Policy', {
    policyName: 'Rights',
    policyDocument: { Version: '2012-10-17', Statement: statements },
    roles: [role.roleName],
  });
}

module.exports = { Platform, allow, ownPrincipal, share };

'use strict';

const { ArnFormat, Aws, RemovalPolicy, Stack } = require('aws-cdk-lib');
const { CfnScalableTarget, CfnScalingPolicy } = require('aws-cdk-lib/aws-applicationautoscaling');
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');
const elb = require('aws-cdk-lib/aws-elasticloadbalancingv2');
const iam = require('aws-cdk-lib/aws-iam');
const logs = require('aws-cdk-lib/aws-logs');
const { Construct } = require('constructs');
const { addAlarms, alarmNames } = require('./alarms');
const { allow, ownPrincipal, share } = require('./platform');

const MAIN = 'main';
const LOAD_BALANCER = 'Public573e4e91'; // tells the load balancer from others, in ids

// A web service behind the platform's load balancer. Constructs of the second level where they give what is wanted: the CDK's own
// services, target groups, alarms and scaling policies write other properties, or more of them.
class Web extends Construct {
  constructor(scope, id, props) {
    super(scope, id);
    const { platform } = props;
    const service = new Construct(this, 'Service');
    const prefix = service.node.path.replaceAll('/', '-');

    const securityGroup = share(new ec2.SecurityGroup(service, 'SecurityGroup', {
      vpc: platform.vpc,
      description: `Tasks of ${service.node.path}`,
      allowAllOutbound: true,
    }));
    const task = newTask(new Construct(service, 'Task'), `${prefix}-Task`, props);
    const route = newRoute(new Construct(service, 'Route'), props);
    const shifter = new iam.Role(service, 'InfrastructureRole', {
      assumedBy: new iam.ServicePrincipal('ecs.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonECSInfrastructureRolePolicyForLoadBalancers')],
    });
    const ecsService = newService(service, { ...props, task, route, shifter, securityGroup, alarmNames: alarmNames(prefix) });
    const reach = openTo(new Construct(service, 'Reach'), platform.securityGroup, securityGroup, props.port);
    ecsService.node.addDependency(task.role, task.executionRole, shifter, route.scope, reach);

    addScaling(new Construct(service, 'Scaling'), props, ecsService, route.groups);
    addAlarms(new Construct(service, 'Alarms'), {
      prefix,
      loadBalancer: platform.loadBalancer.loadBalancerFullName,
      groups: route.groups.map((group) => group.attrTargetGroupFullName),
      cluster: platform.cluster.clusterName,
      service: ecsService.attrName,
    });
  }
}

function newTask(scope, family, props) {
  const stack = Stack.of(scope);
  // The partition of the stack would be a literal.
  const arn = (components) => stack.formatArn({ partition: Aws.PARTITION, ...components });
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const assumedBy = ownPrincipal(scope, 'ecs-tasks.amazonaws.com');
  const role = share(new iam.Role(scope, 'Role', { assumedBy }));
  const executionRole = new iam.Role(scope, 'ExecutionRole', { assumedBy });

  const parameter = arn({ service: 'ssm', resource: 'parameter', resourceName: props.parameter.name });
  const secret = arn({
    service: 'secretsmanager', resource: 'secret', resourceName: props.secret.name, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  allow(executionRole, [
    statement(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
    statement(
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      arn({ service: 'ecr', resource: 'repository', resourceName: props.repository }),
    ),
    statement(['ecr:GetAuthorizationToken'], '*'),
    statement(['ssm:GetParameters'], parameter),
    {
      ...statement(['kms:Decrypt'], props.platform.key.keyArn),
      Condition: {
        StringEquals: {
          'kms:ViaService': `ssm.${stack.region}.${Aws.URL_SUFFIX}`,
          'kms:EncryptionContext:PARAMETER_ARN': [parameter],
        },
      },
    },
    statement(['secretsmanager:GetSecretValue'], `${secret}-??????`),
  ]);

  const definition = new ecs.CfnTaskDefinition(scope, 'Definition', {
    family,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: String(props.cpu),
    memory: String(props.memoryMiB),
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    taskRoleArn: role.roleArn,
    executionRoleArn: executionRole.roleArn,
    containerDefinitions: [{
      name: MAIN,
      image: `${stack.account}.dkr.ecr.${stack.region}.amazonaws.com/${props.repository}:${props.tag}`,
      essential: true,
      user: '1000:1000',
      privileged: false,
      readonlyRootFilesystem: true,
      stopTimeout: 60,
      environment: Object.entries(props.environment).map(([name, value]) => ({ name, value })),
      secrets: [
        { name: props.secret.variable, valueFrom: secret },
        { name: props.parameter.variable, valueFrom: parameter },
      ],
      portMappings: [{ containerPort: props.port, protocol: 'tcp', name: props.name, appProtocol: 'http' }],
      linuxParameters: {
        initProcessEnabled: true,
        capabilities: { drop: ['ALL'] },
        tmpfs: [{ containerPath: '/tmp', size: 64, mountOptions: ['uid=1000', 'gid=1000'] }],
      },
      logConfiguration: {
        logDriver: 'awslogs',
        options: { mode: 'non-blocking', 'max-buffer-size': '25m', ...logOptions(logGroup, stack, 'ecs') },
      },
    }],
  });
  return { definition, role, executionRole, logGroup };
}

function statement(actions, resource) {
  return { Effect: 'Allow', Action: actions, Resource: [resource] };
}

function logOptions(logGroup, stack, prefix) {
  return { 'awslogs-group': logGroup.logGroupName, 'awslogs-region': stack.region, 'awslogs-stream-prefix': prefix };
}

function newRoute(scope, { platform, path, priority }) {
  const newGroup = (id) => new elb.CfnTargetGroup(scope, id + LOAD_BALANCER, {
    vpcId: platform.vpc.vpcId,
    targetType: 'ip',
    protocol: 'HTTP',
    protocolVersion: 'HTTP1',
    port: 80,
    healthCheckEnabled: true,
    healthCheckProtocol: 'HTTP',
    healthCheckPath: '/',
    healthCheckPort: 'traffic-port',
    healthCheckIntervalSeconds: 15,
    healthCheckTimeoutSeconds: 5,
    healthyThresholdCount: 2,
    unhealthyThresholdCount: 3,
    matcher: { httpCode: '200-299' },
    targetGroupAttributes: [
      { key: 'deregistration_delay.timeout_seconds', value: '30' },
      { key: 'slow_start.duration_seconds', value: '0' },
      { key: 'stickiness.enabled', value: 'false' },
    ],
  });
  const groups = [newGroup('Group'), newGroup('Alternate')];
  const rule = new elb.CfnListenerRule(scope, `Rule${LOAD_BALANCER}`, {
    listenerArn: platform.listener.listenerArn,
    priority,
    conditions: [{ field: 'path-pattern', pathPatternConfig: { values: [path] } }],
    actions: [{
      type: 'forward',
      forwardConfig: { targetGroups: groups.map((group, i) => ({ targetGroupArn: group.ref, weight: 1 - i })) },
    }],
  });
  rule.addPropertyDeletionOverride('Tags');
  return { scope, groups, rule };
}

function newService(scope, { platform, name, port, canary, task, route, shifter, securityGroup, alarmNames }) {
  const [group, alternate] = route.groups;
  return new ecs.CfnService(scope, 'Service', {
    cluster: platform.cluster.clusterName,
    taskDefinition: task.definition.ref,
    schedulingStrategy: 'REPLICA',
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE', base: 0, weight: 1 }],
    platformVersion: 'LATEST',
    availabilityZoneRebalancing: 'ENABLED',
    propagateTags: 'SERVICE',
    enableEcsManagedTags: true,
    enableExecuteCommand: false,
    healthCheckGracePeriodSeconds: 60,
    networkConfiguration: {
      awsvpcConfiguration: {
        assignPublicIp: 'DISABLED',
        securityGroups: [securityGroup.securityGroupId],
        subnets: platform.vpc.privateSubnets.map((subnet) => subnet.subnetId),
      },
    },
    loadBalancers: [{
      containerName: MAIN,
      containerPort: port,
      targetGroupArn: group.ref,
      advancedConfiguration: {
        alternateTargetGroupArn: alternate.ref,
        productionListenerRule: route.rule.ref,
        roleArn: shifter.roleArn,
      },
    }],
    deploymentConfiguration: {
      strategy: 'CANARY',
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      bakeTimeInMinutes: canary.bakeMinutes,
      canaryConfiguration: { canaryPercent: canary.percent, canaryBakeTimeInMinutes: 10 },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { alarmNames, enable: true, rollback: true },
    },
    serviceRegistries: [],
    serviceConnectConfiguration: {
      enabled: true,
      namespace: platform.namespace.attrArn,
      logConfiguration: { logDriver: 'awslogs', options: logOptions(task.logGroup, Stack.of(scope), 'service-connect') },
      accessLogConfiguration: { format: 'JSON', includeQueryParameters: 'DISABLED' },
      services: [{ portName: name, discoveryName: `${name}-sc`, clientAliases: [{ dnsName: name, port }] }],
    },
  });
}

// Opens the tasks to the load balancer, and the load balancer to the tasks.
function openTo(scope, loadBalancer, tasks, port) {
  const ports = { ipProtocol: 'tcp', fromPort: port, toPort: port };
  new ec2.CfnSecurityGroupIngress(scope, `In${port}${LOAD_BALANCER}`, {
    ...ports,
    groupId: tasks.securityGroupId,
    sourceSecurityGroupId: loadBalancer.securityGroupId,
    description: 'From the load balancer',
  });
  new ec2.CfnSecurityGroupEgress(scope, `Out${port}${LOAD_BALANCER}`, {
    ...ports,
    groupId: loadBalancer.securityGroupId,
    destinationSecurityGroupId: tasks.securityGroupId,
    description: 'To the tasks',
  });
  return scope;
}

function addScaling(scope, { platform, scaling }, service, groups) {
  const target = new CfnScalableTarget(scope, 'Target', {
    serviceNamespace: 'ecs',
    scalableDimension: 'ecs:service:DesiredCount',
    resourceId: `service/${platform.cluster.clusterName}/${service.attrName}`,
    minCapacity: scaling.min,
    maxCapacity: scaling.max,
  });
  const track = (id, targetValue, metric) => new CfnScalingPolicy(scope, id, {
    policyName: id,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.ref,
    targetTrackingScalingPolicyConfiguration: { ...metric, targetValue, scaleOutCooldown: 60, scaleInCooldown: 300 },
  });
  track('CPU', scaling.cpu, {
    predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
  });
  const requests = groups.map((group, i) => ({
    id: `r${i}`,
    returnData: false,
    metricStat: {
      stat: 'Sum',
      metric: {
        namespace: 'AWS/ApplicationELB',
        metricName: 'RequestCountPerTarget',
        dimensions: [{ name: 'TargetGroup', value: group.attrTargetGroupFullName }],
      },
    },
  }));
  track('Requests', scaling.requestsPerTask, {
    customizedMetricSpecification: {
      metrics: [...requests, { id: 'requests', expression: requests.map(({ id }) => id).join('+'), returnData: true }],
    },
  });
}

module.exports = { Web };

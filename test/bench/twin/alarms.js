'use strict';

const { CfnAlarm } = require('aws-cdk-lib/aws-cloudwatch');

const ALARMS = ['Errors', 'Latency', 'Unhealthy', 'CPU', 'Memory'];

function alarmNames(prefix) {
  return ALARMS.map((kind) => `${prefix}-${kind}`);
}

function addAlarms(scope, { prefix, loadBalancer, groups, cluster, service }) {
  const alarm = (kind, threshold, alarmDescription, metrics) => new CfnAlarm(scope, kind, {
    alarmName: `${prefix}-${kind}`,
    alarmDescription,
    metrics: metrics.map((metric, i) => ({ ...metric, returnData: i === metrics.length - 1 })),
    threshold,
    comparisonOperator: 'GreaterThanThreshold',
    datapointsToAlarm: 3,
    evaluationPeriods: 5,
    treatMissingData: 'notBreaching',
  });
  const ofGroup = (id, i, metricName, statistic) => stat(`${id}${i}`, 'AWS/ApplicationELB', metricName, statistic, {
    LoadBalancer: loadBalancer,
    TargetGroup: groups[i],
  });
  const worst = (metricsOf) => [
    ...groups.flatMap((_, i) => metricsOf(i)),
    { id: 'worst', expression: `MAX([${groups.map((_, i) => `FILL(p${i},0)`).join(',')}])` },
  ];
  const utilization = (metricName) => [
    stat('m', 'AWS/ECS', metricName, 'Average', { ClusterName: cluster, ServiceName: service }),
  ];

  alarm('Errors', 5, 'More than 5 % of the requests fail', worst((i) => [
    ofGroup('e', i, 'HTTPCode_Target_5XX_Count', 'Sum'),
    ofGroup('c', i, 'TargetConnectionErrorCount', 'Sum'),
    ofGroup('r', i, 'RequestCount', 'Sum'),
    { id: `p${i}`, expression: `IF(r${i}>=20,100*(FILL(e${i},0)+FILL(c${i},0))/r${i},0)` },
  ]));
  alarm('Latency', 5, 'More than one of a hundred requests takes longer than 5s', worst((i) => [
    ofGroup('t', i, 'TargetResponseTime', 'p99'),
    ofGroup('r', i, 'RequestCount', 'Sum'),
    { id: `p${i}`, expression: `IF(r${i}>=20,t${i},0)` },
  ]));
  alarm('Unhealthy', 0, 'A task fails the health checks of its load balancer', worst((i) => [
    ofGroup('p', i, 'UnHealthyHostCount', 'Maximum'),
  ]));
  alarm('CPU', 95, 'The tasks use more than 95 % of their CPU', utilization('CPUUtilization'));
  alarm('Memory', 95, 'The tasks use more than 95 % of their memory', utilization('MemoryUtilization'));
}

function stat(id, namespace, metricName, statistic, dimensions) {
  return {
    id,
    metricStat: {
      metric: { namespace, metricName, dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })) },
      period: 60,
      stat: statistic,
    },
  };
}

module.exports = { addAlarms, alarmNames };

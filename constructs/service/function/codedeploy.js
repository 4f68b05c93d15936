// Brings a new revision into a service by CodeDeploy, and is done when CodeDeploy is. CloudFormation calls it for a custom
// resource that comes after all others of the service. When CloudFormation takes an update back, it comes with the revision
// before, which is deployed again if CodeDeploy has not returned to it already: at once, and whatever hooks, alarms and people say,
// for it is what ran before.
const { createHash } = require('node:crypto');
const codedeploy = require('@aws-sdk/client-codedeploy');
const ecs = require('@aws-sdk/client-ecs');

const ask = asker('CodeDeploy', new codedeploy.CodeDeployClient({}), codedeploy);
const askECS = asker('Amazon ECS', new ecs.ECSClient({}), ecs);

// What a deployment is described by that was started here, before the id of the request.
const OURS = 'For CloudFormation, request ';
const UNFINISHED = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'];

function reason(error) {
  return `${error.asked}: ${error.name}: ${error.message}`;
}

async function act(event, context) {
  const wanted = event.ResourceProperties;
  const id = event.PhysicalResourceId || wanted.Group;
  return until(event, context, async () => {
    const done = event.RequestType === 'Delete' ? await gone(event) : await deployed(event);
    return done ? id : undefined;
  });
}

// gone reports whether no deployment is on its way any more, as far as can be told: nothing keeps a stack from being deleted.
async function gone(event) {
  try {
    return await cleared(event) || overdue(event);
  } catch (error) {
    console.error(reason(error));
    return !passing(error) || overdue(event);
  }
}

// deployed reports whether the service runs the revision wanted, and does the next thing to get there.
async function deployed(event) {
  const wanted = event.ResourceProperties;
  event.Deployment ??= await started(event);
  if (event.Deployment) {
    return finished(event, event.Deployment);
  }
  if (!await cleared(event)) {
    if (left(event) < Number(wanted.NeedsSeconds)) {
      throw ours('another deployment was in the way for too long');
    }
    return false;
  }
  if (await runs(wanted)) {
    return true;
  }
  try {
    event.Deployment = await deploy(event);
  } catch (error) {
    if (error.name !== 'DeploymentLimitExceededException') { // another was started this moment
      throw error;
    }
  }
  return false;
}

// left is how many seconds are left for a deployment.
function left(event) {
  return Number(event.ResourceProperties.TimeoutSeconds) - (Date.now() - event.Since) / 1000;
}

// started returns the deployment that an earlier call for the same request has started, if any.
async function started(event) {
  const since = { createTimeRange: { start: new Date(event.Since - 3600_000) } };
  return (await list(event, since)).find(({ description }) => description === OURS + event.RequestId)?.deploymentId;
}

// cleared reports whether no deployment is on its way. One that CloudFormation has given up is stopped, so that CodeDeploy
// returns to what was before; others are waited for. A request that finds a later one has been given up itself.
async function cleared(event) {
  const others = await list(event, { includeOnlyStatuses: UNFINISHED });
  event.Stopped ??= [];
  for (const { deploymentId, description, createTime } of others) {
    if (!description?.startsWith(OURS) || event.Stopped.includes(deploymentId)) {
      continue;
    }
    if (new Date(createTime) > event.Since && event.RequestType !== 'Delete') {
      throw ours(`given up for ${deploymentId}, which was started later`);
    }
    event.Stopped.push(deploymentId);
    await stop(deploymentId);
  }
  return others.length === 0;
}

// list returns deployments of the group, the latest first; none if the group is gone.
async function list({ ResourceProperties: { Application: applicationName, Group: deploymentGroupName } }, which) {
  try {
    const { deployments = [] } = await ask('ListDeployments', { applicationName, deploymentGroupName, ...which }, denied);
    const found = [];
    for (const deploymentId of deployments.slice(0, 10)) {
      found.push(await get(deploymentId));
    }
    return found;
  } catch (error) {
    if (['ApplicationDoesNotExistException', 'DeploymentGroupDoesNotExistException'].includes(error.name)) {
      return [];
    }
    throw error;
  }
}

async function get(deploymentId) {
  const { deploymentInfo } = await ask('GetDeployment', { deploymentId }, denied);
  return deploymentInfo;
}

// finished reports whether a deployment has come to its end. If that is a bad one, it is an error: when CodeDeploy has returned to
// what was before, for CloudFormation must not come in between.
async function finished(event, deploymentId) {
  const { status, errorInformation: { code, message } = {}, rollbackInfo } = await get(deploymentId);
  if (status === 'Succeeded') {
    return true;
  }
  if (['Failed', 'Stopped'].includes(status)) {
    if (await returned(event, rollbackInfo) || overdue(event)) {
      throw ours(`${deploymentId} ${status.toLowerCase()}: ${[code, message].filter(Boolean).join(': ')}`);
    }
    return false;
  }
  if (status === 'Ready' && isBack(event) && !event.Continued) {
    await goOn(deploymentId);
    event.Continued = true;
  }
  if (overdue(event)) {
    await stop(deploymentId);
    throw ours(`${deploymentId} took longer than ${event.ResourceProperties.TimeoutSeconds} s and was stopped`);
  }
  return false;
}

// returned reports whether CodeDeploy has returned to what was before, or will not. It may take a moment to say that it will.
async function returned(event, { rollbackDeploymentId, rollbackMessage } = {}) {
  if (rollbackDeploymentId) {
    return !UNFINISHED.includes((await get(rollbackDeploymentId)).status);
  }
  event.Asked = (event.Asked || 0) + 1;
  return event.ResourceProperties.RollsBack !== 'true' || Boolean(rollbackMessage) || event.Asked > 24;
}

// isBack reports whether CloudFormation takes an update back.
function isBack({ RequestType, ResourceProperties: wanted, OldResourceProperties: old }) {
  if (RequestType !== 'Update') {
    return false;
  }
  const [now, before] = [target(wanted).TaskDefinition, target(old).TaskDefinition];
  return now !== before && !isLater(now, before);
}

// goOn has CodeDeploy go on without approval, unless somebody has approved meanwhile.
async function goOn(deploymentId) {
  try {
    await ask('ContinueDeployment', { deploymentId, deploymentWaitType: 'READY_WAIT' }, denied);
  } catch (error) {
    if (!['DeploymentIsNotInReadyStateException', 'DeploymentAlreadyCompletedException'].includes(error.name)) {
      throw error;
    }
  }
}

// stop has CodeDeploy return to what was before, as far as it still can.
async function stop(deploymentId) {
  try {
    await ask('StopDeployment', { deploymentId, autoRollbackEnabled: true }, hindered);
  } catch (error) {
    console.error(deploymentId, reason(error));
  }
}

// runs reports whether the requests come to tasks of the revision wanted already, at the port wanted.
async function runs(wanted) {
  const { TaskDefinition, LoadBalancerInfo } = target(wanted);
  const { services } = await askECS('DescribeServices', { cluster: wanted.Cluster, services: [wanted.Service] }, denied);
  const primary = services?.[0]?.taskSets?.find(({ status }) => status === 'PRIMARY');
  return primary?.taskDefinition === TaskDefinition && (primary.loadBalancers || []).some(({ containerName, containerPort }) => (
    containerName === LoadBalancerInfo.ContainerName && containerPort === Number(LoadBalancerInfo.ContainerPort)));
}

async function deploy(event) {
  const wanted = event.ResourceProperties;
  const back = isBack(event);
  const { Hooks, ...spec } = wanted.AppSpec;
  const content = JSON.stringify(numbered(back ? spec : wanted.AppSpec));
  const { deploymentId } = await ask('CreateDeployment', {
    applicationName: wanted.Application,
    deploymentGroupName: wanted.Group,
    description: OURS + event.RequestId,
    revision: {
      revisionType: 'AppSpecContent',
      appSpecContent: { content, sha256: createHash('sha256').update(content).digest('hex') },
    },
    // The alarms may still be on that the release has set off.
    ...(back && { deploymentConfigName: 'CodeDeployDefault.ECSAllAtOnce', overrideAlarmConfiguration: { enabled: false } }),
  }, denied);
  return deploymentId;
}

function target({ AppSpec }) {
  return AppSpec.Resources[0].TargetService.Properties;
}

// numbered makes numbers again of what CloudFormation passes on as texts.
function numbered(value, key) {
  if (Array.isArray(value)) {
    return value.map((item) => numbered(item));
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, numbered(inner, name)]));
  }
  return ['version', 'ContainerPort', 'Base', 'Weight'].includes(key) ? Number(value) : value;
}

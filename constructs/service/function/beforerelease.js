// Runs one task of a new revision before any service does, and is done when the task has ended well. CloudFormation calls it
// for a custom resource that comes between the task definition and the service: a failure is the end of the update, and
// the service stays what it was.
const { ECSClient, RunTaskCommand, DescribeTasksCommand, StopTaskCommand } = require('@aws-sdk/client-ecs');

const ecs = new ECSClient({});

function reason(error) {
  return `Amazon ECS: ${error.name}: ${error.message}`;
}

async function act(event, context) {
  const id = event.PhysicalResourceId || event.LogicalResourceId;
  if (event.RequestType === 'Delete' || !isNew(event)) {
    return id;
  }
  return until(event, context, async () => {
    if (!event.Task) {
      event.Task = await start(event);
    }
    return event.Task && await ended(event, event.Task) ? id : undefined;
  });
}

// isNew reports whether a revision comes for the first time. When CloudFormation takes an update back, it comes with the
// revision before, which is a lower one of the same family.
function isNew({ RequestType, ResourceProperties: wanted, OldResourceProperties: old }) {
  if (RequestType === 'Create') {
    return true;
  }
  const [family, revision] = parts(wanted.TaskDefinition);
  const [oldFamily, oldRevision] = parts(old.TaskDefinition);
  return family !== oldFamily || revision > oldRevision;
}

// parts returns the family and the revision at the end of an ARN.
function parts(arn) {
  const colon = arn.lastIndexOf(':');
  return [arn.slice(0, colon), Number(arn.slice(colon + 1))];
}

// start runs the task, and returns its ARN, or nothing if there is no room for it now. A call that is repeated for the same
// request finds the task that the first one has started.
async function start(event) {
  const wanted = event.ResourceProperties;
  event.Attempt ??= 1;
  const { tasks, failures } = await patiently(() => ecs.send(new RunTaskCommand({
    clientToken: `${event.RequestId}-${event.Attempt}`,
    cluster: wanted.Cluster,
    taskDefinition: wanted.TaskDefinition,
    count: 1,
    launchType: wanted.LaunchType,
    capacityProviderStrategy: wanted.CapacityProviderStrategy?.map(({ CapacityProvider, Base, Weight }) => (
      { capacityProvider: CapacityProvider, base: Number(Base), weight: Number(Weight) })),
    networkConfiguration: wanted.Subnets && {
      awsvpcConfiguration: { subnets: wanted.Subnets, securityGroups: wanted.SecurityGroups, assignPublicIp: 'DISABLED' },
    },
    overrides: { containerOverrides: [{ name: wanted.Container, command: wanted.Command }] },
  })), (error) => error.name === 'AccessDeniedException' || /unable to assume/i.test(error.message));
  if (tasks?.length) {
    return tasks[0].taskArn;
  }
  event.Attempt += 1;
  const why = (failures || []).map((failure) => failure.reason).join(', ') || 'no reason given';
  if (overdue(event)) {
    throw ours(`no task could be started: ${why}`);
  }
  console.log(`no task could be started yet: ${why}`);
  return undefined;
}

// ended reports whether the task has ended well. If it has ended otherwise, or takes too long, that is an error.
async function ended(event, arn) {
  const wanted = event.ResourceProperties;
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: wanted.Cluster, tasks: [arn] }));
  const task = tasks?.[0];
  if (task?.lastStatus === 'STOPPED') {
    const container = task.containers?.find(({ name }) => name === wanted.Container) || {};
    if (container.exitCode === 0) {
      return true;
    }
    const code = container.exitCode == null ? 'did not start' : `ended with exit code ${container.exitCode}`;
    const why = [container.reason, task.stoppedReason].filter(Boolean).join('; ');
    throw ours(`container ${wanted.Container} of ${arn} ${code}: ${why}`);
  }
  if (overdue(event)) {
    await ecs.send(new StopTaskCommand({ cluster: wanted.Cluster, task: arn, reason: 'It took too long.' }));
    throw ours(`${arn} took longer than ${wanted.TimeoutSeconds} s and was stopped`);
  }
  return false;
}

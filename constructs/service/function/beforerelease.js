// Runs one task of a new revision before any service does, and is done when the task has ended well. CloudFormation calls it
// for a custom resource that comes between the task definition and the service: a failure is the end of the update, and
// the service stays what it was.
const ecs = require('@aws-sdk/client-ecs');

const ask = asker('Amazon ECS', new ecs.ECSClient({}), ecs);

function reason(error) {
  return `${error.asked}: ${error.name}: ${error.message}`;
}

async function act(event, context) {
  const id = event.PhysicalResourceId || event.LogicalResourceId;
  const old = event.OldResourceProperties?.TaskDefinition;
  if (event.RequestType === 'Delete' || (event.RequestType === 'Update' && !isLater(event.ResourceProperties.TaskDefinition, old))) {
    return until(event, context, async () => (await cleared(event) ? id : undefined));
  }
  return until(event, context, async () => {
    if (!event.Task) {
      event.Task = await start(event);
    }
    return event.Task && await ended(event, event.Task) ? id : undefined;
  });
}

// cleared stops what an update has left running that CloudFormation has given up, and reports whether all of it has ended, as far as
// can be told: nothing keeps a stack from going back or away.
async function cleared(event) {
  const cluster = event.ResourceProperties.Cluster;
  try {
    if (!event.Left) {
      ({ taskArns: event.Left = [] } = await ask('ListTasks', { cluster, startedBy: starter(event) }));
      for (const task of event.Left) {
        await stop(event, task, 'CloudFormation has given up the release.');
      }
    }
    if (event.Left.length === 0 || overdue(event)) {
      return true;
    }
    const { tasks = [] } = await ask('DescribeTasks', { cluster, tasks: event.Left });
    return tasks.every(({ lastStatus }) => lastStatus === 'STOPPED');
  } catch (error) {
    console.error(reason(error));
    return !passing(error) || overdue(event);
  }
}

// starter is by whom ECS says that a task was started: this resource, of this stack.
function starter({ StackId, LogicalResourceId }) {
  return `${LogicalResourceId.slice(0, 90)}/${StackId.split('/').pop()}`;
}

// start runs the task, and returns its ARN, or nothing if there is no room for it now. A call that is repeated for the same
// request finds the task that the first one has started.
async function start(event) {
  const wanted = event.ResourceProperties;
  event.Attempt ??= 1;
  const { tasks, failures } = await ask('RunTask', {
    clientToken: `${event.RequestId}-${event.Attempt}`,
    cluster: wanted.Cluster,
    taskDefinition: wanted.TaskDefinition,
    count: 1,
    startedBy: starter(event),
    tags: [{ key: wanted.TagKey, value: wanted.TagValue }], // by which alone it can be stopped
    launchType: wanted.LaunchType,
    capacityProviderStrategy: wanted.CapacityProviderStrategy?.map(({ CapacityProvider, Base, Weight }) => (
      { capacityProvider: CapacityProvider, base: Number(Base), weight: Number(Weight) })),
    networkConfiguration: wanted.Subnets && {
      awsvpcConfiguration: { subnets: wanted.Subnets, securityGroups: wanted.SecurityGroups, assignPublicIp: 'DISABLED' },
    },
    overrides: { containerOverrides: [{ name: wanted.Container, command: wanted.Command }] },
  }, (error) => denied(error) || /unable to assume/i.test(error.message));
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
  const task = await describe(event, arn);
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
    await stop(event, arn, 'It took too long.');
    throw ours(`${arn} took longer than ${wanted.TimeoutSeconds} s and was stopped`);
  }
  return false;
}

// describe returns what ECS says of a task. Nobody would look after one of which it says nothing any more.
async function describe(event, arn) {
  try {
    const { tasks } = await ask('DescribeTasks', { cluster: event.ResourceProperties.Cluster, tasks: [arn] });
    return tasks?.[0];
  } catch (error) {
    if (!passing(error) || overdue(event)) {
      await stop(event, arn, 'Nothing is known of it.');
    }
    throw error;
  }
}

// stop stops a task, as far as it still can.
async function stop(event, task, why) {
  try {
    await ask('StopTask', { cluster: event.ResourceProperties.Cluster, task, reason: why }, hindered);
  } catch (error) {
    console.error(task, reason(error));
  }
}

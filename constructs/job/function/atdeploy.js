// Runs a job once for each revision of its task definition, and is done when the job has ended well. CloudFormation calls it for a custom
// resource that comes after the job.
const sfn = require('@aws-sdk/client-sfn');

const ask = asker('Step Functions', new sfn.SFNClient({}), sfn);

function reason(error) {
  return `${error.asked}: ${error.name}: ${error.message}`;
}

async function act(event, context) {
  const { ResourceProperties: wanted, OldResourceProperties: old } = event;
  const id = event.PhysicalResourceId || event.LogicalResourceId;
  if (event.RequestType === 'Delete' || (event.RequestType === 'Update' && !isLater(wanted.TaskDefinition, old.TaskDefinition))) {
    await clear(event);
    return id;
  }
  try {
    return await until(event, context, async () => {
      event.Execution ??= await start(event);
      return await ended(event) ? id : undefined;
    });
  } catch (error) {
    if (event.Execution && !event.Ended) { // nobody looks after it any more
      await stop(event.Execution);
    }
    throw error;
  }
}

// clear stops what an update has left running that CloudFormation has given up, as far as it can: nothing keeps a stack from going
// back or away. The latest executions come first.
async function clear(event) {
  const { Machine: stateMachineArn } = event.ResourceProperties;
  try {
    const { executions = [] } = await ask('ListExecutions', { stateMachineArn, statusFilter: 'RUNNING', maxResults: 1000 }, hindered);
    for (const { executionArn, name } of executions) {
      if (name.startsWith(starter(event))) {
        await stop(executionArn);
      }
    }
  } catch (error) {
    console.error(reason(error));
  }
}

// starter begins the names of the executions that this stack starts, and of no others.
function starter({ StackId }) {
  return `${StackId.split('/').pop()}-`;
}

// start starts the job. A call that is repeated for the same request finds the execution that the first one has started.
async function start(event) {
  const { Machine: stateMachineArn } = event.ResourceProperties;
  const name = starter(event) + event.RequestId;
  try {
    const { executionArn } = await ask('StartExecution', { stateMachineArn, name, input: '{}' }, denied);
    return executionArn;
  } catch (error) {
    if (error.name !== 'ExecutionAlreadyExists') {
      throw error;
    }
    return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}

// ended reports whether the job has ended well. If it has ended otherwise, or takes too long, that is an error. Step Functions may not
// know at once of an execution that it has started.
async function ended(event) {
  const executionArn = event.Execution;
  const unknown = (problem) => denied(problem) || problem.name === 'ExecutionDoesNotExist';
  const { status, error, cause } = await ask('DescribeExecution', { executionArn }, unknown);
  event.Ended = status !== 'RUNNING' && status !== 'PENDING_REDRIVE';
  if (status === 'SUCCEEDED') {
    return true;
  }
  if (event.Ended) {
    throw ours(`${executionArn} ${status}: ${[error, told(cause)].filter(Boolean).join(': ')}`);
  }
  if (overdue(event)) {
    throw ours(`${executionArn} took longer than ${event.ResourceProperties.TimeoutSeconds} s and was stopped`);
  }
  return false;
}

// stop stops an execution, as far as it still can.
async function stop(executionArn) {
  try {
    await ask('StopExecution', { executionArn, cause: 'CloudFormation waits for it no longer.' }, hindered);
  } catch (error) {
    console.error(executionArn, reason(error));
  }
}

// told is what the cause of a failure says of its task, which it may describe at length.
function told(cause) {
  try {
    const { StopCode, StoppedReason, Containers = [] } = JSON.parse(cause);
    const containers = Containers.map(({ Name, ExitCode, Reason }) => [Name, ExitCode ?? 'did not start', Reason].filter((part) => part !== undefined).join(' '));
    return [StopCode, StoppedReason, ...containers].filter(Boolean).join('; ');
  } catch {
    return cause;
  }
}

'use strict';
// Stands before the code of every function that CloudFormation calls for a custom resource, and answers for it, once and
// whatever happens. The code has two functions:
//   act(event, context)  does the work, and returns the physical id of the resource, or LATER
//   reason(error)        what may be repeated of an error that AWS gave, which may hold what AWS was given
// event.Since is when the work has begun, however often the function has been called since.
const { setTimeout: sleep } = require('node:timers/promises');

const PAUSE = Number(process.env.PAUSE || 5000);
const LATER = Symbol('the function has asked to be called again');

exports.handler = async (event, context) => {
  event.Since ??= Date.now();
  const answer = await answerTo(event, context);
  if (answer !== LATER) {
    await respond(event, answer);
  }
};

async function answerTo(event, context) {
  try {
    const id = await act(event, context);
    return id === LATER ? LATER : { Status: 'SUCCESS', PhysicalResourceId: id };
  } catch (error) {
    error.asked ??= 'the function';
    const why = error.ours ? error.message : reason(error);
    console.error(event.RequestType, event.LogicalResourceId, why);
    const id = event.PhysicalResourceId || event.LogicalResourceId; // never one of what it may have found: CloudFormation has it deleted
    return { Status: 'FAILED', PhysicalResourceId: id, Reason: why.slice(0, 1000) };
  }
}

// ours is an error whose message may be repeated.
function ours(message) {
  return Object.assign(new Error(message), { ours: true });
}

// asker returns a function that has a service of AWS do something. An error says what was asked of whom. One of those that are worth
// waiting for is waited for.
function asker(service, client, sdk) {
  return async (action, input, worthWaiting = () => false) => {
    for (let attempts = 8; ; attempts -= 1) {
      try {
        return await client.send(new sdk[`${action}Command`](input));
      } catch (error) {
        if (!worthWaiting(error) || attempts === 1) {
          throw Object.assign(error, { asked: `${service}: ${action}` });
        }
        await sleep(PAUSE);
      }
    }
  };
}

// denied reports whether a right is missing, which may have been given a moment ago.
function denied({ name }) {
  return name === 'AccessDeniedException';
}

// hindered reports whether a call may go well in a moment.
function hindered(error) {
  return denied(error) || passing(error);
}

// until asks again and again until there is an answer. What AWS cannot do for a moment is no answer yet. Shortly before Lambda ends
// the function it has it called once more, with all that is in the event by then.
async function until(event, context, ask) {
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) {
        return answer;
      }
    } catch (error) {
      if (!passing(error) || overdue(event)) {
        throw error;
      }
      console.warn(reason(error));
    }
    if (context.getRemainingTimeInMillis() < 60_000) {
      const lambda = require('@aws-sdk/client-lambda');
      await asker('Lambda', new lambda.LambdaClient({}), lambda)('Invoke', {
        FunctionName: context.invokedFunctionArn, InvocationType: 'Event', Payload: JSON.stringify(event),
      }, hindered);
      return LATER;
    }
    await sleep(PAUSE);
  }
}

// passing reports whether an error is of the kind that goes away by itself.
// For the SDK an error that it does not know is always the client's, whatever the status says.
function passing({ name, code, $fault, $metadata: { httpStatusCode: status } = {} }) {
  return $fault === 'server' || status >= 500 || status === 429 || /Throttl|TooManyRequests|Timeout|ECONN|ENOTFOUND|EAI_AGAIN/.test(`${name} ${code}`);
}

// isLater reports whether a revision of a task definition comes after another one. When CloudFormation takes an update back, it comes
// with the revision before, which is a lower one of the same family.
function isLater(arn, other) {
  const [family, revision] = revisionOf(arn);
  const [otherFamily, otherRevision] = revisionOf(other);
  return family !== otherFamily || revision > otherRevision;
}

// revisionOf returns the family and the revision at the end of an ARN.
function revisionOf(arn) {
  const colon = arn.lastIndexOf(':');
  return [arn.slice(0, colon), Number(arn.slice(colon + 1))];
}

// overdue reports whether the work takes longer than the property TimeoutSeconds allows.
function overdue(event) {
  return Date.now() - event.Since > 1000 * event.ResourceProperties.TimeoutSeconds;
}

// put returns the status of the answer, or why there was none.
async function put(url, body) {
  try {
    return (await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } })).status;
  } catch (error) {
    return error.cause?.code || error.name;
  }
}

async function respond(event, answer) {
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, ...answer });
  for (let attempts = 5; ; attempts -= 1) {
    const status = await put(event.ResponseURL, body);
    if (status === 200) {
      return;
    }
    if (attempts === 1) { // Lambda calls the function again
      throw new Error(`CloudFormation answered ${status}`);
    }
    await sleep(PAUSE);
  }
}

// Asks the new tasks for a path when test requests come to them, and tells CodeDeploy how it went.
const { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } = require('@aws-sdk/client-codedeploy');

const codedeploy = new CodeDeployClient({});

exports.handler = async ({ DeploymentId, LifecycleEventHookExecutionId }) => {
  await codedeploy.send(new PutLifecycleEventHookExecutionStatusCommand({
    deploymentId: DeploymentId,
    lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
    status: await serves(process.env.ADDRESS + process.env.PATH_TO_ASK) ? 'Succeeded' : 'Failed',
  }));
};

async function serves(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const answered = !(response.headers.get('server') || '').startsWith('awselb');
    return answered && response.status < 500;
  } catch (error) {
    console.error(error);
    return false;
  }
}

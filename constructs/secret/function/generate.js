'use strict';
// Makes a SecureString with a random value that leaves this function for Parameter Store alone: it is no property, no
// return value, no output and in no log. CloudFormation calls the function for a custom resource whose physical id is the
// name of the parameter. A value once made is never overwritten, whichever property changes.
const { randomInt } = require('node:crypto');
const ssm = require('@aws-sdk/client-ssm');

const client = new ssm.SSMClient({});

// OWNER is the tag that tells a parameter that this resource made from any other.
const OWNER = 'ecskit:generated-by';

exports.handler = async (event) => {
  try {
    await respond(event, { Status: 'SUCCESS', PhysicalResourceId: await act(event) });
  } catch (error) {
    // The name and the message of an error of the service tell no value; anything else might.
    const reason = error.$fault || error.ours ? `${error.name}: ${error.message}` : 'see the log of the function';
    console.error(event.RequestType, event.LogicalResourceId, error.name);
    await respond(event, {
      Status: 'FAILED',
      PhysicalResourceId: event.PhysicalResourceId || event.ResourceProperties.Name,
      Reason: reason,
    });
  }
};

async function act(event) {
  const wanted = event.ResourceProperties;
  if (event.RequestType === 'Delete') {
    if (wanted.DeleteWithResource === 'true') {
      await remove(event.PhysicalResourceId, wanted.Owner);
    }
    return event.PhysicalResourceId;
  }
  // An update that changes the name makes another parameter; CloudFormation then asks to delete the old one.
  if (event.RequestType === 'Create' || wanted.Name !== event.PhysicalResourceId) {
    await make(wanted);
  }
  return wanted.Name;
}

async function make(wanted) {
  try {
    await client.send(new ssm.PutParameterCommand({
      Name: wanted.Name,
      Description: wanted.Description,
      Type: 'SecureString',
      KeyId: wanted.KeyId,
      Value: random(Number(wanted.Length), wanted.Characters),
      Overwrite: false,
      Tags: [{ Key: OWNER, Value: wanted.Owner }],
    }));
  } catch (error) {
    if (error.name !== 'ParameterAlreadyExists') {
      throw error;
    }
    // Made by an attempt before this one, or kept when the resource was deleted, it is ours and keeps its value.
    if (!(await owned(wanted.Name, wanted.Owner))) {
      throw Object.assign(new Error(`${wanted.Name} exists and was not generated here: choose another name`), { ours: true });
    }
  }
}

// remove deletes a parameter that the resource made, and leaves one alone that stood in its way.
async function remove(name, owner) {
  try {
    if (await owned(name, owner)) {
      await client.send(new ssm.DeleteParameterCommand({ Name: name }));
    }
  } catch (error) {
    if (error.name !== 'ParameterNotFound' && error.name !== 'InvalidResourceId') {
      throw error;
    }
  }
}

async function owned(name, owner) {
  const { TagList } = await client.send(new ssm.ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name }));
  return (TagList || []).some((tag) => tag.Key === OWNER && tag.Value === owner);
}

function random(length, characters) {
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
}

async function respond(event, answer) {
  const body = JSON.stringify({
    StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId, ...answer,
  });
  const response = await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!response.ok) {
    throw new Error(`CloudFormation answered ${response.status}`);
  }
}

// Makes a SecureString with a random value that leaves this function for Parameter Store alone: it is no property, no
// return value, no output and in no log. CloudFormation calls the function for a custom resource whose physical id is the
// name of the parameter. A value once made is never overwritten, whichever property changes.
const { randomInt } = require('node:crypto');
const ssm = require('@aws-sdk/client-ssm');

const ask = asker('Parameter Store', new ssm.SSMClient({}), ssm);

// Tags that tell a parameter that this resource made from any other, and the key that it was made with.
const OWNER = 'ecskit:generated-by';
const KEY = 'ecskit:key';

// reason repeats nothing but the name: what a service says may hold what it was given.
function reason(error) {
  return `${error.asked}: ${error.name}`;
}

async function act(event) {
  const wanted = event.ResourceProperties;
  if (event.RequestType === 'Delete') {
    if (wanted.DeleteWithResource === 'true') {
      await remove(event.PhysicalResourceId, wanted.Owner);
    }
    return event.PhysicalResourceId;
  }
  if (event.RequestType === 'Update' && wanted.Name === event.PhysicalResourceId) {
    await keepKey(wanted);
  } else { // another name makes another parameter; CloudFormation then asks to delete the old one
    await make(wanted);
  }
  return wanted.Name;
}

async function make(wanted) {
  const tags = { [OWNER]: wanted.Owner, [KEY]: wanted.KeyId || 'aws' };
  try {
    await ask('PutParameter', {
      Name: wanted.Name,
      Type: 'SecureString',
      Tier: 'Standard',
      KeyId: wanted.KeyId,
      Value: random(Number(wanted.Length), wanted.Characters),
      Overwrite: false,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }, hindered);
  } catch (error) {
    if (error.name !== 'ParameterAlreadyExists') {
      throw error;
    }
    // Made by an attempt before this one, or kept when the resource was deleted, it is ours and keeps its value.
    // What was made a moment ago may not have its tags yet.
    let found = await tagsOf(wanted.Name, hindered);
    if (Object.keys(found).length === 0) {
      await sleep(PAUSE);
      found = await tagsOf(wanted.Name, hindered);
    }
    if (found[OWNER] !== tags[OWNER]) {
      throw ours(`${wanted.Name} exists and was not generated here: choose another name`);
    }
    if (found[KEY] !== tags[KEY]) {
      throw ours(`${wanted.Name} exists under another key (${found[KEY]}): choose another name, or delete it if nothing needs its value`);
    }
  }
}

// keepKey refuses another key than that of the parameter: the tasks would lose the right to the one that it stays under. It
// asks the parameter, for when an update is taken back the properties before it are those that were refused.
async function keepKey(wanted) {
  const { [KEY]: key } = await tagsOf(wanted.Name, hindered);
  if (key !== undefined && key !== (wanted.KeyId || 'aws')) {
    throw ours(`${wanted.Name} stays under the key that it was made with: choose another name`);
  }
}

// remove deletes a parameter that the resource made. It leaves one alone that stood in its way, and one of a name that the
// resource had before, which the function has no right to any more.
async function remove(name, owner) {
  try {
    if ((await tagsOf(name, passing))[OWNER] === owner) {
      await ask('DeleteParameter', { Name: name }, passing);
    }
  } catch (error) {
    if (!['ParameterNotFound', 'AccessDeniedException'].includes(error.name)) {
      throw error;
    }
  }
}

// tagsOf returns the tags of a parameter, none if there is no such parameter.
async function tagsOf(name, worthWaiting) {
  try {
    const { TagList } = await ask('ListTagsForResource', { ResourceType: 'Parameter', ResourceId: name }, worthWaiting);
    return Object.fromEntries((TagList || []).map(({ Key, Value }) => [Key, Value]));
  } catch (error) {
    if (error.name !== 'InvalidResourceId') {
      throw error;
    }
    return {};
  }
}

function random(length, characters) {
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
}

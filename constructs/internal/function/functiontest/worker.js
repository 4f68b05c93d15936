'use strict';
// Runs a function again and again in one process. What it asks of AWS is asked of the test, and the clock moves when the function
// pauses alone. Each line of the input is a call of the function, each of the output its end.
const { AsyncLocalStorage } = require('node:async_hooks');
const Module = require('node:module');
const timers = require('node:timers/promises');
const { format } = require('node:util');

const [, , file, endpoint] = process.argv;
const invocation = new AsyncLocalStorage();
let clock = 0;
let log = '';

Date.now = () => clock;
timers.setTimeout = async (milliseconds) => { clock += milliseconds; };
for (const name of ['log', 'warn', 'error']) {
  console[name] = (...parts) => { log += `${format(...parts)}\n`; };
}

async function send({ name, input }) {
  const body = JSON.stringify({ invocation: invocation.getStore(), name, input, now: clock });
  const { ended, error, output } = await (await fetch(endpoint, { method: 'POST', body })).json();
  if (ended) { // with everything that Lambda has ended
    return new Promise(() => {});
  }
  if (error) {
    throw Object.assign(new Error(error.message), error);
  }
  return output;
}

// sdk has every client and every command that is asked of it.
const sdk = new Proxy({}, {
  get: (_, name) => (name.endsWith('Client') ? class { send = send; } : class {
    constructor(input) {
      this.name = name.replace(/Command$/, '');
      this.input = input;
    }
  }),
});

const load = Module._load;
Module._load = (name, ...rest) => (name.startsWith('@aws-sdk/') ? sdk : load(name, ...rest));

const { handler } = require(file);

require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, event, limit, now } = JSON.parse(line);
  clock = now;
  const end = now + limit;
  let thrown = '';
  try {
    await invocation.run(id, () => handler(event, { invokedFunctionArn: 'arn:function', getRemainingTimeInMillis: () => end - clock }));
  } catch (error) {
    thrown = String(error);
  }
  process.stdout.write(`${JSON.stringify({ id, thrown, log, now: clock })}\n`);
  log = '';
});

'use strict';
// Runs a function again and again in one process. What it asks of AWS and tells CloudFormation goes to the test, and the clock moves
// when the function pauses alone. Each line of the input but the first call is what the test says to a line of the output: to a
// question, its answer, or another call of the function that comes before it; to the end of a call, what is next.
const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs');
const Module = require('node:module');
const timers = require('node:timers/promises');
const { format } = require('node:util');

const { setImmediate: turn } = timers;
const buffer = Buffer.alloc(1 << 20);
const invocation = new AsyncLocalStorage();
let clock = 0;
let log = '';

Date.now = () => clock;
timers.setTimeout = async (milliseconds) => { clock += milliseconds; };
for (const name of ['log', 'warn', 'error']) {
  console[name] = (...parts) => { log += `${format(...parts)}\n`; };
}

function hear() {
  let length = 0;
  do {
    const read = fs.readSync(0, buffer, length, buffer.length - length, null);
    if (read === 0) {
      process.exit();
    }
    length += read;
  } while (buffer[length - 1] !== 10);
  return JSON.parse(buffer.toString('utf8', 0, length));
}

function say(line) {
  fs.writeFileSync(1, `${JSON.stringify({ ...line, now: clock })}\n`);
  return hear();
}

// ask asks the test, which never answers to what Lambda has ended.
async function ask(name, input) {
  const me = invocation.getStore();
  await turn(); // a function that does not wait for the answer goes on
  while (me.inner) {
    await me.inner;
  }
  if (me.ended) {
    return new Promise(() => {});
  }
  let said = say({ name, input });
  while (said.event) {
    me.inner = call(said);
    said = await me.inner;
    me.inner = undefined;
  }
  if (said.killed) {
    me.kill('killed');
    return new Promise(() => {});
  }
  if (said.error) {
    throw Object.assign(new Error(said.error.message), said.error);
  }
  return said.output;
}

// call calls the function, and returns what the test says to its end.
async function call({ event, limit, now }) {
  clock = now;
  const end = now + limit;
  const me = {};
  const killed = new Promise((_, reject) => { me.kill = reject; });
  let thrown = '';
  try {
    const context = { invokedFunctionArn: 'arn:function', getRemainingTimeInMillis: () => end - clock };
    await invocation.run(me, () => Promise.race([killed, handler(event, context)]));
  } catch (error) {
    thrown = String(error);
  }
  while (me.inner) {
    await me.inner;
  }
  me.ended = true;
  const line = { ended: true, thrown, log };
  log = '';
  return say(line);
}

globalThis.fetch = async (url, { method, body }) => {
  try {
    return { status: await ask(`${method} ${url}`, JSON.parse(body)) };
  } catch (error) {
    if (error.$metadata.httpStatusCode) {
      return { status: 503 };
    }
    throw new TypeError('fetch failed', { cause: error });
  }
};

// sdk has every client and every command that is asked of it.
const sdk = new Proxy({}, {
  get: (_, name) => (name.endsWith('Client') ? class { send = ({ action, input }) => ask(action, input); } : class {
    constructor(input) {
      this.action = name.replace(/Command$/, '');
      this.input = input;
    }
  }),
});

const load = Module._load;
Module._load = (name, ...rest) => (name.startsWith('@aws-sdk/') ? sdk : load(name, ...rest));

const loaded = new Module('index.js');
loaded._compile(process.argv[1], 'index.js');
const { handler } = loaded.exports;

(async () => {
  for (let said = hear(); ;) {
    said = await call(said);
  }
})();

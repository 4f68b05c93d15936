// Calls a function again and again. What it asks of AWS and tells CloudFormation goes to the test, and the clock moves when the
// function pauses alone. A line of the input is a call, or what the test says to a question: the answer, or a call that comes before it.
const { AsyncLocalStorage } = require('node:async_hooks');
const timers = require('node:timers/promises');

const { setImmediate: turn } = timers;
const invocation = new AsyncLocalStorage();
let clock = 0;

Date.now = () => clock;
timers.setTimeout = async (milliseconds) => { clock += milliseconds; };

// ask asks the test, which never answers to what Lambda has ended.
async function ask(name, input) {
  const me = invocation.getStore();
  me.asking += 1;
  await turn(); // a function that does not wait for the answer goes on
  while (me.inner) {
    await me.inner;
  }
  if (me.ended) {
    return new Promise(() => {});
  }
  let said = say({ name, input, now: clock });
  while (said.event) {
    me.inner = call(said);
    said = await me.inner;
    me.inner = undefined;
  }
  me.asking -= 1;
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
  const me = { asking: 0 };
  const killed = new Promise((_, reject) => { me.kill = reject; });
  let thrown = '';
  try {
    const context = { invokedFunctionArn: 'arn:function', getRemainingTimeInMillis: () => end - clock };
    await invocation.run(me, () => Promise.race([killed, handler(event, context)]));
  } catch (error) {
    thrown = String(error);
  }
  const left = me.asking;
  while (me.inner) {
    await me.inner;
  }
  me.ended = true;
  return sayEnd({ thrown, left, now: clock });
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

replace((name) => name.startsWith('@aws-sdk/') && sdk);

const { handler } = exportsOf(process.argv[1]);

(async () => {
  for (let said = hear(); ;) {
    said = await call(said);
  }
})();

// Calls functions by the real clock and over the real network, each time as if it were the first. A line of the input is a call.
const { inspect } = require('node:util');

const outer = process.env;
const script = exportsOf(process.argv[1]);
replace((name) => name === 'script' && script);

// call calls a function, and returns what it has thrown.
async function call({ source, event, minutes, environment }) {
  process.env = { ...outer, ...environment };
  try {
    await exportsOf(source).handler(event, { invokedFunctionArn: 'arn:function', getRemainingTimeInMillis: () => 60_000 * minutes });
    return '';
  } catch (error) {
    return inspect(error); // as Lambda writes it, with its cause and all that it holds
  }
}

(async () => {
  for (let said = hear(); ;) {
    said = sayEnd({ thrown: await call(said) });
  }
})();

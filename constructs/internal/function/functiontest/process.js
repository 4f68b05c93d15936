'use strict';
// Stands before worker.js and before stack.js: talks to the test, in lines of JSON. Each line of the output is answered by one of
// the input, which comes first. A process that waits for neither its input nor anything else ends.
const { Console } = require('node:console');
const fs = require('node:fs');
const Module = require('node:module');
const { Writable } = require('node:stream');

const buffer = Buffer.alloc(1 << 20);
let log = ''; // what the function has written

globalThis.console = new Console(new Writable({
  write(text, _, done) {
    log += text;
    done();
  },
}));

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
  fs.writeFileSync(1, `${JSON.stringify(line)}\n`);
  return hear();
}

// sayEnd says that a call of the function has ended, and what it has written.
function sayEnd(line) {
  const written = log;
  log = '';
  return say({ ...line, ended: true, log: written });
}

// exportsOf loads a module.
function exportsOf(source) {
  const module = new Module('index.js');
  module._compile(source, 'index.js');
  return module.exports;
}

// replace has modules replaced: by what find returns for a name, if anything.
function replace(find) {
  const load = Module._load;
  Module._load = (name, ...rest) => find(name) || load(name, ...rest);
}

'use strict';
// Clients of AWS that follow a script in a file. The file has a list of answers for each call: the first is given and taken away,
// but for the last, which stays. An answer with an error is thrown. What was asked is noted.
const fs = require('node:fs');

module.exports = (client, ...calls) => {
  const module = {
    [client]: class {
      async send({ name, input }) {
        const state = JSON.parse(fs.readFileSync(process.env.STATE, 'utf8'));
        state.calls.push({ name, input });
        const answers = state.answers[name] || [{}];
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        fs.writeFileSync(process.env.STATE, JSON.stringify(state));
        if (answer.error && answer.message) { // Step Functions has errors in answers too
          throw Object.assign(new Error(answer.message), { name: answer.error });
        }
        return answer;
      }
    },
  };
  for (const name of calls) {
    module[`${name}Command`] = class {
      constructor(input) {
        this.name = name;
        this.input = input;
      }
    };
  }
  return module;
};

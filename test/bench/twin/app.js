// The app of ../services in plain JavaScript, with as many services as its argument says.
'use strict';

const { App, Stack } = require('aws-cdk-lib');
const { Platform } = require('./platform');
const { Web } = require('./web');

const PER_STACK = 8;
const ENV = { account: '123456789012', region: 'eu-west-1' };

// services adds a stack for the platform, and stacks with n services in all; with 0, one stack with nothing in it.
function services(app, n) {
  if (n === 0) {
    new Stack(app, 'Empty', { env: ENV });
    return;
  }
  const platform = new Platform(new Stack(app, 'Platform', { env: ENV }), 'Platform', {
    domain: 'shop.example.com',
    certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/11112222-3333-4444-5555-666677778888',
    namespace: 'shop.internal',
  });
  let stack;
  for (let i = 0; i < n; i++) {
    if (i % PER_STACK === 0) {
      stack = new Stack(app, `Services${i / PER_STACK}`, { env: ENV });
    }
    const name = `api${i}`;
    new Web(stack, `Api${i}`, {
      platform,
      name,
      repository: `shop/${name}`,
      tag: '42',
      port: 8080,
      cpu: 512,
      memoryMiB: 1024,
      environment: { LOG_LEVEL: 'info' },
      secret: { variable: 'API_TOKEN', name: `shop/${name}/token` },
      parameter: { variable: 'DB_PASSWORD', name: `shop/${name}/db-password` },
      path: `/${name}/*`,
      priority: i + 1,
      canary: { percent: 10, bakeMinutes: 10 },
      scaling: { min: 2, max: 20, cpu: 60, requestsPerTask: 500 },
    });
  }
}

const app = new App();
services(app, Number(process.argv[2]));
app.synth();

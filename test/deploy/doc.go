// Package deploy is the deployment test: the CDK's command line deploys every example, releases it a second time with
// other images and destroys it, and after each release every resource is read back from its service, not from
// CloudFormation, and compared with what the template asks for. It is a module of its own, so that no user of the library
// has the AWS SDK among the modules of a program.
//
//	AWS_ENDPOINT_URL=http://localhost:4566 AWS_REGION=us-east-1 go test -v .
//
// runs it against an emulator at that address; AWS_ENDPOINT_URL=aws means the account of the credentials. Without the
// variable it is skipped. CDK is the command line to run, in place of npx with the version that the README names.
//
// # What it proves
//
// The command line takes the assembly: bootstrap, upload, change sets in the order of the stacks' dependencies. Every
// reference, within a stack and between stacks, leads to something that is there. The services accept what the templates
// say, as far as what serves the endpoint checks it. What a service describes is what was asked for, property by property;
// security groups have no rule in, and roles no policy, that nobody asked for. A second release gives task definitions
// a new revision, which the services then run, and no other resource another physical id. When the stacks are destroyed,
// what a policy retains is left, and nothing else.
//
// The second release is the first assembly, copied, with "-2" at the end of every image's tag: what a team changes that
// builds an image. It is not a change of the example program, which would need a knob that is there for this test alone.
// The certificate that two examples invent is replaced by one that the test imports, and load balancers give up their
// protection against deletion before they are destroyed. Nothing else is changed.
//
// # What it does not prove
//
// An emulator is less than AWS. It pulls no image, starts no task, sends no request, runs no function: whether a service
// becomes stable, whether rights suffice, whether CodeDeploy moves a service, no emulator tells. What it does not know or
// does not describe is listed in gaps_test.go, by type and property, with the reason; a type or a property that is in none
// of the lists fails the test when it is not found. The test has only ever run against an emulator. In an account of AWS
// the images of the examples would have to exist, under both tags, and so would the parameters that they name; it would
// cost what seven networks cost; and the bootstrap stack and what is retained would stay.
package deploy

// Package rules checks CloudFormation templates for mistakes around Amazon ECS that only show in production: the
// template is valid and deploys, or nearly, but tasks never become healthy, cannot read their secrets, lose requests
// when they stop, or hold rights that nobody meant to give.
//
// It works on any template in JSON, whatever wrote it, and needs neither the CDK nor AWS:
//
//	templates, err := rules.Assembly("cdk.out")
//	if err != nil {
//		t.Fatal(err)
//	}
//	rules.Assert(t, templates)
//
// [Assembly] reads what "cdk synth" left, with nested stacks and stages; [Parse] reads a single template. [Check] gives
// the [Finding] values, each with its rule, its place in the template, what goes wrong and the remedy. [All] lists the
// rules. [Accept] takes the findings that a team has decided to live with, each with its reason.
//
// # References
//
// A rule often needs several resources: a service, its security group, the listener that leads to it. Check follows
// Ref, Fn::GetAtt, Fn::Join, Fn::Sub, Fn::Select and Fn::Split, and from one template into another Fn::GetStackOutput,
// Fn::ImportValue and the parameters and outputs of nested stacks. Give it every template of an app at once.
//
// A reference into a template that was not given, a template parameter, an Fn::If and the attribute of a custom
// resource are unknown values. An unknown value is never a finding: the rule assumes that it is right. Stacks that are
// checked one at a time are therefore checked less, not more strictly. Three rules can still only see what is there. For
// open-ingress, the load balancer of an open security group must be in the given templates; for listener-ingress, if a
// listener and the security group of its load balancer are in them, so must be the rules that let clients in; for
// load-balancer-ingress, if the security groups of a service or of its instances are in them, so must be the rules that
// admit the load balancer, and the services that share these instances.
//
// A template does not tell the region and the account of its stack, so ARNs are compared without them where either side
// leaves them to AWS::Region and AWS::AccountId, and always without the partition. The same unknown expression in two
// places is the same value. That a role can read the secret of another stack is only known if the two stacks are in one
// account and region for certain, because one is nested in the other, or imports from it or reads its outputs.
//
// # Secrets
//
// Four rules follow a secret. For execution-role, the role of the agents must be able to read what the containers refer
// to, under a key of the templates too, and for secret-privacy, no other role may: neither the task role, nor the role of
// a function, nor an execution role that has it by a wildcard. Who sets a value may read it as well, as a rotation
// function does. For plain-secret, a credential that is written out must not stand in a template at all; findings tell
// what it looks like, and never what it is. For wildcard-resource, task roles name their resources. It knows the actions
// that applications call most often; any other may be one that knows no resources, and is assumed to be right.
//
// # Instances
//
// On EC2, the mistakes of a service are often made where its instances come from. Check finds them by the capacity
// providers of the service's strategy, of the default strategy of its cluster or, with the launch type EC2, of the whole
// cluster. From a capacity provider it goes on to the Auto Scaling group, and from there to the launch templates with
// their security groups, volumes, metadata options and user data. Groups and launch templates that lead to no capacity
// provider are nobody's business here.
//
// # Networks
//
// Three rules follow the way of tasks and instances to AWS: from the subnets of a service on Fargate, or of the Auto Scaling
// groups whose instances run it, by their route tables. Where none of the routes leads out, or only to an internet gateway
// while tasks have no public address, way-out wants a VPC endpoint for each service that starting a task takes: one of the
// VPC, for the route table or with private DNS, that admits the tasks. Endpoints have to be in the given templates, if the
// subnets, their route tables and the routes are; a subnet with the main route table of its VPC is assumed to have a way.
// Images are only known not to be reached if they are of ECR or of a public registry. What an application itself calls is in
// no template.
//
// # Queues
//
// The policy of a queue has to be in the given templates if the queue and a subscription of it are. A wildcard in the aws:SourceArn of its
// condition is assumed to cover the topic. How long a task works on a message is in no template: visibility-timeout knows only how long
// it may take to stop.
//
// # Doors
//
// A web ACL that an output tells of, or a nested stack, may be before something that is not in the given templates. A load
// balancer whose security group lets out nothing on port 443 cannot ask an identity provider, whether that is Amazon
// Cognito or another one; a rule to another security group does not lead to one.
//
// # Controls of AWS Security Hub
//
// [Controls] are those of Security Hub for Amazon ECS, and some for what services stand on, as rules of their own:
// [CheckControls] and [AssertControls] take them, [Check] does not. Rules of [All] are near to these, and ask what goes wrong:
//
//	ECS.8       plain-secret: any credential that is written out, and not three names alone
//	ECS.19      capacity-provider: protection that is on has what it takes
//	EC2.7       encrypted-volumes: the volumes of instances, whatever the account encrypts
//	EC2.170     instance-metadata: and containers do not reach the service at all
//	EC2.18, 19  open-ingress: which asks who listens there
//	CloudWatch.16  log-retention: any retention at all
//	WAF.10      web-acl: rules that block something
//
// # What is not looked at
//
// Resources are taken as created, whatever their Condition says, and a launch template as it is, whatever version of it
// is used. Instances that join a cluster without a capacity provider are not seen, nor what an AMI sets. Of IAM, only
// Allow statements in a role's identity policies grant anything: no Deny, Condition, permissions boundary or resource
// policy. A finding that a role has too much does heed Deny for secret-privacy, and Condition for that and for
// wildcard-resource; one that it has too little, the policies of keys and of buckets. Of the managed policies of AWS, and
// of what a parameter holds and which key it is under, the templates tell nothing.
package rules

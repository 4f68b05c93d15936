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
// checked one at a time are therefore checked less, not more strictly. Two rules can still only see what is there. For
// open-ingress, the load balancer of an open security group must be in the given templates; for load-balancer-ingress,
// if the security groups of a service or of its instances are in them, so must be the rules that admit the load
// balancer, and the services that share these instances.
//
// A template does not tell the region and the account of its stack, so ARNs are compared without them where either side
// leaves them to AWS::Region and AWS::AccountId, and always without the partition. The same unknown expression in two
// places is the same value.
//
// # Instances
//
// On EC2, the mistakes of a service are often made where its instances come from. Check finds them by the capacity
// providers of the service's strategy, of the default strategy of its cluster or, with the launch type EC2, of the whole
// cluster. From a capacity provider it goes on to the Auto Scaling group, and from there to the launch templates with
// their security groups, volumes, metadata options and user data. Groups and launch templates that lead to no capacity
// provider are nobody's business here.
//
// # What is not looked at
//
// Resources are taken as created, whatever their Condition says, and a launch template as it is, whatever version of it
// is used. Instances that join a cluster without a capacity provider are not seen, nor what an AMI sets. Of IAM, only
// Allow statements in a role's identity policies count: no Deny, Condition, permissions boundary or resource policy.
package rules

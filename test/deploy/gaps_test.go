package deploy

// What this test cannot see is listed here with the reason, so that nothing else is left out silently: a type or a
// property that is in no list has to be found as it was asked for. The lists are about the emulator that the continuous
// integration runs. Where another endpoint knows more, that is compared too: an entry excuses what is not there, never
// a value that is wrong, but for those in altered.

const (
	ranNothing    = "the emulator runs no functions, so the one behind this custom resource has done nothing"
	noTags        = "the emulator's CloudFormation does not put tags on this type"
	noECS         = "the emulator's ECS takes it and does not describe it"
	deniesDropped = "the emulator drops statements that deny on a condition, and a policy that has no others"
	noRuleText    = "the emulator's EC2 lists the rules of a group without their descriptions"
	noSchema      = "the emulator's CloudFormation has no such property"
)

// unreadable are the types of which no service tells anything.
var unreadable = map[string]string{
	"AWS::CloudFormation::WaitConditionHandle": "a name that only CloudFormation knows",
	"Custom::CodeDeployRelease":                "a deployment that is over: what stays is in the service; " + ranNothing,
	"Custom::TaskBeforeRelease":                "a task that is over; " + ranNothing,
	"Custom::VpcRestrictDefaultSG":             "rules taken from a group that the stack does not have; " + ranNothing,
}

// unknown are the types that the emulator does not know.
var unknown = map[string]string{
	"AWS::CodeDeploy::Application":          "the emulator answers for an application without any of it",
	"AWS::CodeDeploy::DeploymentConfig":     "a placeholder: the emulator does not have the type",
	"AWS::EC2::SubnetRouteTableAssociation": "the emulator's CloudFormation associates nothing",
	"AWS::Lambda::EventInvokeConfig":        "a placeholder: the emulator does not have the type",
	"AWS::Lambda::Function":                 "the emulator checks functions and keeps none",
	"AWS::S3::BucketPolicy":                 deniesDropped,
	"Custom::SecureString":                  ranNothing,
}

// missing are properties that descriptions do not have.
var missing = map[string]string{
	"AWS::AutoScaling::AutoScalingGroup.CapacityRebalance":                                           noSchema,
	"AWS::CodeDeploy::DeploymentGroup.AlarmConfiguration":                                            "the emulator's CodeDeploy drops it",
	"AWS::DynamoDB::Table.PointInTimeRecoverySpecification":                                          noSchema,
	"AWS::DynamoDB::Table.SSESpecification":                                                          noSchema,
	"AWS::EC2::EIP.Tags":                                                                             noTags,
	"AWS::EC2::InternetGateway.Tags":                                                                 noTags,
	"AWS::EC2::NatGateway.Tags":                                                                      noTags,
	"AWS::EC2::RouteTable.Tags":                                                                      noTags,
	"AWS::EC2::SecurityGroup.SecurityGroupIngress.Description":                                       noRuleText,
	"AWS::EC2::SecurityGroupEgress.Description":                                                      noRuleText,
	"AWS::EC2::SecurityGroupIngress.Description":                                                     noRuleText,
	"AWS::EC2::VPC.EnableDnsHostnames":                                                               noSchema,
	"AWS::ECS::Service.AvailabilityZoneRebalancing":                                                  noECS,
	"AWS::ECS::Service.CapacityProviderStrategy":                                                     noECS,
	"AWS::ECS::Service.DeploymentConfiguration":                                                      noECS,
	"AWS::ECS::Service.EnableECSManagedTags":                                                         noECS,
	"AWS::ECS::Service.HealthCheckGracePeriodSeconds":                                                noECS,
	"AWS::ECS::Service.PlacementStrategies":                                                          noECS,
	"AWS::ECS::Service.ServiceConnectConfiguration":                                                  noECS,
	"AWS::ElasticLoadBalancingV2::LoadBalancer.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "the emulator's ELB drops it",
	"AWS::IAM::Role.ManagedPolicyArns":                                                               "the emulator has none of the policies that AWS manages",
	"AWS::S3::Bucket.LifecycleConfiguration":                                                         noSchema,
	"AWS::S3::Bucket.NotificationConfiguration":                                                      noSchema,
	"AWS::S3::Bucket.PublicAccessBlockConfiguration":                                                 noSchema,
	"AWS::S3::Bucket.VersioningConfiguration":                                                        noSchema,
	"AWS::SNS::Subscription.FilterPolicy":                                                            noSchema,
	"AWS::SNS::Subscription.FilterPolicyScope":                                                       noSchema,
	"AWS::ServiceDiscovery::PrivateDnsNamespace.Vpc":                                                 "Cloud Map does not tell: the hosted zone knows",
	"AWS::StepFunctions::StateMachine.Definition":                                                    noSchema,
}

// altered are properties that the emulator describes in another way than was asked for.
var altered = map[string]string{
	"AWS::EC2::LaunchTemplate.LaunchTemplateData.ImageId": "the emulator resolves the parameter to one image and names another in the stack",
	"AWS::EC2::SecurityGroup.SecurityGroupEgress":         "the emulator leaves the rule in place that lets everything out; rules that are resources are compared",
	"AWS::IAM::Role.Policies.PolicyDocument":              "the emulator writes documents that stand in a role in Python; policies that are resources are compared",
	"AWS::S3::BucketPolicy.PolicyDocument.Statement":      deniesDropped,
	"AWS::SNS::Subscription.RawMessageDelivery":           noSchema,
}

// left are the types that the emulator does not delete.
var left = map[string]string{
	"AWS::CodeDeploy::DeploymentGroup": "the emulator's CodeDeploy cannot delete",
	"AWS::EC2::EIP":                    "the emulator's CloudFormation does not give addresses back",
	"AWS::EC2::FlowLog":                "the emulator's CloudFormation does not delete flow logs",
}

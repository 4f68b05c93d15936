package rights

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
)

// Root returns the ARN that stands in policies for the account of the stack, whose IAM then decides. The CDK's own principal
// is rendered differently with a feature flag where the region is known.
func Root(scope constructs.Construct) string {
	env := check.EnvOf(scope)
	return "arn:" + env.Partition + ":iam::" + env.Account + ":root"
}

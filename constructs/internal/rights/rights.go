// Package rights makes roles that one service of AWS takes on, and gives them exactly what is said: the CDK's own
// policies are merged and sorted in a way that depends on feature flags.
package rights

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// NewRole makes a role without rights that a service of AWS takes on, for the stack's account only: another account
// cannot make the service use it (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
func NewRole(scope constructs.Construct, id, service string) awsiam.Role {
	return awsiam.NewRole(scope, &id, &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(&service, &awsiam.ServicePrincipalOpts{
			Conditions: &map[string]any{
				"StringEquals": map[string]*string{"aws:SourceAccount": check.Stack(scope).Account()},
			},
		}),
	})
}

// Statement allows actions on resources, under conditions if there are any.
type Statement struct {
	Actions    []string
	Resources  []*string
	Conditions map[string]any
}

// Allow gives the role what the statements say, in a policy below it: whatever waits for the role waits for them too.
func Allow(role awsiam.Role, statements ...Statement) awsiam.CfnPolicy {
	var document []map[string]any
	for _, s := range statements {
		statement := map[string]any{"Effect": "Allow", "Action": s.Actions, "Resource": s.Resources}
		if s.Conditions != nil {
			statement["Condition"] = s.Conditions
		}
		document = append(document, statement)
	}
	return awsiam.NewCfnPolicy(role, jsii.String("Policy"), &awsiam.CfnPolicyProps{
		PolicyName:     jsii.String("Rights"),
		PolicyDocument: map[string]any{"Version": "2012-10-17", "Statement": document},
		Roles:          &[]*string{role.RoleName()},
	})
}

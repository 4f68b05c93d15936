// Package rights makes roles that one service of AWS takes on, and gives them exactly what is said: the CDK's own
// policies are merged and sorted in a way that depends on feature flags.
package rights

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/ask"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// NewRole makes a role without rights that a service of AWS takes on, for the stack's account only: another account
// cannot make the service use it (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
func NewRole(scope constructs.Construct, id, service string) awsiam.Role {
	principal := ask.Once(check.Stack(scope), "principal for its account: "+service, func() awsiam.ServicePrincipal {
		return awsiam.NewServicePrincipal(&service, &awsiam.ServicePrincipalOpts{
			Conditions: &map[string]any{
				"StringEquals": map[string]string{"aws:SourceAccount": check.EnvOf(scope).Account},
			},
		})
	})
	return awsiam.NewRole(scope, &id, &awsiam.RoleProps{AssumedBy: principal})
}

// NewUnconditionalRole makes a role like NewRole without the condition, for services of which no page of AWS says that they
// tell for which account they take on a role: EC2 and Lambda take on none of another account, and ECS is known to tell it
// for tasks alone. It starts with AWS's own policies of the names given.
func NewUnconditionalRole(scope constructs.Construct, id, service string, policies ...string) awsiam.Role {
	stack := check.Stack(scope)
	props := &awsiam.RoleProps{
		AssumedBy: ask.Once(stack, "principal: "+service, func() awsiam.ServicePrincipal {
			return awsiam.NewServicePrincipal(&service, nil)
		}),
	}
	if len(policies) > 0 {
		managed := make([]awsiam.IManagedPolicy, len(policies))
		for i := range policies {
			managed[i] = ask.Once(stack, "managed policy: "+policies[i], func() awsiam.IManagedPolicy {
				return awsiam.ManagedPolicy_FromAwsManagedPolicyName(&policies[i])
			})
		}
		props.ManagedPolicies = &managed
	}
	return awsiam.NewRole(scope, &id, props)
}

// Statement allows actions on resources, under conditions if there are any.
type Statement struct {
	Actions    []string
	Resources  []*string
	Conditions map[string]any
}

// Allow gives the role what the statements say, in a policy below it: whatever waits for the role waits for them too.
func Allow(role awsiam.Role, statements ...Statement) awsiam.CfnPolicy {
	return newPolicy(role, "Policy", "Rights", []*string{role.RoleName()}, statements)
}

// AllowFrom gives roles what the statements say, in a policy in scope, which is not where the roles are. Its name tells it from those
// that the roles have from elsewhere: a role has one policy of a name.
func AllowFrom(scope constructs.Construct, id string, roles []*string, statements ...Statement) awsiam.CfnPolicy {
	return newPolicy(scope, id, names.Key("Rights-", check.Place(scope, id)), roles, statements)
}

func newPolicy(scope constructs.Construct, id, name string, roles []*string, statements []Statement) awsiam.CfnPolicy {
	var document []map[string]any
	for _, s := range statements {
		statement := map[string]any{"Effect": "Allow", "Action": s.Actions, "Resource": s.Resources}
		if s.Conditions != nil {
			statement["Condition"] = s.Conditions
		}
		document = append(document, statement)
	}
	return awsiam.NewCfnPolicy(scope, &id, &awsiam.CfnPolicyProps{
		PolicyName:     &name,
		PolicyDocument: map[string]any{"Version": "2012-10-17", "Statement": document},
		Roles:          &roles,
	})
}

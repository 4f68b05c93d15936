package deploy

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

var rightsKinds = map[string]kind{
	"AWS::IAM::Role":            {read: readRole},
	"AWS::IAM::Policy":          {read: readPolicy},
	"AWS::IAM::InstanceProfile": {read: readInstanceProfile},
	"AWS::KMS::Key":             {read: readKey},
	"AWS::KMS::Alias":           {read: readAlias},
	"Custom::SecureString":      {read: readParameter},
}

func readRole(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: &r.id})
	if err != nil {
		return nil, err
	}
	attached, err := c.iam.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &r.id})
	if err != nil {
		return nil, err
	}
	managed := []string{}
	for _, policy := range attached.AttachedPolicies {
		managed = append(managed, *policy.PolicyArn)
	}
	names, err := c.iam.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: &r.id})
	if err != nil {
		return nil, err
	}
	inline := []object{}
	for _, name := range names.PolicyNames {
		policy, err := c.iam.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &r.id, PolicyName: &name})
		if err != nil {
			return nil, err
		}
		inline = append(inline, object{"PolicyName": name, "PolicyDocument": unescaped(policy.PolicyDocument)})
	}
	return with(out.Role, object{
		"AssumeRolePolicyDocument": unescaped(out.Role.AssumeRolePolicyDocument), "ManagedPolicyArns": managed, "Policies": inline,
	}), nil
}

// readPolicy reads the policy of each role that it is to be on, which have to agree.
func readPolicy(ctx context.Context, c *account, r resource) (any, error) {
	name, document := r.text("PolicyName"), ""
	for i, role := range r.list("Roles") {
		out, err := c.iam.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &name})
		if err != nil {
			return nil, err
		}
		if text := unescaped(out.PolicyDocument); i == 0 || document == text {
			document = text
		} else {
			document = "on " + role + ": " + text
		}
	}
	return object{"PolicyName": name, "PolicyDocument": document, "Roles": tree(r.list("Roles"))}, nil
}

func readInstanceProfile(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.iam.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: &r.id})
	if err != nil {
		return nil, err
	}
	var roles []string
	for _, role := range out.InstanceProfile.Roles {
		roles = append(roles, *role.RoleName)
	}
	return with(out.InstanceProfile, object{"Roles": roles}), nil
}

func readKey(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &r.id})
	if err != nil || out.KeyMetadata.KeyState == kmstypes.KeyStatePendingDeletion {
		return nil, err
	}
	policy, err := c.kms.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &r.id, PolicyName: aws.String("default")})
	if err != nil {
		return nil, err
	}
	rotation, err := c.kms.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: &r.id})
	if err != nil {
		return nil, err
	}
	return with(out.KeyMetadata, object{"KeyPolicy": policy.Policy, "EnableKeyRotation": rotation.KeyRotationEnabled}), nil
}

func readAlias(ctx context.Context, c *account, r resource) (any, error) {
	pages := kms.NewListAliasesPaginator(c.kms, nil)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, alias := range page.Aliases {
			if aws.ToString(alias.AliasName) == r.id {
				return tree(alias), nil
			}
		}
	}
	return nil, nil
}

// readParameter looks for what the function of the custom resource has stored.
func readParameter(ctx context.Context, c *account, r resource) (any, error) {
	out, err := c.ssm.DescribeParameters(ctx, &ssm.DescribeParametersInput{ParameterFilters: []ssmtypes.ParameterStringFilter{
		{Key: aws.String("Name"), Option: aws.String("Equals"), Values: []string{r.text("Name")}},
	}})
	if err != nil || len(out.Parameters) == 0 {
		return nil, err
	}
	return tree(out.Parameters[0]), nil
}

package secret

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// KeyProps says what key to make.
type KeyProps struct {
	// Alias is another name of the key, beside alias/. Zero: one made of the place of the key.
	Alias string
	// DeleteWithStack deletes the key, and with it all that is encrypted under it, thirty days after the stack. Zero: it
	// stays.
	DeleteWithStack bool
}

// Key is a KMS key that is rotated every year and that nothing but Parameter Store and Secrets Manager use, on behalf of
// those whom IAM lets.
type Key struct {
	constructs.Construct
	// Key is the key itself, an L2 construct of the CDK.
	Key awskms.Key
	// Alias is the name of the key, beginning with alias/.
	Alias string
}

const aliasCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-"

// Problems names an alias that KMS refuses.
func (p KeyProps) Problems() check.Problems {
	var ps check.Problems
	if strings.Trim(p.Alias, aliasCharacters) != "" || strings.HasPrefix(p.Alias, "aws/") || strings.HasPrefix(p.Alias, "alias/") {
		ps.Add("Alias", p.Alias, "must be letters, digits and /_-, and not start with aws/ or alias/").
			See("https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html")
	}
	return ps
}

// NewKey makes the key, with the child "Key". It panics with a *[check.Error] if props have problems.
func NewKey(scope constructs.Construct, id string, props KeyProps) *Key {
	check.Must(scope, id, props.Problems())
	alias := props.Alias
	if alias == "" {
		alias = strings.Map(func(r rune) rune {
			if strings.ContainsRune(aliasCharacters, r) {
				return r
			}
			return '-'
		}, check.Place(scope, id))
	}
	k := &Key{Alias: "alias/" + alias}
	check.Construct(k, scope, id)
	removal := awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE // and no key is left of a creation that failed
	if props.DeleteWithStack {
		removal = awscdk.RemovalPolicy_DESTROY
	}
	k.Key = awskms.NewKey(k, jsii.String("Key"), &awskms.KeyProps{
		Alias: &k.Alias, EnableKeyRotation: jsii.Bool(true), RemovalPolicy: removal, Policy: k.policy(),
	})
	crossstack.Share(k.Key)
	return k
}

// policy lets IAM of the account give rights to the key: to administer it, and to use it by way of the two services. No
// policy of IAM can let anyone decrypt with it directly.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (k *Key) policy() awsiam.PolicyDocument {
	region := check.EnvOf(k).Region
	root := &[]awsiam.IPrincipal{awsiam.NewArnPrincipal(jsii.String(rights.Root(k)))}
	return awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &[]awsiam.PolicyStatement{
		awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: root, Resources: jsii.Strings("*"),
			Actions: jsii.Strings("kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:Describe*", "kms:DisableKey",
				"kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation", "kms:Get*", "kms:List*", "kms:PutKeyPolicy",
				"kms:RotateKeyOnDemand", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias",
				"kms:UpdateKeyDescription"),
		}),
		awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: root, Resources: jsii.Strings("*"),
			Actions: jsii.Strings("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
			Conditions: &map[string]any{"StringEquals": map[string]any{"kms:ViaService": []string{
				string(ServiceSSM) + "." + region + "." + *awscdk.Aws_URL_SUFFIX(), string(ServiceSecretsManager) + "." + region + "." + *awscdk.Aws_URL_SUFFIX(),
			}}},
		}),
	}})
}

// ARN returns the ARN of the key.
func (k *Key) ARN() *string { return k.Key.KeyArn() }

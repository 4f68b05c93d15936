package secret

import (
	"cmp"
	_ "embed"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/function"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// GenerateProps says what value to make up.
type GenerateProps struct {
	// Name of the parameter or secret to make. Another one makes another value; a parameter of the old name stays. Required.
	Name string
	// Length is the number of characters, 16-1024. It is that of a value yet to be made: no change touches one that is. Not
	// with SecretsManager, which makes a new value where it changes. Zero: 32.
	Length int
	// Characters to choose from, 10 or more of printable ASCII but braces. Not with SecretsManager. Zero: letters and digits.
	Characters string
	// Key is the customer-managed key to encrypt it under. A parameter keeps the key that it was made with: to change it,
	// choose another Name. Zero: the one that AWS manages.
	Key awskms.IKey
	// KeyOfOtherAccount says that the policy of a Key in another account lets the function encrypt and the execution role
	// decrypt. Zero: that such a key is a problem.
	KeyOfOtherAccount bool
	// SecretsManager keeps it in Secrets Manager, which makes it up itself. Zero: in Parameter Store, by a function of ours.
	SecretsManager bool
	// DeleteWithStack deletes it with the stack. Zero: it stays. A stack of the same name that makes a parameter again finds
	// it, if under the same Key: one under a key that went with a stack has to be deleted first. A secret is in its way.
	// A parameter whose creation has failed after it was made stays in any case, to be found in the same way.
	DeleteWithStack bool
}

// Generated is a value that nobody has chosen and nobody has to know. It is a [Source].
type Generated struct {
	constructs.Construct
	// Resource is the custom resource that makes the parameter; nil with SecretsManager.
	Resource awscdk.CustomResource
	// Secret is the secret, an L1 construct of the CDK; nil without SecretsManager.
	Secret awssecretsmanager.CfnSecret

	reading Source
}

var _ Source = (*Generated)(nil)

// What Generate does unless it is told otherwise.
const (
	DefaultLength     = 32
	DefaultCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

// Problems names a name that the service refuses, and a value that would be too short or too predictable.
func (p GenerateProps) Problems() check.Problems {
	var ps check.Problems
	switch {
	case p.Name == "":
		ps.Add("Name", nil, "must be set")
	case !p.SecretsManager:
		ps = append(ps, nameProblems(p.Name)...)
	case !check.IsToken(p.Name) && !secretName.MatchString(p.Name):
		ps.Add("Name", p.Name, "must be 1-512 letters, digits and /_+=.@-")
	case likeSuffix.MatchString(p.Name):
		ps.Add("Name", p.Name, "must not end in a hyphen and six characters, which Secrets Manager takes for the end of an ARN").See(suffixPage)
	}
	if check.IsToken(p.Name) {
		ps.Add("Name", nil, "must not be a token, for it says whether the parameter is another one")
	}
	d := p.withDefaults()
	ps.Range("Length", d.Length, 16, 1024)
	distinct := map[rune]bool{}
	for _, r := range d.Characters {
		distinct[r] = true
		if r <= ' ' || r > '~' || r == '{' || r == '}' {
			ps.Add("Characters", string(r), "must be printable ASCII, without the space and braces")
		}
	}
	if len(distinct) < 10 || len(distinct) < len(d.Characters) {
		ps.Add("Characters", p.Characters, "must be 10 or more, each once")
	}
	if p.SecretsManager && p.Length != 0 {
		ps.Add("Length", p.Length, "must not be set with SecretsManager, which would make a new value where it changes")
	}
	if p.KeyOfOtherAccount && check.IsNil(p.Key) {
		ps.Add("KeyOfOtherAccount", p.KeyOfOtherAccount, "must not be set without Key")
	}
	if p.SecretsManager && p.Characters != "" {
		ps.Add("Characters", p.Characters, "must not be set with SecretsManager, which takes letters and digits")
	}
	return ps
}

// problemsIn names a key of another account or region, and a name that a value is generated for in the same stack already.
func (p GenerateProps) problemsIn(scope constructs.Construct) check.Problems {
	ps := KeyProblems(scope, "Key", p.Key, "", p.KeyOfOtherAccount)
	if len(p.Problems()) == 0 && check.InStack(scope) && !check.IsNil(check.Top(scope).Node().TryFindChild(jsii.String(p.mark()))) {
		ps.Add("Name", p.Name, "must not be that of another value which is generated in this stack: pass that one on, or choose another name")
	}
	return ps
}

// mark is the id of an empty construct of the stack, which says that a value is generated for the name.
func (p GenerateProps) mark() string {
	service := ServiceSSM
	if p.SecretsManager {
		service = ServiceSecretsManager
	}
	return "Generated:" + string(service) + ":" + strings.ReplaceAll(p.Name, "/", ":")
}

func (p GenerateProps) withDefaults() GenerateProps {
	p.Length = cmp.Or(p.Length, DefaultLength)
	p.Characters = cmp.Or(p.Characters, DefaultCharacters)
	return p
}

// Generate makes up a value for a name that has none in the stack yet, with the children "Function" and "Parameter", or
// "Secret". The value is in no template, event or log, and no later deployment overwrites it. It panics with a
// *[check.Error] if props have problems.
func Generate(scope constructs.Construct, id string, props GenerateProps) *Generated {
	check.Must(scope, id, props.Problems(), props.problemsIn(scope))
	p, owner := props.withDefaults(), names.Tag(check.Place(scope, id))
	g := &Generated{}
	check.Construct(g, scope, id)
	constructs.NewConstruct(check.Top(scope), jsii.String(p.mark()))
	removal := awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE // one left of a creation that failed would be in the way
	if p.DeleteWithStack {
		removal = awscdk.RemovalPolicy_DESTROY
	}
	if p.SecretsManager {
		g.Secret = newSecret(g, p)
		g.Secret.ApplyRemovalPolicy(removal, nil)
		crossstack.Share(g.Secret)
		g.reading = SecretsManager{ARN: *g.Secret.Ref(), Key: p.Key}
		return g
	}
	g.Resource = g.newParameter(p, owner)
	crossstack.Share(g.Resource)
	parameter := ServiceSSM.arn(check.EnvOf(g), "", "parameter"+slash(p.Name)+*g.Resource.Ref())
	g.reading = ParameterStore{ARN: parameter, Key: p.Key, NoKey: check.IsNil(p.Key)}
	return g
}

// slash is what stands between parameter and a name in an ARN, if the name does not start with it.
func slash(name string) string {
	if strings.HasPrefix(name, "/") {
		return ""
	}
	return "/"
}

func newSecret(g *Generated, p GenerateProps) awssecretsmanager.CfnSecret {
	props := &awssecretsmanager.CfnSecretProps{
		Name: &p.Name,
		GenerateSecretString: &awssecretsmanager.CfnSecret_GenerateSecretStringProperty{
			PasswordLength: jsii.Number(float64(p.Length)), ExcludePunctuation: jsii.Bool(true),
		},
	}
	if !check.IsNil(p.Key) {
		props.KmsKeyId = p.Key.KeyArn()
	}
	return awssecretsmanager.NewCfnSecret(g, jsii.String("Secret"), props)
}

//go:embed function/generate.js
var generate string

// newParameter makes the custom resource, whose properties say how to make a value and never what it is.
func (g *Generated) newParameter(p GenerateProps, owner string) awscdk.CustomResource {
	f := function.New(g, "Function", function.Props{Code: generate, Rights: g.functionRights(p)})
	properties := map[string]any{
		"Name": p.Name, "Length": strconv.Itoa(p.Length), "Characters": p.Characters, "Owner": owner,
		"DeleteWithResource": strconv.FormatBool(p.DeleteWithStack),
	}
	if !check.IsNil(p.Key) {
		properties["KeyId"] = p.Key.KeyArn()
	}
	resource := awscdk.NewCustomResource(g, jsii.String("Parameter"), &awscdk.CustomResourceProps{
		ResourceType: jsii.String("Custom::SecureString"), ServiceToken: f.ARN(), Properties: &properties,
		ServiceTimeout: awscdk.Duration_Minutes(jsii.Number(5)),
	})
	resource.Node().AddDependency(f)
	return resource
}

// functionRights are to make this one parameter, under this key, and if so asked to delete it.
func (g *Generated) functionRights(p GenerateProps) []rights.Statement {
	here := check.EnvOf(g)
	arn := ServiceSSM.arn(here, "", "parameter"+slash(p.Name)+p.Name)
	actions := []string{"ssm:AddTagsToResource", "ssm:ListTagsForResource", "ssm:PutParameter"}
	if p.DeleteWithStack {
		actions = append(actions, "ssm:DeleteParameter")
	}
	statements := []rights.Statement{{Actions: actions, Resources: []*string{&arn}}}
	if check.IsNil(p.Key) {
		return statements
	}
	return append(statements, rights.Statement{
		Actions: []string{"kms:Encrypt"}, Resources: []*string{p.Key.KeyArn()}, Conditions: ServiceSSM.Use(here.Region, []string{arn}),
	})
}

// Problems names a value that was not made by [Generate].
func (g *Generated) Problems() check.Problems {
	var ps check.Problems
	if g == nil || g.reading == nil {
		ps.Add("", nil, "must be set, to one that secret.Generate made")
	}
	return ps
}

// ProblemsIn names a value of another account, region or stage.
func (g *Generated) ProblemsIn(scope constructs.Construct) check.Problems {
	if len(g.Problems()) > 0 {
		return nil
	}
	return check.Refer(scope, g)
}

// Reference returns what reading the value takes.
func (g *Generated) Reference(scope constructs.Construct, _ awskms.IKey) Reference {
	return g.reading.Reference(scope, nil)
}

func (*Generated) source() {}

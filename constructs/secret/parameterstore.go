package secret

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
)

// ParameterStore is the value of a parameter, a SecureString or a String, in its latest version.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html
type ParameterStore struct {
	// Name of the parameter, such as /shop/prod/api/DB_PASSWORD; see [Path] for a convention. Required, unless ARN is set.
	Name string
	// ARN of the parameter instead of its Name, or a token that holds it.
	ARN string
	// Region that a parameter with a Name is in, another one than the stack's. Zero: the stack's.
	Region string
	// Key is the customer-managed key that a SecureString is encrypted under, of the region of the parameter. Required, or
	// else NoKey, for a parameter of another region or account. Zero: the platform's, if it has one.
	Key awskms.IKey
	// NoKey says that it is under a key that AWS manages, or a String. Zero: under Key.
	NoKey bool
	// KeyOfOtherAccount says that the policy of a Key in another account lets the execution role decrypt. Zero: that such a
	// key is a problem.
	KeyOfOtherAccount bool
}

var _ Source = ParameterStore{}

const (
	parameterPage    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html"
	namePage         = "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html#sysman-parameter-name-constraints"
	maxNameLength    = 1011
	maxLevels        = 15
	remedyForVersion = "must not name a version or a label, which ECS takes only of the latest: store the value as a parameter of its own"
)

var (
	parameterARN  = regexp.MustCompile(`^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter/[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$`)
	parameterName = regexp.MustCompile(`^(/[A-Za-z0-9_.-]+)+$|^[A-Za-z0-9_.-]+$`)
	regionName    = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-\d+$`)
)

// Problems names a parameter that is said twice or not at all, names and ARNs that AWS refuses, and versions.
func (p ParameterStore) Problems() check.Problems {
	var ps check.Problems
	switch {
	case p.Name == "" && p.ARN == "":
		ps.Add("Name", nil, "must be set, or ARN")
	case p.Name != "" && p.ARN != "":
		ps.Add("ARN", p.ARN, "must not be set with Name")
	case p.Name != "":
		ps = append(ps, nameProblems(p.Name)...)
	case !check.IsToken(p.ARN):
		ps = append(ps, p.arnProblems()...)
	}
	if p.Region != "" && p.ARN != "" {
		ps.Add("Region", p.Region, "must not be set with ARN, which says it")
	} else if p.Region != "" && !check.IsToken(p.Region) && !regionName.MatchString(p.Region) {
		ps.Add("Region", p.Region, "must be a region such as eu-west-1")
	}
	if p.Region != "" && p.ARN == "" && !p.NoKey && check.IsNil(p.Key) {
		ps.Add("Key", nil, "must be set, or NoKey, for a parameter of another region, which the platform's key does not serve")
	}
	if p.NoKey && !check.IsNil(p.Key) {
		ps.Add("NoKey", p.NoKey, "must not be set with Key")
	}
	if p.KeyOfOtherAccount && check.IsNil(p.Key) {
		ps.Add("KeyOfOtherAccount", p.KeyOfOtherAccount, "must not be set without Key")
	}
	return ps
}

func (p ParameterStore) arnProblems() check.Problems {
	var ps check.Problems
	parts := strings.Split(p.ARN, ":")
	switch {
	case len(parts) > 2 && parts[2] == string(ServiceSecretsManager):
		ps.Add("ARN", p.ARN, "must be of a parameter: for one of Secrets Manager use secret.SecretsManager")
	case len(parts) > 6 && parameterARN.MatchString(strings.Join(parts[:6], ":")):
		ps.Add("ARN", p.ARN, remedyForVersion).See(parameterPage)
	case !parameterARN.MatchString(p.ARN):
		ps.Add("ARN", p.ARN, "must be arn:<partition>:ssm:<region>:<account>:parameter/<name>, with one slash before the name").
			See(parameterPage)
	}
	return ps
}

// nameProblems names what Parameter Store refuses in a name.
func nameProblems(name string) check.Problems {
	var ps check.Problems
	if check.IsToken(name) {
		return ps
	}
	first := strings.ToLower(strings.TrimPrefix(name, "/"))
	switch {
	case strings.HasPrefix(name, "arn:"):
		ps.Add("Name", name, "must be a name: set an ARN as ARN")
	case strings.Contains(name, ":"):
		ps.Add("Name", name, remedyForVersion).See(parameterPage)
	case !parameterName.MatchString(name):
		ps.Add("Name", name, "must be letters, digits and _.- in levels that each follow a slash, such as /shop/api/DB_PASSWORD, "+
			"or on one level without a slash").See(namePage)
	case strings.HasPrefix(first, "aws") || strings.HasPrefix(first, "ssm"):
		ps.Add("Name", name, "must not start with aws or ssm").See(namePage)
	case strings.Count(name, "/") > maxLevels:
		ps.Add("Name", name, "must have at most %d levels", maxLevels).See(namePage)
	case len(name) > maxNameLength:
		ps.Add("Name", len(name), "must have at most %d characters", maxNameLength).See(namePage)
	}
	return ps
}

// ProblemsIn names a key of another account or another region, and a missing one for a parameter that the platform's key
// does not serve.
func (p ParameterStore) ProblemsIn(scope constructs.Construct) check.Problems {
	if len(p.Problems()) > 0 {
		return nil // which come first: of what is no ARN nobody knows the region
	}
	ps := KeyProblems(scope, "Key", p.Key, p.region(), p.KeyOfOtherAccount)
	if p.ARN == "" || check.IsToken(p.ARN) || p.NoKey || !check.IsNil(p.Key) || !check.InStack(scope) {
		return ps
	}
	if here := check.EnvOf(scope); differ(p.region(), here.Region) || differ(p.account(), here.Account) {
		ps.Add("Key", nil, "must be set, or NoKey, for a parameter of another region or account, which the platform's key does not serve")
	}
	return ps
}

// region returns the region that the parameter is said to be in; empty for the stack's.
func (p ParameterStore) region() string {
	if p.ARN == "" || check.IsToken(p.ARN) {
		return p.Region
	}
	return part(p.ARN, 3)
}

// account returns the account that an ARN says.
func (p ParameterStore) account() string { return part(p.ARN, 4) }

// part returns a part of an ARN; of what is none it may be empty.
func part(arn string, i int) string {
	if parts := strings.Split(arn, ":"); i < len(parts) {
		return parts[i]
	}
	return ""
}

// Reference returns the full ARN, which ECS needs for another region and takes for the same.
func (p ParameterStore) Reference(scope constructs.Construct, defaultKey awskms.IKey) Reference {
	here := check.EnvOf(scope)
	r := Reference{ARN: p.ARN, Service: ServiceSSM, Region: here.Region}
	if region := p.region(); region != "" {
		r.Region = region
	}
	r.Key = keyARN(p.Key, defaultKey, p.NoKey || differ(r.Region, here.Region))
	if p.ARN == "" {
		r.ARN = ServiceSSM.arn(here, p.Region, "parameter/"+strings.TrimPrefix(p.Name, "/"))
	}
	r.ValueFrom = r.ARN
	return r
}

func (ParameterStore) source() {}

// StoreCommand returns the command of the AWS CLI that stores the value of $VALUE, which it does not show, under a key: its
// id, ARN or alias, or empty for the one that AWS manages. Where the parameter does not say its region, neither does the
// command. It is empty for a parameter whose name is known at deployment only.
func (p ParameterStore) StoreCommand(key string) string { return p.storeCommand(key, p.region()) }

func (p ParameterStore) storeCommand(key, region string) string {
	if check.IsToken(p.ARN) {
		return ""
	}
	words := []string{`printf %s "$VALUE" |`, "aws ssm put-parameter", "--overwrite --type SecureString", "--name " + p.name()}
	if key != "" {
		words = append(words, "--key-id "+key)
	}
	if region != "" {
		words = append(words, "--region "+region)
	}
	return strings.Join(append(words, "--value file:///dev/stdin"), " ")
}

// StoreCommandIn is StoreCommand with the key and the region of the parameter as a task in scope reads it. It is empty for
// a parameter of another account too, which the command would not reach.
func (p ParameterStore) StoreCommandIn(scope constructs.Construct, defaultKey awskms.IKey) string {
	if account := p.account(); account != "" && differ(account, check.EnvOf(scope).Account) {
		return ""
	}
	r := p.Reference(scope, defaultKey)
	return p.storeCommand(r.Key, r.Region)
}

// name returns the name, of an ARN that is given instead its last part. A name in levels starts with a slash.
func (p ParameterStore) name() string {
	if p.Name != "" {
		return p.Name
	}
	_, name, _ := strings.Cut(p.ARN, ":parameter/")
	if strings.Contains(name, "/") {
		return "/" + name
	}
	return name
}

// Path is a convention for names, to be taken or left: /<app>/<stage>/<service>/<variable>.
type Path struct {
	// App is the application. Required.
	App string
	// Stage is what the application runs for, such as prod. Required.
	Stage string
	// Service is the service that reads the values. Required.
	Service string
}

// Problems names parts that are missing or that hold more than a level of a name.
func (p Path) Problems() check.Problems {
	var ps check.Problems
	for _, part := range []struct{ field, value string }{{"App", p.App}, {"Stage", p.Stage}, {"Service", p.Service}} {
		if !parameterName.MatchString(part.value) || strings.Contains(part.value, "/") {
			ps.Add(part.field, part.value, "must be letters, digits and _.-")
		}
	}
	return ps
}

// Parameter returns the parameter of a variable.
func (p Path) Parameter(variable string) ParameterStore {
	return ParameterStore{Name: "/" + strings.Join([]string{p.App, p.Stage, p.Service, variable}, "/")}
}

// Parameters returns the parameters of variables, by their names.
func (p Path) Parameters(variables ...string) Map {
	m := Map{}
	for _, variable := range variables {
		m[variable] = p.Parameter(variable)
	}
	return m
}
